"""Values that a person typed or a file holds, checked and turned into one type."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from math import inf, nan
from numbers import Integral
from typing import Any, cast

import numpy as np

from ..errors import ActionError
from ..forms import Form, resolve
from ..network import EdgeId, NodeId


def edge_of(value: Any) -> EdgeId:
    """An edge from three whole numbers.

    Raises:
        ActionError: it is something else.
    """
    parts = _parts(value, 3)
    if parts is None:
        raise ActionError(
            f"The edge is {value!r}; give three whole numbers (layer, source, target), for example (0, 0, 0)."
        )
    return EdgeId(*parts)


def node_of(value: Any) -> NodeId:
    """A node from two whole numbers.

    Raises:
        ActionError: it is something else.
    """
    parts = _parts(value, 2)
    if parts is None:
        raise ActionError(
            f"The node is {value!r}; give two whole numbers (layer, index), for example (1, 0)."
        )
    return NodeId(*parts)


def _parts(value: Any, count: int) -> list[int] | None:
    parts: list[Any] = list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else []
    right = len(parts) == count and all(is_whole(part) for part in parts)
    return [int(part) for part in parts] if right else None


def is_whole(value: Any) -> bool:
    """An int of any kind, but not True or False."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def whole(value: Any, what: str, *, least: int, most: int = 10**9) -> int:
    """A whole number in a range.

    Raises:
        ActionError: it is something else.
    """
    if not is_whole(value) or not least <= value <= most:
        raise ActionError(f"The {what} is {value!r}; give a whole number from {least} to {most}.")
    return int(value)


def number(value: Any, what: str) -> float:
    """A finite number that is not negative; 0.0 and -0.0 are the same.

    Raises:
        ActionError: it is something else.
    """
    converted = nan
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        with suppress(OverflowError):
            converted = float(value)
    if not 0 <= converted < inf:
        raise ActionError(f"The {what} is {value!r}; give a number that is not negative, for example 0.02.")
    return converted + 0.0


def form_name(form: object) -> str:
    """The name or text of a form, known to be one.

    Raises:
        ActionError: it is neither text nor a form.
        FormError, GrammarError: the text names no form.
    """
    name = form.name if isinstance(form, Form) else form
    if not isinstance(name, str):
        raise ActionError(f'The form is {form!r}; give its name or a formula in x, for example "sin".')
    resolve(name)
    return name


def form_names(forms: object) -> tuple[str, ...]:
    """The names of several forms.

    Raises:
        ActionError: these are no forms.
        FormError, GrammarError: a text names no form.
    """
    if isinstance(forms, str | Form) or not isinstance(forms, Iterable):
        raise ActionError(f'The forms are {forms!r:.60}; give a list such as ["J0", "x*exp(-x)"].')
    return tuple(form_name(form) for form in cast("Iterable[object]", forms))

"""A table that is computed: its record, its options with what they may be, and the function that makes its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np

from ..._typing import Array
from ...errors import DataError, did_you_mean
from ..record import Record

LICENCE = "CC0-1.0"
MOST_ROWS = 10_000_000


@dataclass(frozen=True)
class Option:
    """What an option is when it is not given, what it may be in words, and whether a value is that."""

    default: Any
    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True)
class Generator:
    """`make(rows=, seed=, **options)` gives the columns by name; the same seed gives the same columns."""

    record: Record
    make: Callable[..., dict[str, Any]]
    options: Mapping[str, Option] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Option]:
        """The options with `rows`, which every table has."""
        return {"rows": whole(self.record.rows, least=1, most=MOST_ROWS), **self.options}

    def columns(self, *, seed: int, **options: Any) -> dict[str, Any]:
        """The columns by name. Raises DataError for an option that is unknown or cannot be."""
        known = self.known
        for name, value in options.items():
            if name not in known:
                raise DataError(
                    f"The table {self.record.name!r} has no option {name!r}; its options are "
                    f"{', '.join(known)}.{did_you_mean(name, known)}"
                )
            if not known[name].fits(value):
                raise DataError(
                    f"{name}={value!r} is not what {self.record.name!r} takes; give {known[name].words}."
                )
        return self.make(seed=seed, **{name: option.default for name, option in known.items()} | options)


def whole(default: int, *, least: int, most: int) -> Option:
    """A whole number in a range."""

    def fits(value: Any) -> bool:
        return isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most

    return Option(default, f"a whole number from {least} to {most}", fits)


def number(default: float, *, least: float, most: float) -> Option:
    """A number in a range."""
    return Option(default, f"a number from {least:g} to {most:g}", lambda value: _in(value, least, most))


def span(default: tuple[float, float], *, least: float, most: float) -> Option:
    """A pair (low, high) in a range."""

    def fits(value: Any) -> bool:
        pair = list(value) if isinstance(value, (list, tuple)) else []
        return len(pair) == 2 and all(_in(one, least, most) for one in pair) and pair[0] <= pair[1]

    return Option(default, f"a pair (low, high) from {least:g} to {most:g}", fits)


def choice(default: Any, *others: Any) -> Option:
    """One of a few values."""
    known = (default, *others)
    words = " or ".join(repr(one) for one in known)
    return Option(
        default, words, lambda value: any(type(value) is type(one) and value == one for one in known)
    )


def uniform(box: tuple[tuple[float, float], ...], *, rows: int, seed: int) -> Array:
    """Rows [rows, columns] drawn uniformly from a box, one (low, high) for each column."""
    low, high = np.array(box).T
    return np.random.default_rng(seed).uniform(low, high, (rows, len(box)))


def _in(value: Any, least: float, most: float) -> bool:
    plain = isinstance(value, Real) and not isinstance(value, bool)
    return plain and isfinite(float(value)) and least <= float(value) <= most

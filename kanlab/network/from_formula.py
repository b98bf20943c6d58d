"""A network from the text of a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from .._typing import Array
from ..data import Dataset, identifiers
from ..errors import FormError, ShapeError
from ..forms import grammar
from ..forms.composition import compose
from ..forms.parser import parse_equation
from .assemble import Grid, assemble
from .network import KAN
from .wiring import Wiring, line_values

Inputs: TypeAlias = Dataset | Mapping[str, Sequence[float]] | Array | None
"""A dataset; or the range (low, high) of each column; or rows [N, n]; or nothing: every column from -1 to 1."""

POINTS = 1000


def network_from_formula(
    formula: str | Sequence[str],
    inputs: Inputs = None,
    *,
    names: Sequence[str] | None = None,
    grid: Grid | None = None,
) -> KAN:
    """See `KAN.from_formula`."""
    texts = list(formula) if isinstance(formula, Sequence) and not isinstance(formula, str) else [formula]
    if not texts:
        raise FormError("No formula came; give one, or one for each output.")
    table = _table(inputs, names, texts)
    wiring = Wiring(table.names, table.rows)
    lines = [compose(_node(text, table.names), wiring) for text in texts]
    targets = table.targets
    if targets is None or targets.shape[1] != len(lines):
        targets = np.column_stack([line_values(line, table.rows) for line in lines])
    return assemble(lines, table.rows, targets, grid)


@dataclass(frozen=True, eq=False)
class _Table:
    """Names of columns, rows [N, n] and, where they came, targets [N, m]."""

    names: tuple[str, ...]
    rows: Array
    targets: Array | None = None


def _table(inputs: Inputs, given: Sequence[str] | None, texts: Sequence[str]) -> _Table:
    if isinstance(inputs, Dataset):
        own = tuple(identifiers(inputs.names).values())
        return _Table(_checked(given, own), inputs.inputs, np.asarray(inputs.targets, dtype=np.float64))
    if inputs is None:
        columns = _checked(given, tuple(given or _used(texts)))
        return _Table(columns, _points(dict.fromkeys(columns, (-1.0, 1.0))))
    if isinstance(inputs, Mapping):
        return _Table(_checked(given, tuple(inputs)), _points(inputs))
    rows = np.asarray(inputs, dtype=np.float64)
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        raise ShapeError(
            f"The inputs have shape {rows.shape}; rows of finite numbers, shape (rows, columns), were expected, "
            'or ranges such as {"a": (0, 1)}.'
        )
    columns = tuple(given or _used(texts))
    if len(columns) != rows.shape[1]:
        raise ShapeError(
            f"There are {len(columns)} names ({', '.join(columns[:8])}) for {rows.shape[1]} columns; "
            "give names= with one for each column."
        )
    return _Table(columns, rows)


def _node(text: str, columns: Sequence[str]) -> grammar.Node:
    return parse_equation(text, variables=columns)[1]


def _used(texts: Sequence[str]) -> tuple[str, ...]:
    """The variables in the order in which they are read."""
    found = tuple(dict.fromkeys(name for text in texts for name in grammar.names(parse_equation(text)[1])))
    if not found:
        raise FormError(
            "The formula holds no variable; give names= or ranges for the columns of the network."
        )
    return found


def _checked(given: Sequence[str] | None, own: tuple[str, ...]) -> tuple[str, ...]:
    columns = own if given is None else tuple(given)
    if len(columns) != len(own) or len(set(columns)) != len(columns) or not columns:
        raise ShapeError(
            f"{len(columns)} names came for {len(own)} columns; give one name for each column, none twice."
        )
    return columns


def _points(ranges: Mapping[str, Sequence[float]]) -> Array:
    """Points of a box, the same every time."""
    ends = [_range(name, ends) for name, ends in ranges.items()]
    low, high = np.array(ends).T
    return np.random.default_rng(0).uniform(low, high, (POINTS, len(ends)))


def _range(name: str, ends: Any) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in ends)
    except (TypeError, ValueError):
        low, high = np.nan, np.nan
    if not (np.isfinite([low, high]).all() and low < high):
        raise ShapeError(
            f"The range of {name!r} is {ends!r:.60}; give (low, high), two numbers that increase."
        )
    return low, high

"""Where a law was measured: the range of each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array, BoolArray
from ..data import Dataset, identifiers


@dataclass(frozen=True)
class Column:
    """A column of the table that a law was fitted to.

    Attributes:
        name: how the law spells it.
        title: how the table spells it.
        unit: or None where none is stated.
        low, high: ends of what was seen.
    """

    name: str
    title: str
    unit: str | None
    low: float
    high: float


def columns_of(dataset: Dataset, inputs: Array) -> tuple[Column, ...]:
    """The columns of a dataset with their range on rows [N, n]."""
    spelled = identifiers(dataset.names)
    return tuple(
        Column(spelled[title], title, dataset.units.get(title), float(values.min()), float(values.max()))
        for title, values in zip(dataset.names, inputs.T, strict=True)
    )


def outside(columns: Sequence[Column], used: Sequence[str], inputs: Array) -> BoolArray:
    """Rows [N] of inputs [N, n] in which a used column leaves its range, or is no number."""
    rows = np.zeros(len(inputs), dtype=np.bool_)
    for column, values in zip(columns, inputs.T, strict=True):
        if column.name in used:
            rows |= ~((column.low <= values) & (values <= column.high))
    return rows

"""Columns of rows, as the search takes them."""

from __future__ import annotations

from kanlab._typing import Array
from kanlab.search.factors import Column
from kanlab.symbolic.simplify import variable


def columns(rows: Array) -> list[Column]:
    """One for each column of rows [N, n]."""
    return [Column(variable(i), rows[:, i], frozenset([i])) for i in range(rows.shape[1])]

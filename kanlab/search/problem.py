"""What is searched: a target as a function of columns, and the way back to the law of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..symbolic.simplify import variable
from ..symbolic.tree import Sum
from .factors import Column


@dataclass(frozen=True, eq=False)
class Problem:
    """target = f(columns).

    Attributes:
        columns: what f is a function of.
        target: [N].
        weights: [N] what a change of the target means for the measured one, in units of its noise.
        finish: from a tree of the target to a tree of the measured one.
        steps: how it came about, for a reader.
    """

    columns: tuple[Column, ...]
    target: Array
    weights: Array
    finish: Callable[[Sum], Sum]
    steps: tuple[str, ...] = ()

    @classmethod
    def of(cls, inputs: Array, target: Array, sigma: Array | None = None) -> Problem:
        """The problem of rows [N, n] and [N] as they are; columns that do not vary are left out."""
        moving = np.flatnonzero(np.ptp(inputs, axis=0) > 0)
        columns = tuple(Column(variable(int(i)), inputs[:, i], frozenset([int(i)])) for i in moving)
        weights = np.ones(len(target)) if sigma is None else float(np.min(sigma)) / sigma
        return cls(columns, target, weights, lambda tree: tree)

    @property
    def inputs(self) -> Array:
        """The columns as [N, n]."""
        return np.stack([column.values for column in self.columns], 1)

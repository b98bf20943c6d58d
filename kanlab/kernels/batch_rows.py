"""The rows that all members of a batch see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .._typing import Array, IntArray
from .arrays import LayerArrays
from .base import BASE_FUNCTIONS
from .passes import trace_layer
from .tiles import Tiles


@dataclass(frozen=True, eq=False)
class BatchRows:
    """Rows that all members see, with what the first layer makes of them.

    Attributes:
        targets: [Q, N].
        root: square roots of the weights of the rows [N], or None.
        features: bases, base functions and the constant 1 of the first layer, [F, N].
        spans: intervals of the grids of the first layer, [I, N].
        grid: G and k + 1 of the first layer.
    """

    targets: Array
    root: Array | None
    features: Array
    spans: IntArray
    grid: tuple[int, int]

    @property
    def rows(self) -> int:
        return self.features.shape[1]

    def part(self, rows: slice | IntArray) -> BatchRows:
        """Some of the rows."""
        root = None if self.root is None else self.root[rows]
        return replace(
            self,
            targets=self.targets[:, rows],
            root=root,
            features=self.features[:, rows],
            spans=self.spans[:, rows],
        )

    @cached_property
    def tiles(self) -> Tiles:
        return Tiles.of(self.features, self.spans, *self.grid)

    @cached_property
    def in_order(self) -> BatchRows:
        """The rows as the tiles have them."""
        return self.part(self.tiles.order)


def batch_rows(inputs: Array, targets: Array, weights: Array | None, first: LayerArrays) -> BatchRows:
    """Rows for the members whose first layer has the grids of `first`."""
    seen = trace_layer(inputs, first)
    rows, width = len(inputs), first.order + 1
    features = np.zeros((first.inputs * (first.bases + 1) + 1, rows))
    number = np.arange(rows)
    for i in range(first.inputs):
        start = i * (first.bases + 1)
        for m in range(width):
            features[start + seen.span[:, i] + m, number] = seen.values[:, i, m]
        features[start + first.bases] = BASE_FUNCTIONS[first.base].numpy(inputs[:, i])
    features[-1] = 1.0
    root = None if weights is None else np.sqrt(weights)
    grid = first.intervals, width
    return BatchRows(np.ascontiguousarray(targets.T), root, features, seen.span.T, grid)

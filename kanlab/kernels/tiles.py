"""Rows in the order of the cells of the first grids.

The first layer sees the same rows in all members of a batch and all steps, so that they can be put in the order of the
cells of its grids. Within a cell only k + 1 bases of an input are not zero, always the same, and the columns of the
others are left out of products: for [2, 5, 1] with G = 5, 55 of the 95 columns are left. A tile has rows of one cell,
few enough for the nearest cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .._typing import Array, IntArray

LANES = 8
"""Numbers of a vector."""
MOST_ROWS = 48
"""Rows of a tile."""
BEGIN = 12
"""To begin and end a tile takes as long as so many rows of it (measured)."""


def padded(count: int) -> int:
    """The next multiple of LANES."""
    return -(-count // LANES) * LANES


@dataclass(frozen=True, eq=False)
class Tiles:
    """Rows in the order of cells, and the features of the first layer that are not zero in each tile.

    Attributes:
        order: the place of each row in the table, [N].
        starts: first row of each tile, and N at the end, [T + 1].
        features: of each tile, [T, L].
        values: of these features at each row, [N, L padded with zeros].
    """

    order: IntArray
    starts: IntArray
    features: IntArray
    values: Array

    @classmethod
    def of(cls, features: Array, spans: IntArray, intervals: int, width: int) -> Tiles:
        """Tiles of rows with these features [F, N] and intervals [I, N] on grids of order width - 1."""
        inputs, rows = spans.shape
        sorted_by = _sorted_by(inputs, rows, intervals, width)
        keys = np.zeros(rows, dtype=np.int64)
        for i in range(sorted_by):
            keys = keys * intervals + spans[i]
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts: list[int] = []
        edges = [*np.flatnonzero(np.diff(keys, prepend=-1)).tolist(), rows]
        for start, end in pairwise(edges):
            parts = -(-(end - start) // MOST_ROWS)
            starts.extend(start + (end - start) * part // parts for part in range(parts))
        step = intervals + width
        chosen: list[IntArray] = []
        for i in range(inputs):
            if i < sorted_by:
                first = i * step + spans[i, order[starts]]
                chosen.extend(first + m for m in range(width))
                chosen.append(np.full(len(starts), (i + 1) * step - 1, dtype=np.int64))
            else:
                chosen.extend(np.full(len(starts), i * step + m, dtype=np.int64) for m in range(step))
        chosen.append(np.full(len(starts), inputs * step, dtype=np.int64))
        active = np.stack(chosen, axis=1)
        bounds = np.array([*starts, rows])
        values = np.zeros((rows, padded(active.shape[1])))
        every = np.repeat(active, np.diff(bounds), axis=0)
        values[:, : active.shape[1]] = features[every, order[:, None]]
        return cls(order, bounds, active, values)


def _sorted_by(inputs: int, rows: int, intervals: int, width: int) -> int:
    """By how many inputs to divide the rows into cells: each leaves fewer columns, and more tiles to begin."""

    def work(count: int) -> float:
        cells = intervals**count
        tiles = cells * -(-rows // (cells * MOST_ROWS))
        columns = inputs * (intervals + width) + 1 - count * (intervals - 1)
        return (rows + BEGIN * tiles) * columns**2

    # a cell has a row at least
    most = int(np.log(rows) / np.log(intervals)) if intervals > 1 else 0
    return min(range(min(inputs, most) + 1), key=work)

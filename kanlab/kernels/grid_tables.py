"""What the loops look up about the knots of a layer, laid out for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._typing import Array
from ..splines import breakpoints, piece_matrices, uniform_knots

ROUNDING = 4
"""Units in the last place that the knots of a uniform grid may be off."""


@dataclass(frozen=True, eq=False)
class GridTables:
    """Knots [I, G + 2k + 1] as tables.

    Attributes:
        numbers: one flat array: for every input (low, cells per unit); for every interval (lower end or -inf,
            upper end or inf, left end, 1 / length), where the outermost intervals reach to infinity; for every
            interval the k + 1 power coefficients of its k + 1 bases, in local coordinates, padded to a power of 2.
        lookup: [I * cells], the interval that holds the left end of each of `cells` equal parts of the grid.
        intervals: G.
        cells: cells of an input.
        uniform: whether every interval has the same polynomials. Never for k = 1, where a point on a knot must fall on
            its right side to get the right slope.
        local: a tag of length k + 1.
        local_lanes: a tag of length log2 of the padded count of local bases.
    """

    numbers: NDArray[np.floating]
    lookup: NDArray[np.int32]
    intervals: int
    cells: int
    uniform: bool
    local: tuple[int, ...]
    local_lanes: tuple[int, ...]


def grid_tables(knots: Array, order: int, dtype: np.dtype[np.floating]) -> GridTables:
    """Tables of the knots, in a floating-point type."""
    breaks = breakpoints(knots, order)
    inputs, spans = len(breaks), breaks.shape[1] - 1
    uniform = order > 1 and _is_uniform(knots, order, dtype)
    cells = spans if uniform else 4 * spans
    low, high = breaks[:, :1], breaks[:, -1:]
    ends = low + (high - low) * (np.arange(cells) / cells)
    lookup = np.stack(
        [np.searchsorted(row[1:-1], end, side="right") for row, end in zip(breaks, ends, strict=True)]
    )
    heads = np.concatenate([low, cells / (high - low)], axis=1)
    bounds = np.empty((inputs, spans, 4))
    bounds[..., 0], bounds[..., 1] = breaks[:, :-1], breaks[:, 1:]
    bounds[:, 0, 0], bounds[:, -1, 1] = -np.inf, np.inf
    # distances are taken from the ends as they are in this type
    rounded = breaks.astype(dtype).astype(np.float64)
    bounds[..., 2], bounds[..., 3] = rounded[:, :-1], 1 / np.diff(rounded, axis=1)
    lanes = max(1, int(order).bit_length())
    pieces = np.zeros((inputs, spans, order + 1, 2**lanes))
    pieces[..., : order + 1] = piece_matrices(knots, order)
    numbers = np.concatenate([heads.ravel(), bounds.ravel(), pieces.ravel()]).astype(dtype)
    return GridTables(
        numbers, lookup.astype(np.int32).ravel(), spans, cells, uniform, (0,) * (order + 1), (0,) * lanes
    )


def _is_uniform(knots: Array, order: int, dtype: np.dtype[np.floating]) -> bool:
    spans = knots.shape[1] - 2 * order - 1
    even = uniform_knots(knots[:, order], knots[:, order + spans], spans, order)
    most = np.abs(knots).max(axis=1, keepdims=True)
    return bool((np.abs(knots - even) <= ROUNDING * np.finfo(dtype).eps * most).all())

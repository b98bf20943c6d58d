"""Knot vectors: a grid of G intervals extended by k knots on either side."""

from __future__ import annotations

import numpy as np

from .._typing import Array


def uniform_knots(low: Array, high: Array, intervals: int, order: int) -> Array:
    """Equally spaced knots, `G` intervals on `[low, high]` and `k` more on either side.

    Args:
        low, high: ends of the grid, shape [inputs].
        intervals: G.
        order: k.

    Returns:
        knots, shape [inputs, G + 2k + 1]; `knots[:, k]` is `low` and `knots[:, G + k]` is `high`.
    """
    steps = np.arange(-order, intervals + order + 1) / intervals
    return low[:, None] + (high - low)[:, None] * steps


def open_knots(breaks: Array, order: int) -> Array:
    """Knots for given breakpoints [inputs, G + 1]: the outermost intervals are repeated `k` times."""
    first = breaks[:, 1:2] - breaks[:, 0:1]
    last = breaks[:, -1:] - breaks[:, -2:-1]
    steps = np.arange(1, order + 1)
    return np.concatenate(
        [breaks[:, :1] - first * steps[::-1], breaks, breaks[:, -1:] + last * steps],
        axis=1,
    )


def intervals_of(knots: Array, order: int) -> int:
    """G, read off a knot array [inputs, G + 2k + 1]."""
    return knots.shape[1] - 2 * order - 1


def breakpoints(knots: Array, order: int) -> Array:
    """The G + 1 knots inside the grid, shape [inputs, G + 1]."""
    return knots[:, order : knots.shape[1] - order]

"""Knot vectors: a grid of G intervals extended by k knots on either side."""

from __future__ import annotations

import numpy as np

from .._typing import Array

LEAST_WIDTH = 0.05
"""Shortest interval of a blended grid, relative to an equal one; pieces much shorter than what is around them see no
samples."""


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


def blended_knots(
    ends: tuple[Array, Array], samples: Array, intervals: int, order: int, blend: float
) -> Array:
    """Knots between equally spaced ones and quantiles of the samples: (1 - blend) uniform + blend quantiles.

    The inner breakpoints are blended, the ends stay. No interval gets shorter than about `LEAST_WIDTH` of an equal one.

    Args:
        ends: low and high, each [inputs].
        samples: [N, inputs], with N > 0.
        intervals: G.
        order: k.
        blend: from 0, `uniform_knots`, to 1, as many samples in every interval; pykan's `grid_eps` is 1 - blend.

    Returns:
        knots, shape [inputs, G + 2k + 1].
    """
    low, high = ends
    if blend == 0:
        return uniform_knots(low, high, intervals, order)
    shares = np.linspace(0, 1, intervals + 1)
    span = (high - low)[:, None]
    quantiles = np.clip(np.quantile(samples, shares, axis=0).T, low[:, None], high[:, None])
    quantiles[:, 0], quantiles[:, -1] = low, high
    widths = np.diff((1 - blend) * (low[:, None] + span * shares) + blend * quantiles, axis=1)
    widths = np.maximum(widths, LEAST_WIDTH * span / intervals)
    widths *= span / widths.sum(axis=1, keepdims=True)
    breaks = np.concatenate([low[:, None], low[:, None] + np.cumsum(widths, axis=1)], axis=1)
    breaks[:, -1] = high
    return open_knots(breaks, order)


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

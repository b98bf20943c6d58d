"""The roughness of a spline as a quadratic form of its coefficients."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .._typing import Array
from .knots import breakpoints, uniform_knots
from .pieces import piece_matrices

EVEN = 1e-9
"""How far intervals may be from equal ones, relatively, and still count as equal: rounding of knots far from zero."""


def roughness_matrices(knots: Array, order: int, derivative: int) -> Array:
    """R with  c' R c = L^(2r-1) * integral over the grid of (d^r f / dx^r)^2 dx,  f = sum_m c_m B_m.

    r is `derivative` and L the length of the grid; the factor makes the penalty independent of the unit of x
    (it is the integral over z = x / L). Exact for r <= k: the pieces are polynomials. For r = k + 1 the
    derivative is concentrated at the knots, and the squared jumps of derivative k, each divided by the mean
    of the two intervals, take its place (the difference penalty of P-splines, Eilers and Marx 1996): zero for
    a single polynomial of degree k, so it smooths without flattening.

    Args:
        knots: [inputs, G + 2k + 1].
        derivative: r, from 1 to k + 1.

    Returns:
        symmetric positive semi-definite matrices [inputs, G + k, G + k], not to be written to.
    """
    breaks = breakpoints(knots, order)
    width = np.diff(breaks, axis=1) / (breaks[:, -1:] - breaks[:, :1])
    intervals = width.shape[1]
    if np.abs(width * intervals - 1).max() < EVEN:
        matrix = _of_even_grid(intervals, order, derivative)
        return np.broadcast_to(matrix, (len(knots), *matrix.shape))
    return _matrices(knots, width, order, derivative)


@lru_cache(maxsize=64)
def _of_even_grid(intervals: int, order: int, derivative: int) -> Array:
    """The matrix that all grids of equal intervals share."""
    knots = uniform_knots(np.zeros(1), np.ones(1), intervals, order)
    matrix = _matrices(knots, np.full((1, intervals), 1 / intervals), order, derivative)[0]
    matrix.flags.writeable = False
    return matrix


def _matrices(knots: Array, width: Array, order: int, derivative: int) -> Array:
    pieces = piece_matrices(knots, order)
    return _integrals(pieces, width, derivative) if derivative <= order else _jumps(pieces, width)


def _integrals(pieces: Array, width: Array, derivative: int) -> Array:
    inputs, spans, count, _ = pieces.shape
    power = np.arange(derivative, count)
    factor = np.array([np.prod(np.arange(q - derivative + 1, q + 1)) for q in power], dtype=np.float64)
    slope = pieces[:, :, derivative:, :] * factor[:, None]
    moments = 1.0 / (np.add.outer(power, power) - 2 * derivative + 1)
    local = np.einsum("isqm,qr,isrn->ismn", slope, moments, slope)
    local /= (width ** (2 * derivative - 1))[..., None, None]
    total = np.zeros((inputs, spans + count - 1, spans + count - 1))
    for s in range(spans):
        total[:, s : s + count, s : s + count] += local[:, s]
    return total


def _jumps(pieces: Array, width: Array) -> Array:
    inputs, spans, count, _ = pieces.shape
    order = count - 1
    top = pieces[:, :, order, :] * float(np.prod(np.arange(1, order + 1))) / (width**order)[..., None]
    jump = np.zeros((inputs, spans - 1, spans + order))
    for s in range(spans - 1):
        jump[:, s, s : s + count] -= top[:, s]
        jump[:, s, s + 1 : s + 1 + count] += top[:, s + 1]
    return np.einsum("ism,is,isn->imn", jump, 2 / (width[:, :-1] + width[:, 1:]), jump)

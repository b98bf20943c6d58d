"""The compiled loops. Everything else in this room prepares their arguments.

No fast-math: results do not depend on how a compiler reorders sums, and NaN stays NaN.
"""

# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import numba
import numpy as np

from .._typing import Array, IntArray


@numba.njit(nogil=True, cache=True)
def local_bases(x: Array, breaks: Array, pieces: Array, span: IntArray, values: Array, slopes: Array) -> None:
    """Fill span [N, I], the k + 1 non-zero bases [N, I, k + 1] and their derivatives at x [N, I]."""
    rows, inputs = x.shape
    spans = breaks.shape[1] - 1
    width = pieces.shape[2]
    for i in range(inputs):
        low = breaks[i, 0]
        scale = spans / (breaks[i, spans] - low)
        for n in range(rows):
            at = x[n, i]
            guess = (at - low) * scale
            # the comparison is false for NaN, which then stays in interval 0 and goes through the polynomial
            s = 0
            if guess > 0.0:
                s = spans - 1 if guess >= spans else int(guess)
            while s > 0 and at < breaks[i, s]:
                s -= 1
            while s < spans - 1 and at >= breaks[i, s + 1]:
                s += 1
            inverse = 1.0 / (breaks[i, s + 1] - breaks[i, s])
            t = (at - breaks[i, s]) * inverse
            span[n, i] = s
            for m in range(width):
                value = pieces[i, s, width - 1, m]
                slope = 0.0
                for q in range(width - 2, -1, -1):
                    slope = slope * t + value
                    value = value * t + pieces[i, s, q, m]
                values[n, i, m] = value
                slopes[n, i, m] = slope * inverse


@numba.njit(nogil=True, cache=True)
def edge_sums(
    span: IntArray, values: Array, base: Array, coefficients: Array, base_scale: Array, out: Array
) -> None:
    """Add all spline edges to out [N, O]."""
    rows, inputs, width = values.shape
    outputs = out.shape[1]
    for n in range(rows):
        for i in range(inputs):
            s = span[n, i]
            b = base[n, i]
            for j in range(outputs):
                out[n, j] += b * base_scale[i, j]
            for m in range(width):
                v = values[n, i, m]
                for j in range(outputs):
                    out[n, j] += v * coefficients[i, s + m, j]


@numba.njit(nogil=True, cache=True)
def edge_values(
    span: IntArray, values: Array, base: Array, coefficients: Array, base_scale: Array, out: Array
) -> None:
    """Fill out [N, I, O] with the value of every spline edge (or its slope, given slopes for values)."""
    rows, inputs, width = values.shape
    outputs = out.shape[2]
    for n in range(rows):
        for i in range(inputs):
            s = span[n, i]
            b = base[n, i]
            for j in range(outputs):
                out[n, i, j] = b * base_scale[i, j]
            for m in range(width):
                v = values[n, i, m]
                for j in range(outputs):
                    out[n, i, j] += v * coefficients[i, s + m, j]


@numba.njit(nogil=True, cache=True)
def spline_columns(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    span: IntArray,
    values: Array,
    base: Array,
    sensitivity: Array,
    first: IntArray,
    bases: int,
    out: Array,
) -> None:
    """Add up the Jacobian columns of the spline edges of one layer; edges that share a curve have the same columns.

    `sensitivity` [N, Q, O] is the derivative of network output q with respect to subnode j; `first` [I, O] is
    the first column of an edge (negative: not free), its G + k coefficients and then its base scale; `out` is
    [N * Q, P].
    """
    rows, inputs, width = values.shape
    count, outputs = sensitivity.shape[1], sensitivity.shape[2]
    for n in range(rows):
        for q in range(count):
            row = n * count + q
            for i in range(inputs):
                s = span[n, i]
                for j in range(outputs):
                    column = first[i, j]
                    if column >= 0:
                        d = sensitivity[n, q, j]
                        for m in range(width):
                            out[row, column + s + m] += d * values[n, i, m]
                        out[row, column + bases] += d * base[n, i]


@numba.njit(nogil=True, cache=True)
def spline_gradient(
    span: IntArray,
    values: Array,
    base: Array,
    pull: Array,
    coefficient_gradient: Array,
    base_gradient: Array,
) -> None:
    """Add the gradients of all spline edges, given the pull [N, O] of the loss on each subnode."""
    rows, inputs, width = values.shape
    outputs = pull.shape[1]
    for n in range(rows):
        for i in range(inputs):
            s = span[n, i]
            b = base[n, i]
            for j in range(outputs):
                base_gradient[i, j] += b * pull[n, j]
            for m in range(width):
                v = values[n, i, m]
                for j in range(outputs):
                    coefficient_gradient[i, s + m, j] += v * pull[n, j]


def empty_bases(rows: int, inputs: int, width: int) -> tuple[IntArray, Array, Array]:
    """Room for `local_bases`."""
    return (
        np.empty((rows, inputs), dtype=np.int64),
        np.empty((rows, inputs, width)),
        np.empty((rows, inputs, width)),
    )

"""Compiled loops: bases with three derivatives, and Jacobian columns that mix them."""

# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import numba

from .._typing import Array, IntArray


@numba.njit(nogil=True, cache=True)
def bases_and_derivatives(x: Array, breaks: Array, pieces: Array, span: IntArray, table: Array) -> None:
    """Fill span [N, I] and table [4, N, I, k + 1]: the non-zero bases at x [N, I] and derivatives 1, 2, 3.

    Horner's scheme, nested once for each derivative; outside the grid the outermost polynomials go on.
    """
    rows, inputs = x.shape
    spans = breaks.shape[1] - 1
    width = pieces.shape[2]
    for i in range(inputs):
        for n in range(rows):
            at = x[n, i]
            s = 0
            # comparisons are false for NaN, which stays in interval 0 and goes through the polynomials
            while s < spans - 1 and at >= breaks[i, s + 1]:
                s += 1
            inverse = 1.0 / (breaks[i, s + 1] - breaks[i, s])
            t = (at - breaks[i, s]) * inverse
            span[n, i] = s
            for m in range(width):
                value, first, second, third = 0.0, 0.0, 0.0, 0.0
                for q in range(width - 1, -1, -1):
                    third = third * t + second
                    second = second * t + first
                    first = first * t + value
                    value = value * t + pieces[i, s, q, m]
                table[0, n, i, m] = value
                table[1, n, i, m] = first * inverse
                table[2, n, i, m] = 2.0 * second * inverse**2
                table[3, n, i, m] = 6.0 * third * inverse**3


@numba.njit(nogil=True, cache=True)
def mixed_columns(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    span: IntArray,
    table: Array,
    base: Array,
    pull: Array,
    first: IntArray,
    bases: int,
    out: Array,
) -> None:
    """Fill the Jacobian columns of the spline edges of one layer.

    `pull` [3, N, I, O] holds the weights of B, B' and B'' in the column of a coefficient; `table` [4, N, I, k + 1]
    the bases and their derivatives, `base` [4, N, I] the same for the base function; `first` [I, O] is the first
    column of an edge (negative: not free), its G + k coefficients and then its base scale; `out` is [N, P].
    """
    _, rows, inputs, width = table.shape
    outputs = pull.shape[3]
    for n in range(rows):
        for i in range(inputs):
            s = span[n, i]
            for j in range(outputs):
                column = first[i, j]
                if column >= 0:
                    a, b, c = pull[0, n, i, j], pull[1, n, i, j], pull[2, n, i, j]
                    for m in range(width):
                        out[n, column + s + m] = (
                            a * table[0, n, i, m] + b * table[1, n, i, m] + c * table[2, n, i, m]
                        )
                    out[n, column + bases] = a * base[0, n, i] + b * base[1, n, i] + c * base[2, n, i]

"""The compiled loops over several networks of one shape at once.

Arrays have the rows last, so that the loops run along them: activations are [A, I, N] for A members. The weights of a
layer are [A, O, F], for each subnode its F = I (G + k + 1) + 1 features: for each source the G + k bases and the base
function, and at the end the constant 1 of the bias.
"""

# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import numba
import numpy as np

from .._typing import Array, IntArray

BASE_KINDS = ("silu", "identity", "zero")
"""Base functions that the loops know, by number."""


@numba.njit(nogil=True, cache=True, inline="always")
def _base(kind: int, x: float, decay: float) -> tuple[float, float]:
    """A base function and its derivative, given exp(-x)."""
    if kind == 0:
        s = 1.0 / (1.0 + decay)
        return x * s, s * (1.0 + x * (1.0 - s))
    return (x, 1.0) if kind == 1 else (0.0, 0.0)


@numba.njit(nogil=True, cache=True, inline="always")
def _span(at: float, breaks: Array, scale: float) -> int:
    """The interval of a point; NaN stays in interval 0 and goes through the polynomial."""
    spans = breaks.shape[0] - 1
    guess = (at - breaks[0]) * scale
    s = 0
    if guess > 0.0:
        s = spans - 1 if guess >= spans else int(guess)
    while s > 0 and at < breaks[s]:
        s -= 1
    while s < spans - 1 and at >= breaks[s + 1]:
        s += 1
    return s


@numba.njit(nogil=True, cache=True, inline="always")
def _polynomials(pieces: Array, weights: Array, first: int, out: Array) -> None:
    """Power coefficients [G, k + 1, O] of the splines that leave one source."""
    spans, width, outputs = out.shape
    for s in range(spans):
        for q in range(width):
            for j in range(outputs):
                total = 0.0
                for m in range(width):
                    total += pieces[s, q, m] * weights[j, first + s + m]
                out[s, q, j] = total


@numba.njit(nogil=True, cache=True)
def batch_sums(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    x: Array, decay: Array, breaks: Array, pieces: Array, weights: Array, kind: int, out: Array
) -> None:
    """Fill out [A, O, N] with the subnodes of one layer at x [A, I, N]; decay is exp(-x), which NumPy has in SIMD."""
    members, inputs, rows = x.shape
    outputs, features = weights.shape[1], weights.shape[2]
    spans, width = pieces.shape[2], pieces.shape[3]
    bases = spans + width - 1
    poly, inverse = np.empty((spans, width, outputs)), np.empty(spans)
    for a in range(members):
        for j in range(outputs):
            for n in range(rows):
                out[a, j, n] = weights[a, j, features - 1]
        for i in range(inputs):
            first = i * (bases + 1)
            _polynomials(pieces[a, i], weights[a], first, poly)
            own = breaks[a, i]
            scale = spans / (own[spans] - own[0])
            for s in range(spans):
                inverse[s] = 1.0 / (own[s + 1] - own[s])
            for n in range(rows):
                at = x[a, i, n]
                s = _span(at, own, scale)
                t = (at - own[s]) * inverse[s]
                b, _ = _base(kind, at, decay[a, i, n])
                for j in range(outputs):
                    value = poly[s, width - 1, j]
                    for q in range(width - 2, -1, -1):
                        value = value * t + poly[s, q, j]
                    out[a, j, n] += value + b * weights[a, j, first + bases]


@numba.njit(nogil=True, cache=True)
def batch_trace(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    x: Array,
    decay: Array,
    breaks: Array,
    pieces: Array,
    weights: Array,
    kind: int,
    span: IntArray,
    local: Array,
    base: Array,
    slope: Array,
    out: Array,
) -> None:
    """The same, and span, local coordinate and base function [A, I, N], and the slope of every edge [A, I, O, N]."""
    members, inputs, rows = x.shape
    outputs, features = weights.shape[1], weights.shape[2]
    spans, width = pieces.shape[2], pieces.shape[3]
    bases = spans + width - 1
    poly, inverse = np.empty((spans, width, outputs)), np.empty(spans)
    for a in range(members):
        for j in range(outputs):
            for n in range(rows):
                out[a, j, n] = weights[a, j, features - 1]
        for i in range(inputs):
            first = i * (bases + 1)
            _polynomials(pieces[a, i], weights[a], first, poly)
            own = breaks[a, i]
            scale = spans / (own[spans] - own[0])
            for s in range(spans):
                inverse[s] = 1.0 / (own[s + 1] - own[s])
            for n in range(rows):
                at = x[a, i, n]
                s = _span(at, own, scale)
                t = (at - own[s]) * inverse[s]
                b, rise = _base(kind, at, decay[a, i, n])
                span[a, i, n] = s
                local[a, i, n] = t
                base[a, i, n] = b
                for j in range(outputs):
                    value = poly[s, width - 1, j]
                    steep = 0.0
                    for q in range(width - 2, -1, -1):
                        steep = steep * t + value
                        value = value * t + poly[s, q, j]
                    w = weights[a, j, first + bases]
                    out[a, j, n] += value + b * w
                    slope[a, i, j, n] = steep * inverse[s] + rise * w


@numba.njit(nogil=True, cache=True, inline="always")
def _values(pieces: Array, t: float, out: Array) -> None:
    """The k + 1 non-zero bases at local coordinate t."""
    width = pieces.shape[0]
    for m in range(width):
        value = pieces[width - 1, m]
        for q in range(width - 2, -1, -1):
            value = value * t + pieces[q, m]
        out[m] = value


@numba.njit(nogil=True, cache=True)
def batch_bases(x: Array, breaks: Array, pieces: Array, out: Array) -> None:
    """Put the non-zero bases into out [M, N, G + k] at x [M, N], for M grids."""
    nodes, rows = x.shape
    spans, width = pieces.shape[1], pieces.shape[2]
    for i in range(nodes):
        own = breaks[i]
        scale = spans / (own[spans] - own[0])
        for n in range(rows):
            at = x[i, n]
            s = _span(at, own, scale)
            t = (at - own[s]) / (own[s + 1] - own[s])
            _values(pieces[i, s], t, out[i, n, s : s + width])

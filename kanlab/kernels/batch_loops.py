"""The compiled loops over several networks of one shape at once.

Arrays have the rows last, so that the loops run along them: activations are [A, I, N] for A members. The weights of a
layer are [A, O, F], for each subnode its F = I (G + k + 1) + 1 features: for each source the G + k bases and the base
function, and at the end the constant 1 of the bias.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

import numpy as np

from .._typing import Array, IntArray
from .blocks import compiled
from .layer_loops import entry

BASE_KINDS = ("silu", "identity", "zero")
"""Base functions that the loops know, by number."""

BLOCK = 128
"""Rows that go through one loop after the other."""
ROUNDING = 4.0
"""Distance in units of rounding up to which breakpoints are at even distances."""


@compiled
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


@compiled
def _is_even(breaks: Array) -> bool:
    """Whether all intervals have one length, so that a point finds its own by a multiplication."""
    spans = breaks.shape[0] - 1
    low, high = breaks[0], breaks[spans]
    most = ROUNDING * np.finfo(np.float64).eps * max(abs(low), abs(high))
    even = True
    for s in range(spans):
        even &= abs(breaks[s] - (low + (high - low) * s / spans)) <= most
    return even


@compiled
def _locate(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    x: Array,
    start: int,
    count: int,
    breaks: Array,
    even: bool,
    inverse: Array,
    span: IntArray,
    local: Array,
) -> None:
    """Intervals and local coordinates of x[start : start + count]."""
    spans = breaks.shape[0] - 1
    low = breaks[0]
    scale = spans / (breaks[spans] - low)
    if even:
        most = spans - 1.0
        for r in range(count):
            position = (x[start + r] - low) * scale
            # NaN stays in interval 0 and goes through the polynomial, and `max` would keep it
            s = np.floor(min(position if position > 0.0 else 0.0, most))  # noqa: FURB136
            span[r] = np.int64(s)
            local[r] = position - s
        return
    for r in range(count):
        s = _span(x[start + r], breaks, scale)
        span[r] = s
        local[r] = (x[start + r] - breaks[s]) * inverse[s]


@compiled
def _base(kind: int, x: Array, decay: Array, start: int, count: int, out: Array) -> None:
    """The base function at x[start : start + count], given exp(-x)."""
    for r in range(count):
        if kind == 0:
            out[r] = x[start + r] * (1.0 / (1.0 + decay[start + r]))
        elif kind == 1:
            out[r] = x[start + r]
        else:
            out[r] = 0.0


@compiled
def _base_slope(kind: int, x: Array, decay: Array, start: int, count: int, out: Array) -> None:
    for r in range(count):
        if kind == 0:
            s = 1.0 / (1.0 + decay[start + r])
            out[r] = s * (1.0 + x[start + r] * (1.0 - s))
        else:
            out[r] = 1.0 if kind == 1 else 0.0


@compiled
def _polynomials(pieces: Array, weights: Array, first: int, out: Array) -> None:
    """Power coefficients [O, G, k + 1] of the splines that leave one source."""
    outputs, spans, width = out.shape
    for j in range(outputs):
        for s in range(spans):
            for q in range(width):
                total = 0.0
                for m in range(width):
                    total += pieces[s, q, m] * weights[j, first + s + m]
                out[j, s, q] = total


@compiled
def _lengths(breaks: Array, inverse: Array) -> None:
    for s in range(len(inverse)):
        inverse[s] = 1.0 / (breaks[s + 1] - breaks[s])


@entry
def batch_sums(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    x: Array, decay: Array, breaks: Array, pieces: Array, weights: Array, kind: int, out: Array
) -> None:
    """Fill out [A, O, N] with the subnodes of one layer at x [A, I, N]; decay is exp(-x), which NumPy has in SIMD."""
    members, inputs, rows = x.shape
    outputs, features = weights.shape[1], weights.shape[2]
    spans, width = pieces.shape[2], pieces.shape[3]
    bases = spans + width - 1
    poly, inverse = np.empty((outputs, spans, width)), np.empty(spans)
    span, local = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK)
    base, values = np.empty(BLOCK), np.empty(BLOCK)
    for a in range(members):
        for j in range(outputs):
            out[a, j] = weights[a, j, features - 1]
        for i in range(inputs):
            first = i * (bases + 1)
            _polynomials(pieces[a, i], weights[a], first, poly)
            _lengths(breaks[a, i], inverse)
            # for k = 1 a point on a knot must fall on its right side to get the right slope
            even = width > 2 and _is_even(breaks[a, i])
            for start in range(0, rows, BLOCK):
                count = min(BLOCK, rows - start)
                _locate(x[a, i], start, count, breaks[a, i], even, inverse, span, local)
                _base(kind, x[a, i], decay[a, i], start, count, base)
                for j in range(outputs):
                    weight = weights[a, j, first + bases]
                    _add_values(poly[j], weight, span, local, base, count, values, out[a, j], start)


@compiled
def _add_values(  # noqa: PLR0913, PLR0917
    poly: Array,
    weight: float,
    span: IntArray,
    local: Array,
    base: Array,
    count: int,
    values: Array,
    out: Array,
    start: int,
) -> None:
    """Add the values of one edge to out[start : start + count]."""
    width = poly.shape[1]
    for r in range(count):
        s, t = span[r], local[r]
        value = poly[s, width - 1]
        for q in range(width - 2, -1, -1):
            value = value * t + poly[s, q]
        values[r] = value
    # by itself this loop has vectors
    for r in range(count):
        out[start + r] += values[r] + base[r] * weight


@entry
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
    poly, inverse = np.empty((outputs, spans, width)), np.empty(spans)
    # large arrays begin at like addresses, and reading one while another is written at the same place is slow
    spot, near = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK)
    height, rise, values = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    for a in range(members):
        for j in range(outputs):
            out[a, j] = weights[a, j, features - 1]
        for i in range(inputs):
            first = i * (bases + 1)
            _polynomials(pieces[a, i], weights[a], first, poly)
            _lengths(breaks[a, i], inverse)
            even = width > 2 and _is_even(breaks[a, i])
            for start in range(0, rows, BLOCK):
                count = min(BLOCK, rows - start)
                _locate(x[a, i], start, count, breaks[a, i], even, inverse, spot, near)
                _base(kind, x[a, i], decay[a, i], start, count, height)
                _base_slope(kind, x[a, i], decay[a, i], start, count, rise)
                for j in range(outputs):
                    weight = weights[a, j, first + bases]
                    _add_values(poly[j], weight, spot, near, height, count, values, out[a, j], start)
                    _slopes(poly[j], weight, inverse, spot, near, rise, count, values)
                    slope[a, i, j, start : start + count] = values[:count]
                span[a, i, start : start + count] = spot[:count]
                local[a, i, start : start + count] = near[:count]
                base[a, i, start : start + count] = height[:count]


@compiled
def _slopes(  # noqa: PLR0913, PLR0917
    poly: Array,
    weight: float,
    inverse: Array,
    span: IntArray,
    local: Array,
    rise: Array,
    count: int,
    out: Array,
) -> None:
    """Slopes of one edge."""
    width = poly.shape[1]
    for r in range(count):
        s, t = span[r], local[r]
        steep = (width - 1) * poly[s, width - 1]
        for q in range(width - 2, 0, -1):
            steep = steep * t + q * poly[s, q]
        out[r] = steep * inverse[s] + rise[r] * weight


@compiled
def _values(pieces: Array, t: float, out: Array) -> None:
    """The k + 1 non-zero bases at local coordinate t."""
    width = pieces.shape[0]
    for m in range(width):
        value = pieces[width - 1, m]
        for q in range(width - 2, -1, -1):
            value = value * t + pieces[q, m]
        out[m] = value


@entry
def refit_rows(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    x: Array,
    old_breaks: Array,
    old_pieces: Array,
    coefficients: Array,
    new_breaks: Array,
    new_pieces: Array,
    factor: float,
    out: Array,
) -> None:
    """Rows of the least-squares problem that moves splines to other grids, for M grids at x [M, N].

    Fills out[:, :N], [M, N, G + k + O]: `factor` times the bases on the new breakpoints, and the values of the splines
    with these coefficients [M, G + k, O] on the old ones. Numbers that stay zero are not touched.
    """
    nodes, rows = x.shape
    spans, width = old_pieces.shape[1], old_pieces.shape[2]
    bases = coefficients.shape[1]
    values = np.empty(width)
    for i in range(nodes):
        old_scale = spans / (old_breaks[i, spans] - old_breaks[i, 0])
        new_scale = spans / (new_breaks[i, spans] - new_breaks[i, 0])
        for n in range(rows):
            at = x[i, n]
            s = _span(at, new_breaks[i], new_scale)
            t = (at - new_breaks[i, s]) / (new_breaks[i, s + 1] - new_breaks[i, s])
            _values(new_pieces[i, s], t, values)
            for m in range(width):
                out[i, n, s + m] = factor * values[m]
            s = _span(at, old_breaks[i], old_scale)
            t = (at - old_breaks[i, s]) / (old_breaks[i, s + 1] - old_breaks[i, s])
            _values(old_pieces[i, s], t, values)
            for j in range(coefficients.shape[2]):
                total = 0.0
                for m in range(width):
                    total += values[m] * coefficients[i, s + m, j]
                out[i, n, bases + j] = factor * total

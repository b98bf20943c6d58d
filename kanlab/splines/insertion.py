"""Exact change of knots: the same function on finer knots.

A spline is a polynomial on each interval, and a coefficient on any knots is the polar form (blossom) of one
of those polynomials at k consecutive knots (Ramshaw 1989; the Oslo algorithm of Cohen, Lyche and Riesenfeld
1980 is the case of nested knots). So if the new breakpoints contain the old, the coefficients follow exactly,
without a fit.
"""

from __future__ import annotations

import numpy as np

from .._typing import Array
from .knots import breakpoints


def refine_breakpoints(breaks: Array, intervals: int) -> Array:
    """Breakpoints with `intervals` intervals that contain the given ones.

    Every old interval is cut into equal parts; where the count is not a multiple, the longest parts are cut
    first.

    Args:
        breaks: [inputs, G + 1].
        intervals: the new G, not below the old one.

    Returns:
        [inputs, intervals + 1].
    """
    rows = []
    for row in breaks:
        width = np.diff(row)
        parts = np.ones(len(width), dtype=np.int64)
        if intervals % len(width) == 0:
            parts[:] = intervals // len(width)
        else:
            for _ in range(intervals - len(width)):
                # ties are broken toward the first interval; the small factor hides rounding in equal widths
                length = width / parts
                parts[np.argmax(length > length.max() * (1 - 1e-9))] += 1
        cuts = [row[s] + width[s] * np.arange(count) / count for s, count in enumerate(parts)]
        rows.append(np.concatenate([*cuts, row[-1:]]))
    return np.stack(rows)


def change_knots(coefficients: Array, old: Array, new: Array, order: int) -> Array:
    """Coefficients on `new` knots of the splines given on `old` knots.

    Exact where the new breakpoints contain the old ones inside the grid.

    Args:
        coefficients: [inputs, G_old + k, outputs].
        old, new: knots [inputs, G + 2k + 1].
        order: k.

    Returns:
        [inputs, G_new + k, outputs].
    """
    inputs, total = new.shape
    count = total - order - 1
    spans = count - order
    basis = np.arange(count)
    # a basis lives on the new intervals m-k .. m; the polar form is that of the piece under the middle one
    middle = np.clip(basis - order // 2 - (order % 2), 0, spans - 1)
    centers = 0.5 * (new[:, order + middle] + new[:, order + middle + 1])
    inner = breakpoints(old, order)[:, 1:-1]
    out = np.empty((inputs, count, coefficients.shape[2]))
    for i in range(inputs):
        piece = np.searchsorted(inner[i], centers[i], side="right")
        local = piece[:, None] + np.arange(order + 1)
        control = coefficients[i][local]
        knots = old[i][piece[:, None] + np.arange(1, 2 * order + 1)]
        for level in range(order):
            at = new[i][basis + 1 + level][:, None]
            low = knots[:, level:order]
            high = knots[:, order : 2 * order - level]
            share = ((at - low) / (high - low))[..., None]
            control = (1 - share) * control[:, :-1] + share * control[:, 1:]
        out[i] = control[:, 0]
    return out

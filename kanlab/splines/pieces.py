"""The polynomial pieces of a B-spline basis, in local coordinates.

On interval s the k + 1 non-zero bases are polynomials of t = (x - t_s) / (t_{s+1} - t_s), t in [0, 1]. Local
coordinates keep full accuracy, where truncated powers of x lose it (measured: 1e-8 instead of 1e-15).
"""

from __future__ import annotations

import numpy as np

from .._typing import Array


def piece_matrices(knots: Array, order: int) -> Array:
    """Power coefficients of every piece.

    Args:
        knots: [inputs, G + 2k + 1].
        order: k.

    Returns:
        array [inputs, G, k + 1 (power q), k + 1 (basis m)]: B[s + m](x) = sum_q P[i, s, q, m] t^q.
    """
    inputs, total = knots.shape
    spans = total - 2 * order - 1
    start = np.arange(spans)
    left = knots[:, order + start]
    width = knots[:, order + start + 1] - left
    values = [np.zeros((inputs, spans, order + 1))]
    values[0][..., 0] = 1.0
    for p in range(1, order + 1):
        new = [np.zeros((inputs, spans, order + 1)) for _ in range(p + 1)]
        for r in range(p):
            near = knots[:, start + order - p + 1 + r]
            far = knots[:, start + order + 1 + r]
            share = values[r] / (far - near)[..., None]
            rising = np.zeros_like(share)
            rising[..., 1:] = share[..., :-1] * width[..., None]
            new[r] += (far - left)[..., None] * share - rising
            new[r + 1] += (left - near)[..., None] * share + rising
        values = new
    return np.ascontiguousarray(np.stack(values, axis=-1))

"""Least-squares splines."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from .._typing import Array
from .roughness import roughness_matrices


def fit_coefficients(
    basis: Array, values: Array, knots: Array, order: int, *, smoothing: float = 1e-12
) -> Array:
    """Coefficients of the splines closest to given values in the least-squares sense.

    Minimizes

        sum_n (sum_m B[n, i, m] c[i, m, j] - y[n, i, j])^2 / N + mu c' (R / trace(R) + 1e-3 / (G + k)) c

    with R the roughness matrix of the second derivative and mu the smoothing times the trace of B'B / N;
    intervals that hold no data follow from the smoothness.

    Args:
        basis: dense bases at the sample points [batch, inputs, G + k].
        values: [batch, inputs, outputs].
        knots: [inputs, G + 2k + 1].

    Returns:
        [inputs, G + k, outputs].
    """
    batch, inputs, count = basis.shape
    penalties = roughness_matrices(knots, order, min(2, order))
    out = np.empty((inputs, count, values.shape[2]))
    for i in range(inputs):
        column = basis[:, i]
        gram = column.T @ column / batch
        level = smoothing * np.trace(gram)
        rough = penalties[i] / max(np.trace(penalties[i]), 1e-300) + 1e-3 / count * np.eye(count)
        factor = cho_factor(gram + level * rough + 1e-15 * np.trace(gram) * np.eye(count))
        out[i] = cho_solve(factor, column.T @ values[:, i] / batch)
    return out

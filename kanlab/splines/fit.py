"""Least-squares splines."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lstsq

from .._typing import Array
from .roughness import roughness_matrices

RANK = 1e-15


def fit_coefficients(
    basis: Array, values: Array, knots: Array, order: int, *, smoothing: float = 1e-12
) -> Array:
    """Coefficients of the splines closest to given values in the least-squares sense.

    Minimizes

        sum_n (sum_m B[n, i, m] c[i, m, j] - y[n, i, j])^2 / N + mu c' R c / trace(R)

    with R the roughness matrix of the second derivative and mu the smoothing times the trace of B'B / N; intervals
    that hold no data follow from the smoothness. Solved as one stacked system by QR, not by its normal equations:
    there the little that holds the curve in a gap would drown in rounding.

    Args:
        basis: dense bases at the sample points [batch, inputs, G + k].
        values: [batch, inputs, outputs].
        knots: [inputs, G + 2k + 1].

    Returns:
        [inputs, G + k, outputs].
    """
    batch, inputs, count = basis.shape
    outputs = values.shape[2]
    roots = _roots(roughness_matrices(knots, order, min(2, order)))
    out = np.empty((inputs, count, outputs))
    for i in range(inputs):
        column = basis[:, i] / np.sqrt(batch)
        level = np.sqrt(smoothing * np.square(column).sum())
        system = np.concatenate([column, level * roots[i]])
        wanted = np.concatenate([values[:, i] / np.sqrt(batch), np.zeros((count, outputs))])
        solved = lstsq(system, wanted, cond=RANK, lapack_driver="gelsy", check_finite=False)
        out[i] = np.asarray(solved[0])  # type: ignore[index]
    return out


def _roots(matrices: Array) -> Array:
    """W with W'W = R / trace(R), [inputs, K, K]."""
    levels, vectors = np.linalg.eigh(matrices)
    levels = np.maximum(levels, 0.0)
    total = np.maximum(levels.sum(axis=1), 1e-300)
    return np.sqrt(levels / total[:, None])[:, :, None] * vectors.transpose(0, 2, 1)

"""The damped linear solve of a Levenberg-Marquardt step."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dposv  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from .._typing import Array


def damping_of(diagonal: Array) -> tuple[Array, Array]:
    """D = diagonal + 1e-3 * its mean, and a little that keeps the matrix definite; for diagonals [..., P]."""
    level = np.maximum(diagonal.mean(axis=-1, keepdims=True), 1e-300)
    return diagonal + 1e-3 * level, 1e-15 * level


def damped_step(matrix: Array, gradient: Array, damping: Array) -> Array | None:
    """The p of (M + diag(damping)) p = -g, or None when that is not positive definite or p not finite.

    Args:
        matrix: symmetric, [P, P]; only the lower triangle is read.
        damping: [P].
    """
    damped = matrix.copy()
    damped.ravel()[:: len(damped) + 1] += damping
    # column by column the lower triangle is the upper one
    _, move, failed = dposv(damped.T, gradient, lower=0, overwrite_a=1)
    # a sum is finite only if all its numbers are
    return None if failed or not np.isfinite(move.sum()) else -move

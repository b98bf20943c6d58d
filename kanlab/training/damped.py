"""The damped linear solve of a Levenberg-Marquardt step."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dposv  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from .._typing import Array


def damping_of(diagonal: Array, mu: float) -> Array:
    """mu D with D = diagonal + 1e-3 * its mean, and a little that keeps the matrix definite."""
    level = max(float(diagonal.mean()), 1e-300)
    return mu * (diagonal + 1e-3 * level) + 1e-15 * level


def damped_step(matrix: Array, gradient: Array, mu: float) -> Array | None:
    """The p of (M + mu D) p = -g, or None when the matrix is not positive definite or the step not finite.

    Args:
        matrix: symmetric, [P, P]; only the lower triangle is read.
    """
    damped = np.array(matrix)
    damped.ravel()[:: len(damped) + 1] += damping_of(matrix.diagonal(), mu)
    # column by column the lower triangle is the upper one
    _, move, failed = dposv(damped.T, gradient, lower=0, overwrite_a=1)
    return None if failed or not np.isfinite(move).all() else -move

"""Damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963).

At theta, with J the Jacobian, r the residuals and M the penalties, the step p solves

    (J'WJ / N + M + mu D) p = -(J'Wr / N + M theta),      D = diag(J'WJ / N + M) + 1e-3 * its mean,

and is taken when it lowers F; then mu falls by a factor of 0.3, otherwise it grows by 4 and p is solved for
again. Scaling the damping by the diagonal makes the step independent of the units of each parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from .._typing import Array
from ..kernels import Columns, NetworkArrays, threads_for
from .equations import equations_of, mean_loss
from .penalties import Block, Penalty, add_penalties, penalty_value
from .problem import Samples

FALL, RISE, TRIES = 0.3, 4.0, 8
LEAST_DAMPING, MOST_DAMPING = 1e-14, 1e8


@dataclass(frozen=True, eq=False)
class Step:
    """What one step did.

    Attributes:
        network: where it led; the old network when no damping gave a lower F.
        error: mean squared error there, without penalties.
        damping: mu to start the next step with.
        gain: relative fall of F, 0 when the step was not taken.
    """

    network: NetworkArrays
    error: float
    damping: float
    gain: float


def step(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    *,
    damping: float,
    penalties: Sequence[Penalty] = (),
) -> Step:
    """One Levenberg-Marquardt step on the free parameters `columns`."""
    operations = float(samples.rows * samples.targets.shape[1]) * columns.count**2
    with threads_for(operations):
        return _step(network, samples, columns, damping, penalties)


def _step(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    damping: float,
    penalties: Sequence[Penalty],
) -> Step:
    normal, passes = equations_of(network, samples, columns)
    theta = columns.pack(network)
    blocks: list[Block] = []
    for penalty in penalties:
        blocks += penalty.blocks(network, passes, columns)
    matrix, gradient = normal.matrix, normal.gradient
    add_penalties(blocks, theta, matrix, gradient)
    before = normal.error + penalty_value(blocks, theta)
    if not (np.isfinite(before) and np.isfinite(gradient).all() and np.isfinite(matrix).all()):
        return Step(network, normal.error, damping, 0.0)
    diagonal = matrix.diagonal().copy()
    level = max(float(diagonal.mean()), 1e-300)
    for _ in range(TRIES):
        move = _solve(matrix, gradient, damping * (diagonal + 1e-3 * level) + 1e-15 * level)
        if move is not None:
            trial = columns.unpack(theta + move, network)
            error = mean_loss(trial, samples)
            after = error + penalty_value(blocks, theta + move)
            if after < before:
                return Step(trial, error, max(FALL * damping, LEAST_DAMPING), (before - after) / abs(before))
        damping = min(RISE * damping, MOST_DAMPING)
    return Step(network, normal.error, damping, 0.0)


def _solve(matrix: Array, gradient: Array, damping: Array) -> Array | None:
    damped = matrix.copy()
    damped.flat[:: len(damped) + 1] += damping
    try:
        factor = cho_factor(damped, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return None
    return -cho_solve(factor, gradient, check_finite=False)

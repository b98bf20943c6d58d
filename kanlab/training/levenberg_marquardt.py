"""Damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963).

At theta, with J the Jacobian of the outputs, H the curvature of the objective by the outputs, g its gradient and M the
curvature of the penalties (all halved: for squared error J'HJ is J'WJ / N and g is J'Wr / N), the step p solves

    (J'HJ + M + mu D) p = -(g + M theta),      D = diag(J'HJ + M) + 1e-3 * its mean,

and is taken when it lowers F; then mu falls by a factor of 0.3, otherwise it grows by 4 and p is solved for
again. Scaling the damping by the diagonal makes the step independent of the units of each parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from .._typing import Array
from ..errors import ActionError, did_you_mean
from ..kernels import Columns, NetworkArrays, columns_of, threads_for
from .equations import equations_of, mean_loss, stacked_rows
from .matrix_free import matrix_free_of
from .optimizer import Taken
from .penalties import AnyPenalty, Penalized
from .problem import NormalEquations, Samples
from .solvers import Dense, System

FALL, RISE, TRIES = 0.3, 4.0, 8
LEAST_DAMPING, MOST_DAMPING = 1e-14, 1e8
START_DAMPING = 1e-2
QR_NUMBERS = 400_000
FREE_OPERATIONS, FREE_PARAMETERS = 2e10, 1000
SOLVERS = ("auto", "cholesky", "qr", "cg")
Solver: TypeAlias = Literal["auto", "cholesky", "qr", "cg"]


@dataclass(frozen=True, eq=False)
class Step:
    """What one step did.

    Attributes:
        network: where it led; the old network when no damping gave a lower F.
        error: the objective there, without penalties.
        damping: mu to start the next step with.
        gain: relative fall of F, 0 when the step was not taken.
    """

    network: NetworkArrays
    error: float
    damping: float
    gain: float


@dataclass(frozen=True)
class LevenbergMarquardt:
    """Levenberg-Marquardt as an optimizer.

    Attributes:
        solver: a row of the table in `solvers`; "auto" chooses by size and conditioning.
    """

    solver: Solver = "auto"
    name: str = field(default="lm", init=False)
    smoothness: float = field(default=1e-7, init=False)

    def __post_init__(self) -> None:
        if self.solver not in SOLVERS:
            raise ActionError(
                f"The solver {self.solver!r} is not known; use one of {', '.join(SOLVERS)}."
                + did_you_mean(str(self.solver), SOLVERS)
            )

    def start(self, network: NetworkArrays, samples: Samples, steps: int) -> float:
        del network, samples, steps
        return START_DAMPING

    def step(
        self, network: NetworkArrays, samples: Samples, penalties: Sequence[AnyPenalty], memory: float
    ) -> Taken[float]:
        done = step(
            network,
            samples,
            columns_of(network),
            damping=memory,
            penalties=penalties,
            solver=self.solver,
        )
        return Taken(done.network, done.damping, done.gain)


def step(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    *,
    damping: float,
    penalties: Sequence[AnyPenalty] = (),
    solver: Solver = "auto",
) -> Step:
    """One Levenberg-Marquardt step on the free parameters `columns`."""
    with threads_for(_operations(samples, network, columns)):
        return _step(network, samples, columns, damping, (penalties, solver))


def _operations(samples: Samples, network: NetworkArrays, columns: Columns) -> float:
    last = network.layers[-1]
    return float(samples.rows * (last.sums + len(last.products))) * columns.count**2


def _step(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    damping: float,
    how: tuple[Sequence[AnyPenalty], Solver],
) -> Step:
    system, near, value = _system(network, samples, columns, how)
    theta = columns.pack(network)
    before = value + near.value
    diagonal = system.diagonal
    if not (np.isfinite(before) and np.isfinite(system.gradient).all() and np.isfinite(diagonal).all()):
        return Step(network, value, damping, 0.0)
    level = max(float(diagonal.mean()), 1e-300)
    for _ in range(TRIES):
        move = system.solve(damping * (diagonal + 1e-3 * level) + 1e-15 * level)
        if move is not None:
            trial = columns.unpack(theta + move, network)
            error = mean_loss(trial, samples)
            after = error + near.later(theta + move, trial)
            if after < before:
                gain = (before - after) / abs(before) if before else 1.0
                return Step(trial, error, max(FALL * damping, LEAST_DAMPING), gain)
        damping = min(RISE * damping, MOST_DAMPING)
    return Step(network, value, damping, 0.0)


def _system(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    how: tuple[Sequence[AnyPenalty], Solver],
) -> tuple[System, Penalized, float]:
    penalties, solver = how
    large = columns.count > FREE_PARAMETERS and _operations(samples, network, columns) > FREE_OPERATIONS
    if solver == "cg" or (solver == "auto" and large):
        return matrix_free_of(network, samples, columns, penalties)
    normal, passes = equations_of(network, samples, columns)
    near = Penalized.at(network, passes, columns, penalties)
    return _dense(network, samples, columns, solver, (normal, near)), near, normal.error


def _dense(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    solver: Solver,
    known: tuple[NormalEquations, Penalized],
) -> Dense:
    normal, near = known
    matrix = normal.matrix
    near.curvature.add_to(matrix)
    if near.diagonal is not None:
        matrix.flat[:: len(matrix) + 1] += near.diagonal
    rows = samples.rows * samples.targets.shape[1]
    small = rows * columns.count <= QR_NUMBERS and columns.count <= rows

    def stack() -> tuple[Array, Array]:
        parts = (stacked_rows(network, samples, columns), near.rows(columns.pack(network)))
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([targets for _, targets in parts])

    # a slope that is not that of a quadratic is no sum of squares
    held = stack if not near.smooth and (solver == "qr" or (solver == "auto" and small)) else None
    return Dense(matrix, normal.gradient + near.gradient, held, solver == "qr")

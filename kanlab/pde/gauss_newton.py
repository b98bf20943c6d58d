"""Damped Gauss-Newton steps by QR.

At theta, with J the Jacobian and r the weighted residuals, the step p minimizes

    |J p + r|^2 + |W (theta + p)|^2 + mu p' D p,        D = diag(J'J + W'W) + 1e-3 * its mean,

where W is the root of a quadratic penalty, if there is one.

J = Q R once for each step; a trial of mu is then a least-squares problem of 2 P rows. The normal equations would
square the condition number, and a residual with second derivatives is ill-conditioned already: the last digits of
the solution are lost there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from .._typing import Array
from ..kernels import Columns, threads_for
from .rows import Term, stack_rows
from .state import State

FALL, RISE, TRIES = 0.3, 4.0, 10
LEAST_DAMPING, MOST_DAMPING = 1e-20, 1e8


@dataclass(frozen=True, eq=False)
class Step:
    """What one step did.

    Attributes:
        state: where it led; the old state when no damping gave a lower objective.
        errors: weighted mean squared residual of every term there.
        damping: mu to start the next step with.
        gain: relative fall of the objective, 0 when the step was not taken.
    """

    state: State
    errors: tuple[float, ...]
    damping: float
    gain: float


def step(terms: Sequence[Term], state: State, columns: Columns, penalty: Array, *, damping: float) -> Step:
    """One step on the free parameters `columns` and the constants; `penalty` is W, [any number, P + K]."""
    rows = sum(len(term.points.x) for term in terms)
    with threads_for(2.0 * rows * columns.count**2):
        return _step(terms, state, columns, penalty, damping)


def _step(terms: Sequence[Term], state: State, columns: Columns, penalty: Array, damping: float) -> Step:
    values, slopes = stack_rows(terms, state, columns)
    errors = tuple(float(part @ part) for part in values)
    theta = state.pack(columns)
    held = penalty @ theta
    before = sum(errors) + float(held @ held)
    system = np.concatenate(
        [np.concatenate([slopes, penalty]), np.concatenate([*values, held])[:, None]], axis=1
    )
    if not np.isfinite(system).all():
        return Step(state, errors, damping, 0.0)
    factor: Array = np.asarray(np.linalg.qr(system, mode="r"))
    triangle, wanted = factor[:, :-1], -factor[:, -1]
    diagonal = np.square(triangle).sum(axis=0)
    scale = np.sqrt(diagonal + 1e-3 * diagonal.mean())
    for _ in range(TRIES):
        move = _solve(triangle, wanted, np.sqrt(damping) * scale)
        if np.isfinite(move).all():
            trial = state.unpack(theta + move, columns)
            found = errors_of(terms, trial)
            held = penalty @ (theta + move)
            after = sum(found) + float(held @ held)
            if after < before:
                return Step(trial, found, max(FALL * damping, LEAST_DAMPING), (before - after) / before)
        damping = min(RISE * damping, MOST_DAMPING)
    return Step(state, errors, damping, 0.0)


def errors_of(terms: Sequence[Term], state: State) -> tuple[float, ...]:
    """Weighted mean squared residual of every term."""
    out: list[float] = []
    for term in terms:
        rows = term.rows(state)
        with np.errstate(all="ignore"):
            out.append(float(rows @ rows))
    return tuple(out)


def _solve(triangle: Array, wanted: Array, damping: Array) -> Array:
    count = triangle.shape[1]
    system = np.zeros((len(triangle) + count, count + 1))
    system[: len(triangle), :count] = triangle
    system[: len(triangle), count] = wanted
    system[len(triangle) :, :count] = np.diag(damping)
    factor: Array = np.asarray(np.linalg.qr(system, mode="r"))
    with np.errstate(all="ignore"):
        return np.asarray(solve_triangular(factor[:count, :count], factor[:count, count], check_finite=False))

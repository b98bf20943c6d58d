"""Continual learning: new rows are learned, what old rows taught stays, and no old row is kept.

Only spline coefficients move; grids, base scales, biases and symbolic edges stay, since each of those changes the
function everywhere. Of the rows seen so far only their information is remembered: with theta0 the coefficients that
they led to and A = sum J'WJ, the old squared error is, to second order,

    E(theta) = E(theta0) + (theta - theta0)' A (theta - theta0),

and a fit to new rows minimizes

    sum_n w_n |f(x_n; theta) - y_n|^2 + (theta - theta0)' (A + epsilon) (theta - theta0).

For a network of one layer this is exact: it is least squares on all rows, recursively (Plackett 1950). For deeper
networks it is elastic weight consolidation (Kirkpatrick et al. 2017) with the whole Gauss-Newton matrix in place of
its diagonal; but there an inner coefficient acts wherever its node takes the same value, and lessons disturb each
other: after the paper's five peaks the error of [1, 1] is 4e-6, that of [1, 2, 1] 0.5 (G = 200 and 100). A is kept as
a triangular root R, R'R = A, and updated by QR, so that nothing is squared. The small epsilon leaves alone what no row
has touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve_triangular

from .._typing import Array, BoolArray
from ..errors import ActionError, DataError
from ..kernels import Columns, NetworkArrays, columns_of, forward, jacobian, threads_for, trace_layers
from ..network import KAN
from .fit import Rows, samples_of
from .problem import Samples

FALL, RISE, TRIES = 0.1, 4.0, 10
START_DAMPING, LEAST_DAMPING = 1e-3, 1e-16
HOLD = 1e-14
"""epsilon, relative to the mean information of a coefficient."""


@dataclass(frozen=True, eq=False)
class Memory:
    """What is remembered of the rows seen so far.

    Attributes:
        factor: R, [C, C] upper triangular for C spline coefficients.
        rows: number of rows that it stands for.
    """

    factor: Array
    rows: int

    @classmethod
    def of(cls, network: KAN, rows: Rows) -> Memory:
        """What a network that was fitted to these rows should remember of them."""
        return _remembered(network.arrays(), _samples(network, rows), None)


@dataclass(frozen=True, eq=False)
class Continued:
    """A network after a lesson.

    Attributes:
        network: fitted to the new rows.
        memory: of all rows so far; give it to the next `continue_fit`.
        rmse: root mean squared error on the new rows, in the user's units.
        steps: steps taken.
    """

    network: KAN
    memory: Memory
    rmse: float
    steps: int


def continue_fit(
    network: KAN, rows: Rows, memory: Memory | None = None, *, steps: int = 30, tolerance: float = 1e-9
) -> Continued:
    """Learn new rows without the old ones.

    Args:
        network: its grids have to cover what is still to come, for they stay.
        rows: the new rows, in the user's units; validation rows are not looked at.
        memory: of what came before; None if nothing did, or if it may be forgotten where the new rows lie.
        steps: the most Levenberg-Marquardt steps.
        tolerance: it is done when a step lowers the objective by less than this fraction.

    Raises:
        ActionError: the memory belongs to a network with other edges or grids, or no spline can move.
        DataError: the rows do not fit the network.
    """
    arrays = network.arrays()
    columns = columns_of(arrays)
    free = _coefficients(arrays, columns)
    count = int(free.sum())
    if not count:
        raise ActionError(
            "The network has no spline that can move; release symbolic edges or unlock edges first."
        )
    if steps < 1:
        raise ActionError(f"The number of steps is {steps}; give at least 1.")
    if memory is not None and memory.factor.shape != (count, count):
        raise ActionError(
            f"The memory holds {len(memory.factor)} coefficients, the network has {count}; use the memory that came "
            "with this network."
        )
    samples = _samples(network, rows)
    with threads_for(4.0 * (samples.rows + 2 * count) * count**2):
        lesson = _Lesson(arrays, samples, columns, free, memory)
        fitted, taken = lesson.run(steps, tolerance)
        remembered = _remembered(fitted, samples, memory)
    error = (forward(samples.inputs, fitted) - samples.targets) * network.scaling.output_scale
    rmse = float(np.sqrt(np.mean(np.square(error))))
    return Continued(network.replace(fitted), remembered, rmse, taken)


@dataclass(frozen=True, eq=False)
class _Lesson:
    """The least-squares problem of one call."""

    origin: NetworkArrays
    samples: Samples
    columns: Columns
    free: BoolArray
    memory: Memory | None

    def run(self, steps: int, tolerance: float) -> tuple[NetworkArrays, int]:
        start = self.columns.pack(self.origin)
        theta, damping = start, START_DAMPING
        anchor = self._anchor()
        network = self.origin
        for taken in range(1, steps + 1):
            values, slopes = _rows(network, self.samples, self.columns, self.free)
            moved = (theta - start)[self.free]
            system = np.concatenate([slopes, anchor])
            wanted = -np.concatenate([values, anchor @ moved])
            before = float(wanted @ wanted)
            if not np.isfinite(before):
                return network, taken
            gain = 0.0
            for _ in range(TRIES):
                move = _solve(system, wanted, damping)
                trial = theta.copy()
                trial[self.free] += move
                after = self._objective(trial, start, anchor)
                if after < before:
                    theta, gain = trial, (before - after) / before
                    network = self.columns.unpack(theta, self.origin)
                    damping = max(FALL * damping, LEAST_DAMPING)
                    break
                damping *= RISE
            if gain < tolerance:
                return network, taken
        return network, steps

    def _anchor(self) -> Array:
        """Root of A + epsilon, [2 C, C] (or [C, C] without a memory)."""
        _, slopes = _rows(self.origin, self.samples, self.columns, self.free)
        parts = [slopes] if self.memory is None else [slopes, self.memory.factor]
        level = float(np.mean(sum(np.square(part).sum(axis=0) for part in parts)))
        hold = np.sqrt(HOLD * level) * np.eye(slopes.shape[1])
        return hold if self.memory is None else np.concatenate([self.memory.factor, hold])

    def _objective(self, theta: Array, start: Array, anchor: Array) -> float:
        network = self.columns.unpack(theta, self.origin)
        with np.errstate(all="ignore"):
            error = forward(self.samples.inputs, network) - self.samples.targets
            if self.samples.weights is not None:
                error = error * np.sqrt(self.samples.weights)[:, None]
            held = anchor @ (theta - start)[self.free]
            return float(np.square(error).sum() + held @ held)


def _solve(system: Array, wanted: Array, damping: float) -> Array:
    """The move that minimizes |system p - wanted|^2 + damping p' diag p, with diag of system'system."""
    diagonal = np.square(system).sum(axis=0)
    scale = np.sqrt(damping * (diagonal + 1e-3 * diagonal.mean()))
    count = len(scale)
    stacked = np.zeros((len(system) + count, count + 1))
    stacked[: len(system), :count] = system
    stacked[: len(system), count] = wanted
    stacked[len(system) :, :count] = np.diag(scale)
    factor: Array = np.asarray(np.linalg.qr(stacked, mode="r"))
    return np.asarray(solve_triangular(factor[:count, :count], factor[:count, count], check_finite=False))


def _rows(network: NetworkArrays, samples: Samples, columns: Columns, free: BoolArray) -> tuple[Array, Array]:
    """Weighted residuals [N * m] and their derivatives [N * m, C] by the coefficients."""
    passes = trace_layers(samples.inputs, network)
    values = passes[-1].nodes - samples.targets
    slopes = jacobian(passes, network, columns)[:, free]
    if samples.weights is not None:
        root = np.sqrt(samples.weights)[:, None]
        values = values * root
        slopes *= np.repeat(root, values.shape[1], axis=0)
    return values.ravel(), slopes


def _remembered(network: NetworkArrays, samples: Samples, memory: Memory | None) -> Memory:
    columns = columns_of(network)
    _, slopes = _rows(network, samples, columns, _coefficients(network, columns))
    count, seen = slopes.shape[1], samples.rows
    if memory is not None:
        slopes, seen = np.concatenate([memory.factor, slopes]), seen + memory.rows
    factor = np.zeros((count, count))
    root = np.linalg.qr(slopes, mode="r")
    factor[: len(root)] = root
    return Memory(factor, seen)


def _coefficients(network: NetworkArrays, columns: Columns) -> BoolArray:
    """Which columns are spline coefficients, [P]."""
    free = np.zeros(columns.count, dtype=np.bool_)
    for layer, own in zip(network.layers, columns.layers, strict=True):
        for start in own.spline[own.spline >= 0]:
            free[start : start + layer.bases] = True
    return free


def _samples(network: KAN, rows: Rows) -> Samples:
    spec = network.spec
    x, y = np.asarray(rows.inputs), np.asarray(rows.targets)
    y = y[:, None] if y.ndim == 1 else y
    if x.ndim != 2 or x.shape[1] != spec.inputs or y.shape != (len(x), spec.outputs) or len(x) == 0:
        raise DataError(
            f"The rows have inputs of shape {x.shape} and targets of shape {y.shape}; the network expects inputs "
            f"[N, {spec.inputs}] and targets [N, {spec.outputs}], with N at least 1."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataError("The rows hold numbers that are not finite; leave such rows out.")
    return samples_of(network, replace(rows, inputs=x, targets=y))[0]

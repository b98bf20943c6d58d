"""Fitting the constants of a law to the data, with their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from .._typing import Array
from ..kernels import threads_for
from .tree import Sum, evaluate, free_values, value_and_slopes, with_free

STEPS, TRIES = 60, 12


@dataclass(frozen=True, eq=False)
class Table:
    """Rows that a law is fitted to.

    Attributes:
        inputs: [N, n].
        target: [N].
        weights: [N] with mean 1, or None.
        noise: the weighted mean squared error that the stated uncertainties of the target alone leave
            (chi^2 = N), or 0 where none are stated.
    """

    inputs: Array
    target: Array
    weights: Array | None = None
    noise: float = 0.0

    @classmethod
    def measured(cls, inputs: Array, target: Array, sigma: Array | None) -> Table:
        """Rows with one standard deviation of each target, [N] or None: weights 1/sigma^2."""
        if sigma is None:
            return cls(inputs, target)
        precision = 1 / np.square(sigma)
        return cls(inputs, target, precision / precision.mean(), float(1 / precision.mean()))


@dataclass(frozen=True, eq=False)
class Polished:
    """A tree with fitted constants.

    Attributes:
        error: weighted mean squared error.
        standard_errors: [P], from s^2 (J'WJ)^-1 with s^2 = RSS / (N - P), but not below what the stated
            uncertainties leave (a scale factor of chi^2 below 1 is taken as 1, as the Particle Data Group
            does); infinite where a constant is not determined.
    """

    tree: Sum
    error: float
    standard_errors: Array


def weighted_error(tree: Sum, table: Table) -> float:
    """Weighted mean squared error of a law; NaN or infinite where it is not defined."""
    with np.errstate(all="ignore"):
        square = (evaluate(tree, table.inputs) - table.target) ** 2
        return float(np.mean(square if table.weights is None else table.weights * square))


def surprise(error: float, table: Table, *, floor: float = 0.0) -> float:
    """-log likelihood of the rows, in nats up to a constant, at a weighted mean squared error E.

    N/2 log E where the noise is not known (its size is then estimated by E). Below the error that the stated
    uncertainties leave, chi^2/2: what is smaller than they are tells nothing. The two join smoothly. `floor`
    is the mean square that rounding leaves.
    """
    rows = len(table.target)
    if not error < table.noise:
        return 0.5 * rows * float(np.log(error + floor))
    return 0.5 * rows * (float(np.log(table.noise + floor)) + error / table.noise - 1)


@threads_for(0)
def polish(tree: Sum, table: Table, *, steps: int = STEPS) -> Polished:
    """Least-squares constants by Levenberg-Marquardt; ends when rounding is reached."""
    theta = free_values(tree)
    error = weighted_error(tree, table)
    if not len(theta) or not np.isfinite(error):
        return Polished(tree, error, np.full(len(theta), np.inf))
    damping, idle = 1e-6, 0
    for _ in range(steps):
        matrix, gradient = _normal(tree, table)
        if not (np.isfinite(matrix).all() and np.isfinite(gradient).all()):
            break
        scale = np.sqrt(np.maximum(matrix.diagonal(), 1e-300))
        scaled, pull = matrix / np.outer(scale, scale), gradient / scale
        fallen = 0.0
        for _ in range(TRIES):
            move = _solve(scaled, pull, damping)
            if move is not None:
                trial = with_free(tree, theta - move / scale)
                after = weighted_error(trial, table)
                if after < error:
                    fallen = 1 - after / error
                    tree, theta, error = trial, theta - move / scale, after
                    damping = max(damping * 0.1, 1e-16)
                    break
            damping = max(damping * 10, 1e-12)
        idle = idle + 1 if fallen < 1e-6 else 0
        if fallen == 0.0 or idle >= 3 or error == 0.0:
            break
    return Polished(tree, error, standard_errors(tree, table))


def standard_errors(tree: Sum, table: Table) -> Array:
    """Standard errors of the measured constants, [P]."""
    count = len(free_values(tree))
    rows = len(table.target)
    if not count:
        return np.zeros(0)
    matrix, _ = _normal(tree, table)
    if rows <= count or not np.isfinite(matrix).all():
        return np.full(count, np.inf)
    variance = max(weighted_error(tree, table) * rows / (rows - count), table.noise)
    scale = np.sqrt(np.maximum(matrix.diagonal(), 1e-300))
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    inverse = (vectors**2 / np.maximum(values, 1e-15)).sum(axis=1)
    return np.sqrt(variance * inverse / rows) / scale


def _normal(tree: Sum, table: Table) -> tuple[Array, Array]:
    value, slopes = value_and_slopes(tree, table.inputs)
    weighted = slopes if table.weights is None else slopes * table.weights[:, None]
    with np.errstate(all="ignore"):
        return weighted.T @ slopes / len(value), weighted.T @ (value - table.target) / len(value)


def _solve(matrix: Array, gradient: Array, damping: float) -> Array | None:
    damped = matrix + damping * np.eye(len(matrix))
    try:
        return cho_solve(cho_factor(damped), gradient)
    except LinAlgError:
        return None

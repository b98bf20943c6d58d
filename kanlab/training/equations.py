"""What a step needs to know of any objective: its value, its gradient, its normal equations.

For squared error this is what `problem` has; everything else goes through the outputs:

    F(theta) = objective(f(x; theta)),   gradient = J' pull,   curvature ~ J'HJ,   H_n = R_n'R_n for every row.

Matrices and gradients are halved, as those of squared error are (J'J and J'r), so that penalties fit to both.
"""

from __future__ import annotations

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerPass, NetworkArrays, forward, jacobian, trace_layers
from ..kernels.products import pull_back
from . import problem
from .losses import SQUARED_ERROR
from .objectives import Local
from .problem import NormalEquations, Samples, loss_and_gradient, mean_squared_error, normal_equations


def mean_loss(network: NetworkArrays, samples: Samples) -> float:
    """The objective on the samples; NaN or infinite where the network is not defined."""
    if samples.objective is SQUARED_ERROR:
        return mean_squared_error(network, samples)
    outputs = forward(samples.inputs, network)
    return samples.objective.value(outputs, samples.targets, samples.weights)


def shown_error(network: NetworkArrays, samples: Samples, unit: float) -> float:
    """What a reader is told: the root mean squared error in the user's units, or the mean loss of anything else."""
    loss = mean_loss(network, samples)
    return unit * float(np.sqrt(loss)) if samples.objective is SQUARED_ERROR else loss


def gradient_of(network: NetworkArrays, samples: Samples, columns: Columns) -> tuple[float, Array]:
    """The objective and its gradient [P]."""
    if samples.objective is SQUARED_ERROR:
        return loss_and_gradient(network, samples, columns)
    passes = trace_layers(samples.inputs, network)
    value, pull = samples.objective.pull(passes[-1].nodes, samples.targets, samples.weights)
    return value, pull_back(passes, network, columns, pull)


def equations_of(
    network: NetworkArrays, samples: Samples, columns: Columns
) -> tuple[NormalEquations, tuple[LayerPass, ...]]:
    """Half the gradient, half the curvature, the value; and passes of all rows, or of an even sample of them."""
    if samples.objective is SQUARED_ERROR:
        return normal_equations(network, samples, columns)
    near = samples.objective.local(forward(samples.inputs, network), samples.targets, samples.weights)
    return _accumulated(network, samples, columns, near)


def _accumulated(
    network: NetworkArrays, samples: Samples, columns: Columns, near: Local
) -> tuple[NormalEquations, tuple[LayerPass, ...]]:
    outputs = near.pull.shape[1]
    width = max(1, columns.count * max(outputs, near.root.shape[1]))
    rows = max(1, min(samples.rows, problem.CHUNK_NUMBERS // width))
    matrix, gradient = np.zeros((columns.count, columns.count)), np.zeros(columns.count)
    passes: tuple[LayerPass, ...] = ()
    for start in range(0, samples.rows, rows):
        part = slice(start, min(start + rows, samples.rows))
        passes = trace_layers(samples.inputs[part], network)
        slopes = jacobian(passes, network, columns)
        pull = near.pull[part]
        bent = Local(near.value, pull, near.root[part]).bend(slopes.reshape(len(pull), outputs, -1))
        with np.errstate(all="ignore"):
            matrix += bent.T @ bent
            gradient += slopes.T @ pull.ravel()
    if rows < samples.rows:
        passes = trace_layers(samples.inputs[:: -(-samples.rows // rows)], network)
    return NormalEquations(0.5 * matrix, 0.5 * gradient, near.value), passes


def stacked_rows(network: NetworkArrays, samples: Samples, columns: Columns) -> tuple[Array, Array]:
    """A [N * R, P] and t [N * R] with A'A = J'HJ / 2 and A't = J'pull / 2, all rows at once: for small problems.

    The second needs every pull to lie in the range of its curvature, which holds for the named objectives.
    """
    passes = trace_layers(samples.inputs, network)
    near = samples.objective.local(passes[-1].nodes, samples.targets, samples.weights)
    slopes = jacobian(passes, network, columns)
    rows = np.sqrt(0.5) * near.bend(slopes.reshape(samples.rows, near.pull.shape[1], -1))
    if near.root.ndim == 2:
        held = near.root != 0
        targets = np.where(held, near.pull / np.where(held, near.root, 1.0), 0.0)
    else:
        targets = np.einsum("nqr,nq->nr", np.linalg.pinv(near.root), near.pull)
    return rows, np.sqrt(0.5) * targets.ravel()

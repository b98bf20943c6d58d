"""What is minimized: weighted mean squared error plus quadratic penalties.

    F(theta) = (1 / N) sum_n w_n |f(x_n; theta) - y_n|^2 + sum_blocks v' M v

J'J and J'r are sums over rows and are accumulated in chunks, so memory does not grow with the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerPass, NetworkArrays, forward, loss_gradient, normal_sums, trace_layers
from ..kernels.jacobian import sensitivities
from ..kernels.spline_loops import spline_gradient
from .losses import SQUARED_ERROR
from .objectives import Objective

CHUNK_NUMBERS = 4_000_000
"""Numbers of the Jacobian that are held at a time (32 MB)."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Rows to fit, in the network's units.

    Attributes:
        inputs: [N, n].
        targets: [N, m].
        weights: [N] or None; relative to a mean of 1.
        objective: what the numbers mean; the functions of this file take it to be squared error.
    """

    inputs: Array
    targets: Array
    weights: Array | None = None
    objective: Objective = SQUARED_ERROR

    @property
    def rows(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class NormalEquations:
    """J'WJ / N, J'Wr / N and the mean squared error at a point."""

    matrix: Array
    gradient: Array
    error: float


def mean_squared_error(network: NetworkArrays, samples: Samples) -> float:
    """(1 / N) sum_n w_n |f(x_n) - y_n|^2; NaN or infinite where the network is not defined."""
    with np.errstate(all="ignore"):
        square = ((forward(samples.inputs, network) - samples.targets) ** 2).sum(axis=1)
        if samples.weights is not None:
            square = square * samples.weights
        return float(square.mean())


def normal_equations(
    network: NetworkArrays, samples: Samples, columns: Columns
) -> tuple[NormalEquations, tuple[LayerPass, ...]]:
    """Accumulate the normal equations.

    The passes given back, on which penalties measure edges, are those of all rows, or of an even sample of
    them when the rows do not fit into one chunk.
    """
    outputs = samples.targets.shape[1]
    rows = max(1, min(samples.rows, CHUNK_NUMBERS // max(1, columns.count * outputs)))
    matrix = np.zeros((0, 0))
    gradient = np.zeros(columns.count)
    error = 0.0
    passes: tuple[LayerPass, ...] = ()
    for start in range(0, samples.rows, rows):
        part = slice(start, min(start + rows, samples.rows))
        passes = trace_layers(samples.inputs[part], network)
        residual = passes[-1].nodes - samples.targets[part]
        weights = None if samples.weights is None else samples.weights[part]
        sums = normal_sums(passes, network, columns, residual, weights)
        with np.errstate(all="ignore"):
            # the first chunk is often the only one, and its matrix may be large
            matrix = sums[0] if start == 0 else matrix + sums[0]
            gradient += sums[1]
            error += sums[2]
    if rows < samples.rows:
        passes = trace_layers(samples.inputs[:: -(-samples.rows // rows)], network)
    matrix /= samples.rows
    return NormalEquations(matrix, gradient / samples.rows, error / samples.rows), passes


def loss_and_gradient(network: NetworkArrays, samples: Samples, columns: Columns) -> tuple[float, Array]:
    """Mean squared error and its gradient [P], without a Jacobian: for first-order optimizers."""
    if network.plan is not None:
        return loss_gradient(samples.inputs, samples.targets, samples.weights, network, columns)
    return _general_gradient(network, samples, columns)


def _general_gradient(network: NetworkArrays, samples: Samples, columns: Columns) -> tuple[float, Array]:
    passes = trace_layers(samples.inputs, network)
    residual = passes[-1].nodes - samples.targets
    weighted = residual if samples.weights is None else residual * samples.weights[:, None]
    error = float((weighted * residual).sum() / samples.rows)
    pull = 2 / samples.rows * weighted
    gradient = np.zeros(columns.count)
    for seen, layer, own, sensitivity in zip(
        passes, network.layers, columns.layers, sensitivities(passes, network), strict=True
    ):
        on_subnodes = np.einsum("nq,nqj->nj", pull, sensitivity)
        gradient[own.bias : own.bias + layer.outputs] = on_subnodes.sum(axis=0)
        if layer.has_splines:
            on_coefficients = np.zeros_like(layer.coefficients)
            on_base = np.zeros_like(layer.base_scale)
            spline_gradient(seen.span, seen.values, seen.base, on_subnodes, on_coefficients, on_base)
            for i, j in np.argwhere(own.spline >= 0):
                start = own.spline[i, j]
                gradient[start : start + layer.bases] += on_coefficients[i, :, j]
                gradient[start + layer.bases] += on_base[i, j]
        for edge in layer.forms:
            start = own.form[edge.source, edge.target]
            if start >= 0:
                a, b, c, _ = layer.affine[edge.source, edge.target]
                x, on = seen.inputs[:, edge.source], on_subnodes[:, edge.target]
                with np.errstate(all="ignore"):
                    slope = c * edge.form.derivative(a * x + b) * on
                    gradient[start : start + 3] = slope @ x, slope.sum(), edge.form.numpy(a * x + b) @ on
    return error, gradient

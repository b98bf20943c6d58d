"""L-BFGS and Adam on one flat vector, with gradients from the fused kernels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from scipy.optimize import minimize

from .._typing import Array
from ..kernels import Columns, NetworkArrays, columns_of, threads_for, trace_layers
from .equations import gradient_of
from .penalties import Block, Penalty, penalty_value
from .problem import Samples

Optimizer = Callable[[NetworkArrays, Samples, int, Sequence[Penalty]], Iterator[NetworkArrays]]
LBFGS_INNER = 20


def lbfgs(
    network: NetworkArrays, samples: Samples, steps: int, penalties: Sequence[Penalty]
) -> Iterator[NetworkArrays]:
    """Limited-memory BFGS (SciPy's L-BFGS-B), 20 iterations a step as in the paper's recipe."""
    columns = columns_of(network)
    for _ in range(steps):
        objective = _objective(network, samples, columns, penalties)
        start = columns.pack(network)
        done = minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": LBFGS_INNER, "maxcor": 30, "ftol": 0.0, "gtol": 0.0},
        )
        network = columns.unpack(np.asarray(done.x, dtype=np.float64), network)
        yield network


def adam(
    network: NetworkArrays, samples: Samples, steps: int, penalties: Sequence[Penalty]
) -> Iterator[NetworkArrays]:
    """Adam (Kingma and Ba 2015), rate 1e-2 with a cosine decay."""
    columns = columns_of(network)
    theta = columns.pack(network)
    mean, square = np.zeros_like(theta), np.zeros_like(theta)
    for number in range(1, steps + 1):
        _, gradient = _objective(network, samples, columns, penalties)(theta)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = 1e-2 * 0.5 * (1 + np.cos(np.pi * number / (steps + 1)))
        theta = theta - rate * (mean / (1 - 0.9**number)) / (np.sqrt(square / (1 - 0.999**number)) + 1e-8)
        network = columns.unpack(theta, network)
        yield network


def _objective(
    network: NetworkArrays, samples: Samples, columns: Columns, penalties: Sequence[Penalty]
) -> Callable[[Array], tuple[float, Array]]:
    blocks: list[Block] = []
    if penalties:
        passes = trace_layers(samples.inputs, network)
        for penalty in penalties:
            blocks += penalty.blocks(network, passes, columns)

    @threads_for(0)
    def value(theta: Array) -> tuple[float, Array]:
        error, gradient = gradient_of(columns.unpack(theta, network), samples, columns)
        for block in blocks:
            own = slice(block.start, block.start + len(block.matrix))
            gradient[own] += 2 * block.matrix @ theta[own]
        return error + penalty_value(blocks, theta), gradient

    return value


FIRST_ORDER: Mapping[str, Optimizer] = MappingProxyType({"lbfgs": lbfgs, "adam": adam})

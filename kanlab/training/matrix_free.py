"""The linear system of a step by products with the Jacobian, for networks whose matrix would be too large.

Passes of all rows are held, which is N times the number of nodes and bases; the matrix, which is the square of the
number of parameters, and the Jacobian are never made.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._typing import Array
from ..kernels import Columns, NetworkArrays, trace_layers
from ..kernels.products import diagonal, pull_back, push
from .penalties import AnyPenalty, Penalized
from .problem import Samples
from .solvers import MatrixFree


def matrix_free_of(
    network: NetworkArrays, samples: Samples, columns: Columns, penalties: Sequence[AnyPenalty]
) -> tuple[MatrixFree, Penalized, float]:
    """The system, the penalties at this point, and the objective."""
    passes = trace_layers(samples.inputs, network)
    local = samples.objective.local(passes[-1].nodes, samples.targets, samples.weights)
    near = Penalized.at(network, passes, columns, penalties)
    root = local.root

    def bent(change: Array) -> Array:
        """H times a change of the outputs [N, Q]."""
        if root.ndim == 2:
            return root**2 * change
        return np.einsum("nrq,nr->nq", root, np.einsum("nrq,nq->nr", root, change))

    def product(v: Array) -> Array:
        return 0.5 * pull_back(passes, network, columns, bent(push(passes, network, columns, v)))

    gradient = 0.5 * pull_back(passes, network, columns, local.pull) + near.gradient
    own = 0.5 * diagonal(passes, network, columns, root)
    system = MatrixFree(product, own, gradient, near.curvature, near.diagonal)
    return system, near, local.value

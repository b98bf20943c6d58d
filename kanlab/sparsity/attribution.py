"""Attribution: how much of the outputs' variation goes through every node and edge.

The backward score of KAN 2.0 (arXiv 2408.10205, section 4.1): with E the standard deviation of an edge over
the rows and N that of the subnode it enters,

    score(output) = 1,  score(edge ij) = score(node of j) * E_ij / N_j,  score(node i) = sum_j score(edge ij).

A large edge into a node that nothing depends on has a small score, whatever its size. Standard deviations are
blind to constants, which a bias carries as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..network import KAN, Trace, trace


@dataclass(frozen=True, eq=False)
class Attribution:
    """Scores of a network on some rows.

    Attributes:
        edges: for each layer [I, O].
        nodes: for each node layer [nodes]; the first holds the inputs.
    """

    edges: tuple[Array, ...]
    nodes: tuple[Array, ...]

    @property
    def features(self) -> Array:
        """Scores of the inputs, [inputs]."""
        return self.nodes[0]


def attribution(network: KAN, inputs: Array, *, seen: Trace | None = None) -> Attribution:
    """Backward scores on inputs [N, n] in the user's units.

    Args:
        seen: the trace on these inputs, when it is at hand.
    """
    seen = seen or trace(network, inputs)
    layers = network.arrays().layers
    spread = seen.outputs.std(axis=0)
    total = float(spread.sum())
    node = spread / total if total > 0 else np.full(len(spread), 1 / len(spread))
    edges: list[Array] = []
    nodes = [node]
    for layer, record in zip(reversed(layers), reversed(seen.layers), strict=True):
        owner = np.concatenate(
            [np.arange(layer.sums), np.repeat(np.arange(len(layer.products)) + layer.sums, layer.products)]
        ).astype(np.int64)
        deviation = record.edges.std(axis=0)
        entered = record.subnodes.std(axis=0)
        share = np.divide(
            deviation, entered, out=np.zeros_like(deviation), where=entered > 1e-12 * max(total, 1e-300)
        )
        edge = share * node[owner]
        edges.append(edge)
        node = edge.sum(axis=1)
        nodes.append(node)
    return Attribution(tuple(reversed(edges)), tuple(reversed(nodes)))


def edge_magnitudes(network: KAN, inputs: Array, *, seen: Trace | None = None) -> tuple[Array, ...]:
    """Mean |phi| over inputs [N, n] in the user's units, for each layer [I, O], in the network's units.

    The L1 norm by which the KAN paper measures edges (arXiv 2404.19756, section 2.5, eq. 2.17). It knows nothing of
    what comes after the edge, and it sees constants.
    """
    seen = seen or trace(network, inputs)
    return tuple(np.abs(record.edges).mean(axis=0) for record in seen.layers)

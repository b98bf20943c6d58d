"""Pruning by attribution. What goes leaves its mean in a bias, so the error hardly changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..network import KAN, EdgeId, remove_edges, trace
from ..network.compact import active_edges
from .attribution import attribution

CONSTANT = 1e-3
"""Spread of the outputs, in the network's units, below which a network is a constant."""


@dataclass(frozen=True)
class PrunePlan:
    """Which edges lie below a threshold."""

    threshold: float
    edges: tuple[EdgeId, ...]


def plan_prune(network: KAN, inputs: Array, threshold: float) -> PrunePlan:
    """Edges whose attribution on inputs [N, n] is below the threshold.

    The strongest way from an input to an output is kept whatever the threshold, so that the network stays
    one. Locked and symbolic edges stay: they were chosen by hand.
    """
    seen = trace(network, inputs)
    constant = bool(seen.outputs.std(axis=0).max() < CONSTANT)
    scores = attribution(network, inputs, seen=seen)
    layers = network.arrays().layers
    kept = set() if constant else _strongest_path(scores.edges)
    edges = tuple(
        EdgeId(number, int(i), int(j))
        for number, (layer, score) in enumerate(zip(layers, scores.edges, strict=True))
        for i, j in np.argwhere(
            active_edges(layer) & layer.splines & ~layer.locked & ((score < threshold) | constant)
        )
        if (number, int(i), int(j)) not in kept
    )
    return PrunePlan(threshold, edges)


def prune(network: KAN, inputs: Array, threshold: float) -> KAN:
    """The network without the edges of `plan_prune`, and without the nodes that are then left alone."""
    return remove_edges(network, plan_prune(network, inputs, threshold).edges, inputs)


def _strongest_path(edges: tuple[Array, ...]) -> set[tuple[int, int, int]]:
    path: set[tuple[int, int, int]] = set()
    if sum(float(score.sum()) for score in edges) <= 0:
        return path
    target: int | None = None
    for number in range(len(edges) - 1, -1, -1):
        score = edges[number] if target is None else edges[number][:, target : target + 1]
        i, j = np.unravel_index(int(np.argmax(score)), score.shape)
        path.add((number, int(i), int(j) if target is None else target))
        target = int(i)
    return path

"""Twin neurons: two hidden nodes of which one is an affine function of the other on the data.

A fit that starts unluckily shares one node of the law between two. Both then hold half-copies of the same curve, which
no threshold prunes and no form fits well. They are found by the correlation of their values, and folded into one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .._typing import Array
from ..network import KAN, NodeId, trace
from ..network.fold import can_fold, fold_node

TOLERANCE = 1e-3
"""Twins are nodes whose values correlate by at least 1 - this."""


@dataclass(frozen=True)
class Twins:
    """Node `drop` is  slope * value + offset  of node `keep`.

    Attributes:
        correlation: of the two nodes, without its sign.
        change: root mean square of what folding them does to the outputs, relative to the spread of the outputs.
    """

    keep: NodeId
    drop: NodeId
    slope: float
    offset: float
    correlation: float
    change: float


def find_twins(network: KAN, inputs: Array, *, tolerance: float = TOLERANCE) -> tuple[Twins, ...]:
    """All pairs of hidden nodes that could be one on inputs [N, n], in the user's units; the least change first.

    Of a pair, that node is kept which changes the outputs less.
    """
    seen = trace(network, inputs)
    found: list[Twins] = []
    for depth, layer in enumerate(seen.layers[:-1], start=1):
        values = layer.nodes
        spread = values.std(axis=0)
        for first in range(values.shape[1]):
            for second in range(first + 1, values.shape[1]):
                if min(spread[first], spread[second]) <= 1e-12 * max(float(spread.max()), 1e-300):
                    continue
                pair = [
                    _twins(network, inputs, NodeId(depth, keep), NodeId(depth, drop), values, tolerance)
                    for keep, drop in ((first, second), (second, first))
                ]
                found += sorted((one for one in pair if one), key=lambda one: one.change)[:1]
    return tuple(sorted(found, key=lambda one: one.change))


def merge_twins(network: KAN, inputs: Array, *, tolerance: float = TOLERANCE) -> KAN:
    """The network with all twins on inputs [N, n] folded into one another; the same network when there are none."""
    while True:
        found = find_twins(network, inputs, tolerance=tolerance)
        if not found:
            return network
        best = found[0]
        network = _merged(network, best, inputs)


def _twins(
    network: KAN, inputs: Array, keep: NodeId, drop: NodeId, values: Array, tolerance: float
) -> Twins | None:
    own, other = values[:, keep.index], values[:, drop.index]
    centered = own - own.mean()
    slope = float((centered * other).sum() / (centered * centered).sum())
    offset = float(other.mean() - slope * own.mean())
    correlation = float(abs(slope) * own.std() / other.std())
    if not (correlation >= 1 - tolerance and slope != 0 and can_fold(network, keep, drop)):
        return None
    pair = Twins(keep, drop, slope, offset, min(correlation, 1.0), 0.0)
    before, after = network.predict(inputs), _merged(network, pair, inputs).predict(inputs)
    size = float(np.sqrt(np.mean(np.square(before - before.mean(axis=0))))) or 1.0
    return replace(pair, change=float(np.sqrt(np.mean(np.square(after - before)))) / size)


def _merged(network: KAN, pair: Twins, inputs: Array) -> KAN:
    slack = float(np.sqrt(max(0.0, 1 - pair.correlation**2)))
    return fold_node(network, pair.keep, pair.drop, (pair.slope, pair.offset), inputs, slack=slack)

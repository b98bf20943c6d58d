"""Which hidden node of one network is which of another.

Hidden nodes have no names: any order is the same function, and so is any scale, sign and origin of a node. Networks are
compared up to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product
from math import factorial, prod

import numpy as np
from scipy.optimize import linear_sum_assignment

from .._typing import Array, BoolArray, IntArray
from ..network import KAN, Trace, trace
from ..network.compact import active_edges

Masks = tuple[BoolArray, ...]
Skeleton = tuple[tuple[tuple[int, ...], ...], ...]
"""Which edges there are, layer by layer [I][O] with 0 and 1, with hidden nodes in canonical order."""

MOST_ORDERS = 5040


def masks_of(network: KAN) -> Masks:
    """Which edges a network has, [I, O] for each layer."""
    return tuple(active_edges(layer) for layer in network.arrays().layers)


def skeleton_of(masks: Masks) -> Skeleton:
    """The same for two networks of sum nodes that differ by the order of hidden nodes only.

    Nodes are told apart by what they are joined to, again and again until nothing new comes of it (Weisfeiler and
    Leman 1968); orders of those that stay alike are tried, and the smallest table of edges is taken. When there are
    more than 5040 such orders only those are tried, and two equal skeletons may be taken for different ones.
    """
    classes = _classes(masks)
    hidden = [_groups(names) for names in classes[1:-1]]
    count = prod(factorial(len(group)) for groups in hidden for group in groups)
    orders = product(*(product(*(permutations(group) for group in groups)) for groups in hidden))
    best: Skeleton | None = None
    for choice in islice(orders, min(count, MOST_ORDERS)):
        order = [np.array([node for group in groups for node in group], dtype=np.int64) for groups in choice]
        table = _table(reordered(masks, order))
        best = table if best is None or table < best else best
    return best if best is not None else _table(masks)


def reordered(masks: Masks, order: Sequence[IntArray]) -> Masks:
    """The masks with hidden nodes in another order; order[l][new] is the old number in hidden layer l."""
    ends = [np.arange(len(masks[0])), *order, np.arange(masks[-1].shape[1])]
    return tuple(
        mask[np.ix_(before, after)] for mask, before, after in zip(masks, ends[:-1], ends[1:], strict=True)
    )


def _table(masks: Masks) -> Skeleton:
    return tuple(tuple(tuple(int(on) for on in row) for row in mask) for mask in masks)


def _classes(masks: Masks) -> list[list[int]]:
    """A class number for every node; inputs and outputs are all different."""
    sizes = [len(masks[0]), *(mask.shape[1] for mask in masks)]
    names = [list(range(sizes[0])), *([0] * size for size in sizes[1:-1]), list(range(sizes[-1]))]
    for _ in range(sum(sizes)):
        fresh = [names[0]]
        for depth in range(1, len(sizes) - 1):
            into, out = masks[depth - 1], masks[depth]
            signs = [
                (
                    names[depth][node],
                    tuple(sorted(names[depth - 1][i] for i in np.nonzero(into[:, node])[0])),
                    tuple(sorted(names[depth + 1][j] for j in np.nonzero(out[node])[0])),
                )
                for node in range(sizes[depth])
            ]
            ranks = {sign: rank for rank, sign in enumerate(sorted(set(signs)))}
            fresh.append([ranks[sign] for sign in signs])
        fresh.append(names[-1])
        if fresh == names:
            break
        names = fresh
    return names


def _groups(names: list[int]) -> list[list[int]]:
    return [[node for node, own in enumerate(names) if own == name] for name in sorted(set(names))]


@dataclass(frozen=True, eq=False)
class Alignment:
    """How a network is laid on a reference.

    Attributes:
        order: for each hidden layer, which node of the network is laid on each node of the reference; -1 for none.
        scale, shift: for each node layer, inputs and outputs included: own value = scale * reference value + shift.
    """

    order: tuple[IntArray, ...]
    scale: tuple[Array, ...]
    shift: tuple[Array, ...]


def align(network: KAN, reference: KAN, inputs: Array) -> Alignment:
    """Lay the hidden nodes of a network on those of a reference with as many layers.

    Two nodes are alike in so far as they are joined to the same nodes and their values on the inputs [N, n] (user's
    units) correlate; the best pairs are found layer by layer (Kuhn 1955), once from the inputs and once more with the
    layer after known.
    """
    own, other = masks_of(network), masks_of(reference)
    seen, wanted = trace(network, inputs), trace(reference, inputs)
    order = _order(own, other, [_likeness(a, b) for a, b in zip(_hidden(seen), _hidden(wanted), strict=True)])
    scale, shift = [np.ones(len(own[0]))], [np.zeros(len(own[0]))]
    for chosen, mine, theirs in zip(order, _hidden(seen), _hidden(wanted), strict=True):
        fits = [_line(theirs[:, q], mine[:, p]) if p >= 0 else (1.0, 0.0) for q, p in enumerate(chosen)]
        scale.append(np.array([slope for slope, _ in fits]))
        shift.append(np.array([offset for _, offset in fits]))
    outputs = own[-1].shape[1]
    return Alignment(tuple(order), (*scale, np.ones(outputs)), (*shift, np.zeros(outputs)))


def laid_on(masks: Masks, order: Sequence[IntArray]) -> Masks:
    """The masks in the order of the reference; nodes of the reference without a partner have no edges."""
    ends = [np.arange(len(masks[0])), *order, np.arange(masks[-1].shape[1])]
    out: list[BoolArray] = []
    for mask, before, after in zip(masks, ends[:-1], ends[1:], strict=True):
        there = (before >= 0)[:, None] & (after >= 0)[None, :]
        out.append(mask[np.ix_(np.maximum(before, 0), np.maximum(after, 0))] & there)
    return tuple(out)


def _hidden(seen: Trace) -> list[Array]:
    return [layer.nodes for layer in seen.layers[:-1]]


def _order(own: Masks, other: Masks, likeness: list[Array]) -> list[IntArray]:
    ends = (np.arange(len(own[0])), np.arange(own[-1].shape[1]))
    order: list[IntArray | None] = [None] * len(likeness)
    for _ in range(2):
        for depth, like in enumerate(likeness):
            before = ends[0] if depth == 0 else order[depth - 1]
            after = ends[1] if depth == len(likeness) - 1 else order[depth + 1]
            score = like + _joined(own[depth].T, other[depth].T, before)
            if after is not None:
                score = score + _joined(own[depth + 1], other[depth + 1], after)
            order[depth] = _pairs(score)
    return [chosen for chosen in order if chosen is not None]


def _joined(own: BoolArray, other: BoolArray, partner: IntArray | None) -> Array:
    """For each node of the network and of the reference the share of neighbors in common, [own, other]."""
    assert partner is not None
    mine = own[:, np.maximum(partner, 0)] & (partner >= 0)
    return (mine[:, None, :] == other[None, :, :]).mean(axis=2)


def _pairs(score: Array) -> IntArray:
    mine, theirs = linear_sum_assignment(-score)
    chosen = np.full(score.shape[1], -1, dtype=np.int64)
    chosen[theirs] = mine
    return chosen


def _likeness(own: Array, other: Array) -> Array:
    """Absolute correlations of node values, [own, other]."""
    mine, theirs = _normed(own), _normed(other)
    return np.abs(mine.T @ theirs)


def _normed(values: Array) -> Array:
    centered = values - values.mean(axis=0)
    length = np.sqrt(np.square(centered).sum(axis=0))
    return centered / np.where(length > 0, length, 1.0)


def _line(x: Array, y: Array) -> tuple[float, float]:
    """Slope and offset of the least-squares line; slope 1 where there is none."""
    spread = x - x.mean()
    square = float(spread @ spread)
    slope = float(spread @ y) / square if square > 0 else 1.0
    slope = slope if abs(slope) > 1e-12 else 1.0
    return slope, float(y.mean() - slope * x.mean())

"""Jets of product nodes (KAN 2.0, arXiv 2408.10205), factor by factor.

(fg)_a = f_a g + f g_a,        (fg)_ab = f_ab g + f_a g_b + f_b g_a + f g_ab .
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..kernels import LayerArrays
from .jet import Jet, Pairs


def combine_jets(subnodes: Jet, layer: LayerArrays, pairs: Pairs) -> Jet:
    """Jets of the nodes from those of the subnodes: sum nodes as they are, product nodes multiplied."""
    if not layer.products:
        return subnodes
    nodes = [_nodes(subnodes, slice(0, layer.sums))]
    for factors in _factors(layer):
        product = _nodes(subnodes, slice(factors[0], factors[0] + 1))
        for factor in factors[1:]:
            product = _multiply(product, _nodes(subnodes, slice(factor, factor + 1)), pairs)
        nodes.append(product)
    return _join(nodes)


def pull_through_products(subnodes: Jet, layer: LayerArrays, pairs: Pairs, pull: Jet) -> Jet:
    """The functional on the subnodes that a functional on the nodes stands for."""
    if not layer.products:
        return pull
    parts = [_nodes(pull, slice(0, layer.sums))]
    for index, factors in enumerate(_factors(layer)):
        own = _nodes(pull, slice(layer.sums + index, layer.sums + index + 1))
        for factor in factors:
            others = [_nodes(subnodes, slice(q, q + 1)) for q in factors if q != factor]
            rest = others[0]
            for other in others[1:]:
                rest = _multiply(rest, other, pairs)
            parts.append(_pull(own, rest, pairs))
    return _join(parts)


def _factors(layer: LayerArrays) -> list[range]:
    start = layer.sums
    out: list[range] = []
    for arity in layer.products:
        out.append(range(start, start + arity))
        start += arity
    return out


def _nodes(jet: Jet, which: slice) -> Jet:
    return Jet(jet.value[:, which], jet.gradient[:, which], jet.second[:, which])


def _join(jets: Sequence[Jet]) -> Jet:
    return Jet(
        np.concatenate([jet.value for jet in jets], axis=1),
        np.concatenate([jet.gradient for jet in jets], axis=1),
        np.concatenate([jet.second for jet in jets], axis=1),
    )


def _multiply(f: Jet, g: Jet, pairs: Pairs) -> Jet:
    a, b = [first for first, _ in pairs], [second for _, second in pairs]
    u, v = f.value[:, :, None], g.value[:, :, None]
    crossed = f.gradient[:, :, a] * g.gradient[:, :, b] + f.gradient[:, :, b] * g.gradient[:, :, a]
    return Jet(f.value * g.value, f.gradient * v + u * g.gradient, f.second * v + crossed + u * g.second)


def _pull(pull: Jet, rest: Jet, pairs: Pairs) -> Jet:
    """The functional on f for a functional on f * rest."""
    value = pull.value * rest.value
    value = value + (pull.gradient * rest.gradient).sum(axis=2) + (pull.second * rest.second).sum(axis=2)
    gradient = pull.gradient * rest.value[:, :, None]
    for p, (a, b) in enumerate(pairs):
        gradient[:, :, a] += pull.second[:, :, p] * rest.gradient[:, :, b]
        gradient[:, :, b] += pull.second[:, :, p] * rest.gradient[:, :, a]
    return Jet(value, gradient, pull.second * rest.value[:, :, None])

"""Cutting edges, and dropping the nodes that are left without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .._typing import Array, BoolArray
from ..kernels import LayerArrays, NetworkArrays, trace_layers
from ..kernels.passes import edge_outputs
from ..kernels.ties import renamed
from .ids import EdgeId, NodeId


def active_edges(layer: LayerArrays) -> BoolArray:
    """[inputs, outputs], true where there is a spline or a form."""
    active = layer.splines.copy()
    for edge in layer.forms:
        active[edge.source, edge.target] = True
    return active


def subnodes_of(layer: LayerArrays, node: int) -> range:
    """The subnodes of a node of the layer's target side."""
    if node < layer.sums:
        return range(node, node + 1)
    start = layer.sums + sum(layer.products[: node - layer.sums])
    return range(start, start + layer.products[node - layer.sums])


def outgoing(arrays: NetworkArrays, node: NodeId) -> list[EdgeId]:
    """Active edges that leave a node."""
    if node.layer >= len(arrays.layers):
        return []
    targets = np.nonzero(active_edges(arrays.layers[node.layer])[node.index])[0]
    return [EdgeId(node.layer, node.index, int(j)) for j in targets]


def incoming(arrays: NetworkArrays, node: NodeId) -> list[EdgeId]:
    """Active edges that end at a node, at any of its subnodes."""
    if node.layer == 0:
        return []
    layer = arrays.layers[node.layer - 1]
    active = active_edges(layer)
    return [
        EdgeId(node.layer - 1, int(i), j)
        for j in subnodes_of(layer, node.index)
        for i in np.nonzero(active[:, j])[0]
    ]


def cut(arrays: NetworkArrays, means: Mapping[EdgeId, float]) -> NetworkArrays:
    """The network without these edges; the given mean of each is added to the bias of its target."""
    layers = list(arrays.layers)
    for number, layer in enumerate(layers):
        own = {edge: mean for edge, mean in means.items() if edge.layer == number}
        if not own:
            continue
        active = active_edges(layer)
        coefficients, base_scale = layer.coefficients.copy(), layer.base_scale.copy()
        splines, locked, bias = layer.splines.copy(), layer.locked.copy(), layer.bias.copy()
        for edge, mean in own.items():
            i, j = edge.source, edge.target
            if active[i, j]:
                bias[j] += mean
            coefficients[i, :, j] = 0.0
            base_scale[i, j] = 0.0
            splines[i, j] = False
            locked[i, j] = False
        gone = {(edge.source, edge.target) for edge in own}
        forms = tuple(edge for edge in layer.forms if (edge.source, edge.target) not in gone)
        layers[number] = replace(
            layer,
            coefficients=coefficients,
            base_scale=base_scale,
            splines=splines,
            locked=locked,
            bias=bias,
            forms=forms,
            ties=renamed(layer.ties, lambda edge, gone=gone: None if edge in gone else edge),
        )
    return replace(arrays, layers=tuple(layers))


def drop_dead_nodes(arrays: NetworkArrays, inputs: Array) -> NetworkArrays:
    """Remove hidden nodes that receive or send nothing; a node that is constant leaves its value behind.

    Args:
        inputs: network inputs [N, n] in the network's units, on which constants are read off.
    """
    while True:
        loose = _loose_edges(arrays)
        if not loose:
            break
        passes = trace_layers(inputs, arrays)
        means = {
            edge: float(
                edge_outputs(passes[edge.layer], arrays.layers[edge.layer])[
                    :, edge.source, edge.target
                ].mean()
            )
            for edge in loose
        }
        arrays = cut(arrays, means)
    for depth in range(1, len(arrays.layers)):
        nodes = arrays.layers[depth].inputs
        keep = [q for q in range(nodes) if outgoing(arrays, NodeId(depth, q))]
        arrays = _keep_nodes(arrays, depth, keep or [0])
    return arrays


def _loose_edges(arrays: NetworkArrays) -> list[EdgeId]:
    loose: list[EdgeId] = []
    for depth in range(1, len(arrays.layers)):
        for q in range(arrays.layers[depth].inputs):
            node = NodeId(depth, q)
            into, out = incoming(arrays, node), outgoing(arrays, node)
            if into and not out:
                loose += into
            elif out and not into:
                loose += out
    return loose


def _keep_nodes(arrays: NetworkArrays, depth: int, keep: list[int]) -> NetworkArrays:
    before, after = arrays.layers[depth - 1], arrays.layers[depth]
    if len(keep) == after.inputs:
        return arrays
    subnodes = [j for q in keep for j in subnodes_of(before, q)]
    renumber = {old: new for new, old in enumerate(subnodes)}
    resource = {old: new for new, old in enumerate(keep)}
    before = replace(
        before,
        coefficients=before.coefficients[:, :, subnodes],
        base_scale=before.base_scale[:, subnodes],
        bias=before.bias[subnodes],
        affine=before.affine[:, subnodes],
        splines=before.splines[:, subnodes],
        locked=before.locked[:, subnodes],
        forms=tuple(
            replace(edge, target=renumber[edge.target]) for edge in before.forms if edge.target in renumber
        ),
        products=tuple(before.products[q - before.sums] for q in keep if q >= before.sums),
        ties=renamed(before.ties, lambda edge: (edge[0], renumber[edge[1]]) if edge[1] in renumber else None),
    )
    after = replace(
        after,
        knots=after.knots[keep],
        coefficients=after.coefficients[keep],
        base_scale=after.base_scale[keep],
        affine=after.affine[keep],
        splines=after.splines[keep],
        locked=after.locked[keep],
        forms=tuple(
            replace(edge, source=resource[edge.source]) for edge in after.forms if edge.source in resource
        ),
        ties=renamed(after.ties, lambda edge: (resource[edge[0]], edge[1]) if edge[0] in resource else None),
    )
    layers = list(arrays.layers)
    layers[depth - 1], layers[depth] = before, after
    return replace(arrays, layers=tuple(layers))

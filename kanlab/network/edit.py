"""Edits. Each gives a new network and leaves the old one as it was.

Nothing is lost that need not be: what is removed leaves its mean in the bias of its target, refinement
inserts knots exactly, and a symbolic edge leaves its additive constant to the bias.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import torch

from .._typing import Array
from ..errors import ShapeError
from ..forms import Form
from ..kernels import EdgeForm, LayerArrays, NetworkArrays
from ..splines import breakpoints, change_knots, dense_basis, fit_coefficients, open_knots, refine_breakpoints
from .compact import cut, drop_dead_nodes, incoming, outgoing
from .ids import EdgeId, NodeId
from .network import KAN
from .trace import trace


def edge_status(network: KAN, edge: EdgeId) -> str:
    """`"spline"`, `"form"` or `"removed"`.

    Raises:
        ShapeError: there is no such edge.
    """
    layer = _layer_of(network.arrays(), edge)
    if layer.splines[edge.source, edge.target]:
        return "spline"
    return "form" if _form_of(layer, edge) else "removed"


def remove_edges(network: KAN, edges: Iterable[EdgeId], inputs: Array) -> KAN:
    """Remove edges; the mean of each over `inputs` (user's units, [N, n]) goes into the bias of its target.

    Nodes that no longer receive or send anything go too, and those that stay are numbered anew.
    """
    arrays = network.arrays()
    wanted = [EdgeId(*edge) for edge in edges]
    for edge in wanted:
        _layer_of(arrays, edge)
    seen = trace(network, inputs)
    means = {
        edge: float(seen.layers[edge.layer].edges[:, edge.source, edge.target].mean()) for edge in wanted
    }
    arrays = cut(arrays, means)
    return network.replace(drop_dead_nodes(arrays, network.scaling.scale_inputs(inputs)))


def remove_node(network: KAN, node: NodeId, inputs: Array) -> KAN:
    """Remove a node with all its edges; an input node stays in the table but is no longer used.

    Raises:
        ShapeError: there is no such node, or it is an output.
    """
    arrays = network.arrays()
    if not 0 <= node.layer < len(arrays.layers):
        raise ShapeError(
            f"There is no node {tuple(node)} that can be removed; "
            f"use a layer from 0 to {len(arrays.layers) - 1}."
        )
    layer = arrays.layers[node.layer]
    if not 0 <= node.index < layer.inputs:
        raise ShapeError(
            f"There is no node {tuple(node)}; layer {node.layer} has nodes 0 to {layer.inputs - 1}."
        )
    edges = outgoing(arrays, node)
    return remove_edges(network, edges or incoming(arrays, node), inputs)


def set_form(network: KAN, edge: EdgeId, form: Form, affine: tuple[float, float, float, float]) -> KAN:
    """Put c f(a x + b) + d on an edge, in the network's units; d goes into the bias of the target."""
    layer = _layer_of(network.arrays(), edge)
    index = edge.source, edge.target
    a, b, c, d = affine
    new_affine = layer.affine.copy()
    new_affine[index] = (a, b, c, 0.0)
    bias = layer.bias.copy()
    bias[edge.target] += d
    forms = [held for held in layer.forms if (held.source, held.target) != index]
    forms.append(EdgeForm(*index, form))
    forms.sort(key=lambda held: (held.source, held.target))
    changed = replace(_without_spline(layer, edge), affine=new_affine, bias=bias, forms=tuple(forms))
    return network.replace(_with_layer(network.arrays(), edge.layer, changed))


def release_edge(network: KAN, edge: EdgeId) -> KAN:
    """Turn a symbolic edge back into a spline: the least-squares spline of the form on the edge's grid.

    Raises:
        ShapeError: the edge is not symbolic.
    """
    arrays = network.arrays()
    layer = _layer_of(arrays, edge)
    held = _form_of(layer, edge)
    if held is None:
        raise ShapeError(f"Edge {tuple(edge)} is not symbolic, so there is nothing to release.")
    a, b, c, d = layer.affine[edge.source, edge.target]
    row = slice(edge.source, edge.source + 1)
    knots = layer.knots[row]
    breaks = breakpoints(knots, layer.order)[0]
    x = np.linspace(breaks[0], breaks[-1], 20 * layer.intervals + 1)[:, None]
    with np.errstate(all="ignore"):
        y = c * held.form.numpy(a * x + b) + d
    finite = np.isfinite(y[:, 0])
    basis = dense_basis(torch.from_numpy(x[finite]), torch.from_numpy(knots), layer.order).numpy()
    coefficients = layer.coefficients.copy()
    coefficients[row, :, edge.target] = fit_coefficients(basis, y[finite][:, None, :], knots, layer.order)[
        ..., 0
    ]
    splines = layer.splines.copy()
    splines[edge.source, edge.target] = True
    forms = tuple(other for other in layer.forms if other is not held)
    changed = replace(layer, coefficients=coefficients, splines=splines, forms=forms)
    return network.replace(_with_layer(arrays, edge.layer, changed))


def lock_edge(network: KAN, edge: EdgeId, locked: bool = True) -> KAN:
    """Keep an edge, and all that share its curve, out of training, or let them in again."""
    arrays = network.arrays()
    layer = _layer_of(arrays, edge)
    mask = layer.locked.copy()
    for own in next(
        (group for group in layer.ties if (edge.source, edge.target) in group), [(edge.source, edge.target)]
    ):
        mask[own] = locked
    return network.replace(_with_layer(arrays, edge.layer, replace(layer, locked=mask)))


def refine(network: KAN, intervals: int) -> KAN:
    """The same function on at least `intervals` intervals in every layer; the new knots contain the old.

    Raises:
        ShapeError: the count is not above the present one in any layer.
    """
    arrays = network.arrays()
    present = [layer.intervals for layer in arrays.layers]
    if not min(present) < intervals <= 5000:
        raise ShapeError(
            f"The network has {max(present)} intervals and cannot be refined to {intervals}; "
            f"give a larger number, for example {2 * max(present)}."
        )
    return network.replace(
        replace(arrays, layers=tuple(_refined(layer, intervals) for layer in arrays.layers))
    )


def _refined(layer: LayerArrays, intervals: int) -> LayerArrays:
    if layer.intervals >= intervals:
        return layer
    knots = open_knots(refine_breakpoints(breakpoints(layer.knots, layer.order), intervals), layer.order)
    coefficients = change_knots(layer.coefficients, layer.knots, knots, layer.order)
    return replace(layer, knots=knots, coefficients=coefficients)


def _form_of(layer: LayerArrays, edge: EdgeId) -> EdgeForm | None:
    for held in layer.forms:
        if (held.source, held.target) == (edge.source, edge.target):
            return held
    return None


def _layer_of(arrays: NetworkArrays, edge: EdgeId) -> LayerArrays:
    if 0 <= edge.layer < len(arrays.layers):
        layer = arrays.layers[edge.layer]
        if 0 <= edge.source < layer.inputs and 0 <= edge.target < layer.outputs:
            return layer
        raise ShapeError(
            f"There is no edge {tuple(edge)}; layer {edge.layer} has sources 0 to {layer.inputs - 1} "
            f"and targets 0 to {layer.outputs - 1}."
        )
    raise ShapeError(f"There is no edge {tuple(edge)}; the layers are 0 to {len(arrays.layers) - 1}.")


def _without_spline(layer: LayerArrays, edge: EdgeId) -> LayerArrays:
    return cut_edge(layer, edge, 0.0)


def cut_edge(layer: LayerArrays, edge: EdgeId, mean: float) -> LayerArrays:
    """The layer without one edge, its mean in the bias."""
    return cut(NetworkArrays((layer,)), {EdgeId(0, edge.source, edge.target): mean}).layers[0]


def _with_layer(arrays: NetworkArrays, number: int, layer: LayerArrays) -> NetworkArrays:
    layers = list(arrays.layers)
    layers[number] = layer
    return replace(arrays, layers=tuple(layers))

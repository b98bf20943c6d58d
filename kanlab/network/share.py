"""Edges that share one curve, as in f(x1) + f(x2): fewer parameters, and more rows for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from .._typing import Array
from ..errors import ShapeError
from ..kernels import BASE_FUNCTIONS, LayerArrays, trace_layers
from ..kernels.passes import edge_outputs
from ..kernels.ties import Edge, joined, linked_sources
from ..splines import breakpoints, dense_basis, fit_coefficients, uniform_knots
from .edit import edge_status
from .ids import EdgeId
from .network import KAN


def share_edges(network: KAN, edges: Sequence[EdgeId], inputs: Array) -> KAN:
    """Let spline edges of one layer share one curve from now on.

    The curve is the least-squares spline through the values of all of them on `inputs` (user's units, [N, n]), up to a
    constant for each, which goes into the bias of its target. Where the edges leave different nodes, the grids of these
    are laid on their common range, and all other edges that leave them are fitted to their old values there. What an
    edge was tied to before is tied too.

    Every fit of kanlab keeps the copies equal; an optimizer of torch's own sees separate parameters.

    Raises:
        ShapeError: an edge does not exist, is no spline, is locked, or lies in another layer; or there are not two.
    """
    wanted = sorted({EdgeId(*edge) for edge in edges})
    if len(wanted) < 2:
        raise ShapeError(
            f"There are {len(wanted)} edges to share a curve; give at least two, for example (0, 0, 0) and (0, 1, 0)."
        )
    number = wanted[0].layer
    for edge in wanted:
        if edge.layer != number:
            raise ShapeError(
                f"The edges {tuple(wanted[0])} and {tuple(edge)} are in different layers, which have grids of their "
                "own; give edges of one layer."
            )
        if edge_status(network, edge) != "spline":
            raise ShapeError(f"Edge {tuple(edge)} is no spline, and only splines can share a curve.")
    arrays = network.arrays()
    layer = arrays.layers[number]
    if any(layer.locked[edge.source, edge.target] for edge in wanted):
        raise ShapeError("An edge that is locked keeps its curve and cannot share one; unlock it first.")
    seen = trace_layers(network.scaling.scale_inputs(inputs), arrays)[number]
    values = edge_outputs(seen, layer)
    ties = joined(layer.ties, [(edge.source, edge.target) for edge in wanted])
    layer = _on_common_grids(replace(layer, ties=ties), seen.inputs, values)
    for group in ties:
        if (wanted[0].source, wanted[0].target) in group:
            layer = _with_one_curve(layer, group, seen.inputs, values)
    layers = [layer if own == number else old for own, old in enumerate(arrays.layers)]
    return network.replace(replace(arrays, layers=tuple(layers)))


def pooled_curve(layer: LayerArrays, group: Sequence[Edge], x: Array, values: Array) -> Array:
    """Coefficients [G + k] of the spline closest to the values of all edges of a group.

    Args:
        x: what enters the layer, [N, inputs].
        values: the spline part of the edges, [N, edges].
    """
    sources = [source for source, _ in group]
    points = torch.from_numpy(np.ascontiguousarray(x[:, sources].T.reshape(-1, 1)))
    knots = layer.knots[sources[:1]]
    basis = dense_basis(points, torch.from_numpy(knots), layer.order).numpy()
    return fit_coefficients(basis, values.T.reshape(-1, 1, 1), knots, layer.order)[0, :, 0]


def _with_one_curve(layer: LayerArrays, group: Sequence[Edge], x: Array, values: Array) -> LayerArrays:
    sources, targets = np.transpose(group)
    own = values[:, sources, targets]
    means = own.mean(axis=0)
    scale = float(layer.base_scale[sources, targets].mean())
    base = scale * BASE_FUNCTIONS[layer.base].numpy(x)[:, sources]
    curve = pooled_curve(layer, group, x, own - means + means.mean() - base)
    coefficients, base_scale, bias = layer.coefficients.copy(), layer.base_scale.copy(), layer.bias.copy()
    coefficients[sources, :, targets] = curve
    base_scale[sources, targets] = scale
    np.add.at(bias, targets, means - means.mean())
    return replace(layer, coefficients=coefficients, base_scale=base_scale, bias=bias)


def _on_common_grids(layer: LayerArrays, x: Array, values: Array) -> LayerArrays:
    """The layer with one grid for sources whose edges share a curve, and the same functions up to a fit."""
    knots = layer.knots.copy()
    breaks = breakpoints(knots, layer.order)
    for link in linked_sources(layer.ties):
        if (knots[link] != knots[link[:1]]).any():
            ends = breaks[link, 0].min(keepdims=True), breaks[link, -1].max(keepdims=True)
            knots[link] = uniform_knots(*ends, layer.intervals, layer.order)
    moved = np.nonzero((knots != layer.knots).any(axis=1))[0]
    if not len(moved):
        return layer
    base = BASE_FUNCTIONS[layer.base].numpy(x)[:, moved, None] * layer.base_scale[moved]
    points = torch.from_numpy(np.ascontiguousarray(x[:, moved]))
    basis = dense_basis(points, torch.from_numpy(knots[moved]), layer.order).numpy()
    coefficients = layer.coefficients.copy()
    splines = np.where(layer.splines[moved], values[:, moved] - base, 0.0)
    coefficients[moved] = fit_coefficients(basis, splines, knots[moved], layer.order)
    laid = replace(layer, knots=knots, coefficients=coefficients)
    # groups that were there before may live on the moved grids
    for group in layer.ties:
        sources, targets = np.transpose(group)
        if np.isin(sources, moved).any():
            own = (values - BASE_FUNCTIONS[layer.base].numpy(x)[:, :, None] * layer.base_scale)[
                :, sources, targets
            ]
            coefficients[sources, :, targets] = pooled_curve(laid, group, x, own)
    return replace(layer, knots=knots, coefficients=coefficients)

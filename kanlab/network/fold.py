"""One hidden node folded into another of which it is an affine function.

If h_q = s h_p + t, every edge phi(h_q) is an edge phi(s h_p + t) of p: a spline with its knots mapped by (u - t) / s, a
form with other constants. Splines are added on the union of their knots, by exact knot insertion. Only the base
function cannot be mapped: b(s h + t) - kappa b(h) becomes part of the spline, on knots fine enough for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from .._typing import Array
from ..kernels import BASE_FUNCTIONS, EdgeForm, LayerArrays
from ..splines import (
    breakpoints,
    change_knots,
    dense_basis,
    fit_coefficients,
    open_knots,
    refine_breakpoints,
)
from .compact import active_edges, cut, drop_dead_nodes, incoming
from .ids import EdgeId, NodeId
from .network import KAN

SAME = 1e-9
"""Breakpoints nearer than this share of the grid are one."""
FINE = 1e-7
"""Error of the change of base function, relative to its size, that is small enough."""
FINER = 4
"""At most so many times the intervals are taken to reach it."""


def can_fold(network: KAN, keep: NodeId, drop: NodeId) -> bool:
    """Whether the edges that leave `drop` can go into those that leave `keep` without a loss.

    They cannot where a form would have to be added to another curve, and where an edge is locked or shares its curve.
    """
    arrays = network.arrays()
    layer = arrays.layers[keep.layer]
    if (layer.locked | layer.tied)[[keep.index, drop.index]].any():
        return False
    before = arrays.layers[keep.layer - 1]
    if any((before.locked | before.tied)[edge.source, edge.target] for edge in incoming(arrays, drop)):
        return False
    forms = _forms_of(layer)
    own, other = active_edges(layer)[[keep.index, drop.index]]
    return not any(
        (keep.index, j) in forms or (drop.index, j) in forms for j in np.nonzero(own & other)[0].tolist()
    )


def fold_node(
    network: KAN, keep: NodeId, drop: NodeId, line: tuple[float, float], inputs: Array, *, slack: float = 0.0
) -> KAN:
    """The network without the hidden node `drop`, whose value is `line` = (s, t) of that of `keep`, s h + t.

    Args:
        inputs: rows [N, n] in the user's units, on which what is left without edges is dropped.
        slack: how far the two nodes are from such a line, relative to their spread; nothing finer is worth intervals.
    """
    arrays = network.arrays()
    layers = list(arrays.layers)
    layers[keep.layer] = _folded(layers[keep.layer], keep.index, drop.index, line, max(FINE, 0.1 * slack))
    gone = {EdgeId(keep.layer, drop.index, j): 0.0 for j in range(layers[keep.layer].outputs)}
    arrays = cut(replace(arrays, layers=tuple(layers)), gone)
    return network.replace(drop_dead_nodes(arrays, network.scaling.scale_inputs(inputs)))


def _folded(layer: LayerArrays, keep: int, drop: int, line: tuple[float, float], fine: float) -> LayerArrays:
    layer = _with_moved_forms(layer, keep, drop, line)
    targets = layer.splines[drop]
    if not targets.any():
        return layer
    old = layer.knots[keep : keep + 1]
    mapped, coefficients = _mapped(layer, drop, line)
    breaks = _union(breakpoints(old, layer.order)[0], breakpoints(mapped, layer.order)[0])
    finest = FINER * max(len(breaks) - 1, layer.intervals)
    while True:
        remainder, kappa, error = _base_remainder(layer, breaks, line)
        if error <= fine or 2 * (len(breaks) - 1) > finest:
            break
        breaks = refine_breakpoints(breaks[None], 2 * (len(breaks) - 1))[0]
    layer = _with_intervals(layer, len(breaks) - 1, except_for=keep)
    knots = open_knots(breaks[None], layer.order)
    own = change_knots(
        np.where(layer.splines[keep], layer.coefficients[keep], 0.0)[None, : old.shape[1] - layer.order - 1],
        old,
        knots,
        layer.order,
    )[0]
    other = change_knots(coefficients, mapped, knots, layer.order)[0]
    weight = layer.base_scale[drop] * targets
    total, base = layer.coefficients.copy(), layer.base_scale.copy()
    total[keep] = own + np.where(targets, other, 0.0) + remainder[:, None] * weight
    base[keep] = base[keep] + kappa * weight
    all_knots = layer.knots.copy()
    all_knots[keep] = knots[0]
    splines = layer.splines.copy()
    splines[keep] |= targets
    return replace(layer, knots=all_knots, coefficients=total, base_scale=base, splines=splines)


def _mapped(layer: LayerArrays, drop: int, line: tuple[float, float]) -> tuple[Array, Array]:
    """Knots [1, K] and coefficients of the dropped node's splines as functions of the kept node."""
    slope, offset = line
    knots = (layer.knots[drop : drop + 1] - offset) / slope
    coefficients = layer.coefficients[drop : drop + 1]
    if slope < 0:
        return knots[:, ::-1].copy(), coefficients[:, ::-1].copy()
    return knots, coefficients


def _union(first: Array, second: Array) -> Array:
    """All breakpoints of both; of two that are nearly the same, that of `first`."""
    span = max(first[-1], second[-1]) - min(first[0], second[0])
    far = np.abs(second[:, None] - first).min(axis=1) > SAME * span
    return np.sort(np.concatenate([first, second[far]]))


def _base_remainder(
    layer: LayerArrays, breaks: Array, line: tuple[float, float]
) -> tuple[Array, float, float]:
    """The spline closest to b(s h + t) - kappa b(h), its kappa, and its largest error relative to b(s h + t)."""
    slope, offset = line
    base = BASE_FUNCTIONS[layer.base].numpy
    x = np.linspace(breaks[0], breaks[-1], 8 * len(breaks))[:, None]
    own, wanted = base(x), base(slope * x + offset)
    size = float(np.abs(wanted).max())
    kappa = float((own * wanted).sum() / max(float((own * own).sum()), 1e-300))
    knots = open_knots(breaks[None], layer.order)
    basis = dense_basis(torch.from_numpy(x), torch.from_numpy(knots), layer.order).numpy()
    rest = wanted - kappa * own
    spline = fit_coefficients(basis, rest[:, :, None], knots, layer.order)[0, :, 0]
    error = float(np.abs(basis[:, 0] @ spline - rest[:, 0]).max())
    return spline, kappa, error / size if size > 0 else 0.0


def _with_intervals(layer: LayerArrays, intervals: int, *, except_for: int) -> LayerArrays:
    """The layer on so many intervals; the row `except_for` is only made longer, and is to be written anew."""
    if intervals == layer.intervals:
        return layer
    breaks = refine_breakpoints(breakpoints(layer.knots, layer.order), intervals)
    knots = open_knots(breaks, layer.order)
    coefficients = change_knots(layer.coefficients, layer.knots, knots, layer.order)
    coefficients[except_for] = 0.0
    coefficients[except_for, : layer.bases] = layer.coefficients[except_for]
    return replace(layer, knots=knots, coefficients=coefficients)


def _forms_of(layer: LayerArrays) -> Mapping[tuple[int, int], EdgeForm]:
    return {(edge.source, edge.target): edge for edge in layer.forms}


def _with_moved_forms(layer: LayerArrays, keep: int, drop: int, line: tuple[float, float]) -> LayerArrays:
    """c f(a h_q + b) + d as c f(a s h_p + a t + b) + d."""
    slope, offset = line
    affine = layer.affine.copy()
    forms: list[EdgeForm] = []
    for edge in layer.forms:
        if edge.source != drop:
            forms.append(edge)
            continue
        a, b, c, d = layer.affine[drop, edge.target]
        affine[keep, edge.target] = (a * slope, a * offset + b, c, d)
        forms.append(replace(edge, source=keep))
    forms.sort(key=lambda edge: (edge.source, edge.target))
    return replace(layer, affine=affine, forms=tuple(forms))

"""Grids that follow the activations (paper, section 2.2, "update of spline grids").

The grid of an input covers its column. The grid of a hidden node covers its activations with a margin; when
they leave it, or fill only a part of it, it is laid anew and the splines are fitted to their old values on
the samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from .._typing import Array
from ..kernels import BASE_FUNCTIONS, LayerArrays, NetworkArrays, threads_for
from ..kernels.passes import edge_outputs, trace_layer
from ..kernels.ties import linked_sources
from ..network.share import pooled_curve
from ..splines import blended_knots, breakpoints, dense_basis, fit_coefficients, uniform_knots

MARGIN = 0.05
FILLED = 0.85
DRIFT = 0.05
"""A blended grid is laid anew when a knot is farther than this share of the grid from where it should be."""


def cover_inputs(network: NetworkArrays, inputs: Array) -> NetworkArrays:
    """Lay the grids of the first layer on the range of the columns [N, n], as they are, without a margin."""
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    flat = high - low < 1e-12 * np.maximum(1.0, np.abs(high))
    low, high = np.where(flat, low - 0.5, low), np.where(flat, high + 0.5, high)
    first = network.layers[0]
    knots = uniform_knots(low, high, first.intervals, first.order)
    return replace(network, layers=(replace(first, knots=knots), *network.layers[1:]))


@threads_for(0)
def cover_activations(network: NetworkArrays, inputs: Array) -> NetworkArrays:
    """Lay the grids of hidden nodes on their activations, layer after layer, and keep the coefficients.

    For a fresh network only: its function changes. Random splines that are asked far outside their grid grow with the
    third power of the distance, and products of them without bound.
    """
    layers: list[LayerArrays] = []
    x = inputs
    for number, layer in enumerate(network.layers):
        if number:
            least, most = x.min(axis=0), x.max(axis=0)
            span = np.maximum(most - least, 1e-6)
            knots = uniform_knots(least - MARGIN * span, most + MARGIN * span, layer.intervals, layer.order)
            layer = replace(layer, knots=knots)  # noqa: PLW2901  the same layer on another grid
        layers.append(layer)
        x = trace_layer(x, layer).nodes
    return replace(network, layers=tuple(layers))


@threads_for(0)
def follow_activations(
    network: NetworkArrays,
    inputs: Array,
    *,
    intervals: int | None = None,
    always: bool = False,
    blend: float = 0.0,
) -> NetworkArrays:
    """Lay grids on the activations at `inputs` where they no longer fit them.

    Args:
        intervals: a new G for all layers; then all grids are laid anew.
        always: lay the grids of hidden nodes anew in any case.
        blend: how far new grids are from equally spaced ones to quantiles of the samples, 0 to 1. Above 0, grids that
            are not so blended are laid anew as well, those of the inputs too.
    """
    layers: list[LayerArrays] = []
    x = inputs
    for number, layer in enumerate(network.layers):
        seen = trace_layer(x, layer)
        if layer.has_splines:
            lay = _input_knots if number == 0 else _hidden_knots
            knots = lay(layer, _together(layer, x), _Wanted(intervals or layer.intervals, always, blend))
            layers.append(layer if knots is None else _relaid(layer, knots, x, edge_outputs(seen, layer)))
        else:
            layers.append(layer)
        x = seen.nodes
    return replace(network, layers=tuple(layers))


@dataclass(frozen=True)
class _Wanted:
    intervals: int
    always: bool
    blend: float


def _together(layer: LayerArrays, x: Array) -> Array:
    """The samples [N, inputs] with those of sources that need the same grid thrown together and thinned."""
    links = linked_sources(layer.ties)
    x = x.copy() if links else x
    for link in links:
        pool = np.sort(x[:, link], axis=None)
        thin = pool[len(link) // 2 :: len(link)][: len(x)]
        thin[0], thin[-1] = pool[0], pool[-1]
        x[:, link] = thin[:, None]
    return x


def _input_knots(layer: LayerArrays, x: Array, wanted: _Wanted) -> Array | None:
    if wanted.intervals == layer.intervals and not wanted.blend:
        return None
    breaks = breakpoints(layer.knots, layer.order)
    knots = blended_knots((breaks[:, 0], breaks[:, -1]), x, wanted.intervals, layer.order, wanted.blend)
    return None if np.array_equal(knots, layer.knots) else knots


def _hidden_knots(layer: LayerArrays, x: Array, wanted: _Wanted) -> Array | None:
    breaks = breakpoints(layer.knots, layer.order)
    low, high = breaks[:, 0], breaks[:, -1]
    changed = wanted.intervals != layer.intervals
    least, most = x.min(axis=0), x.max(axis=0)
    if not np.isfinite([least, most]).all():
        return None
    span = np.maximum(most - least, 1e-6)
    moved = (least < low) | (most > high) | (span < FILLED * (high - low) / (1 + 2 * MARGIN)) | wanted.always
    if wanted.blend and not changed:
        due = blended_knots((low, high), x, layer.intervals, layer.order, wanted.blend)
        moved |= np.abs(breakpoints(due, layer.order) - breaks).max(axis=1) > DRIFT * (high - low)
    if not moved.any() and not changed:
        return None
    low = np.where(moved, least - MARGIN * span, low)
    high = np.where(moved, most + MARGIN * span, high)
    fresh = blended_knots((low, high), x, wanted.intervals, layer.order, wanted.blend)
    return fresh if changed else np.where(moved[:, None], fresh, layer.knots)


def _relaid(layer: LayerArrays, knots: Array, x: Array, edges: Array) -> LayerArrays:
    base = BASE_FUNCTIONS[layer.base].numpy(x)[:, :, None] * layer.base_scale
    basis = dense_basis(
        torch.from_numpy(np.ascontiguousarray(x)), torch.from_numpy(knots), layer.order
    ).numpy()
    wanted = np.where(layer.splines, edges - base, 0.0)
    coefficients = fit_coefficients(basis, wanted, knots, layer.order)
    laid = replace(layer, knots=knots, coefficients=coefficients)
    for group in layer.ties:
        sources, targets = np.transpose(group)
        coefficients[sources, :, targets] = pooled_curve(laid, group, x, wanted[:, sources, targets])
    return laid

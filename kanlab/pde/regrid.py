"""A finer grid for the same function, where its nodes really are.

Hidden grids are laid wide at the start, and a trained node fills a part of its grid, or runs over its ends. A spline
is the same function on any breakpoints that contain those it has inside the new range: so the new grid covers the
activations, keeps the old breakpoints that lie there, and gets new ones between them. Nothing is fitted, and second
derivatives stay what they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._typing import Array
from ..kernels import LayerArrays, NetworkArrays, trace_layers
from ..splines import breakpoints, change_knots, open_knots, refine_breakpoints

MARGIN = 0.05
NEAR = 0.25
"""A new end keeps this distance from the next breakpoint, in mean intervals of the old grid."""


def finer(network: NetworkArrays, inputs: Array, intervals: int) -> NetworkArrays:
    """The same function on `intervals` intervals in every layer, hidden grids on the activations at `inputs` [N, n].

    A node whose grid would need more intervals than that to keep its breakpoints keeps its grid's range.
    """
    passes = trace_layers(inputs, network)
    layers = [
        _finer(layer, seen.inputs if number else None, intervals)
        for number, (layer, seen) in enumerate(zip(network.layers, passes, strict=True))
    ]
    return replace(network, layers=tuple(layers))


def _finer(layer: LayerArrays, values: Array | None, intervals: int) -> LayerArrays:
    old = breakpoints(layer.knots, layer.order)
    rows = [
        refine_breakpoints(_range(row, None if values is None else values[:, i], intervals)[None], intervals)[
            0
        ]
        for i, row in enumerate(old)
    ]
    knots = open_knots(np.stack(rows), layer.order)
    coefficients = change_knots(layer.coefficients, layer.knots, knots, layer.order)
    return replace(layer, knots=knots, coefficients=coefficients)


def _range(breaks: Array, values: Array | None, intervals: int) -> Array:
    """The breakpoints that matter for these values, with new ends."""
    if values is None or not np.isfinite(values).all():
        return breaks
    span = max(float(np.ptp(values)), 1e-6)
    low, high = float(values.min()) - MARGIN * span, float(values.max()) + MARGIN * span
    inner = breaks[1:-1]
    inner = inner[(inner > low) & (inner < high)]
    if len(inner) + 1 > intervals:
        return breaks
    gap = NEAR * float(np.mean(np.diff(breaks)))
    if len(inner):
        low, high = min(low, float(inner[0]) - gap), max(high, float(inner[-1]) + gap)
    return np.array([low, *inner, high])

"""Grids of many networks that follow their activations, each node for itself; see `grids`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .._typing import Array
from ..kernels.batch import Batch, BatchLayer
from ..kernels.batch_loops import refit_rows
from ..splines import breakpoints, fit_coefficients, piece_matrices, roughness_matrices, uniform_knots
from ..splines.fit import _roots
from .grids import FILLED, MARGIN

SMOOTHING = 1e-12
CLEAR = 1e-10


def follow_all(batch: Batch, activations: Sequence[Array]) -> Batch:
    """Lay the grids of hidden nodes anew where their activations no longer fit them.

    Args:
        activations: [A, nodes, N] after each layer, as `batch_activations` gives them.
    """
    layers = [batch.layers[0]]
    for layer, x in zip(batch.layers[1:], activations[:-1], strict=True):
        layers.append(_followed(layer, x))
    return Batch(tuple(layers))


def _followed(layer: BatchLayer, x: Array) -> BatchLayer:
    breaks = layer.breaks
    low, high = breaks[..., 0], breaks[..., -1]
    least, most = x.min(axis=2), x.max(axis=2)
    sound = (np.isfinite(least) & np.isfinite(most)).all(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        span = np.maximum(most - least, 1e-6)
        moved = (least < low) | (most > high) | (span < FILLED * (high - low) / (1 + 2 * MARGIN))
    moved &= sound
    if not moved.any():
        return layer
    intervals = breaks.shape[2] - 1
    fresh = uniform_knots(
        (least - MARGIN * span)[moved], (most + MARGIN * span)[moved], intervals, layer.order
    )
    knots, weights = layer.knots.copy(), layer.weights.copy()
    changed = replace(layer, knots=knots, weights=weights)
    own = changed.of_sources().transpose(0, 2, 3, 1)[..., :-1, :]
    held = np.ascontiguousarray(own[moved])
    own[moved] = _refitted(x[moved], layer.knots[moved], fresh, held, layer.order)
    knots[moved] = fresh
    return changed


def _refitted(x: Array, old: Array, new: Array, coefficients: Array, order: int) -> Array:
    """Coefficients [M, G + k, O] on new knots of the splines with these coefficients on old knots, at samples [M, N].

    The least-squares fit of `splines.fit_coefficients`, with one QR decomposition for all: R of [B | y] gives the
    triangle and the right-hand side together.
    """
    nodes, rows = x.shape
    count, outputs = coefficients.shape[1:]
    system = np.zeros((nodes, rows + count, count + outputs))
    grids = [
        (np.ascontiguousarray(breakpoints(own, order)), piece_matrices(own, order)) for own in (old, new)
    ]
    refit_rows(x, *grids[0], coefficients, *grids[1], 1 / np.sqrt(rows), system)
    roots = _roots(roughness_matrices(new, order, min(2, order)))
    after = system[:, :rows, :count]
    level = np.sqrt(SMOOTHING * np.einsum("mnc,mnc->m", after, after))
    system[:, rows:, :count] = level[:, None, None] * roots
    triangles: Array = np.asarray(np.linalg.qr(system, mode="r"))
    size = np.abs(np.diagonal(triangles[:, :count, :count], axis1=1, axis2=2))
    # a node that is nearly constant leaves directions to chance, and those need a decomposition that sees the rank
    clear = size.min(axis=1) > CLEAR * size.max(axis=1)
    out = np.empty((nodes, count, outputs))
    out[clear] = np.linalg.solve(triangles[clear, :count, :count], triangles[clear, :count, count:])
    for node in np.nonzero(~clear)[0]:
        own = system[node, :rows, None] * np.sqrt(rows)
        basis, values = own[..., :count], own[..., count:]
        out[node] = fit_coefficients(basis, values, new[node : node + 1], order, smoothing=SMOOTHING)[0]
    return out

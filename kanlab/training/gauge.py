"""Hidden nodes kept near the unit interval.

The scale and the origin of a hidden node are free: edges into it can shrink if the edges out of it grow
steeper. A penalty on the size of edges would drive them along that freedom for ever, so they are put back:
the node's value y becomes (y - shift) / scale, and the edges that leave it are written in the new variable.
Splines and symbolic edges follow exactly; only the change of the base function is refitted by the spline.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from .._typing import Array, BoolArray
from ..kernels import BASE_FUNCTIONS, LayerArrays, NetworkArrays, threads_for, trace_layers
from ..kernels.passes import edge_outputs
from ..splines import breakpoints, dense_basis, fit_coefficients

LEAST, MOST = 0.3, 1.5
MATTERS = 0.02


@threads_for(0)
def normalize_hidden(network: NetworkArrays, inputs: Array) -> NetworkArrays:
    """The same function with every hidden sum node about [-1, 1] on `inputs`; nodes that already are stay."""
    passes = trace_layers(inputs, network)
    layers = list(network.layers)
    for depth in range(len(layers) - 1):
        before, after = layers[depth], layers[depth + 1]
        values = passes[depth].nodes
        if not np.isfinite(values).all():
            return network
        low, high = values.min(axis=0), values.max(axis=0)
        half, center = 0.5 * (high - low), 0.5 * (high + low)
        own = np.arange(values.shape[1]) < before.sums
        off = (half < LEAST) | (half > MOST) | (np.abs(center) > 1.5 * half)
        effect = edge_outputs(passes[depth + 1], after).std(axis=0).max(axis=1)
        # a node that nothing depends on would be blown up, and then disturb what does matter
        matters = effect > MATTERS * effect.max()
        move = (
            own & off & matters & (half > 1e-9) & ~_held(after).any(axis=1) & ~_held_targets(before, len(own))
        )
        if move.any():
            scale, shift = np.where(move, half, 1.0), np.where(move, center, 0.0)
            layers[depth] = _rescale_targets(before, scale, shift)
            layers[depth + 1] = _rescale_sources(after, scale, shift, move)
    return replace(network, layers=tuple(layers))


def _held(layer: LayerArrays) -> BoolArray:
    """[inputs, outputs], true where a curve may not be written in another unit: it is locked, or others share it."""
    return layer.locked | layer.tied


def _held_targets(layer: LayerArrays, nodes: int) -> BoolArray:
    held = np.zeros(nodes, dtype=np.bool_)
    held[: layer.sums] = _held(layer)[:, : layer.sums].any(axis=0)
    return held


def _rescale_targets(layer: LayerArrays, scale: Array, shift: Array) -> LayerArrays:
    size, origin = np.ones(layer.outputs), np.zeros(layer.outputs)
    size[: layer.sums], origin[: layer.sums] = scale[: layer.sums], shift[: layer.sums]
    affine = layer.affine.copy()
    affine[:, :, 2:] /= size[None, :, None]
    return replace(
        layer,
        coefficients=layer.coefficients / size,
        base_scale=layer.base_scale / size,
        bias=(layer.bias - origin) / size,
        affine=affine,
    )


def _rescale_sources(layer: LayerArrays, scale: Array, shift: Array, move: BoolArray) -> LayerArrays:
    affine = layer.affine.copy()
    affine[:, :, 1] += affine[:, :, 0] * shift[:, None]
    affine[:, :, 0] *= scale[:, None]
    knots = (layer.knots - shift[:, None]) / scale[:, None]
    coefficients, base_scale = layer.coefficients.copy(), layer.base_scale.copy()
    base = BASE_FUNCTIONS[layer.base].numpy
    for i in np.nonzero(move & layer.splines.any(axis=1))[0]:
        row = slice(i, i + 1)
        ends = breakpoints(knots[row], layer.order)[0]
        x = np.linspace(ends[0], ends[-1], 12 * layer.intervals + 1)[:, None]
        fresh = scale[i] * layer.base_scale[i]
        change = base(scale[i] * x + shift[i]) * layer.base_scale[i] - base(x) * fresh
        basis = dense_basis(torch.from_numpy(x), torch.from_numpy(knots[row]), layer.order).numpy()
        coefficients[i] += fit_coefficients(basis, change[:, None, :], knots[row], layer.order)[0]
        base_scale[i] = fresh
    return replace(layer, knots=knots, coefficients=coefficients, base_scale=base_scale, affine=affine)

"""The Jacobian of a network's outputs with respect to its parameters.

A layer is linear in its coefficients, and the chain rule through the layers is one product per layer: with
`s[n, q, j]` the derivative of output q with respect to subnode j, the column of coefficient m of edge (i, j)
is `s[n, q, j] B_m(x[n, i])`.
"""

from __future__ import annotations

import numpy as np

from .._typing import Array
from .arrays import EdgeForm, LayerArrays, NetworkArrays
from .columns import Columns, LayerColumns
from .passes import LayerPass, combine_slopes
from .spline_loops import spline_columns


def sensitivities(passes: tuple[LayerPass, ...], network: NetworkArrays) -> list[Array]:
    """For every layer, d output / d subnode, [N, Q, O]."""
    rows, outputs = passes[-1].nodes.shape
    node = np.broadcast_to(np.eye(outputs), (rows, outputs, outputs))
    out: list[Array] = []
    with np.errstate(all="ignore"):
        for seen, layer in zip(reversed(passes), reversed(network.layers), strict=True):
            if layer.products:
                slope, owner = combine_slopes(seen.subnodes, layer)
                node = node[:, :, owner] * slope[:, None, :]
            subnode = np.ascontiguousarray(node)
            out.append(subnode)
            node = np.matmul(subnode, seen.slope.transpose(0, 2, 1))
    return out[::-1]


def jacobian(passes: tuple[LayerPass, ...], network: NetworkArrays, columns: Columns) -> Array:
    """d outputs / d free parameters, [N * Q, P], rows ordered by sample then output."""
    rows, outputs = passes[-1].nodes.shape
    out = np.zeros((rows * outputs, columns.count))
    pulls = sensitivities(passes, network)
    for seen, layer, own, pull in zip(passes, network.layers, columns.layers, pulls, strict=True):
        _layer_columns(seen, layer, own, pull, out)
    return out


def _layer_columns(
    seen: LayerPass, layer: LayerArrays, columns: LayerColumns, pull: Array, out: Array
) -> None:
    flat = pull.reshape(-1, layer.outputs)
    if layer.has_splines:
        spline_columns(seen.span, seen.values, seen.base, pull, columns.spline, layer.bases, out)
    with np.errstate(all="ignore"):
        for edge in layer.forms:
            start = columns.form[edge.source, edge.target]
            if start >= 0:
                out[:, start : start + 3] = form_columns(seen, layer, edge, flat)
    out[:, columns.bias : columns.bias + layer.outputs] = flat


def form_columns(seen: LayerPass, layer: LayerArrays, edge: EdgeForm, pull: Array) -> Array:
    """The columns of the a, b and c of a symbolic edge, [N * Q, 3], given d output / d subnode [N * Q, O]."""
    a, b, c, _ = layer.affine[edge.source, edge.target]
    x = seen.inputs[:, edge.source]
    u = a * x + b
    slope = c * edge.form.derivative(u)
    local = np.stack([slope * x, slope, edge.form.numpy(u)], axis=1)
    return np.repeat(local, len(pull) // len(x), axis=0) * pull[:, [edge.target]]

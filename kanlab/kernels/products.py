"""Products with the Jacobian J of the outputs [N, Q] by the free parameters [P], without J.

J v is one pass forward and J'u one pass back; both cost as much as a few evaluations of the network.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._typing import Array
from .arrays import LayerArrays, NetworkArrays
from .columns import Columns, LayerColumns
from .jacobian import sensitivities
from .passes import LayerPass, combine_slopes
from .spline_loops import edge_sums, spline_gradient

EdgePulls = tuple[Array, ...]
"""For every layer the derivative of something by the value of each spline edge on each row, [N, I, O]."""


def push(passes: tuple[LayerPass, ...], network: NetworkArrays, columns: Columns, vector: Array) -> Array:
    """J v, [N, Q]: how the outputs move when the parameters move by v [P]."""
    moves = columns.unpack(vector, zeroed(network))
    nodes: Array | None = None
    with np.errstate(all="ignore"):
        for seen, layer, move in zip(passes, network.layers, moves.layers, strict=True):
            out = np.repeat(move.bias[None, :], len(seen.inputs), axis=0)
            if layer.has_splines:
                edge_sums(seen.span, seen.values, seen.base, move.coefficients, move.base_scale, out)
            for edge in layer.forms:
                local = _form_slopes(layer, seen, edge.source, edge.target)
                out[:, edge.target] += local @ move.affine[edge.source, edge.target, :3]
            if nodes is not None:
                out += np.matmul(nodes[:, None, :], seen.slope)[:, 0, :]
            nodes = _combined(out, seen, layer)
    assert nodes is not None  # a network has at least one layer
    return nodes


def pull_back(
    passes: tuple[LayerPass, ...],
    network: NetworkArrays,
    columns: Columns,
    pull: Array,
    on_edges: EdgePulls | None = None,
) -> Array:
    """J'u, [P], for u [N, Q].

    Args:
        on_edges: further derivatives, by the values of spline edges inside the network.
    """
    gradient = np.zeros(columns.count)
    node = pull
    with np.errstate(all="ignore"):
        for number in range(len(passes) - 1, -1, -1):
            seen, layer, own = passes[number], network.layers[number], columns.layers[number]
            if layer.products:
                slope, owner = combine_slopes(seen.subnodes, layer)
                node = node[:, owner] * slope
            subnode = np.ascontiguousarray(node)
            if on_edges is None:
                _layer_gradient(seen, layer, own, subnode, gradient)
                node = np.matmul(seen.slope, subnode[:, :, None])[:, :, 0]
            else:
                _layer_gradient(seen, layer, own, subnode, gradient)
                _edge_gradient(seen, layer, own, on_edges[number], gradient)
                node = np.einsum("nio,nio->ni", seen.slope, subnode[:, None, :] + on_edges[number])
    return gradient


def diagonal(passes: tuple[LayerPass, ...], network: NetworkArrays, columns: Columns, root: Array) -> Array:
    """Diagonal [P] of J'HJ, with H given by roots [N, Q] or [N, R, Q].

    Of a curve that m edges share it is a bound from above: m times the sum of what each would have alone.
    """
    out = np.zeros(columns.count)
    with np.errstate(all="ignore"):
        for seen, layer, own, pull in zip(
            passes, network.layers, columns.layers, sensitivities(passes, network), strict=True
        ):
            bent = root[:, :, None] * pull if root.ndim == 2 else np.matmul(root, pull)
            weight = np.einsum("nrj,nrj->nj", bent, bent)
            squared = replace(seen, values=seen.values**2, base=seen.base**2)
            _layer_gradient(squared, layer, own, weight, out, power=2)
    return out if columns.uses is None else out * columns.uses


def zeroed(network: NetworkArrays) -> NetworkArrays:
    """The network with all parameters zero: where a change of the parameters is written."""
    layers: list[LayerArrays] = []
    for layer in network.layers:
        blank = replace(
            layer,
            coefficients=np.zeros_like(layer.coefficients),
            base_scale=np.zeros_like(layer.base_scale),
            bias=np.zeros_like(layer.bias),
            affine=np.zeros_like(layer.affine),
        )
        layers.append(blank)
    return NetworkArrays(tuple(layers))


def _combined(subnodes: Array, seen: LayerPass, layer: LayerArrays) -> Array:
    if not layer.products:
        return subnodes
    slope, owner = combine_slopes(seen.subnodes, layer)
    nodes = np.zeros((len(subnodes), seen.nodes.shape[1]))
    for j, node in enumerate(owner):
        nodes[:, node] += slope[:, j] * subnodes[:, j]
    return nodes


def _layer_gradient(
    seen: LayerPass, layer: LayerArrays, own: LayerColumns, on: Array, out: Array, *, power: int = 1
) -> None:
    """Add what pulls [N, O] on the subnodes of a layer mean for its parameters."""
    out[own.bias : own.bias + layer.outputs] += on.sum(axis=0)
    if layer.has_splines:
        on_coefficients, on_base = np.zeros_like(layer.coefficients), np.zeros_like(layer.base_scale)
        spline_gradient(seen.span, seen.values, seen.base, on, on_coefficients, on_base)
        _scatter(layer, own, on_coefficients, on_base, out)
    for edge in layer.forms:
        start = own.form[edge.source, edge.target]
        if start >= 0:
            local = _form_slopes(layer, seen, edge.source, edge.target) ** power
            out[start : start + 3] += local.T @ on[:, edge.target]


def _edge_gradient(seen: LayerPass, layer: LayerArrays, own: LayerColumns, on: Array, out: Array) -> None:
    """Add what pulls [N, I, O] on the values of spline edges mean for their parameters."""
    on_coefficients, on_base = np.zeros_like(layer.coefficients), np.zeros_like(layer.base_scale)
    for i in range(layer.inputs):
        one = slice(i, i + 1)
        spline_gradient(
            np.ascontiguousarray(seen.span[:, one]),
            np.ascontiguousarray(seen.values[:, one]),
            np.ascontiguousarray(seen.base[:, one]),
            np.ascontiguousarray(on[:, i, :]),
            on_coefficients[one],
            on_base[one],
        )
    _scatter(layer, own, on_coefficients, on_base, out)


def _scatter(
    layer: LayerArrays, own: LayerColumns, on_coefficients: Array, on_base: Array, out: Array
) -> None:
    sources, targets = np.nonzero(own.spline >= 0)
    index = own.spline[sources, targets][:, None] + np.arange(layer.bases + 1)
    values = np.concatenate([on_coefficients[sources, :, targets], on_base[sources, targets, None]], axis=1)
    if own.shared:
        np.add.at(out, index, values)
    else:  # ten times faster, but of columns that come twice it would take one
        out[index] += values


def _form_slopes(layer: LayerArrays, seen: LayerPass, source: int, target: int) -> Array:
    """d edge / d (a, b, c) of a symbolic edge, [N, 3]."""
    form = next(edge.form for edge in layer.forms if (edge.source, edge.target) == (source, target))
    a, b, c, _ = layer.affine[source, target]
    x = seen.inputs[:, source]
    u = a * x + b
    slope = c * form.derivative(u)
    return np.stack([slope * x, slope, form.numpy(u)], axis=1)

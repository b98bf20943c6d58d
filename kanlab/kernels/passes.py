"""Forward passes of a network given as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array, IntArray
from .arrays import LayerArrays, NetworkArrays
from .base import BASE_FUNCTIONS
from .columns import Columns
from .layer_loops import layer_trace
from .layer_plan import BASES, MOST_ORDER, lanes_for
from .network_loops import network_forward, network_gradient
from .spline_loops import edge_sums, edge_values, empty_bases, local_bases


@dataclass(frozen=True, eq=False)
class LayerPass:
    """What one layer saw.

    Attributes:
        inputs: node values that enter, [N, I].
        span, values, slopes: local bases, [N, I], [N, I, k + 1], [N, I, k + 1].
        base, base_slope: base function and derivative, [N, I].
        subnodes: sums at the subnodes, [N, O].
        nodes: values of the next layer's nodes, [N, nodes].
        slope: derivative of every edge, [N, I, O].
    """

    inputs: Array
    span: IntArray
    values: Array
    slopes: Array
    base: Array
    base_slope: Array
    subnodes: Array
    nodes: Array
    slope: Array


def combine(subnodes: Array, layer: LayerArrays) -> Array:
    """Node values [N, nodes] from subnode values [N, O]: sum nodes as they are, product nodes multiplied."""
    if not layer.products:
        return subnodes
    nodes = [subnodes[:, : layer.sums]]
    start = layer.sums
    for arity in layer.products:
        nodes.append(subnodes[:, start : start + arity].prod(axis=1, keepdims=True))
        start += arity
    return np.concatenate(nodes, axis=1)


def combine_slopes(subnodes: Array, layer: LayerArrays) -> tuple[Array, IntArray]:
    """d node / d subnode [N, O], and the node each subnode belongs to [O]."""
    slope = np.ones_like(subnodes)
    owner = np.arange(layer.outputs)
    start = layer.sums
    for index, arity in enumerate(layer.products):
        owner[start : start + arity] = layer.sums + index
        for factor in range(start, start + arity):
            others = [other for other in range(start, start + arity) if other != factor]
            slope[:, factor] = subnodes[:, others].prod(axis=1)
        start += arity
    return slope, owner


def _bases(x: Array, layer: LayerArrays) -> tuple[IntArray, Array, Array]:
    span, values, slopes = empty_bases(len(x), layer.inputs, layer.order + 1)
    local_bases(x, layer.breaks, layer.pieces, span, values, slopes)
    return span, values, slopes


def layer_sums(x: Array, layer: LayerArrays) -> Array:
    """Subnode values [N, O]."""
    out = np.repeat(layer.bias[None, :], len(x), axis=0)
    if layer.has_splines:
        span, values, _ = _bases(x, layer)
        base = BASE_FUNCTIONS[layer.base].numpy(x)
        edge_sums(span, values, base, layer.coefficients, layer.base_scale, out)
    for edge in layer.forms:
        a, b, c, d = layer.affine[edge.source, edge.target]
        out[:, edge.target] += c * edge.form.numpy(a * x[:, edge.source] + b) + d
    return out


def forward(x: Array, network: NetworkArrays) -> Array:
    """Network outputs [N, outputs] for inputs [N, inputs]."""
    plan = network.plan
    if plan is not None:
        out = np.empty((len(x), network.layers[-1].outputs))
        places, _held = network.addresses()
        network_forward(np.ascontiguousarray(x), out, places, *plan.tables)
        return out
    with np.errstate(all="ignore"):
        for layer in network.layers:
            x = combine(layer_sums(x, layer), layer)
    return x


def loss_gradient(
    x: Array, targets: Array, weights: Array | None, network: NetworkArrays, columns: Columns
) -> tuple[float, Array]:
    """Mean squared error over the rows and its gradient [P], for a network that has a plan."""
    plan = network.plan
    if plan is None:
        raise ValueError(
            "The network has symbolic edges or product nodes; give one of spline edges and sum nodes."
        )
    gradient = np.zeros(columns.count)
    places, _held = network.addresses()
    error = network_gradient(
        np.ascontiguousarray(x),
        np.ascontiguousarray(targets),
        np.empty(0) if weights is None else np.ascontiguousarray(weights),
        columns.flat,
        gradient,
        places,
        *plan.tables,
    )
    return error, gradient


def trace_layer(x: Array, layer: LayerArrays) -> LayerPass:
    """One layer with everything that derivatives need."""
    rows, width = len(x), layer.order + 1
    span, values, slopes = empty_bases(rows, layer.inputs, width)
    base, base_slope = np.empty((rows, layer.inputs)), np.empty((rows, layer.inputs))
    slope = np.zeros((rows, layer.inputs, layer.outputs))
    out = np.repeat(layer.bias[None, :], rows, axis=0)
    if layer.order <= MOST_ORDER and layer.base in BASES:
        grid = layer.grid
        layer_trace(
            np.ascontiguousarray(x),
            np.ascontiguousarray(layer.coefficients),
            np.ascontiguousarray(layer.base_scale),
            grid.numbers,
            grid.lookup,
            (grid.intervals, grid.cells, BASES[layer.base], grid.uniform, min(8, layer.inputs)),
            (span, values, slopes, base, base_slope),
            out,
            slope,
            (0,) * min(3, lanes_for(layer.outputs, 8)),
            grid.local,
            grid.local_lanes,
        )
    else:
        local_bases(x, layer.breaks, layer.pieces, span, values, slopes)
        function = BASE_FUNCTIONS[layer.base]
        base, base_slope = function.numpy(x), function.derivative(x)
        edge_sums(span, values, base, layer.coefficients, layer.base_scale, out)
        edge_values(span, slopes, base_slope, layer.coefficients, layer.base_scale, slope)
    for edge in layer.forms:
        a, b, c, d = layer.affine[edge.source, edge.target]
        with np.errstate(all="ignore"):  # outside of its domain a form is NaN, which whoever asks looks for
            u = a * x[:, edge.source] + b
            out[:, edge.target] += c * edge.form.numpy(u) + d
            slope[:, edge.source, edge.target] = a * c * edge.form.derivative(u)
    return LayerPass(x, span, values, slopes, base, base_slope, out, combine(out, layer), slope)


def trace_layers(x: Array, network: NetworkArrays) -> tuple[LayerPass, ...]:
    """All layers with everything that derivatives need."""
    passes: list[LayerPass] = []
    with np.errstate(all="ignore"):
        for layer in network.layers:
            passes.append(trace_layer(x, layer))
            x = passes[-1].nodes
    return tuple(passes)


def edge_outputs(seen: LayerPass, layer: LayerArrays) -> Array:
    """Value of every edge of a layer, [N, I, O]."""
    out = np.zeros((len(seen.inputs), layer.inputs, layer.outputs))
    if layer.has_splines:
        edge_values(seen.span, seen.values, seen.base, layer.coefficients, layer.base_scale, out)
    with np.errstate(all="ignore"):
        for edge in layer.forms:
            a, b, c, d = layer.affine[edge.source, edge.target]
            out[:, edge.source, edge.target] = c * edge.form.numpy(a * seen.inputs[:, edge.source] + b) + d
    return out

"""The curve of every edge with its spread over networks that found the same skeleton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .._typing import Array
from ..kernels import LayerArrays
from ..kernels.passes import edge_outputs, trace_layer
from ..network import KAN, EdgeId, trace
from .alignment import Alignment, align, masks_of

TAIL = 0.05


@dataclass(frozen=True, eq=False)
class EdgeBand:
    """One edge, in the units of the reference network, its constant taken out (it belongs to a bias).

    Attributes:
        edge: its name in the reference.
        x: values of the source node [P]: the user's units for an input, else the reference's.
        mean, spread, low, median, high: over the members [P]; low and high are the quantiles 0.05 and 0.95.
        curves: all members, [members, P].
    """

    edge: EdgeId
    x: Array
    curves: Array

    @property
    def mean(self) -> Array:
        return self.curves.mean(axis=0)

    @property
    def spread(self) -> Array:
        return self.curves.std(axis=0)

    @property
    def low(self) -> Array:
        return np.quantile(self.curves, TAIL, axis=0)

    @property
    def median(self) -> Array:
        return np.median(self.curves, axis=0)

    @property
    def high(self) -> Array:
        return np.quantile(self.curves, 1 - TAIL, axis=0)


def edge_bands(
    networks: Sequence[KAN], reference: KAN, inputs: Array, *, points: int = 101
) -> dict[EdgeId, EdgeBand]:
    """A band for every edge of the reference, over networks with its skeleton.

    A network that differs by order, scale, sign or origin of hidden nodes is the same function; so hidden nodes are
    laid on those of the reference first.

    Args:
        inputs: rows [N, n] in the user's units, on which networks are compared and constants taken out.
        points: how many points each curve has.
    """
    seen = trace(reference, inputs)
    grids = [_grid(layer.inputs, points) for layer in seen.layers]
    laid = [align(network, reference, inputs) for network in networks]
    curves = [
        _curves(network, alignment, grids, inputs) for network, alignment in zip(networks, laid, strict=True)
    ]
    scaling = reference.scaling
    out: dict[EdgeId, EdgeBand] = {}
    for number, mask in enumerate(masks_of(reference)):
        x = grids[number]
        shown = scaling.input_center + scaling.input_scale * x if number == 0 else x
        for i, j in np.argwhere(mask):
            edge = EdgeId(number, int(i), int(j))
            out[edge] = EdgeBand(edge, shown[:, i], np.stack([own[number][:, i, j] for own in curves]))
    return out


def _grid(values: Array, points: int) -> Array:
    return np.linspace(values.min(axis=0), values.max(axis=0), points)


def _curves(network: KAN, alignment: Alignment, grids: Sequence[Array], inputs: Array) -> list[Array]:
    """Every edge at the reference's grids, in the reference's order and units, [P, I, O] for each layer."""
    layers = network.arrays().layers
    seen = trace(network, inputs)
    orders = [np.arange(layers[0].inputs), *alignment.order, np.arange(layers[-1].outputs)]
    out: list[Array] = []
    for number, (layer, grid, record) in enumerate(zip(layers, grids, seen.layers, strict=True)):
        x = np.empty((len(grid), layer.inputs))
        x[:, orders[number]] = alignment.scale[number] * grid + alignment.shift[number]
        curves = _edges(layer, x) - record.edges.mean(axis=0)
        out.append(curves[:, orders[number]][:, :, orders[number + 1]] / alignment.scale[number + 1])
    return out


def _edges(layer: LayerArrays, x: Array) -> Array:
    plain = replace(layer, bias=np.zeros_like(layer.bias))
    return edge_outputs(trace_layer(x, plain), plain)

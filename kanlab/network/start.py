"""Which edges a fresh network has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from .._typing import BoolArray
from ..errors import ShapeError, did_you_mean
from ..kernels import LayerArrays, NetworkArrays


def started(network: NetworkArrays, start: str, seed: int) -> NetworkArrays:
    """A fresh network with the edges that a start leaves it.

    Args:
        start: a name of `STARTS`.
        seed: where the random numbers that choose edges start; they are not those of the splines.

    Raises:
        ShapeError: there is no such start.
    """
    if start not in STARTS:
        raise ShapeError(
            f"The start {start!r} is not known; use one of {', '.join(STARTS)}."
            + did_you_mean(str(start), STARTS)
        )
    generator = np.random.default_rng([seed, 1])
    layers = [
        _with_edges(layer, STARTS[start](layer.inputs, layer.outputs, generator)) for layer in network.layers
    ]
    return replace(network, layers=tuple(layers))


def _dense(inputs: int, outputs: int, generator: np.random.Generator) -> BoolArray:
    del generator
    return np.ones((inputs, outputs), dtype=np.bool_)


def _sparse(inputs: int, outputs: int, generator: np.random.Generator) -> BoolArray:
    """Each source keeps an edge to a random target and each target one from a random source: [inputs, outputs]."""
    edges = np.zeros((inputs, outputs), dtype=np.bool_)
    edges[np.arange(inputs), generator.integers(outputs, size=inputs)] = True
    edges[generator.integers(inputs, size=outputs), np.arange(outputs)] = True
    return edges


STARTS: Mapping[str, Callable[[int, int, np.random.Generator], BoolArray]] = MappingProxyType(
    {"dense": _dense, "sparse": _sparse}
)
"""From inputs, outputs and random numbers to where a layer has edges."""


def _with_edges(layer: LayerArrays, edges: BoolArray) -> LayerArrays:
    return replace(
        layer,
        coefficients=np.where(edges[:, None], layer.coefficients, 0.0),
        base_scale=np.where(edges, layer.base_scale, 0.0),
        splines=edges,
    )

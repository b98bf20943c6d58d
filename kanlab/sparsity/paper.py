"""The penalty of the KAN paper: L1 norm and entropy of the edges (arXiv 2404.19756, section 2.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerArrays, LayerPass, NetworkArrays, trace_layers
from ..kernels.passes import edge_outputs
from ..kernels.products import pull_back
from ..kernels.terms import Block, Tangent


@dataclass(frozen=True)
class L1Entropy:
    """lambda * sum over layers of (mu1 |Phi|_1 + mu2 S(Phi)).

    The norm of an edge is |phi| = (1 / N) sum_n |phi(x_n)|, that of a layer the sum over its edges, and the entropy
    S = -sum p log p with p = |phi| / |Phi|_1. Spline edges count; symbolic ones were chosen by hand.

    |x| is rounded off to sqrt(x^2 + floor^2) - floor, so that value and slope are exact and smooth everywhere, through
    all layers. For second-order steps the curvature of |phi| is that of iteratively reweighted least squares,
    phi^2 / sqrt(phi0^2 + floor^2), times the slope of the penalty by |phi|, lambda (mu1 - mu2 (log p + S) / |Phi|_1),
    where that is positive; the entropy itself is reweighted by its slope.

    Attributes:
        weight: lambda, in units of the squared network output.
        l1, entropy: mu1 and mu2.
        floor: in units of the network output.
    """

    weight: float
    l1: float = 1.0
    entropy: float = 1.0
    floor: float = 1e-3

    def value(self, network: NetworkArrays, inputs: Array) -> float:
        """The penalty on inputs [N, n] in the network's units."""
        total = 0.0
        for seen, layer in zip(trace_layers(inputs, network), network.layers, strict=True):
            if layer.has_splines:
                total += self._layer(_norms(edge_outputs(seen, layer), self.floor)[layer.splines])[0]
        return total

    def tangent(
        self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns, *, curved: bool
    ) -> Tangent:
        """Value and exact slope, and curvature by blocks."""
        value, pulls, blocks = 0.0, [], []
        for seen, layer, own in zip(passes, network.layers, columns.layers, strict=True):
            edges = edge_outputs(seen, layer)
            slope = np.zeros((layer.inputs, layer.outputs))
            if layer.has_splines:
                part, slope[layer.splines] = self._layer(_norms(edges, self.floor)[layer.splines])
                value += part
            size = np.sqrt(edges**2 + self.floor**2)
            pulls.append(slope * edges / size / len(edges))
            if curved:
                bend = np.maximum(slope, 0.0) / size / len(edges)
                blocks += [
                    Block(int(own.spline[i, j]), 0.5 * _gram(seen, layer, int(i), bend[:, i, j]))
                    for i, j in np.argwhere(own.spline >= 0)
                ]
        nothing = np.zeros_like(passes[-1].nodes)
        gradient = pull_back(passes, network, columns, nothing, tuple(pulls))
        return Tangent(value, gradient, tuple(blocks))

    def _layer(self, norms: Array) -> tuple[float, Array]:
        """Penalty of a layer and its slope by the norms of its edges, [edges]."""
        whole = float(norms.sum())
        if not whole > 0:
            return 0.0, np.full_like(norms, self.weight * self.l1)
        share = np.maximum(norms / whole, 1e-300)
        entropy = -float((share * np.log(share)).sum())
        slope = self.l1 - self.entropy * (np.log(share) + entropy) / whole
        return self.weight * (self.l1 * whole + self.entropy * entropy), self.weight * slope


def _norms(edges: Array, floor: float) -> Array:
    """Mean of the rounded absolute value over the rows, [I, O]."""
    return (np.sqrt(edges**2 + floor**2) - floor).mean(axis=0)


def _gram(seen: LayerPass, layer: LayerArrays, source: int, weights: Array) -> Array:
    """sum_n w_n B(x_n) B(x_n)' of the bases of an input and its base function, [G + k + 1, G + k + 1]."""
    rows, width = seen.values.shape[0], seen.values.shape[2]
    features = np.zeros((rows, layer.bases + 1))
    index = seen.span[:, source, None] + np.arange(width)
    np.put_along_axis(features, index, seen.values[:, source], axis=1)
    features[:, -1] = seen.base[:, source]
    return (features * weights[:, None]).T @ features

"""Penalties on the spread of edges inside the second-order step: group sparsity, and shrinkage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerArrays, LayerPass, NetworkArrays
from ..kernels.terms import Block


@dataclass(frozen=True)
class GroupSparsity:
    """weight * sum over spline edges of sd(edge), the standard deviation of the edge over the rows.

    A group lasso: it drives whole edges to zero. Near the present value s0 each sd is bounded from above by
    (s^2 / (s0 + floor) + s0 + floor) / 2, which touches it (iteratively reweighted least squares, Daubechies
    et al. 2010), and s^2 is quadratic in the coefficients of the edge: s^2 = v' Cov(bases) v. With power 2 it
    is the log-sum penalty sum of log(sd + floor) (Candes, Wakin and Boyd 2008): it finishes off what is small
    and leaves alone what is large.

    Attributes:
        weight: in units of the network output.
        floor: keeps the weights of vanished edges finite.
        power: 1 or 2.
    """

    weight: float
    floor: float = 1e-3
    power: int = 1

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        out: list[Block] = []
        for layer, seen, own in zip(network.layers, passes, columns.layers, strict=True):
            if not (own.spline >= 0).any():
                continue
            covariance = _covariances(seen, layer)
            vectors = np.concatenate([layer.coefficients, layer.base_scale[:, None, :]], axis=1)
            variance = np.einsum("imj,imn,inj->ij", vectors, covariance, vectors)
            sd = np.sqrt(np.maximum(variance, 0.0))
            for i, j in np.argwhere(own.spline >= 0):
                matrix = self.weight / (2 * (sd[i, j] + self.floor) ** self.power) * covariance[i]
                out.append(Block(int(own.spline[i, j]), matrix))
        return out


@dataclass(frozen=True)
class Shrinkage:
    """weight / 2 * sum over spline edges of var(edge), the variance of the edge over the rows: ridge for functions.

    With weight 1 / N and a mean loss over N rows it is the prior of a logistic regression with C = 1: every edge is
    about one logit large. It keeps logits finite where classes can be told apart without error.
    """

    weight: float

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        out: list[Block] = []
        for layer, seen, own in zip(network.layers, passes, columns.layers, strict=True):
            if (own.spline >= 0).any():
                half = 0.5 * self.weight * _covariances(seen, layer)
                out += [Block(int(own.spline[i, j]), half[i]) for i, j in np.argwhere(own.spline >= 0)]
        return out


def _covariances(seen: LayerPass, layer: LayerArrays) -> Array:
    rows, inputs, width = seen.values.shape
    features = np.zeros((rows, inputs, layer.bases + 1))
    index = seen.span[..., None] + np.arange(width)
    np.put_along_axis(features, index, seen.values, axis=2)
    features[..., -1] = seen.base
    features -= features.mean(axis=0)
    by_input = features.transpose(1, 0, 2)
    return by_input.transpose(0, 2, 1) @ by_input / rows

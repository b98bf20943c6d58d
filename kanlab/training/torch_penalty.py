"""A penalty that a user writes in torch, as a function of the parameters of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import ActionError
from ..kernels import Columns, LayerPass, NetworkArrays
from ..kernels.terms import Tangent

Function: TypeAlias = Callable[[Mapping[str, Tensor]], Tensor]
PARAMETERS = ("coefficients", "base_scale", "bias", "affine")
PROBES = 4


@dataclass(frozen=True)
class TorchPenalty:
    """`function(parameters) -> one number`, of parameters named by layer and by what they are.

    "layers.0.coefficients" is [inputs, G + k, outputs], "layers.0.base_scale" [inputs, outputs], "layers.0.bias"
    [outputs] and "layers.0.affine" [inputs, outputs, 4]; in the network's units. For example

        TorchPenalty(lambda p: 1e-3 * sum(p[name].abs().sum() for name in p if name.endswith("coefficients")))

    Value and slope are exact, by autograd. A second-order step also wants a curvature. It is taken diagonal: for every
    parameter the largest of |z (H z)| over a few vectors z of random signs, which is |H_ii| when H is diagonal and
    grows to the sum of its row when it is not (Gershgorin); and where the penalty is straight, |g_i / theta_i|, which
    for an absolute value is the weight of iteratively reweighted least squares.
    """

    function: Function
    floor: float = 1e-3

    def value(self, network: NetworkArrays, inputs: Array) -> float:
        del inputs
        with torch.no_grad():
            return float(self._total(_tensors(network, grad=False)))

    def tangent(
        self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns, *, curved: bool
    ) -> Tangent:
        del passes
        leaves = _tensors(network, grad=True)
        with torch.enable_grad():
            total = self._total(leaves)
        if not total.requires_grad:
            return Tangent(float(total), np.zeros(columns.count))
        slopes = torch.autograd.grad(
            total, list(leaves.values()), create_graph=curved, materialize_grads=True
        )
        gradient = _packed(slopes, leaves, network, columns)
        value = float(total.detach())
        if not curved:
            return Tangent(value, gradient)
        bend = self._bend(slopes, leaves, network, columns)
        theta = columns.pack(network)
        straight = np.abs(gradient) / (np.abs(theta) + self.floor)
        diagonal = np.where(bend > 1e-12 * (straight + bend), bend, straight)
        return Tangent(value, gradient, diagonal=0.5 * diagonal)

    def _bend(
        self,
        slopes: tuple[Tensor, ...],
        leaves: Mapping[str, Tensor],
        network: NetworkArrays,
        columns: Columns,
    ) -> Array:
        if not any(slope.requires_grad for slope in slopes):
            return np.zeros(columns.count)
        generator = np.random.default_rng(0)
        most = np.zeros(columns.count)
        for _ in range(PROBES):
            signs = [
                torch.from_numpy(generator.choice([-1.0, 1.0], size=leaf.shape)) for leaf in leaves.values()
            ]
            along = torch.stack(
                [(slope * sign).sum() for slope, sign in zip(slopes, signs, strict=True)]
            ).sum()
            images = torch.autograd.grad(
                along, list(leaves.values()), retain_graph=True, materialize_grads=True
            )
            seen = tuple((image * sign).abs() for image, sign in zip(images, signs, strict=True))
            most = np.maximum(most, _packed(seen, leaves, network, columns))
        return most

    def _total(self, parameters: Mapping[str, Tensor]) -> Tensor:
        total = self.function(parameters)
        if not isinstance(total, Tensor) or total.numel() != 1:
            shown = tuple(total.shape) if isinstance(total, Tensor) else type(total).__name__
            raise ActionError(f"The penalty gave {shown}; it must give one number, as a tensor.")
        return total.reshape(())


def _tensors(network: NetworkArrays, *, grad: bool) -> dict[str, Tensor]:
    return {
        f"layers.{number}.{name}": torch.from_numpy(np.array(getattr(layer, name))).requires_grad_(grad)
        for number, layer in enumerate(network.layers)
        for name in PARAMETERS
    }


def _packed(
    values: tuple[Tensor, ...], leaves: Mapping[str, Tensor], network: NetworkArrays, columns: Columns
) -> Array:
    """One number for every parameter as the flat vector; those of edges that share a curve are added."""
    named = {name: value.detach().numpy() for name, value in zip(leaves, values, strict=True)}
    layers = tuple(
        replace(layer, **{name: named[f"layers.{number}.{name}"] for name in PARAMETERS})
        for number, layer in enumerate(network.layers)
    )
    return columns.gather(NetworkArrays(layers))

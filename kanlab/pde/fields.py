"""The fields of a solution that a residual is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import ShapeError
from ..kernels import NetworkArrays
from ..network import KAN
from .base import BASE_DERIVATIVES
from .carry import trace_jets
from .jet import Jet, Pairs, first_jet


@dataclass(frozen=True, eq=False)
class Fields:
    """A solution u at N points, in the user's units; torch tensors.

    With one unknown the axis of the unknowns is left out; with m unknowns it stands behind the rows.

    Attributes:
        x: points, [N, n].
        normal: outward unit normal at points of the boundary, [N, n]; zero inside.
        values: [N, m].
        slopes: [N, m, n].
        seconds: second derivative for each pair (a, b), a <= b, [N, m].
        constants: constants that are sought with the solution, each as a column [N].
    """

    x: Tensor
    normal: Tensor
    values: Tensor
    slopes: Tensor
    seconds: Mapping[tuple[int, int], Tensor] = field(default_factory=dict[tuple[int, int], Tensor])
    constants: Mapping[str, Tensor] = field(default_factory=dict[str, Tensor])

    @property
    def value(self) -> Tensor:
        """u, [N] (or [N, m])."""
        return self._squeezed(self.values)

    @property
    def gradient(self) -> Tensor:
        """du / dx_a, [N, n] (or [N, m, n])."""
        return self._squeezed(self.slopes)

    @property
    def hessian_diagonal(self) -> Tensor:
        """d2u / dx_a2, [N, n] (or [N, m, n])."""
        return self._squeezed(torch.stack([self._second(a, a) for a in range(self.inputs)], dim=-1))

    @property
    def laplacian(self) -> Tensor:
        """Sum of the second derivatives along all axes, [N] (or [N, m])."""
        return self.hessian_diagonal.sum(dim=-1)

    @property
    def hessian(self) -> Tensor:
        """d2u / dx_a dx_b, [N, n, n] (or [N, m, n, n])."""
        rows = [
            torch.stack([self._second(a, b) for b in range(self.inputs)], dim=-1) for a in range(self.inputs)
        ]
        return self._squeezed(torch.stack(rows, dim=-2))

    @property
    def normal_slope(self) -> Tensor:
        """Derivative along the outward normal, [N] (or [N, m])."""
        return self._squeezed((self.slopes * self.normal[:, None, :]).sum(dim=-1))

    @property
    def inputs(self) -> int:
        return self.x.shape[1]

    def second(self, a: int, b: int) -> Tensor:
        """d2u / dx_a dx_b, [N] (or [N, m]): cheaper than the whole Hessian."""
        return self._squeezed(self._second(a, b))

    def _second(self, a: int, b: int) -> Tensor:
        return self.seconds[min(a, b), max(a, b)]

    def _squeezed(self, tensor: Tensor) -> Tensor:
        return tensor[:, 0] if self.values.shape[1] == 1 else tensor


def all_pairs(inputs: int) -> Pairs:
    """Every pair (a, b) with a <= b."""
    return tuple((a, b) for a in range(inputs) for b in range(a, inputs))


def fields(network: KAN, points: Array) -> Fields:
    """Value, gradient and Hessian of a network at points [N, n], all in the user's units.

    Raises:
        ShapeError: the points do not fit the network, or it has edges whose derivatives are not carried.
    """
    arrays = network.arrays()
    check_network(arrays, 2)
    x = np.ascontiguousarray(points, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != arrays.layers[0].inputs:
        raise ShapeError(
            f"The points have shape {x.shape}; the network expects rows of {arrays.layers[0].inputs} numbers."
        )
    pairs = all_pairs(x.shape[1])
    scaling = network.scaling
    start = first_jet(scaling.scale_inputs(x), pairs, 1 / scaling.input_scale)
    jet = trace_jets(start, arrays, pairs)[-1].nodes
    scale = scaling.output_scale
    restored = Jet(
        scaling.restore_outputs(jet.value), jet.gradient * scale[:, None], jet.second * scale[:, None]
    )
    return fields_of(x, np.zeros_like(x), restored, pairs)


def fields_of(points: Array, normal: Array, jet: Jet, pairs: Pairs) -> Fields:
    """The fields of a jet."""
    return Fields(
        torch.from_numpy(points),
        torch.from_numpy(normal),
        torch.from_numpy(np.ascontiguousarray(jet.value)),
        torch.from_numpy(np.ascontiguousarray(jet.gradient)),
        {pair: torch.from_numpy(np.ascontiguousarray(jet.second[:, :, p])) for p, pair in enumerate(pairs)},
    )


def check_network(network: NetworkArrays, derivatives: int) -> None:
    """Refuse what has no derivatives up to this order, or none that is carried.

    Raises:
        ShapeError: the order of the splines is too low, a base function has a kink, or an edge is symbolic.
    """
    for layer in network.layers:
        if layer.order <= derivatives:
            raise ShapeError(
                f"The spline order is {layer.order}; derivatives of order {derivatives} that are continuous "
                f"need at least order {derivatives + 1}."
            )
        if layer.base not in BASE_DERIVATIVES:
            raise ShapeError(
                f"The base function {layer.base!r} has no second derivative that is carried; "
                f"use one of {', '.join(BASE_DERIVATIVES)}."
            )
        if layer.forms:
            raise ShapeError(
                "The network has symbolic edges, whose second derivatives are not carried; "
                "release them to splines first."
            )

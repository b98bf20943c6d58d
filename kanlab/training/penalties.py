"""Penalties: what a fit keeps small besides the loss.

There are two kinds, and whoever writes one implements one of the two protocols.

`Penalty` is a quadratic, or a function that a quadratic bounds from above and touches at the present point (iteratively
reweighted least squares); it gives the quadratic as blocks v'Mv of the flat vector. Every optimizer takes the blocks of
the point where its step begins, so a step that lowers loss plus quadratic lowers loss plus penalty.

`SmoothPenalty` has a value everywhere and a slope; second-order steps also ask for a positive semi-definite curvature,
and are taken when the true value falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerArrays, LayerPass, NetworkArrays
from ..kernels.terms import Block, Quadratics, Tangent
from ..splines import roughness_matrices, uniform_knots


@runtime_checkable
class Penalty(Protocol):
    """A penalty, or at the present point a quadratic that lies above it and touches it."""

    def blocks(
        self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns
    ) -> Sequence[Block]:
        """The quadratic at the present point."""
        ...


@runtime_checkable
class SmoothPenalty(Protocol):
    """A penalty with a value and a slope at every point."""

    def value(self, network: NetworkArrays, inputs: Array) -> float:
        """What it is for a network on inputs [N, n] in the network's units."""
        ...

    def tangent(
        self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns, *, curved: bool
    ) -> Tangent:
        """Value and slope, and where `curved` is asked for a curvature."""
        ...


AnyPenalty: TypeAlias = Penalty | SmoothPenalty


def edge_roughness(layer: LayerArrays, derivative: int, by_interval: bool) -> Array:
    """`roughness_matrices` of a layer [inputs, G + k, G + k].

    Args:
        by_interval: take all intervals for equally long. Where knots are dense because samples are, a spline may bend
            as fast as they are dense; by the length of x that would be the roughest of all, and be smoothed away.
    """
    if by_interval:
        ends = np.zeros(layer.inputs), np.ones(layer.inputs)
        return roughness_matrices(uniform_knots(*ends, layer.intervals, layer.order), layer.order, derivative)
    return roughness_matrices(layer.knots, layer.order, derivative)


@dataclass(frozen=True)
class Roughness:
    """weight * sum over the curves of edges of L^(2r-1) * integral (d^r f)^2: keeps splines from following noise.

    Attributes:
        weight: in units of the squared network output.
        derivative: r; 2 is the curvature, and None stands for k + 1, which leaves polynomials of degree k
            free.
        by_interval: measure it as `edge_roughness` does.
    """

    weight: float
    derivative: int | None = None
    by_interval: bool = False

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        del passes
        out: list[Block] = []
        for layer, own in zip(network.layers, columns.layers, strict=True):
            if self.weight <= 0 or not own.leads.any():
                continue
            derivative = min(self.derivative or layer.order + 1, layer.order + 1)
            matrices = self.weight * edge_roughness(layer, derivative, self.by_interval)
            out += [Block(int(own.spline[i, j]), matrices[i]) for i, j in np.argwhere(own.leads)]
        return out

    def at(self, network: NetworkArrays, columns: Columns) -> float:
        """The penalty of a network; only of the edges that are free in `columns`."""
        return Quadratics.of(self.blocks(network, (), columns)).value(columns.pack(network))


@dataclass(frozen=True, eq=False)
class Penalized:
    """All penalties at one point, ready for a second-order step.

    Attributes:
        value: their sum there.
        gradient, curvature, diagonal: half of slope and curvature.
    """

    value: float
    gradient: Array
    curvature: Quadratics
    diagonal: Array | None
    quadratic: Quadratics
    smooth: tuple[SmoothPenalty, ...]
    inputs: Array

    @classmethod
    def at(
        cls,
        network: NetworkArrays,
        passes: tuple[LayerPass, ...],
        columns: Columns,
        penalties: Sequence[AnyPenalty],
    ) -> Penalized:
        bounded, smooth = split_penalties(penalties)
        theta = columns.pack(network)
        blocks = [block for one in bounded for block in one.blocks(network, passes, columns)]
        quadratic = Quadratics.of(blocks)
        value, gradient = quadratic.value(theta), quadratic.product(theta)
        diagonal: Array | None = None
        for one in smooth:
            near = one.tangent(network, passes, columns, curved=True)
            value, gradient = value + near.value, gradient + 0.5 * near.gradient
            blocks += near.blocks
            if near.diagonal is not None:
                diagonal = near.diagonal if diagonal is None else diagonal + near.diagonal
        curvature = Quadratics.of(blocks) if smooth else quadratic
        return cls(value, gradient, curvature, diagonal, quadratic, smooth, passes[0].inputs)

    def rows(self, theta: Array) -> tuple[Array, Array]:
        """A [., P] and t [.] with A'A the curvature and A't the gradient, where all penalties are quadratics."""
        rows = self.quadratic.rows(len(theta))
        return rows, rows @ theta

    def later(self, theta: Array, network: NetworkArrays) -> float:
        """Bound or value at another point."""
        return self.quadratic.value(theta) + sum(one.value(network, self.inputs) for one in self.smooth)


def split_penalties(
    penalties: Sequence[AnyPenalty],
) -> tuple[tuple[Penalty, ...], tuple[SmoothPenalty, ...]]:
    """Those that come as quadratics, and those that have a slope everywhere."""
    smooth = tuple(one for one in penalties if isinstance(one, SmoothPenalty))
    return tuple(one for one in penalties if not isinstance(one, SmoothPenalty)), smooth

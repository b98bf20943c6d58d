"""Quadratic penalties of the second-order step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .._typing import Array
from ..kernels import Columns, LayerPass, NetworkArrays
from ..splines import roughness_matrices


@dataclass(frozen=True, eq=False)
class Block:
    """The term  v' M v  of the parameters v = theta[start : start + len(M)]."""

    start: int
    matrix: Array


class Penalty(Protocol):
    """A penalty, or at the present point a quadratic that lies above it and touches it."""

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        """The quadratic at the present point."""
        ...


@dataclass(frozen=True)
class Roughness:
    """weight * sum over spline edges of L^(2r-1) * integral (d^r f)^2: keeps splines from following noise.

    Attributes:
        weight: in units of the squared network output.
        derivative: r; 2 is the curvature, and None stands for k + 1, which leaves polynomials of degree k
            free.
    """

    weight: float
    derivative: int | None = None

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        del passes
        out: list[Block] = []
        for layer, own in zip(network.layers, columns.layers, strict=True):
            if self.weight <= 0 or not (own.spline >= 0).any():
                continue
            derivative = min(self.derivative or layer.order + 1, layer.order + 1)
            matrices = self.weight * roughness_matrices(layer.knots, layer.order, derivative)
            out += [Block(int(own.spline[i, j]), matrices[i]) for i, j in np.argwhere(own.spline >= 0)]
        return out


def penalty_value(blocks: Sequence[Block], theta: Array) -> float:
    """Sum of the quadratics at theta."""
    total = 0.0
    for block in blocks:
        part = theta[block.start : block.start + len(block.matrix)]
        total += float(part @ block.matrix @ part)
    return total


def add_penalties(blocks: Sequence[Block], theta: Array, matrix: Array, gradient: Array) -> None:
    """Add M to the normal matrix and M v to the right-hand side, in place."""
    for block in blocks:
        own = slice(block.start, block.start + len(block.matrix))
        matrix[own, own] += block.matrix
        gradient[own] += block.matrix @ theta[own]

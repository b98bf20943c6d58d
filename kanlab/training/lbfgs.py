"""L-BFGS on one flat vector (Nocedal 1980; Liu and Nocedal 1989)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .._typing import Array
from ..kernels import NetworkArrays, columns_of, threads_for
from .line_search import Point, wolfe
from .optimizer import Taken
from .penalties import AnyPenalty
from .problem import Samples
from .slopes import Slope, quadratic_of, slope_of

CURVED = 1e-10
"""Least s'y / y'y of a pair that is kept: the Hessian along it must be positive."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The last moves s and changes of the gradient y, oldest first, and the network after the last of them."""

    moves: tuple[Array, ...] = ()
    changes: tuple[Array, ...] = ()
    end: NetworkArrays | None = None


@dataclass(frozen=True)
class LBFGS:
    """Limited-memory BFGS with a strong Wolfe line search.

    A step is `inner` iterations. What was learned of the curvature is kept from step to step, as long as the network is
    the one that the last step led to: on other grids it would be of other parameters.

    Attributes:
        inner: iterations in a step; 20 as in the paper's recipe.
        memory: pairs that are kept.
    """

    inner: int = 20
    memory: int = 30
    name: str = field(default="lbfgs", init=False)
    smoothness: float = field(default=0.0, init=False)

    def start(self, network: NetworkArrays, samples: Samples, steps: int) -> Pairs:
        del network, samples, steps
        return Pairs()

    def step(
        self, network: NetworkArrays, samples: Samples, penalties: Sequence[AnyPenalty], memory: Pairs
    ) -> Taken[Pairs]:
        with threads_for(0):
            return self._step(network, samples, penalties, memory)

    def _step(
        self, network: NetworkArrays, samples: Samples, penalties: Sequence[AnyPenalty], memory: Pairs
    ) -> Taken[Pairs]:
        columns = columns_of(network)
        quadratic = quadratic_of(network, samples, columns, penalties)
        slope = slope_of(network, samples, columns, penalties, quadratic)
        pairs = memory if memory.end is network else Pairs()
        theta = columns.pack(network)
        before, gradient = slope(theta)
        value = before
        for _ in range(self.inner):
            moved = _iterate(slope, theta, value, gradient, pairs)
            if moved is None and pairs.moves:
                # a stale history may point up
                pairs = Pairs()
                moved = _iterate(slope, theta, value, gradient, pairs)
            if moved is None:
                break
            direction, point = moved
            pairs = self._longer(pairs, point.t * direction, point.gradient - gradient)
            theta, value, gradient = theta + point.t * direction, point.value, point.gradient
        end = columns.unpack(theta, network)
        gain = (before - value) / abs(before) if before else 0.0
        return Taken(end, Pairs(pairs.moves, pairs.changes, end), gain)

    def _longer(self, pairs: Pairs, move: Array, change: Array) -> Pairs:
        if not float(move @ change) > CURVED * float(change @ change):
            return pairs
        kept = slice(-self.memory, None)
        return Pairs((*pairs.moves, move)[kept], (*pairs.changes, change)[kept])


def _iterate(
    slope: Slope, theta: Array, value: float, gradient: Array, pairs: Pairs
) -> tuple[Array, Point] | None:
    direction = -_scaled(gradient, pairs)
    downhill = float(gradient @ direction)
    if not (np.isfinite(downhill) and downhill < 0):
        return None

    def along(t: float) -> Point:
        there, steep = slope(theta + t * direction)
        return Point(t, there, float(steep @ direction), steep)

    first = 1.0 if pairs.moves else min(1.0, 1 / float(np.abs(gradient).sum()))
    point = wolfe(along, Point(0.0, value, downhill, gradient), first)
    return None if point is None else (direction, point)


def _scaled(gradient: Array, pairs: Pairs) -> Array:
    """The inverse Hessian of the pairs times the gradient, by the two loops of Nocedal (1980)."""
    out = gradient.copy()
    shares: list[float] = []
    for move, change in zip(reversed(pairs.moves), reversed(pairs.changes), strict=True):
        share = float(move @ out) / float(move @ change)
        shares.append(share)
        out -= share * change
    if pairs.moves:
        move, change = pairs.moves[-1], pairs.changes[-1]
        out *= float(move @ change) / float(change @ change)
    for move, change, share in zip(pairs.moves, pairs.changes, reversed(shares), strict=True):
        out += (share - float(change @ out) / float(move @ change)) * move
    return out

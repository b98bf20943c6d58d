"""Where an equation holds: a box, its interior points and its faces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .._typing import Array
from ..errors import DataError, did_you_mean

Rule = Callable[[int, np.random.Generator], tuple[Array, Array]]
"""From a count to points on [0, 1] and their weights (sum 1)."""


def _gauss(count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    del generator
    points, weights = np.polynomial.legendre.leggauss(count)
    return 0.5 + 0.5 * points, 0.5 * weights


def _chebyshev(count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    del generator
    points = 0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)
    return points, np.full(count, 1 / count)


def _grid(count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    del generator
    return (np.arange(count) + 0.5) / count, np.full(count, 1 / count)


RULES: Mapping[str, Rule] = MappingProxyType({"gauss": _gauss, "chebyshev": _chebyshev, "grid": _grid})
SAMPLINGS = (*RULES, "random")


@dataclass(frozen=True, eq=False)
class Points:
    """Points [N, n], weights [N] (sum 1) and outward normals [N, n] (zero inside)."""

    x: Array
    weights: Array
    normal: Array


@dataclass(frozen=True)
class Face:
    """The face of a box where input `axis` has its lowest or highest value."""

    axis: int
    high: bool


@dataclass(frozen=True)
class Box:
    """The product of intervals (low, high), one for each input."""

    ranges: tuple[tuple[float, float], ...]

    def __init__(self, ranges: Sequence[tuple[float, float]]) -> None:
        held = tuple((float(low), float(high)) for low, high in ranges)
        if not held or not all(np.isfinite(pair).all() and pair[0] < pair[1] for pair in held):
            raise DataError(
                f"The ranges of the box are {list(ranges)!r}; give a pair (low, high) with low below high for "
                "each input, for example [(-1, 1), (0, 2)]."
            )
        object.__setattr__(self, "ranges", held)

    @property
    def inputs(self) -> int:
        return len(self.ranges)

    @property
    def low(self) -> Array:
        return np.array([low for low, _ in self.ranges])

    @property
    def high(self) -> Array:
        return np.array([high for _, high in self.ranges])

    @property
    def faces(self) -> tuple[Face, ...]:
        """All 2 n faces."""
        return tuple(Face(axis, high) for axis in range(self.inputs) for high in (False, True))

    def interior(self, count: int, *, sampling: str = "gauss", seed: int = 0) -> Points:
        """Points inside: `count` along each axis, or count^n at random.

        Raises:
            DataError: the sampling is not known.
        """
        x, weights = _unit_points(self.inputs, count, sampling, np.random.default_rng([seed, 0]))
        return Points(self.low + (self.high - self.low) * x, weights, np.zeros_like(x))

    def face(self, face: Face, count: int, *, sampling: str = "gauss", seed: int = 0) -> Points:
        """Points on a face: `count` along each of its axes, or count^(n - 1) at random."""
        generator = np.random.default_rng([seed, 1 + 2 * face.axis + face.high])
        others = [axis for axis in range(self.inputs) if axis != face.axis]
        own, weights = _unit_points(len(others), count, sampling, generator)
        x = np.full((len(own), self.inputs), float(face.high))
        x[:, others] = own
        normal = np.zeros_like(x)
        normal[:, face.axis] = 1.0 if face.high else -1.0
        return Points(self.low + (self.high - self.low) * x, weights, normal)


def _unit_points(
    inputs: int, count: int, sampling: str, generator: np.random.Generator
) -> tuple[Array, Array]:
    if sampling not in SAMPLINGS:
        raise DataError(
            f"The sampling {sampling!r} is not known; use one of {', '.join(SAMPLINGS)}."
            + did_you_mean(sampling, SAMPLINGS)
        )
    if inputs == 0:
        return np.zeros((1, 0)), np.ones(1)
    if sampling == "random":
        total = count**inputs
        return generator.uniform(0, 1, (total, inputs)), np.full(total, 1 / total)
    points, weights = RULES[sampling](count, generator)
    mesh = np.meshgrid(*[points] * inputs, indexing="ij")
    product = np.ones(1)
    for _ in range(inputs):
        product = np.outer(product, weights).ravel()
    return np.stack([axis.ravel() for axis in mesh], axis=1), product

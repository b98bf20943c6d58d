"""A smooth stand-in for the law behind a table: a function on a box, its slopes, and how far both may be off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from .._typing import Array
from ..errors import ShapeError
from ..network import KAN

MARGIN = 0.03
"""Share of the box that is left out at each edge, where few rows hold a fit."""
EXACT = 1e-10
"""Relative error that a function given by its formula is trusted to."""
SMOOTH = 20
STEP = 3e-4


@dataclass(frozen=True, eq=False)
class Surrogate:
    """f on a box, with what is known of its error.

    Attributes:
        function: values [N] at points [N, n].
        slopes: gradients [N, n] at points [N, n].
        low, high: the box, [n] each.
        names: of the n variables.
        target: the name of f.
        error: root mean square error of f, as a share of its standard deviation.
        intervals: in how many pieces the error may turn along the box; its slope is about error * intervals / width.
        noise: scatter of the rows about f that is not its error, as a share of the same.
        filled: the share of the box that has rows near it, for the two variables where it is smallest.
    """

    function: Callable[[Array], Array]
    slopes: Callable[[Array], Array]
    low: Array
    high: Array
    names: tuple[str, ...]
    target: str = "f"
    error: float = EXACT
    intervals: int = SMOOTH
    noise: float = 0.0
    filled: float = 1.0

    @classmethod
    def of_function(
        cls,
        function: Callable[..., Array],
        box: Sequence[tuple[float, float]],
        *,
        names: Sequence[str] | None = None,
        error: float = EXACT,
    ) -> Surrogate:
        """Of a function of n arrays, on a box of n pairs (low, high); slopes by differences of fourth order.

        Raises:
            ShapeError: the box has fewer than two sides, or one that is empty.
        """
        low, high = _box(box)

        def at(points: Array) -> Array:
            return np.asarray(function(*points.T), dtype=np.float64)

        def slopes(points: Array) -> Array:
            return np.stack([_difference(at, points, i, STEP * (high - low)[i]) for i in range(len(low))], 1)

        given = tuple(f"x{i}" for i in range(1, len(low) + 1)) if names is None else tuple(names)
        return cls(at, slopes, low, high, given, error=error)

    @classmethod
    def of_network(  # noqa: PLR0913  keywords say what they are
        cls,
        network: KAN,
        box: Sequence[tuple[float, float]],
        *,
        names: Sequence[str],
        target: str = "f",
        error: float = EXACT,
        noise: float = 0.0,
        filled: float = 1.0,
    ) -> Surrogate:
        """Of the only output of a network; slopes are exact.

        Raises:
            ShapeError: the network has several outputs or inputs that do not fit the box.
        """
        low, high = _box(box)
        spec = network.spec
        if spec.outputs != 1 or spec.inputs != len(low):
            raise ShapeError(
                f"The network maps {spec.inputs} inputs to {spec.outputs} outputs and the box has {len(low)} "
                "sides; structure is looked for in one output of as many inputs as the box has sides."
            )

        def slopes(points: Array) -> Array:
            x = torch.tensor(points, dtype=network.dtype, requires_grad=True)
            (gradient,) = torch.autograd.grad(network(x).sum(), x)
            return gradient.to(torch.float64).numpy()

        return cls(
            lambda points: network.predict(points)[:, 0],
            slopes,
            low,
            high,
            tuple(names),
            target,
            max(error, EXACT),
            max(spec.intervals),
            noise,
            filled,
        )

    @property
    def inputs(self) -> int:
        return len(self.low)

    def inside(self, shares: Array) -> Array:
        """Points [N, n] for shares [N, n] in [0, 1] of the box without its margin."""
        width = self.high - self.low
        return self.low + width * (MARGIN + (1 - 2 * MARGIN) * shares)


def _box(box: Sequence[tuple[float, float]]) -> tuple[Array, Array]:
    sides = np.asarray(box, dtype=np.float64)
    if sides.ndim != 2 or sides.shape[1] != 2 or len(sides) < 2:
        raise ShapeError(
            f"The box has the shape {sides.shape}; give (low, high) for each of at least two variables."
        )
    if not (sides[:, 0] < sides[:, 1]).all():
        raise ShapeError("A side of the box is empty; every variable needs low < high.")
    return sides[:, 0], sides[:, 1]


def _difference(at: Callable[[Array], Array], points: Array, column: int, step: float) -> Array:
    move = np.zeros(points.shape[1])
    move[column] = step
    near = at(points + move) - at(points - move)
    far = at(points + 2 * move) - at(points - 2 * move)
    return (8 * near - far) / (12 * step)

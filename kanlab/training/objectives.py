"""Objectives: what a fit makes small, as a function of the network's outputs.

An objective gives three things at outputs f [N, Q] and targets y: its value F, its pull dF/df [N, Q], and for each row
a square root R_n of a positive semi-definite curvature, R_n'R_n ~ d2F/df_n2, which makes Levenberg-Marquardt a
second-order method for all of them (generalized Gauss-Newton, Schraudolph 2002). Weights of rows and the 1 / N of the
mean are inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .._typing import Array


@dataclass(frozen=True, eq=False)
class Local:
    """An objective near the present outputs.

    Attributes:
        value: F.
        pull: dF / d outputs, [N, Q].
        root: square root of the curvature of every row: [N, Q] where it is diagonal, else [N, R, Q].
    """

    value: float
    pull: Array
    root: Array

    def bend(self, slopes: Array) -> Array:
        """Rows of J [N, Q, P] multiplied by the roots, [N * R, P]: J'HJ is the square of what comes out."""
        bent = self.root[:, :, None] * slopes if self.root.ndim == 2 else np.matmul(self.root, slopes)
        return bent.reshape(-1, slopes.shape[2])


@runtime_checkable
class Objective(Protocol):
    """What a fit needs to know of an objective.

    `scaled` says that targets are quantities like the outputs, so that both may be shifted and scaled together;
    otherwise the objective sees the outputs in the user's units.
    """

    @property
    def name(self) -> str: ...

    @property
    def scaled(self) -> bool: ...

    def encode(self, targets: Array, outputs: int) -> Array:
        """The targets [N, m] as the other methods want them. Raises DataError when they cannot be that."""
        ...

    def value(self, outputs: Array, targets: Array, weights: Array | None) -> float:
        """F; NaN or infinite where it is not defined."""
        ...

    def pull(self, outputs: Array, targets: Array, weights: Array | None) -> tuple[float, Array]:
        """F and dF / d outputs [N, Q]."""
        ...

    def local(self, outputs: Array, targets: Array, weights: Array | None) -> Local:
        """F with its slope and its curvature."""
        ...


@dataclass(frozen=True)
class RowLoss:
    """F = (1 / N) sum_n w_n l(f_n, y_n), given by formulas for l.

    Attributes:
        row: l, [N].
        slope: dl / df, [N, Q].
        root: square root of a curvature of l, [N, Q] or [N, R, Q].
        check: targets and number of outputs to the targets that the formulas want.
        origin: a function and its arguments that make this objective; another process makes it anew from them.
    """

    name: str
    row: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    root: Callable[[Array, Array], Array]
    check: Callable[[Array, int], Array]
    scaled: bool = False
    origin: tuple[Any, ...] = ()

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (self.origin[0], self.origin[1:]) if self.origin else super().__reduce__()

    def encode(self, targets: Array, outputs: int) -> Array:
        return self.check(targets, outputs)

    def value(self, outputs: Array, targets: Array, weights: Array | None) -> float:
        with np.errstate(all="ignore"):
            losses = self.row(outputs, targets)
            return float(np.mean(losses if weights is None else weights * losses))

    def pull(self, outputs: Array, targets: Array, weights: Array | None) -> tuple[float, Array]:
        share = _shares(len(outputs), weights)
        with np.errstate(all="ignore"):
            return self.value(outputs, targets, weights), self.slope(outputs, targets) * share[:, None]

    def local(self, outputs: Array, targets: Array, weights: Array | None) -> Local:
        value, pull = self.pull(outputs, targets, weights)
        size = np.sqrt(_shares(len(outputs), weights))
        with np.errstate(all="ignore"):
            root = self.root(outputs, targets)
            return Local(value, pull, root * size.reshape(-1, *(1,) * (root.ndim - 1)))


@dataclass(frozen=True, eq=False)
class InUnits:
    """An objective of outputs in the user's units, center + scale * f, seen from the network's units f."""

    inner: Objective
    center: Array
    scale: Array
    scaled: bool = False

    @property
    def name(self) -> str:
        return self.inner.name

    def encode(self, targets: Array, outputs: int) -> Array:
        return self.inner.encode(targets, outputs)

    def value(self, outputs: Array, targets: Array, weights: Array | None) -> float:
        return self.inner.value(self.center + self.scale * outputs, targets, weights)

    def pull(self, outputs: Array, targets: Array, weights: Array | None) -> tuple[float, Array]:
        value, pull = self.inner.pull(self.center + self.scale * outputs, targets, weights)
        return value, pull * self.scale

    def local(self, outputs: Array, targets: Array, weights: Array | None) -> Local:
        near = self.inner.local(self.center + self.scale * outputs, targets, weights)
        # the last axis of a root runs over outputs in both of its shapes
        return Local(near.value, near.pull * self.scale, near.root * self.scale)


def _shares(rows: int, weights: Array | None) -> Array:
    return np.full(rows, 1 / rows) if weights is None else weights / rows

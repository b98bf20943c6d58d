"""A boundary value problem: where, which equation, which conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from .._typing import Array
from .domain import Box, Face
from .fields import Fields

Residual = Callable[[Fields], Tensor]
"""From fields at N points to what should vanish there, [N], or [N, E] for E equations."""


@dataclass(frozen=True, eq=False)
class Condition:
    """What should vanish on some faces of the box; `faces` None stands for all of them."""

    residual: Residual
    faces: tuple[Face, ...] | None = None
    weight: float = 1.0


def dirichlet(
    value: Callable[[Tensor], Any], faces: Sequence[Face] | None = None, *, weight: float = 1.0
) -> Condition:
    """u = value(x) on the faces; `value` takes points [N, n]."""
    return Condition(lambda u: u.value - value(u.x), None if faces is None else tuple(faces), weight)


def neumann(
    slope: Callable[[Tensor], Any], faces: Sequence[Face] | None = None, *, weight: float = 1.0
) -> Condition:
    """The derivative of u along the outward normal is slope(x) on the faces."""
    return Condition(lambda u: u.normal_slope - slope(u.x), None if faces is None else tuple(faces), weight)


@dataclass(frozen=True, eq=False)
class Problem:
    """residual(u) = 0 in the domain, conditions on its faces, and measured values if there are any.

    Attributes:
        domain: the box.
        residual: what should vanish inside, written with torch in the fields of u; it treats each row by
            itself.
        boundary: u on all faces as a function of points [N, n], or conditions; None where the equation
            needs none.
        unknowns: m, the number of functions that are sought.
        data: points [N, n] and values [N] or [N, m] that u should take.
        constants: constants of the equation that are sought with the solution, with values to start from;
            residuals read them as `u.constants["name"]`. Data have to say enough to find them.
    """

    domain: Box
    residual: Residual
    boundary: Callable[[Tensor], Any] | Sequence[Condition] | None = None
    unknowns: int = 1
    data: tuple[Array, Array] | None = None
    constants: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions, a plain function taken as values on all faces."""
        if self.boundary is None:
            return ()
        if callable(self.boundary):
            return (dirichlet(self.boundary),)
        return tuple(self.boundary)

"""What a symbolic form is: one univariate function in every language that kanlab speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, TypeAlias

from torch import Tensor

from .._typing import Array

Interval: TypeAlias = tuple[float, float]

WHOLE_LINE: tuple[Interval, ...] = ((-inf, inf),)
POSITIVE: tuple[Interval, ...] = ((0.0, inf),)
NOT_ZERO: tuple[Interval, ...] = ((-inf, 0.0), (0.0, inf))
UNIT: tuple[Interval, ...] = ((-1.0, 1.0),)


@dataclass(frozen=True)
class Form:
    """A named univariate function f(u).

    `numpy`, `torch` and `sympy` compute the same f; `derivative` is the NumPy function f'.
    `domain` lists the open intervals on which f is finite and real; with `closed`, f is also defined at
    their finite ends (sqrt at 0, arcsin at 1). A periodic form lists one period of its domain.
    `complexity` is a small integer, the price of the form when laws are ranked; `text` is a template in the
    project's grammar, such as `"sin({})"`. `parity` is about u = 0.
    `degree` n says f(s u) = s^n f(u) + constant for s > 0 (log has n = 0): the scale of u is then redundant.
    `mirrored` says f(-u) = constant - f(u) or f(u) up to sign: the sign of u is then redundant.
    A `rare` form is offered to a person, but the search without hands tries it only when it is told to.
    """

    name: str
    numpy: Callable[[Array], Array]
    torch: Callable[[Tensor], Tensor]
    derivative: Callable[[Array], Array]
    sympy: Callable[[Any], Any]
    text: str
    complexity: int
    domain: tuple[Interval, ...] = WHOLE_LINE
    closed: bool = False
    parity: Literal["odd", "even"] | None = None
    period: float | None = None
    degree: float | None = None
    mirrored: bool = False
    rare: bool = False
    aliases: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # functions cannot be stored, and the name says all: that of an own form is its text
        from .univariate import resolve

        return resolve, (self.name,)

    def contains(self, low: float, high: float) -> bool:
        """Whether f is defined on all of [low, high]."""
        if self.period is None:
            return any(self._inside(low, high, interval) for interval in self.domain)
        shift = self.period * ((low + high) / 2 // self.period)
        moved = ((low - shift - turn * self.period, high - shift - turn * self.period) for turn in (0, 1))
        return any(self._inside(*ends, interval) for ends in moved for interval in self.domain)

    def _inside(self, low: float, high: float, interval: Interval) -> bool:
        start, end = interval
        return start <= low and high <= end if self.closed else start < low and high < end

    def render(self, argument: str) -> str:
        """The text of f(argument) in the project's grammar."""
        return self.text.format(argument)

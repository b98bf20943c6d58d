"""What a published discovery claims, with the figure it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

DIGITS = 3


@dataclass(frozen=True)
class Bound:
    """Where a number has to lie, the ends included."""

    low: float = -inf
    high: float = inf

    def holds(self, value: Any) -> bool:
        """Whether a figure lies there; what is no number, or none that is known, does not."""
        return isinstance(value, int | float) and isfinite(value) and self.low <= value <= self.high

    def __str__(self) -> str:
        if self.low == -inf:
            return f"≤ {shown(self.high)}"
        if self.high == inf:
            return f"≥ {shown(self.low)}"
        return f"{shown(self.low)} to {shown(self.high)}"


@dataclass(frozen=True)
class Equal:
    """A figure that has to be this text or truth value."""

    value: str | bool

    def holds(self, value: Any) -> bool:
        """Whether a figure is that."""
        return type(value) is type(self.value) and value == self.value

    def __str__(self) -> str:
        return shown(self.value)


@dataclass(frozen=True)
class Claim:
    """One line of the table of a case.

    Attributes:
        text: what is claimed, in a few words.
        figure: where it is measured: "step.name" is the figure `name` of the step `step`.
        bound: what the figure is held to.
        paper: the figure that the paper prints, as it prints it; empty where it prints none.
        quick: what the figure of a quick run is held to, where fewer rows and seeds cannot reach `bound`.
        because: why the claim does not hold on honest data. A claim with a reason is a finding, not a failure.
    """

    text: str
    figure: str
    bound: Bound | Equal
    paper: str = ""
    quick: Bound | Equal | None = None
    because: str = ""

    @property
    def step(self) -> str:
        """The step that measures it."""
        return self.figure.partition(".")[0]

    @property
    def key(self) -> str:
        """The name of the figure in its step."""
        return self.figure.partition(".")[2]

    def asked(self, *, quick: bool) -> Bound | Equal:
        """What the figure is held to at this scale."""
        return self.bound if self.quick is None or not quick else self.quick


def at_least(value: float) -> Bound:
    """So much or more."""
    return Bound(low=value)


def at_most(value: float) -> Bound:
    """So much or less."""
    return Bound(high=value)


def around(middle: float, width: float) -> Bound:
    """middle - width to middle + width."""
    return Bound(middle - width, middle + width)


YES = Equal(value=True)
"""A figure that has to be true."""


def shown(value: Any) -> str:
    """A figure as a table shows it: three digits of a number, yes or no of a truth value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or not isinstance(value, float):
        return "—" if value is None else str(value)
    if not isfinite(value):
        return str(value)
    small = 0 < abs(value) < 10**-DIGITS
    return (
        f"{value:.{DIGITS - 1}e}"
        if small
        else f"{value:.{DIGITS}g}"
        if abs(value) < 1000
        else f"{value:,.0f}"
    )

"""Replacing measured constants by exact numbers, only where the data allow it.

A constant may become a simple number when the number lies within three standard errors, when the grid of such
numbers is so coarse against the standard error that a hit by chance is rare, and when the error of the law,
with all other constants fitted again, does not grow by more than the description that is saved is worth (BIC,
Schwarz 1978):

    N log(E_after / E_before) <= log(N)

Terms whose coefficient becomes 0 go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sympy

from .._typing import Array, BoolArray
from .polish import Polished, Table, polish
from .tree import ZERO, Scalar, Sum, free_values, map_scalars, scalars, value_and_slopes
from .zeros import drop_zeros

NEAR, EXACT = 3.0, 1e-8
NOTHING = 1e-9
"""A constant that moves the law by less than this part of the target's spread may be 0 whatever its error."""


@dataclass(frozen=True)
class Ladder:
    """Multiples of `unit` up to `most` times it.

    Attributes:
        unit: an exact number.
        coarse: how many standard errors a step must span; a chance hit has probability 6 / coarse.
    """

    unit: sympy.Expr
    most: int
    coarse: float = 600.0

    def nearest(self, value: float) -> sympy.Expr | None:
        """The multiple next to a value, or None beyond the ends and at 0."""
        step = float(self.unit)
        if not abs(value) < (self.most + 1) * step:
            return None
        count = round(value / step)
        return self.unit * count if 0 < abs(count) <= self.most else None


LADDERS: tuple[Ladder, ...] = (
    Ladder(sympy.Integer(1), 20, 30.0),
    Ladder(sympy.Rational(1, 2), 20, 60.0),
    Ladder(sympy.pi, 8, 200.0),
    Ladder(sympy.pi / 2, 8, 200.0),
    Ladder(sympy.Rational(1, 3), 20, 200.0),
    Ladder(sympy.Rational(1, 4), 20, 200.0),
    Ladder(sympy.Integer(10), 20),
    Ladder(sympy.Rational(1, 10), 100),
    Ladder(sympy.pi / 3, 6),
    Ladder(sympy.pi / 4, 8),
    Ladder(1 / sympy.pi, 4),
    Ladder(sympy.sqrt(2), 2),
    Ladder(sympy.sqrt(2) / 2, 2),
    Ladder(sympy.E, 2),
    Ladder(sympy.exp(-1), 2),
    Ladder(sympy.sqrt(3), 2),
    Ladder(sympy.sqrt(2 * sympy.pi), 1),
    Ladder(1 / sympy.sqrt(2 * sympy.pi), 1),
    Ladder(sympy.Rational(1, 6), 12),
    Ladder(sympy.Rational(1, 8), 24),
    Ladder(sympy.Rational(1, 5), 40),
    Ladder(sympy.Rational(1, 100), 1000),
)


@dataclass(frozen=True)
class Snapped:
    """A constant that became exact: what it was measured as, its standard error then, and what it is now."""

    value: float
    standard_error: float
    exact: sympy.Expr


def snap(start: Polished, table: Table) -> tuple[Polished, tuple[Snapped, ...]]:
    """Snap one constant after the other, the simplest numbers first, until none will."""
    best = start
    done: list[Snapped] = []
    refused: set[tuple[int, str]] = set()
    while True:
        step = _next(best, table, refused)
        if step is None:
            return best, tuple(done)
        best, what = step
        done.append(what)
        refused.clear()


def allowed(before: float, after: float, table: Table) -> bool:
    """Whether an error may grow from `before` to `after` for one constant less."""
    rows = len(table.target)
    floor = rounding_floor(table)
    return bool(np.isfinite(after)) and rows * np.log((after + floor) / (before + floor)) <= np.log(
        max(rows, 2)
    )


def rounding_floor(table: Table) -> float:
    """The mean squared error that rounding of the data alone leaves."""
    return float(np.mean(np.square(table.target))) * (1e-14) ** 2 + 1e-300


def _next(best: Polished, table: Table, refused: set[tuple[int, str]]) -> tuple[Polished, Snapped] | None:
    values = free_values(best.tree)
    for place, exact in _proposals(values, best.standard_errors, _idle(best.tree, table)):
        key = (place, str(exact))
        if key in refused:
            continue
        trial = polish(drop_zeros(_with_exact(best.tree, place, exact)), table, steps=15)
        if allowed(best.error, trial.error, table):
            return trial, Snapped(float(values[place]), float(best.standard_errors[place]), exact)
        refused.add(key)
    return None


def _idle(tree: Sum, table: Table) -> BoolArray:
    """Whether setting a constant to 0 moves the law, to first order, by next to nothing, [P]."""
    _, slopes = value_and_slopes(tree, table.inputs)
    with np.errstate(all="ignore"):
        moved = np.abs(free_values(tree)) * np.sqrt(np.mean(np.square(slopes), axis=0))
    return moved < NOTHING * float(np.std(table.target))


def _proposals(values: Array, errors: Array, idle: BoolArray) -> Iterator[tuple[int, sympy.Expr]]:
    for place, (value, error) in enumerate(zip(values, errors, strict=True)):
        if abs(value) <= NEAR * error or idle[place]:
            yield place, ZERO
    for ladder in LADDERS:
        step = float(ladder.unit)
        for place, (value, error) in enumerate(zip(values, errors, strict=True)):
            exact = ladder.nearest(float(value))
            if exact is None or not np.isfinite(error):
                continue
            miss = abs(value - float(exact))
            if miss <= max(NEAR * error, EXACT * abs(value)) and ladder.coarse * error <= step:
                yield place, exact


def _with_exact(tree: Sum, place: int, exact: sympy.Expr) -> Sum:
    counter = iter(range(sum(1 for value in scalars(tree) if isinstance(value, float))))

    def change(value: Scalar) -> Scalar:
        return exact if isinstance(value, float) and next(counter) == place else value

    return map_scalars(tree, change)

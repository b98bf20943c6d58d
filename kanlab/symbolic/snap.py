"""Replacing measured constants by exact numbers, only where the data allow it.

A constant may become a simple number when the number lies within three standard errors, when the grid of such
numbers is so coarse against the standard error that a hit by chance is rare, and when the error of the law,
with all other constants fitted again, does not grow by more than the description that is saved is worth (BIC,
Schwarz 1978):

    N log(E_after / E_before) <= log(N)

(in general: twice the growth of -log likelihood, `polish.surprise`). Terms whose coefficient becomes 0 go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sympy

from .._typing import Array, BoolArray
from .polish import Polished, Table, polish, surprise
from .tree import ZERO, Sum, free_values, map_scalars, scalars, value_and_slopes
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
    """Snap one constant after the other, the simplest numbers first, until none will.

    What the snapped constants were measured as is told for the form that comes out, with all its constants free.
    """
    best, loose = start, start.tree
    done: list[Snapped] = []
    refused: set[tuple[int, str]] = set()
    while True:
        step = _next(best, table, refused)
        if step is None:
            return best, _measured_again(best.tree, loose, done, table)
        if step.what[0].exact == ZERO:
            loose = drop_zeros(_with_exact(loose, step.places, ZERO))
        best = step.after
        done += step.what
        refused.clear()


def allowed(before: float, after: float, table: Table, *, fewer: int = 1) -> bool:
    """Whether an error may grow from `before` to `after` for so many constants fewer."""
    rows = len(table.target)
    floor = rounding_floor(table)
    if not np.isfinite(after):
        return False
    grown = surprise(after, table, floor=floor) - surprise(before, table, floor=floor)
    return 2 * grown <= fewer * float(np.log(max(rows, 2)))


def rounding_floor(table: Table) -> float:
    """The mean squared error that rounding of the data alone leaves."""
    return float(np.mean(np.square(table.target))) * (1e-14) ** 2 + 1e-300


@dataclass(frozen=True)
class _Step:
    """Places among all numbers of the law, what happened there, and the law after it."""

    places: tuple[int, ...]
    what: tuple[Snapped, ...]
    after: Polished


def _next(best: Polished, table: Table, refused: set[tuple[int, str]]) -> _Step | None:
    values = free_values(best.tree)
    idle = _idle(best.tree, table)
    for place, exact in _proposals(values, best.standard_errors, idle):
        if (place, str(exact)) in refused:
            continue
        step = _try(best, (place,), exact, table)
        if step is not None:
            return step
        refused.add((place, str(exact)))
    # two constants that stand in for each other may each be needed while the other is there
    weak = tuple(int(place) for place in np.flatnonzero(_may_vanish(values, best.standard_errors, idle)))
    return _try(best, weak, ZERO, table) if len(weak) > 1 else None


def _try(best: Polished, free: tuple[int, ...], exact: sympy.Expr, table: Table) -> _Step | None:
    """The law with these free constants exact and all others fitted again, if the data allow it."""
    numbers = [place for place, value in enumerate(scalars(best.tree)) if isinstance(value, float)]
    places = tuple(numbers[place] for place in free)
    trial = polish(drop_zeros(_with_exact(best.tree, places, exact)), table, steps=15)
    if not allowed(best.error, trial.error, table, fewer=len(free)):
        return None
    values = free_values(best.tree)
    what = tuple(Snapped(float(values[at]), float(best.standard_errors[at]), exact) for at in free)
    return _Step(places, what, trial)


def _measured_again(tree: Sum, loose: Sum, done: list[Snapped], table: Table) -> tuple[Snapped, ...]:
    """The snapped constants as the data have them, all free at once, where their places are known."""
    held, free = list(scalars(tree)), list(scalars(loose))
    measured = polish(loose, table)
    if len(held) != len(free) or not np.isfinite(measured.standard_errors).all():
        return tuple(done)
    values = iter(zip(free_values(measured.tree), measured.standard_errors, strict=True))
    found: list[Snapped] = []
    for exact, value in zip(held, free, strict=True):
        if isinstance(value, float):
            estimate, error = next(values)
            if isinstance(exact, sympy.Expr):
                found.append(Snapped(float(estimate), float(error), exact))
    return (*found, *(one for one in done if one.exact == ZERO))


def _idle(tree: Sum, table: Table) -> BoolArray:
    """Whether setting a constant to 0 moves the law, to first order, by next to nothing, [P]."""
    _, slopes = value_and_slopes(tree, table.inputs)
    with np.errstate(all="ignore"):
        moved = np.abs(free_values(tree)) * np.sqrt(np.mean(np.square(slopes), axis=0))
    return moved < NOTHING * float(np.std(table.target))


def _may_vanish(values: Array, errors: Array, idle: BoolArray) -> BoolArray:
    return (np.abs(values) <= NEAR * errors) | idle


def _proposals(values: Array, errors: Array, idle: BoolArray) -> Iterator[tuple[int, sympy.Expr]]:
    for place in np.flatnonzero(_may_vanish(values, errors, idle)):
        yield int(place), ZERO
    for ladder in LADDERS:
        step = float(ladder.unit)
        for place, (value, error) in enumerate(zip(values, errors, strict=True)):
            exact = ladder.nearest(float(value))
            if exact is None or not np.isfinite(error):
                continue
            miss = abs(value - float(exact))
            if miss <= max(NEAR * error, EXACT * abs(value)) and ladder.coarse * error <= step:
                yield place, exact


def _with_exact(tree: Sum, places: tuple[int, ...], exact: sympy.Expr) -> Sum:
    counter = iter(range(len(list(scalars(tree)))))
    return map_scalars(tree, lambda value: exact if next(counter) in places else value)

"""The search for one problem and for what it reduces to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..symbolic.surrogate import Surrogate
from .dictionary import dictionary
from .factors import Shape
from .problem import Problem
from .ratios import ratios
from .reductions import reductions
from .regression import Candidate, Goal, sums

DEPTH = 4
MOST_STEPS = 8

Fitted = Callable[[Problem], Surrogate | None]


@dataclass(frozen=True)
class Effort:
    """What may be tried, and when to end.

    Attributes:
        shapes: forms to try besides the usual ones.
        stopping: asked between outer forms.
    """

    shapes: tuple[Shape, ...] = ()
    stopping: Callable[[], bool] = lambda: False


def reduced(problem: Problem, fitted: Fitted, effort: Effort) -> list[Problem]:
    """Ever smaller problems, each from the one before by its surest step."""
    chain: list[Problem] = []
    for _ in range(MOST_STEPS):
        if len(problem.columns) < 2 or effort.stopping():
            break
        surrogate = fitted(problem)
        step = None if surrogate is None else next(reductions(problem, surrogate), None)
        if step is None:
            break
        problem = step[1]
        chain.append(problem)
    return chain


def searched(problem: Problem, level: int, effort: Effort) -> list[Candidate]:
    """Sums under every outer form, and ratios; an exact one ends it."""
    goal = Goal(problem.target, problem.weights)
    held = dictionary(problem.columns, level, effort.shapes)
    found: list[Candidate] = []
    for some in sums(held, goal, depth=DEPTH):
        found += some
        if any(one.exact for one in some) or effort.stopping():
            return _finished(found, problem)
    found += ratios(held, goal, depth=DEPTH)
    return _finished(found, problem)


def _finished(found: Sequence[Candidate], problem: Problem) -> list[Candidate]:
    ordered = sorted(found, key=lambda one: one.score)
    return [replace(one, tree=problem.finish(one.tree)) for one in ordered]

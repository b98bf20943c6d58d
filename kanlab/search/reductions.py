"""Steps from a problem to one with a column less, read off the slopes of a surrogate.

scaling      x f_x = p f everywhere: f = x^p g(the others), so the target is divided by x^p
combination  f depends on two columns through m(x, z) only: m takes their place
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sympy

from .._typing import Array
from ..symbolic.simplify import multiply
from ..symbolic.surrogate import Surrogate
from ..symbolic.symmetry import symmetry
from ..symbolic.tree import ONE, ZERO, Power, Sum
from .factors import Column
from .pairs import Joined, difference, product, ratio, squares, total
from .problem import Problem

POINTS = 600
CLOSE = 3.0
COARSEST = 0.05
LEAST_EXPONENT = 0.1
EXPONENTS = tuple(float(p) / 2 for p in (*range(-8, 0), *range(1, 9)))


def reductions(problem: Problem, surrogate: Surrogate, *, seed: int = 0) -> Iterator[tuple[float, Problem]]:
    """Problems with one column less, each with the size of what contradicts it; the surest first."""
    found = [*_scalings(problem, surrogate, seed), *_combinations(problem, surrogate, seed)]
    yield from sorted(found, key=lambda one: one[0])


def _scalings(problem: Problem, surrogate: Surrogate, seed: int) -> Iterator[tuple[float, Problem]]:
    points = surrogate.inside(np.random.default_rng(seed).uniform(size=(POINTS, surrogate.inputs)))
    values, slopes = surrogate.function(points), surrogate.slopes(points)
    error = surrogate.error * float(values.std())
    for index, column in enumerate(problem.columns):
        rise = points[:, index] * slopes[:, index]
        width = surrogate.high[index] - surrogate.low[index]
        reach = surrogate.intervals * _rms(points[:, index]) / width
        measured = float(rise @ values / (values @ values))
        for exponent in (min(EXPONENTS, key=lambda p: abs(p - measured)), measured):
            size = _rms(rise - exponent * values) / (_rms(rise) + 1e-300)
            blur = error * (reach + abs(exponent)) / (_rms(rise) + 1e-300)
            factor = _power(column, exponent)
            if size <= min(CLOSE * blur + 1e-6, COARSEST) and factor is not None:
                yield size, _divided(problem, index, factor, exponent)
                break


def _power(column: Column, exponent: float) -> tuple[Array, Sum] | None:
    """Values and tree of a power; an exponent that is not half a whole number is measured and may move."""
    if column.values.min() <= 0 and (exponent != int(exponent) or (column.values == 0).any()):
        return None
    with np.errstate(all="ignore"):
        values = column.values**exponent
    exact = exponent in EXPONENTS
    if not np.isfinite(values).all() or (not exact and abs(exponent) < LEAST_EXPONENT):
        return None
    if exponent == 1:
        return values, column.tree
    return values, Sum(ZERO, ((ONE, Power(column.tree, sympy.Rational(exponent) if exact else exponent)),))


def _divided(problem: Problem, index: int, factor: tuple[Array, Sum], exponent: float) -> Problem:
    values, tree = factor

    def finish(inner: Sum) -> Sum:
        return problem.finish(multiply([tree, inner]))

    rest = tuple(column for i, column in enumerate(problem.columns) if i != index)
    step = f"target / column {index + 1}^{exponent:.3g}"
    return Problem(
        rest, problem.target / values, problem.weights * np.abs(values), finish, (*problem.steps, step)
    )


def _combinations(problem: Problem, surrogate: Surrogate, seed: int) -> Iterator[tuple[float, Problem]]:
    for pair in symmetry(surrogate, seed=seed):
        i, j = pair.columns
        for found in (pair.found, *pair.also):
            if found is None:
                continue
            kind = next((kind for kind, name in _names(surrogate, i, j).items() if name == found.name), None)
            if kind is None:
                continue
            column = _COMBINED[kind](problem.columns[i], problem.columns[j])
            if column is None:
                continue
            rest = tuple(c for k, c in enumerate(problem.columns) if k not in pair.columns)
            yield (
                found.size,
                Problem(
                    (*rest, column),
                    problem.target,
                    problem.weights,
                    problem.finish,
                    (*problem.steps, found.name),
                ),
            )


def _names(surrogate: Surrogate, i: int, j: int) -> dict[str, str]:
    names = surrogate.names[i], surrogate.names[j]
    return {kind: kind.format(*names) for kind in _COMBINED}


_COMBINED: dict[str, Joined] = {
    "{} - {}": difference,
    "{} + {}": total,
    "{} * {}": product,
    "{} / {}": ratio,
    "{}^2 + {}^2": squares(1.0),
    "{}^2 - {}^2": squares(-1.0),
}


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))

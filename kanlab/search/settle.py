"""From candidates to laws: constants fitted to the target itself, numbers inside of forms set free where it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..symbolic.polish import Polished, Table, polish, surprise
from ..symbolic.tree import (
    ZERO,
    Apply,
    Factor,
    Power,
    Product,
    Scalar,
    Sum,
    Term,
    Variable,
    complexity,
    free_values,
)
from ..symbolic.zeros import drop_zeros
from .regression import Candidate

POLISHED, LOOSENED, KEPT = 16, 6, 4
STEPS = 20
ROUNDING = 1e-15
SAME = 1e-4


@dataclass(frozen=True, eq=False)
class Settled:
    """A law with fitted constants and its description length, in nats."""

    tree: Sum
    score: float
    error: float


def settle(found: Sequence[Candidate], table: Table, *, keep: int = KEPT) -> list[Settled]:
    """The best few laws, best first.

    The candidates with the shortest descriptions are fitted to the target itself; of those that come out best, the
    scales inside of forms are fitted too.
    """
    ordered = sorted((one for one in found if np.isfinite(one.score)), key=lambda one: one.score)
    first = [_settled(one.tree, table) for one in _different(ordered)[:POLISHED]]
    first = sorted((one for one in first if one is not None), key=lambda one: one.score)
    if first and first[0].error <= ROUNDING * 1e2 * float(np.std(table.target)):
        return _distinct(first)[:keep]
    loose = [_settled(loosened(one.tree), table) for one in _distinct(first)[:LOOSENED]]
    every = sorted([*first, *(one for one in loose if one is not None)], key=lambda one: one.score)
    return _distinct(every)[:keep]


def loosened(tree: Sum) -> Sum:
    """The tree with every exact number inside of a form set free where it is not redundant."""
    return Sum(tree.constant, tuple((value, _loose(term)) for value, term in tree.terms))


def _loose(term: Term) -> Term:
    match term:
        case Variable():
            return term
        case Apply(form, argument):
            inner = loosened(argument)
            bound = form.degree is not None
            return Apply(form, inner if bound else _free(inner))
        case Power(base, exponent):
            return Power(loosened(base), exponent)
        case Product(factors):
            return Product(tuple(_loose_factor(factor) for factor in factors))


def _loose_factor(factor: Factor) -> Factor:
    return loosened(factor) if isinstance(factor, Sum) else _loose(factor)  # type: ignore[return-value]


def _free(argument: Sum) -> Sum:
    return Sum(argument.constant, tuple((_number(value), term) for value, term in argument.terms))


def _number(value: Scalar) -> Scalar:
    return float(value) if value != ZERO else value


def _settled(tree: Sum, table: Table) -> Settled | None:
    try:
        done = _cleared(polish(tree, table, steps=STEPS), table)
    except (FloatingPointError, OverflowError):
        return None
    if not np.isfinite(done.error):
        return None
    rows = len(table.target)
    variance = float(np.var(table.target)) or 1.0
    fit = surprise(done.error, table, floor=variance * ROUNDING**2)
    constants = 0.5 * float(np.log(rows)) * len(free_values(done.tree))
    return Settled(done.tree, fit + constants + complexity(done.tree), float(np.sqrt(done.error)))


def _cleared(done: Polished, table: Table) -> Polished:
    """Without an outer constant that the data do not ask for."""
    if not isinstance(done.tree.constant, float):
        return done
    without = polish(drop_zeros(Sum(ZERO, done.tree.terms)), table, steps=STEPS) if done.tree.terms else done
    rows = len(table.target)
    variance = float(np.var(table.target)) or 1.0
    floor = variance * ROUNDING**2
    grown = surprise(without.error, table, floor=floor) - surprise(done.error, table, floor=floor)
    return without if np.isfinite(without.error) and 2 * grown <= np.log(rows) else done


def _different(ordered: Sequence[Candidate]) -> list[Candidate]:
    """Without candidates that say the same as a shorter one."""
    kept: list[Candidate] = []
    for one in ordered:
        if all(abs(one.left - other.left) > SAME * one.left for other in kept):
            kept.append(one)
        if len(kept) >= POLISHED:
            break
    return kept


def _distinct(ordered: Sequence[Settled]) -> list[Settled]:
    kept: list[Settled] = []
    for one in ordered:
        if all(abs(one.error - other.error) > 1e-6 * one.error for other in kept):
            kept.append(one)
    return kept

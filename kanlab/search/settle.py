"""From candidates to laws: constants fitted to the target itself, numbers inside of forms set free where it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..forms import Form
from ..symbolic.description import ROUNDING, description_length
from ..symbolic.polish import Polished, Table, polish, surprise
from ..symbolic.tree import (
    ZERO,
    Apply,
    Power,
    Product,
    Scalar,
    Sum,
    Term,
    Variable,
)
from ..symbolic.zeros import drop_zeros
from .regression import Candidate

POLISHED, LOOSENED, KEPT = 6, 3, 4
STEPS = 20
SAME = 1e-4


@dataclass(frozen=True, eq=False)
class Settled:
    """A law with fitted constants and its description length, in nats."""

    tree: Sum
    score: float
    error: float


def settle(found: Sequence[Candidate], table: Table, *, keep: int = KEPT) -> list[Settled]:
    """The best few laws, best first.

    Of every size, the candidates with the shortest descriptions are fitted to the target itself, as a form whose
    numbers are a little off is worth little before that; of the best of those, the numbers inside of forms are fitted.
    """
    first: list[Settled] = []
    loose: list[Settled] = []
    for some in _by_size(found):
        fitted = [one for candidate in some if (one := _settled(candidate.tree, table)) is not None]
        best = _distinct(sorted(fitted, key=lambda one: one.score))
        first += best
        if best and best[0].error <= ROUNDING * 1e2 * float(np.std(table.target)):
            break
        loose += [
            moved
            for one in best[:LOOSENED]
            for shifts in (False, True)
            if (moved := _settled(loosened(one.tree, shifts=shifts), table)) is not None
        ]
    return _distinct(sorted([*first, *loose], key=lambda one: one.score))[:keep]


def _by_size(found: Sequence[Candidate]) -> list[list[Candidate]]:
    """The best candidates of every number of constants, few constants first."""
    ordered = sorted((one for one in found if np.isfinite(one.score)), key=lambda one: one.score)
    sizes = sorted({one.constants for one in ordered})
    return [_different([one for one in ordered if one.constants == size]) for size in sizes]


def loosened(tree: Sum, *, shifts: bool = False) -> Sum:
    """The tree with the numbers inside of forms set free where they are not redundant.

    Scales, but of homogeneous forms (powers, log) the constant beside them; with `shifts`, also what is added to the
    argument of a form such as sin or tanh.
    """
    return Sum(tree.constant, tuple((value, _loose(term, shifts)) for value, term in tree.terms))


def _loose(term: Term, shifts: bool) -> Term:
    match term:
        case Variable():
            return term
        case Apply(form, argument):
            return Apply(form, _free(form, loosened(argument, shifts=shifts), shifts))
        case Power(base, exponent):
            return Power(loosened(base, shifts=shifts), exponent)
        case Product(factors):
            return Product(
                tuple(
                    loosened(f, shifts=shifts) if isinstance(f, Sum) else _loose(f, shifts) for f in factors
                )  # type: ignore[misc]
            )


def _free(form: Form, argument: Sum, shifts: bool) -> Sum:
    if form.degree is not None:
        return Sum(_number(argument.constant), argument.terms)
    moved = shifts and form.name != "exp"
    shift = float(argument.constant) if moved else argument.constant
    return Sum(shift, tuple((_number(value), term) for value, term in argument.terms))


def _number(value: Scalar) -> Scalar:
    return float(value) if value != ZERO else value


def _settled(tree: Sum, table: Table) -> Settled | None:
    try:
        done = _cleared(polish(tree, table, steps=STEPS), table)
    except (FloatingPointError, OverflowError):
        return None
    if not np.isfinite(done.error):
        return None
    return Settled(done.tree, description_length(done.tree, table), float(np.sqrt(done.error)))


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

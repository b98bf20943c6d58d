"""Laws y = g(c_0 + sum c_k t_k) from a dictionary of terms t, for every outer form g."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..symbolic.simplify import add, affine, constant
from ..symbolic.tree import Sum
from .dictionary import Dictionary
from .outer import OUTERS, Outer
from .subsets import FLOOR, subsets

EXACT = 1e-9
FLAT = 1e-10


@dataclass(frozen=True, eq=False)
class Candidate:
    """A law of the target that was searched, before its constants are fitted to the target itself.

    Attributes:
        left: share of the variance of the target that it leaves.
        score: description length.
        constants: how many were fitted.
    """

    tree: Sum
    left: float
    score: float
    constants: int

    @property
    def exact(self) -> bool:
        return self.left < EXACT**2


@dataclass(frozen=True, eq=False)
class Goal:
    """What laws are judged by.

    Attributes:
        target: [N].
        weights: [N] what a change of the target counts, as the root of a precision.
    """

    target: Array
    weights: Array

    def judged(self, tree: Sum, predicted: Array, price: float, count: int) -> Candidate:
        """The candidate with its share of variance left and its description length; `count` constants were fitted."""
        middle = np.average(self.target, weights=self.weights**2)
        spread = float(np.sum((self.weights * (self.target - middle)) ** 2))
        with np.errstate(all="ignore"):
            left = float(np.sum((self.weights * (predicted - self.target)) ** 2)) / spread
        left = left if np.isfinite(left) else float("inf")
        rows = len(self.target)
        score = 0.5 * rows * float(np.log(left + FLOOR)) + 0.5 * float(np.log(rows)) * count + price
        return Candidate(tree, left, score, count)


def sums(
    held: Dictionary, goal: Goal, *, depth: int = 4, width: int = 12, outers: Sequence[Outer] = OUTERS
) -> Iterator[list[Candidate]]:
    """The best laws y = g(c_0 + sum c_k t_k), one list for each outer form g.

    Args:
        depth: most terms.
        width: how many sets of terms are kept at each size.
    """
    if not len(held):
        return
    rows = held.rows
    for outer in outers:
        scaled = outer.of(goal.target, goal.weights)
        if scaled is None:
            continue
        z, share = scaled
        terms, wanted = prepared(held.values, z[rows], share[rows])
        found = subsets(terms, wanted, held.prices, depth=depth, width=width)
        yield [_sum(held, subset.members, outer, scaled, goal) for subset in found]


def _sum(
    held: Dictionary,
    members: tuple[int, ...],
    outer: Outer,
    scaled: tuple[Array, Array],
    goal: Goal,
) -> Candidate:
    values = held.on_all(members)
    coefficients = solve(values, *scaled)
    with np.errstate(all="ignore"):
        predicted = outer.function(coefficients[0] + values @ coefficients[1:])
    parts = [constant(float(coefficients[0]))]
    parts += [affine(float(v), held.tree(i), 0.0) for v, i in zip(coefficients[1:], members, strict=True)]
    price = float(held.prices[list(members)].sum()) + outer.price
    return goal.judged(outer.tree(add(parts)), predicted, price, len(coefficients))


def prepared(values: Array, z: Array, share: Array) -> tuple[Array, Array]:
    """Weighted, and without what the constant explains."""
    one = share / np.linalg.norm(share)
    weighted = values * share[:, None]
    sizes = np.sqrt(np.einsum("nm,nm->m", weighted, weighted))
    terms = _without(weighted, one)
    left = np.sqrt(np.einsum("nm,nm->m", terms, terms))
    terms[:, left < FLAT * sizes] = 0.0
    return terms, _without((z * share)[:, None], one)[:, 0]


def _without(columns: Array, one: Array) -> Array:
    """Columns without their part along a unit vector."""
    first = columns - np.outer(one, one @ columns)
    return first - np.outer(one, one @ first)


def solve(values: Array, z: Array, share: Array) -> Array:
    """Weighted least squares with a constant first."""
    matrix = np.concatenate([np.ones((len(z), 1)), values], 1)
    scale = np.linalg.norm(matrix * share[:, None], axis=0)
    answer, *_ = np.linalg.lstsq(matrix * (share[:, None] / scale), z * share, rcond=1e-14)
    return answer / scale

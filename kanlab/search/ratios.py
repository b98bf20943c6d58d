"""Laws y = P / Q of terms, with 1 in Q.

y = p_0 + sum p_k t_k - sum q_k y t_k is linear in its coefficients. But sets that make Q small leave little of it
without explaining anything, and with noise they would win: every set is judged by what P / Q leaves of y itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._typing import Array, IntArray
from ..forms import get
from ..symbolic.simplify import add, affine, apply, constant, multiply
from .dictionary import Dictionary
from .regression import Candidate, Goal, solve

TERMS = 400
"""So many of the cheapest terms are tried above and below."""
CHECKED = 120
"""Rows that P / Q is compared with y on."""
WIDTH, KEPT = 40, 8
BLOCK = 20000
RIDGE = 1e-13
FLOOR = 1e-24


def ratios(held: Dictionary, goal: Goal, *, depth: int = 4) -> list[Candidate]:
    """The best laws P / Q: all with one term above and one below are tried, and what the best of them grow into."""
    held = held.cheapest(TERMS)
    if not len(held):
        return []
    search = _Search(held, goal)
    count = len(held)
    alive = search.best(np.array([(j, count + k) for j in range(-1, count) for k in range(count)]))
    found = list(alive[:KEPT])
    for _ in range(2, depth):
        wider = [[*one, more] for one in alive for more in range(2 * count) if more not in one]
        alive = search.best(np.unique(np.sort(np.array(wider), axis=1), axis=0))
        found += alive[:KEPT]
    made = (_candidate(held, [int(i) for i in one if i >= 0], goal) for one in found)
    return [one for one in made if one is not None]


class _Search:
    """The terms and y times the terms, with all their products, so that small sets are solved in blocks."""

    def __init__(self, held: Dictionary, goal: Goal) -> None:
        y, share = goal.target[held.rows], goal.weights[held.rows]
        columns = np.concatenate([np.ones((len(y), 1)), held.values, y[:, None] * held.values], 1)
        self._scale = np.linalg.norm(columns * share[:, None], axis=0)
        self._columns = columns / self._scale
        weighted = self._columns * share[:, None]
        self._gram, self._pull = weighted.T @ weighted, weighted.T @ (share * y)
        self._rows = np.linspace(0, len(y) - 1, min(CHECKED, len(y))).astype(np.int64)
        self._y, self._share = y[self._rows], share[self._rows]
        self._total = float(
            np.sum((self._share * (self._y - np.average(self._y, weights=self._share**2))) ** 2)
        )
        self._count = len(held)
        self._prices = np.concatenate([[0.0], held.prices, held.prices + 1])

    def best(self, sets: IntArray) -> list[IntArray]:
        """The best of sets [S, k]; -1 stands for nothing."""
        scores = np.concatenate([self._scores(block) for block in _blocks(sets)])
        order = np.argsort(scores, kind="stable")[:WIDTH]
        return [sets[i] for i in order if np.isfinite(scores[i])]

    def _scores(self, sets: IntArray) -> Array:
        """N/2 log(share of variance that P/Q leaves) + prices."""
        places = np.concatenate([np.zeros((len(sets), 1), dtype=np.int64), sets + 1], 1)
        matrix = self._gram[places[:, :, None], places[:, None, :]] + RIDGE * np.eye(places.shape[1])
        # nothing stands as a second constant, which the ridge shares the coefficient with
        coefficients = np.linalg.solve(matrix, self._pull[places][:, :, None])[:, :, 0]
        above = places <= self._count
        columns = self._columns[self._rows]
        upper = np.zeros((len(sets), len(columns)))
        lower = np.ones((len(sets), len(columns)))
        y = np.where(self._y == 0, 1e-300, self._y)
        for k in range(places.shape[1]):
            part = coefficients[:, k, None] * columns[:, places[:, k]].T
            upper += np.where(above[:, k, None], part, 0.0)
            lower -= np.where(above[:, k, None], 0.0, part / y)
        fine = lower.min(axis=1) > 0
        with np.errstate(all="ignore"):
            left = np.sum((self._share * (upper / lower - self._y)) ** 2, axis=1) / self._total
        left = np.where(fine & np.isfinite(left), left, np.inf)
        with np.errstate(all="ignore"):
            return 0.5 * len(self._y) * np.log(left + FLOOR) + self._prices[places].sum(axis=1)


def _blocks(sets: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(sets), BLOCK):
        yield sets[start : start + BLOCK]


def _candidate(held: Dictionary, members: list[int], goal: Goal) -> Candidate | None:
    count, target = len(held), goal.target
    above = [i for i in members if i < count]
    below = [i - count for i in members if i >= count]
    top = held.on_all(above) if above else np.zeros((len(target), 0))
    bottom = held.on_all(below)
    coefficients = solve(np.concatenate([top, target[:, None] * bottom], 1), target, goal.weights)
    first, upper, lower = coefficients[0], coefficients[1 : 1 + len(above)], coefficients[1 + len(above) :]
    divisor = 1 - bottom @ lower
    if not divisor.min() > 0:
        return None
    numerator = [constant(float(first))]
    numerator += [affine(float(v), held.tree(i), 0.0) for v, i in zip(upper, above, strict=True)]
    denominator = [constant(1.0)]
    denominator += [affine(-float(v), held.tree(i), 0.0) for v, i in zip(lower, below, strict=True)]
    tree = multiply([add(numerator), apply(get("1/x"), add(denominator))])
    price = float(held.prices[above].sum() + held.prices[below].sum()) + 2
    return goal.judged(tree, (first + top @ upper) / divisor, price, len(coefficients))

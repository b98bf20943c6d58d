"""The terms that a law may be a sum of: products of powers and forms, evaluated on the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from .._typing import Array, IntArray
from ..symbolic.simplify import multiply
from ..symbolic.tree import Sum
from .factors import CORE, WIDE, Column, Factor, Shape, power, scaled_shapes
from .pairs import pair_columns

EXPONENTS: tuple[tuple[float, ...], ...] = (
    (-3, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4),
    (-3, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4),
    (-2, -1, -0.5, 0.5, 1, 2, 3),
    (-2, -1, 0.5, 1, 2),
    (-1, 1, 2),
)
"""Exponents in monomials of 1, 2, 3 ... columns; of more, those of the last row."""
MOST_DEGREE = (4.0, 6.0, 5.0, 5.0, 5.0)
LOW = (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)
LOW_DEGREE = (3.0, 3.0, 2.0, 2.0, 1.0)
PAIR_POWERS = (1.0, 2.0, -1.0, -2.0, 0.5, -0.5)
MOST_TERMS, MOST_CANDIDATES = 12000, 60000
ROWS, PROBES = 300, 12
"""Rows that terms are compared with the target on, and on which equal terms are told."""
FEW_COLUMNS = 2
"""Up to so many columns, forms on the scale of their values are tried too."""
MOST_FACTORS = 400
"""So many of the cheapest forms are multiplied by each other."""
FLAT = 1e-6
"""A term that varies by less than this part of its size is a constant."""
HUGE = 1e12
DIGITS = 7


@dataclass(frozen=True, eq=False)
class Dictionary:
    """Terms as products of factors, cheapest first.

    Attributes:
        values: [R, M] on the rows `rows`.
        prices: [M].
    """

    factors: tuple[Factor, ...]
    members: tuple[tuple[int, ...], ...]
    values: Array
    prices: Array

    def __len__(self) -> int:
        return len(self.members)

    def cheapest(self, most: int) -> Dictionary:
        """The first terms; they are ordered by price."""
        return Dictionary(self.factors, self.members[:most], self.values[:, :most], self.prices[:most])

    @property
    def rows(self) -> IntArray:
        """Which rows of the factors the values are on."""
        return _even(len(self.factors[0].values), ROWS)

    def on_all(self, indices: Sequence[int]) -> Array:
        """Values [N, k] of some terms on all rows."""
        columns = [np.prod([self.factors[i].values for i in self.members[k]], axis=0) for k in indices]
        return np.stack(columns, 1)

    def tree(self, index: int) -> Sum:
        """A term as a tree."""
        return multiply([self.factors[i].tree for i in self.members[index]])


def dictionary(columns: Sequence[Column], level: int, extra: Sequence[Shape] = ()) -> Dictionary:
    """The terms over columns, cheapest first; a higher level has more.

    0: products of powers; one form of one column, alone or times powers of low degree; plain forms of pairs.
    1: all forms of pairs, products of two forms, and for few columns forms on the scale of their values.
    """
    factors: list[Factor] = []
    members = [*_laurent(columns, factors), *_with_forms(columns, factors, level, extra)]
    return _evaluated(tuple(factors), members)


def _row(table: Sequence[object], count: int) -> int:
    return min(count, len(table)) - 1


def _powers(
    columns: Sequence[Column], exponents: Iterable[float], factors: list[Factor]
) -> list[dict[float, int]]:
    """Positions of the powers of every column among the factors, which they are added to."""
    found: list[dict[float, int]] = []
    for column in columns:
        row: dict[float, int] = {}
        for p in exponents:
            factor = power(column, p)
            if factor is not None:
                row[p] = len(factors)
                factors.append(factor)
        found.append(row)
    return found


def _monomials(powers: Sequence[dict[float, int]], most: float) -> Iterator[tuple[int, ...]]:
    for choice in product(*[(0.0, *row) for row in powers]):
        if sum(abs(p) for p in choice) <= most:
            yield tuple(powers[i][p] for i, p in enumerate(choice) if p != 0)


def _laurent(columns: Sequence[Column], factors: list[Factor]) -> list[tuple[int, ...]]:
    """Monomials with exponents of the table."""
    row = _row(EXPONENTS, len(columns))
    powers = _powers(columns, EXPONENTS[row], factors)
    return [one for one in _monomials(powers, MOST_DEGREE[row]) if one]


def _with_forms(
    columns: Sequence[Column], factors: list[Factor], level: int, extra: Sequence[Shape]
) -> Iterator[tuple[int, ...]]:
    count = len(columns)
    low = list(_monomials(_powers(columns, LOW, factors), LOW_DEGREE[_row(LOW_DEGREE, count)]))
    first = len(factors)
    own = [scaled_shapes(column) if level and count <= FEW_COLUMNS else () for column in columns]
    factors += [
        f
        for column, scaled in zip(columns, own, strict=True)
        for shape in (*WIDE, *extra, *scaled)
        if (f := shape.of(column)) is not None
    ]
    singles = range(first, len(factors))
    wanted = WIDE if level else CORE
    for column in pair_columns(columns):
        factors += [f for shape in wanted if (f := shape.of(column)) is not None]
        factors += [f for p in PAIR_POWERS if (f := power(column, p)) is not None]
    pairs = range(singles.stop, len(factors))
    for one in (*singles, *pairs):
        yield from ((*monomial, one) for monomial in low)
    if level:
        cheap = sorted((*singles, *pairs), key=lambda i: factors[i].price)[:MOST_FACTORS]
        for one, other in combinations(cheap, 2):
            if factors[one].inputs != factors[other].inputs or len(factors[one].inputs) == 1:
                yield one, other


def _evaluated(factors: tuple[Factor, ...], members: list[tuple[int, ...]]) -> Dictionary:
    """The cheapest of terms with the same values up to scale and shift; what is not finite or constant is left out."""
    if not members:
        return Dictionary(factors, (), np.zeros((0, 0)), np.zeros(0))
    widest = max(map(len, members))
    ones = len(factors)
    table = np.array([(*one, *([ones] * (widest - len(one)))) for one in members], dtype=np.int64)
    price = np.array([*(factor.price + 1 for factor in factors), 0], dtype=np.float64)
    prices = price[table].sum(axis=1)
    order = np.argsort(prices, kind="stable")[:MOST_CANDIDATES]
    columns = np.stack([*(factor.values for factor in factors), np.ones_like(factors[0].values)], 1)
    rows = _even(len(columns), PROBES)
    probe = _products(columns[rows], table[order])
    order, probe = order[(np.abs(probe) < HUGE).all(axis=0)], probe[:, (np.abs(probe) < HUGE).all(axis=0)]
    spread = probe.std(axis=0)
    order = order[spread > FLAT * np.abs(probe).max(axis=0)]
    order = order[_first_of_kind(_products(columns[rows], table[order]))][:MOST_TERMS]
    values = _products(columns[_even(len(columns), ROWS)], table[order])
    values = np.nan_to_num(values, copy=False, nan=2 * HUGE, posinf=2 * HUGE, neginf=2 * HUGE)
    largest = np.abs(values).max(axis=0)
    fine = (largest < HUGE) & (values.std(axis=0) > FLAT * largest)
    order = order[fine]
    return Dictionary(factors, tuple(members[i] for i in order), values[:, fine], prices[order])


def _even(count: int, most: int) -> IntArray:
    """At most so many positions, evenly spaced."""
    return np.linspace(0, count - 1, min(most, count)).astype(np.int64)


def _products(columns: Array, table: IntArray) -> Array:
    with np.errstate(all="ignore"):
        values = columns[:, table[:, 0]]
        for place in range(1, table.shape[1]):
            values *= columns[:, table[:, place]]
    return values


def _first_of_kind(values: Array) -> IntArray:
    """Positions of the first of columns [R, M] that are the same up to scale and shift, in order."""
    moved = values - values[0]
    lead = np.take_along_axis(moved, np.abs(moved).argmax(axis=0)[None], axis=0)
    with np.errstate(all="ignore"):
        keys = np.ascontiguousarray(np.round(moved / lead, DIGITS).T + 0.0)
    _, kept = np.unique(keys.view(f"V{keys.shape[1] * 8}").ravel(), return_index=True)
    return np.sort(kept)

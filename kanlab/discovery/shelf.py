"""The laws of one dataset on the front of error against complexity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data import Dataset
from ..network import KAN
from ..symbolic.law import Law, table_of
from ..symbolic.polish import surprise, weighted_error
from ..symbolic.tree import free_values

ROUNDING = 1e-15
EXACT = 1e-11
"""Held-out error, relative to the spread of the target, below which a law counts as exact."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A law with its description length on the rows it was fitted to; low is good."""

    law: Law
    score: float


@dataclass(frozen=True, eq=False)
class Shelf:
    """Laws on the front, simple to complex: each has a lower error than all simpler ones.

    Attributes:
        laws: the front.
        best: the law with the shortest description of the data, or None when no law beats the constant.
        network: the network of the best law, or None.
        seed, trials: where the search started and how many trials it made; they make the search again.
        finished: False when the time limit or a person ended the search.
        seconds: how long it took.
        forms: what was tried besides the usual forms.
    """

    laws: tuple[Law, ...]
    best: Law | None
    network: KAN | None
    seed: int
    trials: int
    finished: bool
    seconds: float
    forms: tuple[str, ...] = ()


def score_law(law: Law, dataset: Dataset) -> Scored:
    """-log likelihood + (log N / 2) P + complexity, in nats."""
    rows = table_of(dataset, "fit")
    error = weighted_error(law.tree, rows)
    variance = float(np.var(rows.target)) or 1.0
    if not np.isfinite(error):
        return Scored(law, float("inf"))
    fit = surprise(error, rows, floor=variance * ROUNDING**2)
    constants = 0.5 * float(np.log(len(rows.target))) * len(free_values(law.tree))
    return Scored(law, fit + constants + law.complexity)


def front(found: list[Scored], dataset: Dataset) -> tuple[Law, ...]:
    """Laws that no other law beats in both complexity and error on the fitted rows."""
    rows = table_of(dataset, "fit")
    best = float("inf")
    kept: list[Law] = []
    errors = {id(one): weighted_error(one.law.tree, rows) for one in found}
    for one in sorted(found, key=lambda one: (one.law.complexity, errors[id(one)])):
        if np.isfinite(one.score) and errors[id(one)] < best * 0.99 - 1e-300:
            kept.append(one.law)
            best = errors[id(one)]
    return tuple(kept)


def is_exact(law: Law, dataset: Dataset) -> bool:
    """Whether nothing but rounding is left of the error."""
    spread = float(np.std(dataset.part("fit").targets))
    return law.complete and law.error <= EXACT * spread and spread > 0

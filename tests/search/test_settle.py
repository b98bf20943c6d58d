"""Settled laws: constants fitted to the target, scales inside of forms too where the data ask for it."""

from __future__ import annotations

import numpy as np

from kanlab.search.dictionary import dictionary
from kanlab.search.regression import Goal, sums
from kanlab.search.settle import loosened, settle
from kanlab.symbolic.polish import Table
from kanlab.symbolic.tree import evaluate, free_values
from tests.columns import columns

GENERATOR = np.random.default_rng(5)
ROWS = GENERATOR.uniform(0.1, 2, (300, 2))
HELD = dictionary(columns(ROWS), 0)


def best_of(target: np.ndarray) -> object:
    found = [one for some in sums(HELD, Goal(target, np.ones(300))) for one in some]
    return settle(found, Table(ROWS, target))[0]


def test_a_rate_between_those_of_the_dictionary_is_fitted() -> None:
    target = ROWS[:, 0] * np.exp(-1.37 * ROWS[:, 1]) + 0.4
    best = best_of(target)
    np.testing.assert_allclose(evaluate(best.tree, ROWS), target, rtol=1e-9)  # type: ignore[attr-defined]


def test_with_noise_the_simple_law_comes_first() -> None:
    truth = ROWS[:, 0] ** 2 / ROWS[:, 1]
    target = truth + 0.01 * truth.std() * GENERATOR.normal(size=300)
    best = best_of(target)
    assert len(free_values(best.tree)) == 1  # type: ignore[attr-defined]
    np.testing.assert_allclose(evaluate(best.tree, ROWS), truth, rtol=5e-3)  # type: ignore[attr-defined]


def test_loosened_numbers_keep_the_function() -> None:
    tree = HELD.tree(700)
    np.testing.assert_allclose(evaluate(loosened(tree), ROWS), evaluate(tree, ROWS), rtol=1e-12)
    assert len(free_values(loosened(tree))) >= len(free_values(tree))

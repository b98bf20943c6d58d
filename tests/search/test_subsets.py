"""Sets of terms: those that made a target are found, also where greed would not find them."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.search.subsets import subsets

GENERATOR = np.random.default_rng(3)
TERMS = GENERATOR.normal(size=(200, 300))
PRICES = np.ones(300)


@pytest.mark.parametrize("members", [(7,), (3, 250), (10, 20, 30), (1, 100, 200, 299)])
def test_the_terms_of_an_exact_target_are_found(members: tuple[int, ...]) -> None:
    target = TERMS[:, list(members)] @ np.arange(1.0, len(members) + 1)
    best = min(subsets(TERMS, target, PRICES), key=lambda one: one.score)
    assert tuple(sorted(best.members)) == members
    assert best.left < 1e-24


def test_two_terms_that_nearly_cancel_are_found() -> None:
    one = GENERATOR.normal(size=200)
    terms = TERMS.copy()
    terms[:, 0], terms[:, 1] = one, one + 1e-3 * GENERATOR.normal(size=200)
    target = terms[:, 0] - terms[:, 1]
    best = min(subsets(terms, target, PRICES), key=lambda one: one.score)
    assert set(best.members) == {0, 1}


def test_with_noise_the_price_of_a_term_keeps_chance_out() -> None:
    target = TERMS[:, 5] + 0.1 * GENERATOR.normal(size=200)
    best = min(subsets(TERMS, target, 8 * PRICES), key=lambda one: one.score)
    assert best.members == (5,)
    assert best.left == pytest.approx(0.01, rel=0.5)


def test_of_equal_terms_the_cheaper_one_is_taken() -> None:
    terms = TERMS.copy()
    terms[:, 9] = 2 * terms[:, 8]
    prices = PRICES.copy()
    prices[8] = 3.0
    assert min(subsets(terms, terms[:, 8], prices), key=lambda one: one.score).members == (9,)


def test_nothing_is_found_in_a_target_that_does_not_vary() -> None:
    assert subsets(TERMS, np.zeros(200), PRICES) == []

"""Ratios of sums are found, exactly and with noise."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.search.dictionary import dictionary
from kanlab.search.ratios import ratios
from kanlab.search.regression import Goal
from kanlab.symbolic.tree import evaluate
from tests.columns import columns

GENERATOR = np.random.default_rng(2)
ROWS = GENERATOR.uniform(-0.8, 0.8, (300, 2))
X, Z = ROWS.T
HELD = dictionary(columns(ROWS), 0)
LAWS = {
    "velocities": (X + Z) / (1 + X * Z),
    "one below": (2 + X) / (3 + Z**2),
    "forms": (1 - np.cos(X * Z)) / (2 + np.sin(Z)),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_ratio_is_found(name: str) -> None:
    best = min(ratios(HELD, Goal(LAWS[name], np.ones(300))), key=lambda one: one.score)
    assert best.left < 1e-20
    np.testing.assert_allclose(evaluate(best.tree, ROWS), LAWS[name], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_with_noise_a_ratio_leaves_little_more_than_the_noise(name: str) -> None:
    truth = LAWS[name]
    noisy = truth + 0.01 * truth.std() * GENERATOR.normal(size=300)
    best = min(ratios(HELD, Goal(noisy, np.ones(300))), key=lambda one: one.score)
    miss = evaluate(best.tree, ROWS) - truth
    assert np.sqrt(np.mean(miss**2)) < 0.01 * truth.std()


def test_no_ratio_has_a_pole_among_the_rows() -> None:
    for one in ratios(HELD, Goal(np.tan(2 * X) + Z, np.ones(300))):
        assert np.isfinite(evaluate(one.tree, ROWS)).all()

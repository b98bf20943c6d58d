"""What the laws of the chains are compared with."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from kanlab.cases.anderson_paths import mosaic_states, states
from kanlab.cases.anderson_rivals import PRINTED, logistic, powers, printed, rivals


def test_a_logistic_regression_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(400, 2))
    labels = (inputs @ [2.0, -1.0] + random.logistic(size=400) > 0.3).astype(float)
    table = powers(inputs, inputs, 2)
    outside = LogisticRegression(C=1e6, fit_intercept=False, tol=1e-10, max_iter=2000).fit(table, labels)
    assert logistic(table, labels) == pytest.approx(outside.coef_[0], abs=2e-3)


def test_powers_of_two_columns() -> None:
    inputs = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert powers(inputs, inputs, 2).tolist() == [[1, -1, -1, 1, 1, 1], [1, 1, 1, 1, 1, 1]]


@pytest.mark.parametrize("model", ["gaam", "maam"])
def test_theory_beats_majority_and_lines_and_what_the_paper_prints(model: str) -> None:
    data = states(model, rows=1500, sites=144)
    found = rivals(model, data)
    assert found["theory"] > 0.94
    assert found["theory"] > found["linear"] + 0.02
    assert found["theory"] > found["majority"] + 0.1
    scores = printed(model, data)
    assert set(scores) == set(PRINTED[model])
    assert max(scores.values()) < found["theory"]


def test_states_of_a_chain_stay_together() -> None:
    data = mosaic_states(rows=600, sites=55)
    assert data.names == ("abs_energy", "lam")
    drawn = {name: set(data.part(name).inputs[:, 1]) for name in ("train", "test")}  # type: ignore[arg-type]
    assert drawn["train"]
    assert not drawn["train"] & drawn["test"]

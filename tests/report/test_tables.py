"""Tables name what there is, the most important first."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab import Dataset, Session


@pytest.fixture(scope="module")
def session() -> Session:
    x = np.random.default_rng(0).uniform(-1, 1, (300, 3))
    data = Dataset.from_arrays(x, x[:, 0] * x[:, 1] + 0.1 * x[:, 2], names=["a", "b", "c"])
    return Session(data, shape=[3, (1, 1), 1], seed=0).fit(sparsity=0)


def test_inputs_are_ranked_by_their_effect(session: Session) -> None:
    table = session.features()
    assert table.index.tolist()[2] == "c"
    assert list(table.columns) == ["effect", "score", "magnitude"]
    assert table["effect"]["c"] == pytest.approx(0.03, abs=0.01)


def test_interactions_are_between_the_factors(session: Session) -> None:
    table = session.interactions()
    assert table.loc["a", "b"] == pytest.approx(0.97, abs=0.1)
    assert table.loc["a", "c"] < 1e-3


def test_edges_are_those_of_the_network(session: Session) -> None:
    session.remove((0, 2, 1)).fix((0, 2, 0), "x")
    table = session.attribution()
    assert (0, 2, 1) not in table.index
    assert table["kind"][0, 2, 0] == "x"
    assert table["kind"][0, 0, 1] == "spline"
    assert table["score"].is_monotonic_decreasing
    assert len(table) == 3 * 3 - 1 + 2
    session.undo().undo()

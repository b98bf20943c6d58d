"""The pieces that find relations without a target, on columns whose relations are known."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.knots_relations import commonest_ratio, law_of, same_values, screened

GENERATOR = np.random.default_rng(0)
A, B, C, D = GENERATOR.uniform(0.5, 2, (4, 600))
COLUMNS = {"a": A, "b": B, "product": A * B, "c": C, "smaller": np.minimum(0.5 * C, D), "d": D}


def test_a_screen_keeps_the_inputs_that_matter() -> None:
    found = screened(COLUMNS, "product", seed=0)
    assert set(found.inputs) == {"a", "b"}
    assert found.left < 0.1


def test_a_column_without_relations_is_left_as_it_is() -> None:
    columns = {"a": A, "b": B, "c": C}
    assert screened(columns, "c", seed=0).left > 0.9


def test_the_ratio_that_many_rows_share_is_found() -> None:
    found = commonest_ratio(COLUMNS, "smaller")
    assert found is not None
    assert (found.factor, found.input) in {(0.5, "c"), (1.0, "d")}
    wanted = np.mean(COLUMNS["smaller"] == found.factor * COLUMNS[found.input])
    assert found.share == pytest.approx(wanted, abs=0.01)
    assert commonest_ratio({"a": A, "b": B}, "a") is None


def test_a_law_is_compared_by_its_values() -> None:
    law = law_of(COLUMNS, "product", ["a", "b"], seed=0)
    assert same_values(law, A * B, COLUMNS) < 1e-9
    assert same_values(law, A * B + 0.1 * C, COLUMNS) > 0.01
    assert same_values(None, A, COLUMNS) == pytest.approx(np.inf)

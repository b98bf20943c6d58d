"""The dictionary: values on rows are those of the trees, every term once, the cheapest first."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.search.dictionary import Dictionary, dictionary
from kanlab.search.factors import Shape
from kanlab.symbolic.simplify import variable
from kanlab.symbolic.tree import evaluate
from tests.columns import columns

ROWS = np.random.default_rng(0).uniform(0.1, 0.9, (50, 2))


@pytest.fixture(scope="module")
def held() -> Dictionary:
    return dictionary(columns(ROWS), 0)


def test_values_are_those_of_the_trees(held: Dictionary) -> None:
    for index in range(0, len(held), 61):
        tree = evaluate(held.tree(index), ROWS)
        np.testing.assert_allclose(held.values[:, index], tree[held.rows], rtol=1e-9)
        np.testing.assert_allclose(held.on_all([index])[:, 0], tree, rtol=1e-9)


def test_the_cheapest_come_first(held: Dictionary) -> None:
    assert (np.diff(held.prices) >= 0).all()
    assert {held.tree(i) for i in range(2)} == {variable(0), variable(1)}
    assert len(held.cheapest(10)) == 10


def test_no_two_terms_are_the_same_up_to_scale_and_shift(held: Dictionary) -> None:
    few = held.cheapest(400).values
    unit = (few - few.mean(axis=0)) / few.std(axis=0)
    like = np.abs(unit.T @ unit) / len(unit) - np.eye(unit.shape[1])
    assert like.max() < 1 - 1e-13


def test_a_higher_level_has_more(held: Dictionary) -> None:
    assert len(dictionary(columns(ROWS), 1)) > len(held)


def test_a_form_that_was_asked_for_is_among_the_terms() -> None:
    held = dictionary(columns(ROWS), 0, (Shape("J0"),))
    assert any("J0" in str(held.factors[i].tree) for one in held.members for i in one)


def test_a_column_that_nothing_can_be_made_of_gives_no_terms() -> None:
    assert len(dictionary(columns(np.full((50, 1), 3.0)), 0)) == 0

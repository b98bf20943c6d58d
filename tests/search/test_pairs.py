"""Joined columns have the values of their trees."""

from __future__ import annotations

import numpy as np

from kanlab.search.pairs import pair_columns, squares
from kanlab.symbolic.tree import evaluate
from tests.columns import columns

ROWS = np.random.default_rng(0).uniform(0.1, 0.9, (50, 2))
X, Z = ROWS.T


def test_pairs_of_columns_have_the_values_of_their_trees() -> None:
    found = list(pair_columns(columns(ROWS)))
    for column, wanted in zip(found, (X * Z, X / Z, Z / X, X - Z, X + Z, X**2 + Z**2), strict=True):
        assert column.inputs == {0, 1}
        np.testing.assert_allclose(column.values, wanted, rtol=1e-12)
        np.testing.assert_allclose(column.values, evaluate(column.tree, ROWS), rtol=1e-12)


def test_a_ratio_that_is_not_finite_is_left_out() -> None:
    signed = np.stack([X, np.linspace(-1, 1, 50) * 0.0], 1)
    assert len(list(pair_columns(columns(signed)))) == 5


def test_squares_are_added_and_subtracted() -> None:
    for sign in (1.0, -1.0):
        joined = squares(sign)(*columns(ROWS))
        assert joined is not None
        np.testing.assert_allclose(joined.values, X**2 + sign * Z**2, rtol=1e-12)
        np.testing.assert_allclose(joined.values, evaluate(joined.tree, ROWS), rtol=1e-12)

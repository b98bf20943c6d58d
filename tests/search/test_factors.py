"""Factors: their values are those of their trees, and what is not defined is no factor."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.search.factors import WIDE, Shape, power
from kanlab.symbolic.tree import evaluate
from tests.columns import columns

ROWS = np.random.default_rng(0).uniform(0.1, 0.9, (50, 2))


@pytest.mark.parametrize("shape", WIDE, ids=lambda s: f"{s.form} {s.scale:g} {s.shift:g} ^{s.exponent:g}")
def test_a_shape_has_the_values_of_its_tree(shape: Shape) -> None:
    factor = shape.of(columns(ROWS)[0])
    if factor is None:
        assert shape == Shape("1/x", 1.0, -1.0) or shape.form == "arccosh"
        return
    np.testing.assert_allclose(factor.values, evaluate(factor.tree, ROWS), rtol=1e-12)


@pytest.mark.parametrize("exponent", [-3, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4])
def test_a_power_has_the_values_of_its_tree(exponent: float) -> None:
    factor = power(columns(ROWS)[1], exponent)
    assert factor is not None
    np.testing.assert_allclose(factor.values, ROWS[:, 1] ** exponent, rtol=1e-12)
    np.testing.assert_allclose(factor.values, evaluate(factor.tree, ROWS), rtol=1e-12)


def test_what_is_not_defined_on_the_rows_is_no_factor() -> None:
    signed = columns(np.linspace(-2, 2, 41)[:, None])[0]
    assert power(signed, 0.5) is None
    assert power(signed, -1) is None
    assert Shape("log").of(signed) is None
    assert Shape("sqrt(1-x^2)").of(signed) is None

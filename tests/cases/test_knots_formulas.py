"""The formulas of Table 4 against values worked out by hand, and how they are scored."""

from __future__ import annotations

from math import exp, sin, tan

import numpy as np
import pytest

from kanlab.cases.knots_formulas import FORMULAS, factor, score, slope
from kanlab.cases.knots_table import TRANSLATIONS
from kanlab.data import Dataset

HAND = {
    "A": (2.0, 1.0, 2.0, 0.4),
    "B": (
        1.0,
        1.0,
        0.0,
        -0.02 * sin(0.85) + 0.08 * 10.3 - 0.52 - 0.04 * exp(-0.88 * 0.55**2),
    ),
    "C": (
        0.0,
        0.0,
        0.0,
        0.17 * tan(-1.51 + 0.1 * exp(-1.43) + 0.09 * exp(-0.06) + 1.32 * exp(-3.18)),
    ),
    "E": (2.0, 1.0, 1.0, 9.52 / 12.68),
    "F": (0.0, 0.18, 0.0, (2.94 - 2.92 * 0.982**2) / 5.86),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_has_the_value_worked_out_by_hand(name: str) -> None:
    length, real, imag, wanted = HAND[name]
    found = FORMULAS[name].values(*(np.array([value]) for value in (length, real, imag)))
    assert float(found[0]) == pytest.approx(wanted, rel=1e-12)


def translations(rows: int = 400) -> np.ndarray:
    return np.random.default_rng(0).uniform((4, -1, 0.5), (20, 1, 1.5), (rows, 3))


def test_a_formula_that_is_the_signature_is_always_right() -> None:
    columns = translations()
    data = Dataset.from_arrays(columns, 2 * np.round(0.2 * slope(*columns.T)), names=TRANSLATIONS)
    found = score(FORMULAS["A"].values, data)
    assert found.accuracy > 0.95
    assert found.r2 > 0.9
    assert not found.standardized


def test_the_reading_with_standardized_inputs_is_found() -> None:
    columns = translations()
    inputs = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    data = Dataset.from_arrays(
        columns, 2 * np.round(20 * FORMULAS["F"].values(*inputs.T)), names=TRANSLATIONS
    )
    assert score(FORMULAS["F"].values, data).standardized


def test_the_factor_is_that_of_a_proportion_and_of_nothing_else() -> None:
    truth = np.linspace(-3, 5, 50)
    assert factor(0.43 * truth, truth) == pytest.approx(0.43)
    assert factor(0.43 * truth + 1e-4, truth) is None
    assert factor(0 * truth, truth) is None

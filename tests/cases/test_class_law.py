"""Laws that part two classes: constants, exact numbers, and the score of the printed text."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from kanlab.cases.class_law import ClassLaw, accuracy_of_text, class_law, coefficients, edge, simplest
from kanlab.data import Dataset


def drawn(steepness: float, rows: int = 3000) -> Dataset:
    """Classes with the boundary x*y = 0.62 z - 0.3, softened by a sigmoid."""
    random = np.random.default_rng(3)
    x, y, z = random.uniform(-1, 1, (3, rows))
    share = expit(steepness * (x * y - 0.62 * z + 0.3))
    labels = (random.uniform(size=rows) < share).astype(float)
    return Dataset.from_arrays(
        np.column_stack([x, y, z]), labels, names=["x", "y", "z"], target_name="label", seed=0
    )


def test_constants_are_those_of_the_rows() -> None:
    data = drawn(20.0)
    law = class_law("x*y - 0.1*z + 0.9 + 0.5*x", data)
    parts = coefficients(law.text, law.names)
    assert set(parts) == {"x*y", "z", "1"}
    assert parts["z"] == pytest.approx(-0.62, abs=0.04)
    assert parts["1"] == pytest.approx(0.3, abs=0.03)


def test_constants_agree_with_a_logistic_regression() -> None:
    data = drawn(6.0)
    rows = data.part("fit")
    x, y, z = rows.inputs.T
    law = class_law("x*y - 0.1*z + 0.1", data)
    outside = LogisticRegression(C=1e9, max_iter=500).fit(np.column_stack([x * y, z]), rows.targets[:, 0])
    scale = outside.coef_[0, 0]
    parts = coefficients(law.measured, law.names)
    assert parts["z"] == pytest.approx(outside.coef_[0, 1] / scale, abs=0.015)
    assert parts["1"] == pytest.approx(outside.intercept_[0] / scale, abs=0.015)


def test_numbers_become_exact_where_the_rows_allow_it() -> None:
    random = np.random.default_rng(0)
    x, p = random.uniform(-2, 2, (2, 4000))
    labels = (random.uniform(size=4000) < expit(15 * (x - 2 * np.cosh(p) + 3))).astype(float)
    data = Dataset.from_arrays(np.column_stack([x, p]), labels, names=["x", "p"], seed=0)
    law = class_law("x - 1.7*cosh(1.1*p + 0.04) + 2.6", data)
    assert law.text in ("x - 2*cosh(p) + 3", f"x - 2*cosh(p) + {law.text.rpartition(' ')[2]}")
    assert float(law.text.rpartition(" ")[2]) == pytest.approx(3, abs=0.1)


def test_the_printed_text_is_scored() -> None:
    columns = {"x": np.array([-1.0, 0.5, 2.0, 3.0])}
    assert accuracy_of_text("x - 1", columns, np.array([0.0, 1.0, 1.0, 1.0])) == 0.75


def test_an_edge_is_where_the_text_is_zero() -> None:
    columns = {"energy": np.array([0.5, 2.0]), "lam": np.array([7.0, 8.0])}
    assert edge("2*lam*energy - 3", columns) == pytest.approx([3.0, 0.75])


def test_the_simplest_of_equal_laws_is_taken() -> None:
    data = drawn(20.0)
    short, long = class_law("x*y - 0.1*z + 0.9", data), class_law("x*y - 0.1*z + 0.9 + 0.1*exp(x)", data)
    wrong = class_law("x - 0.1", data)
    assert simplest([wrong, long, short], data).text == min(short.text, long.text, key=len)


def test_a_law_shows_itself_as_a_formula() -> None:
    law = ClassLaw("alpha*energy + 2*lam - 2", "", ("alpha", "energy", "lam"), 0.0)
    shown = law._repr_latex_()
    assert shown.startswith("$")
    assert shown.endswith("> 0$")
    assert all(part in shown for part in (r"\alpha", "energy", "lam"))

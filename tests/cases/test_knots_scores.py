"""How a signature is scored."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.knots_scores import accuracy, best_line, even, majority, others, r_squared
from kanlab.data import Dataset

X = np.random.default_rng(0).uniform(-3, 3, (300, 1))


def test_the_nearest_even_integer() -> None:
    np.testing.assert_array_equal(even(np.array([0.9, 1.1, -2.9, -3.1, 4.0])), [0, 2, -2, -4, 4])


def test_accuracy_counts_the_rows_that_are_right() -> None:
    assert accuracy(np.array([0.4, 1.8, 3.1, -2.0]), np.array([0.0, 2.0, 2.0, -2.0])) == 0.75


def test_the_commonest_class_is_that_of_the_rows_that_are_not_tested() -> None:
    data = Dataset.from_arrays(X, np.where(np.arange(300) % 3 == 0, 2.0, 0.0))
    assert majority(data) == np.mean(data.part("test").targets == 0)


def test_r_squared_is_that_of_the_best_line() -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0])
    assert r_squared(-3 * x + 1, x) == pytest.approx(1)
    assert r_squared(np.array([1.0, -1.0, -1.0, 1.0]), x) == pytest.approx(0)


def test_the_best_line_is_better_than_that_of_least_squares() -> None:
    values = np.linspace(-5, 5, 400)
    signature = even(0.8 * values)
    signature[:30] -= 6
    plain = np.polyfit(values, signature, 1)
    a, b = best_line(values, signature)
    assert accuracy(a * values + b, signature) > accuracy(plain[0] * values + plain[1], signature) + 0.05
    assert accuracy(a * values + b, signature) > 0.85


def test_other_methods_learn_what_is_easy() -> None:
    pytest.importorskip("sklearn")
    found = others(Dataset.from_arrays(X, even(X[:, 0])))
    assert set(found) == {"logistic regression", "gradient boosting", "MLP 100x100"}
    assert found["gradient boosting"] > 0.9


def test_without_scikit_learn_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("importlib.import_module", absent)
    assert others(Dataset.from_arrays(X, even(X[:, 0]))) == {}

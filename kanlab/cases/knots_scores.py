"""How predictions of a signature are scored, and what other methods reach on the same rows."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .._typing import Array
from ..data import Dataset

ABSENT = (
    "Logistic regression, gradient boosting and the MLP were left out, because scikit-learn is not installed."
)


def even(values: Array) -> Array:
    """The nearest even integers; the signature of a knot is one."""
    return 2 * np.round(np.asarray(values) / 2)


def accuracy(predicted: Array, signature: Array) -> float:
    """Share of the rows where the nearest even integer is the signature."""
    return float(np.mean(even(predicted) == signature))


def majority(data: Dataset) -> float:
    """Accuracy on the test rows of the commonest signature of the others."""
    values, counts = np.unique(data.part("fit").targets[:, 0], return_counts=True)
    return float(np.mean(data.part("test").targets[:, 0] == values[np.argmax(counts)]))


def r_squared(values: Array, signature: Array) -> float:
    """Squared correlation: the share of the variance that the best line through `values` explains."""
    return float(np.corrcoef(values, signature)[0, 1] ** 2)


def best_line(values: Array, signature: Array) -> tuple[float, float]:
    """a and b such that `even(a * values + b)` is right as often as can be, by turns from the line of least squares."""
    slope, offset = map(float, np.polyfit(values, signature, 1))
    for _ in range(2):
        slopes = slope * np.linspace(0.8, 1.25, 91)
        slope = float(max(slopes, key=lambda a: accuracy(a * values + offset, signature)))
        offsets = offset + np.linspace(-1.0, 1.0, 81)
        offset = float(max(offsets, key=lambda b: accuracy(slope * values + b, signature)))
    return slope, offset


def others(data: Dataset, *, seed: int = 0) -> Mapping[str, float]:
    """Accuracies on the test rows of what one would try instead, fitted to the others; empty without scikit-learn.

    Logistic regression and the MLP 100x100 choose classes, gradient boosting (300 trees) is rounded as a network is.
    """
    try:
        methods = _methods(seed)
    except ModuleNotFoundError:
        return {}
    fitted, test = data.part("fit"), data.part("test")
    return {
        name: accuracy(
            method.fit(fitted.inputs, fitted.targets[:, 0]).predict(test.inputs), test.targets[:, 0]
        )
        for name, method in methods.items()
    }


def _methods(seed: int) -> dict[str, Any]:
    # scikit-learn is no dependency of the package, and brings no types
    part: Callable[[str], Any] = lambda name: importlib.import_module(f"sklearn.{name}")  # noqa: E731
    scaled, pipeline = part("preprocessing").StandardScaler, part("pipeline").make_pipeline
    logistic = part("linear_model").LogisticRegression(max_iter=1000)
    boosting = part("ensemble").HistGradientBoostingRegressor(max_iter=300, random_state=seed)
    mlp = part("neural_network").MLPClassifier(
        (100, 100), early_stopping=True, max_iter=200, random_state=seed
    )
    return {
        "logistic regression": pipeline(scaled(), logistic),
        "gradient boosting": boosting,
        "MLP 100x100": pipeline(scaled(), mlp),
    }

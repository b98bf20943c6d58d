"""What any accuracy on Anderson's chains has to be held against, on the same test rows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement
from types import MappingProxyType

import numpy as np
from scipy.special import expit

from .._typing import Array
from ..data import Dataset
from ..data.generators.chains import MODELS
from .class_law import accuracy_of_text

PRINTED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gaam": MappingProxyType(
            {
                "auto": "1.52*energy**2 + 21.06*alpha*energy + 0.66*energy + 3.55*alpha**2 + 0.91*alpha"
                " + 45.13*lam - 54.45",
            }
        ),
        "maam": MappingProxyType(
            {
                "auto": "13.99*sin(0.28*sin(0.87*lam + 2.22) - 0.84*atan(0.58*energy - 0.26)"
                " + 0.85*atan(0.94*p + 0.13) - 8.14) - 16.74 + 43.08*exp(-0.93*(0.06*(0.13 - p)**2"
                " - 0.27*tanh(0.65*energy + 0.25) + 0.63*atan(0.54*lam - 0.62) + 1)**2)",
                "step 2": "4.19*(0.28*sin(0.97*lam + 2.17) - 0.77*atan(0.83*energy - 0.19)"
                " + atan(0.97*p + 0.15) - 0.35)**2 - 28.93 + 39.27*exp(-0.6*(0.28*cosh(0.49*p - 0.16)**2"
                " - 0.34*atan(0.65*energy + 0.51) + 0.83*atan(0.54*lam - 0.62) + 1)**2)",
                "step 3": "-4.63*energy - 10.25*(-0.94*sin(0.97*lam - 6.81) + tanh(0.8*p - 0.45) + 0.09)**2"
                " + 11.78*sin(0.76*p - 1.41) + 22.49*atan(1.08*lam - 1.32) + 31.72",
                "step 4A": "6.92*energy - 6.23*(-0.92*lam - 1)**2"
                " + 2572.45*(-0.05*lam + 0.95*cosh(0.11*p + 0.4) - 1)**2 - 12.96*cosh(0.53*p + 0.16)**2 + 19.89",
                "step 4B": "7.25*energy - 8.81*(-0.83*lam - 1)**2 - 4.08*(-p - 0.04)**2"
                " + 12.71*(-0.71*lam + (0.3*p + 1)**2 - 0.86)**2 + 10.29",
            }
        ),
    }
)
"""The formulas of table 5, as printed; the text does not say which side is localized."""

RIDGE = 1e-6
STEPS = 60


def rivals(model: str, data: Dataset, *, theory: str | None = None) -> dict[str, float]:
    """Accuracies on the test rows: theory, majority class, logistic regression with linear and quadratic terms.

    `theory` is positive where a state is localized; None for the model's own formula.
    """
    fitted, test = data.part("fit"), data.part("test")
    labels = test.targets[:, 0]
    columns = dict(zip(data.names, test.inputs.T, strict=True))
    majority = float(np.mean(labels > 0.5))
    found = {
        "theory": accuracy_of_text(MODELS[model].edge if theory is None else theory, columns, labels),
        "majority": max(majority, 1 - majority),
    }
    for name, degree in (("linear", 1), ("quadratic", 2)):
        weights = logistic(powers(fitted.inputs, fitted.inputs, degree), fitted.targets[:, 0])
        value = powers(test.inputs, fitted.inputs, degree) @ weights
        found[name] = float(np.mean((value > 0) == (labels > 0.5)))
    return found


def printed(model: str, data: Dataset) -> dict[str, float]:
    """Accuracies on the test rows of the formulas that the paper prints, with the better choice of the sign."""
    test = data.part("test")
    columns = dict(zip(data.names, test.inputs.T, strict=True))
    scores = {
        name: accuracy_of_text(text, columns, test.targets[:, 0]) for name, text in PRINTED[model].items()
    }
    return {name: max(score, 1 - score) for name, score in scores.items()}


def powers(inputs: Array, reference: Array, degree: int) -> Array:
    """All monomials up to a degree of the columns, standardized by `reference`: [N, terms]."""
    scaled = (inputs - reference.mean(axis=0)) / reference.std(axis=0)
    chosen = (
        columns
        for size in range(degree + 1)
        for columns in combinations_with_replacement(range(scaled.shape[1]), size)
    )
    return np.column_stack([np.prod(scaled[:, list(columns)], axis=1) for columns in chosen])


def logistic(table: Array, labels: Array) -> Array:
    """Weights [terms] of a logistic regression by Newton's method, with a ridge that only keeps it finite."""
    weights = np.zeros(table.shape[1])
    ridge = RIDGE * len(labels) * np.eye(len(weights))

    def loss(trial: Array) -> float:
        z = table @ trial
        return float(np.sum(np.logaddexp(0, z) - labels * z) + 0.5 * trial @ ridge @ trial)

    for _ in range(STEPS):
        share = expit(table @ weights)
        matrix = (table * (share * (1 - share))[:, None]).T @ table + ridge
        move = np.linalg.solve(matrix, table.T @ (labels - share) - ridge @ weights)
        before, step = loss(weights), 1.0
        while step > 1e-6 and loss(weights + step * move) > before:
            step /= 2
        weights = weights + step * move
        if np.abs(step * move).max() < 1e-8:
            break
    return weights

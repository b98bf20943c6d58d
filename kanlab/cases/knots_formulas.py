"""The formulas for the signature of Table 4 of the KAN paper, and ours, scored alike.

A formula is not a signature yet. It gets the line a f + b, fitted to the rows that are not tested, and is then rounded
to the nearest even integer. The paper does not say whether the inputs of B to F were standardized: both readings are
tried and the better one counts. D is left out: its brackets do not match in either copy of the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .._typing import Array
from ..data import Dataset
from .knots_scores import accuracy, best_line, r_squared
from .knots_table import MU_I, MU_R, L

Formula = Callable[[Array, Array, Array], Array]
"""Of lambda, mu_r and mu_i, [N] each."""


def slope(length: Array, real: Array, imag: Array) -> Array:
    """The natural slope Re(lambda / mu) = lambda mu_r / (mu_r^2 + mu_i^2), lambda being real."""
    return length * real / (real**2 + imag**2)


@dataclass(frozen=True)
class Printed:
    """A formula as the paper prints it, with the accuracy that the paper prints beside it."""

    text: str
    paper: str
    values: Formula


FORMULAS: Mapping[str, Printed] = MappingProxyType(
    {
        "A": Printed("L r/(r^2+i^2)", "83.1 %", slope),
        "B": Printed(
            "-.02 sin(4.98i+.85)+.08|4.02r+6.28|-.52-.04 exp(-.88(1-.45L)^2)",
            "62.6 %",
            lambda w, r, i: (
                -0.02 * np.sin(4.98 * i + 0.85)
                + 0.08 * np.abs(4.02 * r + 6.28)
                - 0.52
                - 0.04 * np.exp(-0.88 * (1 - 0.45 * w) ** 2)
            ),
        ),
        "C": Printed(
            ".17 tan(-1.51+.1 exp(-1.43(1-.4i)^2)+.09 exp(-.06(1-.21L)^2)+1.32 exp(-3.18(1-.43r)^2))",
            "71.9 %",
            lambda w, r, i: (
                0.17
                * np.tan(
                    -1.51
                    + 0.1 * np.exp(-1.43 * (1 - 0.4 * i) ** 2)
                    + 0.09 * np.exp(-0.06 * (1 - 0.21 * w) ** 2)
                    + 1.32 * np.exp(-3.18 * (1 - 0.43 * r) ** 2)
                )
            ),
        ),
        "E": Printed(
            "4.76 L r/(3.09i+6.05r^2+3.54i^2)",
            "82.8 %",
            lambda w, r, i: 4.76 * w * r / (3.09 * i + 6.05 * r**2 + 3.54 * i**2),
        ),
        "F": Printed(
            "(2.94-2.92(1-.10r)^2)/(.32(.18-r)^2+5.36(1-.04L)^2+.50)",
            "77.8 %",
            lambda w, r, _: (
                (2.94 - 2.92 * (1 - 0.1 * r) ** 2)
                / (0.32 * (0.18 - r) ** 2 + 5.36 * (1 - 0.04 * w) ** 2 + 0.5)
            ),
        ),
    }
)


@dataclass(frozen=True)
class Score:
    """What a formula comes to on the test rows, and how its inputs were read."""

    accuracy: float
    r2: float
    standardized: bool


def score(formula: Formula, data: Dataset) -> Score:
    """The better of the two readings of a formula, as the rows that are not tested tell which that is."""
    places = [data.names.index(name) for name in (L, MU_R, MU_I)]
    fitted, test = data.part("fit"), data.part("test")
    center, spread = fitted.inputs.mean(axis=0), fitted.inputs.std(axis=0)
    readings: list[tuple[float, Score]] = []
    for standardized in (False, True):
        seen, asked = (
            _values(formula, ((part.inputs - center) / spread if standardized else part.inputs)[:, places])
            for part in (fitted, test)
        )
        signature = fitted.targets[:, 0]
        a, b = best_line(seen, signature)
        truth = test.targets[:, 0]
        reading = Score(accuracy(a * asked + b, truth), r_squared(asked, truth), standardized)
        readings.append((accuracy(a * seen + b, signature), reading))
    return max(readings, key=lambda one: one[0])[1]


def _values(formula: Formula, columns: Array) -> Array:
    """Values [N] that are finite, those beyond all bounds at the farthest percentiles of the others."""
    with np.errstate(all="ignore"):
        values = np.asarray(formula(*columns.T))
    low, high = np.percentile(values[np.isfinite(values)], [0.1, 99.9])
    return np.clip(np.nan_to_num(values, nan=0.0), low, high)


def table(data: Dataset, names: Sequence[str] = tuple(FORMULAS)) -> dict[str, Score]:
    """Formulas by name, scored on the test rows of a dataset with the three translations."""
    return {name: score(FORMULAS[name].values, data) for name in names}


def factor(values: Array, truth: Array) -> float | None:
    """c where values = c truth to rounding, else None."""
    c = float(values @ truth / (truth @ truth))
    apart = np.abs(values - c * truth).max()
    return c if c != 0 and apart <= 1e-9 * np.abs(values).max() else None

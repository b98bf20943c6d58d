"""The best law against a spline network: which predicts better, what noise is left, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..symbolic.law import Law, table_of
from ..symbolic.polish import Table
from ..symbolic.tree import evaluate, free_values
from .shelf import is_exact
from .surrogate import shared_misfit

STANDARD_ERRORS = 2.0
"""What differs by more than so many standard errors is said."""
LEAST_ROWS = 40
ENDED = "The search was ended by the clock; more time may find a better law."
TOO_FEW = "It was not compared with a spline network, for which the {} training rows are too few."
NOT_COMPARED = "It was not compared with a spline network, because the search ended before one was fitted."


@dataclass(frozen=True, eq=False)
class Rival:
    """A spline network that was fitted to the training rows.

    Attributes:
        predict: values [N] at inputs [N, n].
        noise: scatter of the target about it that is not its own error, in the unit of the target; None where its own
            error hides it.
    """

    predict: Callable[[Array], Array]
    noise: float | None


@dataclass(frozen=True)
class Duel:
    """Two predictions of the same held-out rows.

    With r and s their residuals and weights w, the mean of  w (r^2 - s^2)  is positive where the second is better.

    Attributes:
        first, second: root (weighted) mean squared errors.
        difference, standard_error: the mean, and its standard error by the scatter of the rows.
    """

    first: float
    second: float
    difference: float
    standard_error: float

    @property
    def significant(self) -> bool:
        """Whether one is better by more than two standard errors."""
        return abs(self.difference) > STANDARD_ERRORS * self.standard_error


def duel(first: Array, second: Array, rows: Table) -> Duel:
    """Compare two predictions [N] of the rows."""
    weights = np.ones(len(rows.target)) if rows.weights is None else rows.weights
    with np.errstate(all="ignore"):
        one, two = (weights * (values - rows.target) ** 2 for values in (first, second))
        count = len(one)
        error = float(np.std(one - two, ddof=1)) / count**0.5 if count > 1 else float("inf")
        return Duel(_root(one), _root(two), float(np.mean(one - two)), error)


def _root(squares: Array) -> float:
    return float(np.sqrt(np.mean(squares)))


@dataclass(frozen=True)
class Verdict:
    """The estimated noise of the target, or None, and sentences about the best law."""

    noise: float | None
    notes: tuple[str, ...]


def verdict(best: Law, dataset: Dataset, rival: Rival | None, *, found: bool, finished: bool) -> Verdict:
    """What is left by the best law, or by the mean where none was found.

    The noise is what a law scatters by when neighboring rows are not missed alike and no network does better, else
    what a network says of it. Residuals r, with r' those of the nearest other row, are alike when the mean of r r' is
    larger than two standard errors, 2 mean(r^2) / sqrt(N). Where uncertainties are stated, the noise is that of a row
    of mean weight.

    Args:
        found: False when the best law is the mean.
        finished: False when the clock ended the search.
    """
    if found and is_exact(best, dataset):
        return Verdict(0.0, ())
    ended = () if finished else (ENDED,)
    notes: list[str] = []
    beaten = False
    if rival is None and found:
        few = len(dataset.part("train").inputs)
        notes.append(NOT_COMPARED if few >= LEAST_ROWS else TOO_FEW.format(few))
    elif rival is not None and dataset.split.held_out:
        rows = table_of(dataset, "test")
        told = duel(best(rows.inputs), rival.predict(rows.inputs), rows)
        beaten = told.significant and told.difference > 0
        if beaten:
            notes.append(_worse("this law" if found else "the mean", told))
    rows = table_of(dataset, "fit")
    left, alike = _left(best, rows)
    if alike and found:
        notes.append(
            f"What the law leaves, {left:.2g}, is alike in neighboring rows: it is not noise alone, and there is more "
            "to find."
        )
    noise = None if rival is None else rival.noise
    if not alike and not beaten:
        noise = left
    return Verdict(noise, (*notes, *ended))


def _worse(what: str, told: Duel) -> str:
    return (
        f"A spline network predicts held-out rows better than {what} (rmse {told.second:.2g} against "
        f"{told.first:.2g})."
    )


def _left(law: Law, rows: Table) -> tuple[float, bool]:
    """The standard deviation of what a law leaves of its rows, and whether it is alike in neighboring ones."""
    with np.errstate(all="ignore"):
        misfit = rows.target - evaluate(law.tree, rows.inputs)
    misfit *= 1.0 if rows.weights is None else np.sqrt(rows.weights)
    square = float(np.mean(misfit**2))
    count = len(misfit)
    free = max(count - len(free_values(law.tree)), 1)
    varying = rows.inputs[:, np.ptp(rows.inputs, axis=0) > 0]
    alike = (
        varying.shape[1] > 0
        and count > 1
        and shared_misfit(misfit, varying) > STANDARD_ERRORS * square / np.sqrt(count)
    )
    return float(np.sqrt(square * count / free)), alike

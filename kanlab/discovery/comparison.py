"""Two laws of one table: which predicts better, where they differ, and how far apart they go beyond the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array, BoolArray
from ..data import Dataset, identifiers
from ..errors import ActionError
from ..symbolic.law import Law, table_of
from .rival import Duel, duel

TIMES = (1.5, 3.0)
POINTS, PARTS = 4096, 5


@dataclass(frozen=True)
class Region:
    """The part of the rows in which two laws differ most.

    Attributes:
        column: whose fifth of the rows it is, from low to high.
        inside, overall: root mean squared difference of the laws there, and on all rows.
    """

    column: str
    low: float
    high: float
    inside: float
    overall: float


@dataclass(frozen=True)
class Beyond:
    """How far two laws differ around the data.

    Attributes:
        times: width of the box, in widths of the data; the points lie in it and outside of the data.
        median, decile: of |a - b|, half of the points and a tenth of them have more.
        undefined: share of points at which one of the laws is not finite; they are not among those above.
    """

    times: float
    median: float
    decile: float
    undefined: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """All of it.

    Attributes:
        duel: on the held-out rows; a positive difference means that the second law is better.
        region: None where the laws are the same on all rows.
        spread: standard deviation of the target.
    """

    duel: Duel
    region: Region | None
    beyond: tuple[Beyond, ...]
    spread: float


def compare(first: Law, second: Law, data: Dataset) -> Comparison:
    """Compare two laws of the columns of a dataset.

    Raises:
        ActionError: a law is of other columns or of another target, or has spline edges left.
    """
    _check((first, second), data)
    held = table_of(data, "test")
    with np.errstate(all="ignore"):
        gap = first(data.inputs) - second(data.inputs)
    names = first.printed.names
    used = [names.index(name) for name in names if name in _used(first, second)] or list(range(len(names)))
    return Comparison(
        duel(first(held.inputs), second(held.inputs), held),
        _region(gap, data.inputs, used, names),
        tuple(_beyond(first, second, used, times) for times in TIMES),
        float(np.std(data.targets)),
    )


def _check(laws: Sequence[Law], data: Dataset) -> None:
    names, target = tuple(identifiers(data.names).values()), tuple(identifiers(data.target_names).values())
    for law in laws:
        if law.printed.names != names or (law.target,) != target:
            raise ActionError(
                f"The law {law} is of {', '.join(law.printed.names)} and the dataset has "
                f"{', '.join(names)} and the target {', '.join(target)}; give two laws of the dataset."
            )
        if not law.complete:
            raise ActionError(f"The law {law} has spline edges left; make them symbolic first.")


def _used(first: Law, second: Law) -> set[str]:
    return {*first.inputs_used, *second.inputs_used}


def _region(gap: Array, inputs: Array, used: Sequence[int], names: Sequence[str]) -> Region | None:
    """The fifth of the rows by one column with the largest mean square of the gap [N]."""
    square = np.where(np.isfinite(gap), gap, 0.0) ** 2
    overall = float(np.sqrt(square.mean()))
    if overall == 0:
        return None
    found: list[Region] = []
    for place in used:
        for rows in np.array_split(np.argsort(inputs[:, place], kind="stable"), PARTS):
            if len(rows):
                low, high = inputs[rows[0], place], inputs[rows[-1], place]
                inside = float(np.sqrt(square[rows].mean()))
                found.append(Region(names[place], float(low), float(high), inside, overall))
    return max(found, key=lambda region: region.inside, default=None)


def box(law: Law, times: float) -> tuple[Array, Array]:
    """The ends [n] of a box so many times as wide as the rows that a law was fitted to."""
    low, high = (
        np.array([getattr(column, end) for column in law.columns], dtype=np.float64)
        for end in ("low", "high")
    )
    middle, half = (low + high) / 2, (high - low) / 2
    return middle - times * half, middle + times * half


def _beyond(first: Law, second: Law, used: Sequence[int], times: float) -> Beyond:
    low, high = box(first, times)
    seen = box(first, 1.0)
    points = np.tile((low + high) / 2, (POINTS, 1))
    shares = np.random.default_rng(0).uniform(size=(POINTS, len(used)))
    columns = list(used)
    points[:, columns] = low[columns] + (high - low)[columns] * shares
    points = points[_outside(points, seen)]
    with np.errstate(all="ignore"):
        gap = np.abs(first(points) - second(points))
    known = gap[np.isfinite(gap)]
    median, decile = np.quantile(known, (0.5, 0.9)).tolist() if len(known) else (np.nan, np.nan)
    return Beyond(times, median, decile, 1 - len(known) / len(gap) if len(gap) else 0.0)


def _outside(points: Array, ends: tuple[Array, Array]) -> BoolArray:
    return np.asarray(((points < ends[0]) | (points > ends[1])).any(axis=1))

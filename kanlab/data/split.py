"""Which rows are fitted, which choose the model, and which only judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

Rows = NDArray[np.int64]
Values = NDArray[Any]

FRACTION = 0.2
"""Part of the rows kept for the test, and part of the rest kept for validation."""

FEW_ROWS = 20
"""Below this many rows nothing is held out: every part is the whole table."""


@dataclass(frozen=True, eq=False)
class Split:
    """Row numbers of the three parts, sorted, read-only, without repeats.

    `train` and `validation` are either disjoint or the same rows; `test` may equal both when the table is
    too small to hold anything out. Raises DataError when a part is empty, repeats a row or overlaps another
    in part.
    """

    train: Rows
    validation: Rows
    test: Rows

    def __post_init__(self) -> None:
        for name in ("train", "validation", "test"):
            object.__setattr__(self, name, _rows(getattr(self, name), name))
        for one, other in (("train", "validation"), ("train", "test"), ("validation", "test")):
            _refuse_partial_overlap(one, getattr(self, one), other, getattr(self, other))

    @property
    def fit(self) -> Rows:
        """Train and validation rows together, sorted: what the last fit of a finished model may use."""
        return np.union1d(self.train, self.validation)

    @property
    def held_out(self) -> bool:
        """True when no test row is a train or validation row."""
        return not np.intersect1d(self.fit, self.test).size

    def parts(self) -> dict[str, Rows]:
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def same_as(self, other: Split) -> bool:
        return all(np.array_equal(rows, other.parts()[name]) for name, rows in self.parts().items())

    def within(self, rows: int) -> Split:
        """This split, or DataError when it names a row that a table of `rows` rows does not have."""
        for name, chosen in self.parts().items():
            if chosen[-1] >= rows:
                raise DataError(
                    f"The {name} part of the split names row {chosen[-1]}, but the table has {rows} "
                    "rows (counted from 0)."
                )
        return self

    def keep(self, kept: NDArray[np.bool_]) -> Split:
        """The same split of the table from which the rows outside the mask `kept` were dropped."""
        place = np.cumsum(kept) - 1
        return Split(*(place[rows[kept[rows]]] for rows in self.parts().values()))


def default_split(rows: int, *, seed: int = 0) -> Split:
    """20 % test, 20 % of the rest validation, drawn by an own generator; under 20 rows every part is all."""
    if rows < FEW_ROWS:
        every = np.arange(rows)
        return Split(every, every, every)
    shuffled = np.random.default_rng(seed).permutation(rows)
    test = round(rows * FRACTION)
    train, validation = _divide(shuffled[test:])
    return Split(train, validation, shuffled[:test])


def split_with_test(fit_rows: int, test_rows: int, *, seed: int = 0) -> Split:
    """The split of a table whose last `test_rows` rows were given as the test."""
    test = np.arange(fit_rows, fit_rows + test_rows)
    if fit_rows < FEW_ROWS:
        return Split(np.arange(fit_rows), np.arange(fit_rows), test)
    train, validation = _divide(np.random.default_rng(seed).permutation(fit_rows))
    return Split(train, validation, test)


def split_by_group(groups: Values, *, seed: int = 0) -> Split:
    """All rows of one value of `groups` [rows] in one part: 20 % of the values test, 20 % of the rest validation.

    Raises DataError when there are fewer than three values.
    """
    values, place = np.unique(groups, return_inverse=True)
    if values.size < 3:
        raise DataError(f"A split by group needs at least 3 groups, and there are {values.size}; add rows.")
    shuffled = np.random.default_rng(seed).permutation(values.size)
    test = max(1, round(values.size * FRACTION))
    validation = max(1, round((values.size - test) * FRACTION))
    part = np.full(values.size, 0)
    part[shuffled[:test]] = 2
    part[shuffled[test : test + validation]] = 1
    return Split(*(np.flatnonzero(part[place] == number) for number in range(3)))


def split_by_test(test: NDArray[np.bool_], *, seed: int = 0) -> Split:
    """The rows of the mask are the test; 20 % of the others, drawn by an own generator, are validation."""
    others = np.flatnonzero(~test)
    train, validation = _divide(np.random.default_rng(seed).permutation(others))
    return Split(train, validation, np.flatnonzero(test))


def split_from_ranges(ranges: Mapping[str, Any]) -> Split:
    """The split of half-open ranges `{"train": [0, 800], "validation": [800, 1000], "test": [1000, 2000]}`"""
    try:
        return Split(*(np.arange(*ranges[name]) for name in ("train", "validation", "test")))
    except (KeyError, TypeError) as error:
        raise DataError(
            "A split is written as one [first, past the last] pair for each of train, validation and test."
        ) from error


def _divide(shuffled: Rows) -> tuple[Rows, Rows]:
    validation = round(shuffled.size * FRACTION)
    return shuffled[validation:], shuffled[:validation]


def _rows(values: Any, name: str) -> Rows:
    given = np.asarray(values)
    if given.ndim != 1 or not given.size or given.dtype.kind not in "iu":
        raise DataError(f"The {name} part of a split needs a non-empty list of row numbers.")
    rows = np.unique(given).astype(np.int64)
    if rows.size != given.size:
        raise DataError(f"The {name} part of the split names a row twice.")
    if rows[0] < 0:
        raise DataError(f"The {name} part of the split names row {rows[0]}; rows are counted from 0.")
    rows.setflags(write=False)
    return rows


def _refuse_partial_overlap(one: str, first: Rows, other: str, second: Rows) -> None:
    shared = np.intersect1d(first, second)
    if shared.size and not np.array_equal(first, second):
        raise DataError(
            f"The {one} and {other} parts of the split share {shared.size} rows; they must be disjoint "
            "or the same."
        )

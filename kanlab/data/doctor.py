"""Checks before a fit: one table of them. A check refuses the data, or leaves a notice in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from .split import FEW_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .cells import Floats
    from .table import Table

MINIMUM_ROWS = 4
LARGEST = 1e100
SMALLEST = 1e-100
STRETCH = 20.0
"""One cell is an outlier when it makes the range of its column this many times as long."""


@dataclass(frozen=True)
class Check:
    """A name, what the check looks for, and whether what it finds refuses the table."""

    name: str
    refuses: bool
    examine: Callable[[Table], Iterator[str]]


def examine(table: Table) -> tuple[str, ...]:
    """Run every check in order; the notices found, or DataError with the first refusal."""
    notices: list[str] = []
    for check in CHECKS:
        for sentence in check.examine(table):
            if check.refuses:
                raise DataError(sentence)
            notices.append(sentence)
    return tuple(notices)


def _rows(table: Table) -> Iterator[str]:
    if table.rows < MINIMUM_ROWS:
        have = {0: "no rows", 1: "1 row"}.get(table.rows, f"{table.rows} rows")
        yield f"The table has {have}; at least {MINIMUM_ROWS} are needed, some hundred are better."


def _inputs(table: Table) -> Iterator[str]:
    if not table.names:
        yield f"The table has no input column beside the target {table.target_names[0]!r}; add at least one."


def _finite(table: Table) -> Iterator[str]:
    for name, column in _columns_with_uncertainty(table):
        bad = np.flatnonzero(~np.isfinite(column))
        if bad.size:
            what = (
                "an empty cell (NaN)" if np.isnan(column[bad[0]]) else f"an infinite value ({column[bad[0]]})"
            )
            more = f" and {bad.size - 1} more" if bad.size > 1 else ""
            yield (
                f"Column {name!r} has {what} in row {bad[0]}{more}, counted from 0; "
                'correct it, or pass missing="drop" to leave such rows out.'
            )


def _scale(table: Table) -> Iterator[str]:
    for name, column in _columns_with_uncertainty(table):
        largest = float(np.abs(column).max())
        spread = float(np.ptp(column))
        if largest > LARGEST:
            yield f"Column {name!r} reaches {largest:.3g}, whose square overflows; give it in a larger unit."
        elif 0.0 < spread < SMALLEST:
            yield f"Column {name!r} varies by {spread:.3g}, whose square vanishes; give it in a smaller unit."


def _uncertainty(table: Table) -> Iterator[str]:
    if table.uncertainty is not None and table.uncertainty.min() <= 0.0:
        row = int(np.argmin(table.uncertainty))
        yield (
            f"The uncertainty in row {row} is {table.uncertainty[row]:.3g}; "
            "it is one standard deviation of the target and must be positive."
        )


def _classes(table: Table) -> Iterator[str]:
    if len(table.classes) == 1:
        yield f"Every row has the class {table.classes[0]!r}; a classification needs at least two classes."


def _few_rows(table: Table) -> Iterator[str]:
    if table.rows < FEW_ROWS:
        yield (
            f"The table has only {table.rows} rows, so nothing is held out: "
            "the errors shown are those of the rows that were fitted."
        )


def _constant(table: Table) -> Iterator[str]:
    for name, column in zip(table.names, table.inputs.T, strict=True):
        if np.ptp(column) == 0.0:
            yield f"Column {name!r} is {column[0]:.6g} in every row, so it cannot explain anything."


def _constant_target(table: Table) -> Iterator[str]:
    for name, column in zip(table.target_names, table.targets.T, strict=True):
        if not table.classes and np.ptp(column) == 0.0:
            yield f"The target {name!r} is {column[0]:.6g} in every row, so the only law is that constant."


def _last_digits(table: Table) -> Iterator[str]:
    for name, column in table.columns().items():
        spread, largest = float(np.ptp(column)), float(np.abs(column).max())
        if 0.0 < spread < 1e-10 * largest:
            yield f"Column {name!r} varies only after its tenth digit; subtract {column[0]:.17g} first."


def _duplicate_columns(table: Table) -> Iterator[str]:
    seen: dict[bytes, str] = {}
    for name, column in table.columns().items():
        first = seen.setdefault(column.tobytes(), name)
        if first != name and np.ptp(column) > 0.0:
            yield f"Columns {first!r} and {name!r} hold the same values."


def _outlier(table: Table) -> Iterator[str]:
    for name, column in table.columns().items():
        found = None if name in table.target_names and table.classes else _stretching_row(column)
        if found is not None:
            yield (
                f"Column {name!r} has {column[found]:.6g} in row {found}, far outside all other rows; "
                "check it, because one such cell can spoil a fit."
            )


def _huge(table: Table) -> Iterator[str]:
    for name, column in table.columns().items():
        largest = float(np.abs(column).max())
        if largest > 1e9 or 0.0 < largest < 1e-9:
            yield f"Column {name!r} has values of the order {largest:.1e}; it is rescaled inside the network."


def _columns_with_uncertainty(table: Table) -> list[tuple[str, Floats]]:
    columns = list(table.columns().items())
    return columns if table.uncertainty is None else [*columns, ("uncertainty", table.uncertainty)]


def _stretching_row(column: Floats) -> int | None:
    """The row whose cell alone makes the range of the column `STRETCH` times as long, if there is one."""
    if column.size < 5:
        return None
    order = np.argpartition(column, (0, 1, -2, -1))
    low, next_low, next_high, high = column[order[[0, 1, -2, -1]]]
    for row, gap, rest in (
        (order[-1], high - next_high, next_high - low),
        (order[0], next_low - low, high - next_low),
    ):
        # A column of one value and one other is a rare switch, not an outlier.
        if rest > 0.0 and gap > (STRETCH - 1.0) * rest:
            return int(row)
    return None


CHECKS: tuple[Check, ...] = (
    Check("inputs", True, _inputs),
    Check("rows", True, _rows),
    Check("finite", True, _finite),
    Check("scale", True, _scale),
    Check("uncertainty", True, _uncertainty),
    Check("classes", True, _classes),
    Check("few rows", False, _few_rows),
    Check("constant input", False, _constant),
    Check("constant target", False, _constant_target),
    Check("last digits", False, _last_digits),
    Check("duplicate columns", False, _duplicate_columns),
    Check("outlier", False, _outlier),
    Check("huge scale", False, _huge),
)

"""The splits that a table with a name has, written as data: by chance, by group, by a column, or by ranges of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import DataError, did_you_mean
from .cells import as_numpy, to_numbers
from .record import Record
from .split import Split, default_split, split_by_group, split_by_test, split_from_ranges

Columns = Mapping[str, Any]


def split_named(name: str | None, record: Record, columns: Columns, *, seed: int) -> Split:
    """The split `name` of the table with these columns, or its default when `name` is None. Raises DataError."""
    known = record.splits
    wanted = next(iter(known)) if name is None else name
    if wanted not in known:
        raise DataError(
            f"The dataset {record.name!r} has no split {wanted!r}; its splits are {', '.join(known)}."
            f"{did_you_mean(str(wanted), known)}"
        )
    ((kind, said),) = known[wanted].items()
    return KINDS[kind](columns, said, seed)


def _random(columns: Columns, said: Mapping[str, Any], seed: int) -> Split:
    del said
    return default_split(len(next(iter(columns.values()))), seed=seed)


def _ranges(columns: Columns, said: Mapping[str, Any], seed: int) -> Split:
    del columns, seed
    return split_from_ranges(said)


def _groups(columns: Columns, said: Mapping[str, Any], seed: int) -> Split:
    column = said["column"]
    values = to_numbers(columns[column], name=column)
    return split_by_group(np.round(values, said["digits"]) if "digits" in said else values, seed=seed)


def _given(columns: Columns, said: Mapping[str, Any], seed: int) -> Split:
    column = as_numpy(columns[said["column"]], what=f"Column {said['column']!r}")
    return split_by_test(column == said["test"], seed=seed)


KINDS: Mapping[str, Callable[[Columns, Mapping[str, Any], int], Split]] = {
    "random": _random,
    "ranges": _ranges,
    "groups": _groups,
    "given": _given,
}
"""`{"random": {}}`; `{"ranges": {"train": [0, 800], ...}}`; `{"groups": {"column": "volume", "digits": 4}}`, where
all rows of one (rounded) value are in one part; `{"given": {"column": "split", "test": "test"}}`, where the rows with
that value are the test and validation is drawn from the others."""

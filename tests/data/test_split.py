"""Splits are disjoint, cover the table, and depend on the seed alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Dataset, Split
from kanlab.data.split import (
    default_split,
    split_by_group,
    split_by_test,
    split_from_ranges,
    split_with_test,
)
from kanlab.errors import DataError


@given(st.integers(20, 500), st.integers(0, 2**32))
def test_parts_are_disjoint_and_cover_the_table(rows, seed):
    split = default_split(rows, seed=seed)
    together = np.concatenate([split.train, split.validation, split.test])
    np.testing.assert_array_equal(np.sort(together), np.arange(rows))
    assert split.test.size == round(0.2 * rows)
    assert split.validation.size == round(0.2 * (rows - split.test.size))
    assert split.held_out
    np.testing.assert_array_equal(split.fit, np.setdiff1d(np.arange(rows), split.test))


@given(st.integers(20, 200), st.integers(0, 1000))
def test_seed_decides(rows, seed):
    assert default_split(rows, seed=seed).same_as(default_split(rows, seed=seed))


def test_another_seed_is_another_split():
    assert not default_split(100, seed=0).same_as(default_split(100, seed=1))


@given(st.integers(1, 19))
def test_small_tables_are_not_divided(rows):
    split = default_split(rows)
    assert not split.held_out
    for part in split.parts().values():
        np.testing.assert_array_equal(part, np.arange(rows))


@given(st.integers(4, 200), st.integers(1, 50))
def test_given_test_rows_are_the_last_ones(fit_rows, test_rows):
    split = split_with_test(fit_rows, test_rows)
    np.testing.assert_array_equal(split.test, np.arange(fit_rows, fit_rows + test_rows))
    np.testing.assert_array_equal(split.fit, np.arange(fit_rows))
    assert split.held_out


@given(st.integers(25, 80), st.data())
def test_dropped_rows_leave_the_rest_in_their_parts(rows, draw):
    split = default_split(rows)
    gone = draw.draw(st.sets(st.integers(0, rows - 1), max_size=3))
    kept = np.ones(rows, dtype=bool)
    kept[list(gone)] = False
    left = np.flatnonzero(kept)
    for name, part in split.keep(kept).parts().items():
        np.testing.assert_array_equal(left[part], np.setdiff1d(split.parts()[name], list(gone)))


def test_split_of_a_table_with_dropped_rows():
    X = np.arange(30.0)
    y = np.where(X == 3, np.nan, X**2)
    data = Dataset.from_arrays(X, y, missing="drop", split=Split([0, 3, 5], [1, 2], [4, 29]))
    np.testing.assert_array_equal(data.part("train").inputs[:, 0], [0.0, 5.0])
    np.testing.assert_array_equal(data.part("test").inputs[:, 0], [4.0, 29.0])


def test_rows_come_sorted():
    np.testing.assert_array_equal(Split([5, 1], [2], [0]).train, [1, 5])


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (([], [1], [2]), "non-empty"),
        (([0.5], [1], [2]), "row numbers"),
        (([0, 0], [1], [2]), "twice"),
        (([-1], [1], [2]), "counted from 0"),
        (([0, 1], [1], [2]), "share 1 rows"),
        (([0], [1], [1, 2]), "share 1 rows"),
    ],
)
def test_splits_that_are_none(parts, words):
    with pytest.raises(DataError, match=words):
        Split(*parts)


def test_split_beyond_the_table():
    with pytest.raises(DataError, match="names row 10, but the table has 10 rows"):
        Dataset.from_arrays(np.arange(10.0), np.arange(10.0), split=Split([0, 1], [2], [10]))


def test_ranges():
    split = split_from_ranges({"train": [0, 3], "validation": [3, 5], "test": [5, 9]})
    np.testing.assert_array_equal(split.validation, [3, 4])
    with pytest.raises(DataError, match="first, past the last"):
        split_from_ranges({"train": [0, 3]})


def test_groups_stay_together():
    groups = np.repeat(np.arange(50), 3)
    split = split_by_group(groups, seed=1)
    parts = [set(groups[rows].tolist()) for rows in split.parts().values()]
    assert [len(part) for part in parts] == [32, 8, 10]
    assert len(set.union(*parts)) == 50
    assert split.same_as(split_by_group(groups, seed=1))
    assert not split.same_as(split_by_group(groups, seed=2))
    with pytest.raises(DataError, match="needs at least 3 groups, and there are 2"):
        split_by_group(np.array(["a", "a", "b"]))


def test_given_test():
    split = split_by_test(np.arange(100) >= 60, seed=1)
    np.testing.assert_array_equal(split.test, np.arange(60, 100))
    np.testing.assert_array_equal(split.fit, np.arange(60))
    assert split.validation.size == 12

"""Every bad table ends in a right dataset or in one plain sentence."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch

from kanlab.data import Dataset
from kanlab.errors import DataError

ROWS = 40
X = np.random.default_rng(1).uniform(-1.0, 1.0, (ROWS, 2))
Y = np.exp(X[:, 0]) + X[:, 1]


def refused(make, *parts: str) -> None:
    """`make()` raises DataError with one sentence, and at most a question after it, that holds every part."""
    with pytest.raises(DataError) as caught:
        make()
    message = str(caught.value)
    assert re.fullmatch(r"[^\n]+[.](?: Did you mean .+\?)?", message), message
    for part in parts:
        assert part in message, message


def with_cell(value: float, row: int = 7) -> np.ndarray:
    inputs = X.copy()
    inputs[row, 1] = value
    return inputs


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "infinite"), (-np.inf, "-inf")])
def test_cell_without_a_number_is_refused_with_its_place(value, word):
    refused(lambda: Dataset.from_arrays(with_cell(value), Y), word, "'x2'", "row 7", "drop")
    bad = Y.copy()
    bad[3] = value
    refused(lambda: Dataset.from_arrays(X, bad), word, "'y'", "row 3")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_drop_leaves_such_rows_out_and_says_so(value):
    data = Dataset.from_arrays(with_cell(value), Y, missing="drop")
    assert data.rows == ROWS - 1
    np.testing.assert_array_equal(data.inputs, np.delete(X, 7, axis=0))
    assert any("1 of 40 rows" in notice for notice in data.notices)


def test_unknown_way_with_missing_cells():
    refused(lambda: Dataset.from_arrays(X, Y, missing="fill"), "'fill'", "drop")


@pytest.mark.parametrize(("rows", "words"), [(0, "no rows"), (1, "1 row;"), (3, "3 rows")])
def test_too_few_rows(rows, words):
    refused(lambda: Dataset.from_arrays(X[:rows], Y[:rows]), words, "at least 4")


def test_five_rows_are_fitted_whole_with_a_notice():
    data = Dataset.from_arrays(X[:5], Y[:5])
    assert not data.split.held_out
    assert any("only 5 rows" in notice for notice in data.notices)
    for name in ("train", "validation", "test", "fit"):
        assert data.part(name).inputs.shape == (5, 2)


def test_empty_lists():
    refused(lambda: Dataset.from_arrays([], []), "no rows")
    refused(lambda: Dataset.from_frame({"y": [1.0, 2.0, 3.0, 4.0]}, target="y"), "no input column")
    refused(lambda: Dataset.from_frame({"y": [1.0] * 4}, target="y", missing="drop"), "no input column")


@pytest.mark.parametrize(
    ("inputs", "targets", "words"),
    [
        (np.c_[X[:, 0], np.full(ROWS, 3.5)], Y, "'x2' is 3.5 in every row"),
        (X, np.full(ROWS, 2.0), "The target 'y' is 2 in every row"),
        (np.c_[X, X[:, 0]], Y, "'x1' and 'x3' hold the same values"),
        (with_cell(1e6), Y, "'x2' has 1e+06 in row 7"),
        (X * 1e30, Y, "it is rescaled"),
        (X, 1e12 + X[:, 0], "after its tenth digit"),
    ],
)
def test_what_can_be_fitted_but_should_be_known_is_a_notice(inputs, targets, words):
    data = Dataset.from_arrays(inputs, targets)
    assert any(words in notice for notice in data.notices), data.notices
    assert all(re.fullmatch(r"[^\n]+\.", notice) for notice in data.notices)


def test_good_data_has_no_notice():
    assert Dataset.from_arrays(X, Y).notices == ()


@pytest.mark.parametrize("scale", [1e6, 1e30, 1e-6, 1e-30])
def test_any_scale_is_kept_as_it_is(scale):
    data = Dataset.from_arrays(X * scale, Y * scale)
    np.testing.assert_array_equal(data.inputs, X * scale)
    np.testing.assert_array_equal(data.targets[:, 0], Y * scale)


def test_scales_whose_squares_leave_float64():
    refused(lambda: Dataset.from_arrays(X * 1e150, Y), "'x1'", "overflows")
    refused(lambda: Dataset.from_arrays(X, Y * 1e-150), "'y'", "vanishes")


def test_target_of_one_dimension_is_one_target():
    flat, column = Dataset.from_arrays(X, Y), Dataset.from_arrays(X, Y[:, None])
    assert flat.targets.shape == (ROWS, 1)
    assert flat.same_as(column)


def test_several_targets():
    data = Dataset.from_arrays(X, np.c_[Y, -Y])
    assert data.target_names == ("y1", "y2")
    assert data.targets.shape == (ROWS, 2)


def test_row_counts_that_differ():
    refused(lambda: Dataset.from_arrays(X, Y[:-1]), "X has 40 rows", "y has 39")
    frame = {"a": [1, 2, 3, 4], "y": [1, 2, 3]}
    refused(lambda: Dataset.from_frame(frame, target="y"), "'y' has 3 rows", "'a' has 4")
    refused(lambda: Dataset.from_frame({**frame, "b": [1]}, target="y", missing="drop"), "rows")
    refused(lambda: Dataset.from_arrays([[1.0, 2.0], [3.0]], [1.0, 2.0]), "different lengths")


def test_wrong_number_of_dimensions():
    refused(lambda: Dataset.from_arrays(X[:, :, None], Y), "shape (40, 2, 1)")


@pytest.mark.parametrize(
    "convert",
    [
        np.asarray,
        lambda values: values.tolist(),
        torch.tensor,
        lambda values: torch.tensor(values, requires_grad=True),
        pd.DataFrame,
        lambda values: values.astype(object),
        lambda values: values.astype(str),
    ],
)
def test_every_container_gives_the_same_numbers(convert):
    data = Dataset.from_arrays(convert(X), Y)
    np.testing.assert_array_equal(data.inputs, X)
    assert data.inputs.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int64, np.uint8, np.bool_])
def test_every_number_type_is_widened(dtype):
    values = (X > 0.3).astype(dtype)
    data = Dataset.from_arrays(values, Y)
    assert data.inputs.dtype == np.float64
    np.testing.assert_array_equal(data.inputs, values.astype(np.float64))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.int32, torch.bool])
def test_every_torch_type_is_widened(dtype):
    values = torch.tensor(X).gt(0.3).to(dtype)
    np.testing.assert_array_equal(Dataset.from_arrays(values, Y).inputs, (X > 0.3).astype(float))


def test_nullable_and_exact_numbers():
    frame = pd.DataFrame({"a": pd.array([1, 2, 3, 4, None], dtype="Int64"), "y": [1.0, 2.0, 4.0, 8.0, 16.0]})
    refused(lambda: Dataset.from_frame(frame, target="y"), "'a'", "row 4")
    assert Dataset.from_frame(frame, target="y", missing="drop").rows == 4
    thirds = {"a": [Fraction(i, 3) for i in range(5)], "y": [0, 1, 4, 9, 16]}
    assert Dataset.from_frame(thirds, target="y").inputs[1, 0] == 1 / 3


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (["red", "blue", "red", "green"], ("'red'", "row 0", "encode")),
        (["1,5", "2,5", "3,5", "4,5"], ("'1,5'", "decimal points")),
        (pd.date_range("2020-01-01", periods=4), ("dates",)),
        ([1j, 2j, 3j, 4j], ("complex",)),
        ([[1], [2], [3], [4]], ("shape",)),
    ],
)
def test_columns_that_are_no_numbers(column, words):
    frame = {"a": [1.0, 2.0, 3.0, 4.0], "b": column, "y": [1.0, 2.0, 3.0, 5.0]}
    refused(lambda: Dataset.from_frame(frame, target="y"), "'b'", *words)
    assert Dataset.from_frame(frame, target="y", inputs=["a"]).names == ("a",)


def test_unknown_columns():
    frame = pd.DataFrame(X, columns=["length", "width"]).assign(volume=Y)
    refused(lambda: Dataset.from_frame(frame, target="volum"), "no column 'volum'", "Did you mean 'volume'?")
    refused(lambda: Dataset.from_frame(frame, target="volume", inputs=["lenght"]), "Did you mean 'length'")
    refused(lambda: Dataset.from_frame(frame, target="volume", uncertainty="sigma"), "no column 'sigma'")
    refused(lambda: Dataset.from_frame(frame, target="volume", units={"wdth": "m"}), "Did you mean 'width'?")


def test_no_target():
    refused(lambda: Dataset.from_frame({"a": [1, 2], "b": [1, 2]}, target=[]), "No target", "a, b")


def test_column_with_two_parts():
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(y=Y)
    refused(lambda: Dataset.from_frame(frame, target="y", inputs=["a", "y"]), "'y'", "two parts")


def test_duplicate_and_missing_names():
    frame = pd.DataFrame(np.c_[X, Y], columns=["a", "a", "y"])
    refused(lambda: Dataset.from_frame(frame, target="y"), "'a' appears twice")
    refused(lambda: Dataset.from_arrays(X, Y, names=["a", "a"]), "'a' appears twice")
    refused(lambda: Dataset.from_arrays(X, Y, names=["a", "y"]), "'y' appears twice")
    refused(lambda: Dataset.from_arrays(X, Y, names=["a", ""]), "no name")
    refused(lambda: Dataset.from_arrays(X, Y, names=["a"]), "1 names", "2 columns")


def test_something_that_is_no_table():
    refused(lambda: Dataset.from_frame(X, target="y"), "ndarray", "from_arrays")


@pytest.mark.parametrize(
    ("sigma", "words"), [(0.0, "must be positive"), (-1.0, "must be positive"), (np.nan, "NaN")]
)
def test_uncertainty_must_be_a_standard_deviation(sigma, words):
    values = np.full(ROWS, 0.1)
    values[5] = sigma
    refused(lambda: Dataset.from_arrays(X, Y, uncertainty=values), words, "row 5")


def test_uncertainty_of_another_length():
    refused(lambda: Dataset.from_arrays(X, Y, uncertainty=[0.1]), "1 values", "40 rows")


def test_unknown_task():
    refused(lambda: Dataset.from_arrays(X, Y, task="ranking"), "'ranking'", "classification")


def test_one_class_is_no_classification():
    refused(lambda: Dataset.from_arrays(X, ["a"] * ROWS, task="classification"), "'a'", "two classes")

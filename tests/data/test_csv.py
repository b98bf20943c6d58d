"""CSV files as people have them."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Dataset
from kanlab.data.csvfile import read_csv
from kanlab.errors import DataError

ROWS = "1,2,3\n4,5,6\n7,8,10\n2,1,0\n"


@pytest.fixture
def write(tmp_path):
    def write_file(text: str | bytes, name: str = "table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


@pytest.mark.parametrize(
    "text",
    [
        "a,b,y\n" + ROWS,
        "\ufeffa,b,y\n" + ROWS,
        "# made by a machine\n\na,b,y\n" + ROWS,
        ("a,b,y\n" + ROWS).replace("\n", "\r\n"),
        ("a,b,y\n" + ROWS).replace(",", ";"),
        ("a,b,y\n" + ROWS).replace(",", "\t"),
        ("a,b,y\n" + ROWS).replace(",", ", "),
        '"a","b","y"\n' + ROWS + "\n,,\n",
    ],
)
def test_the_same_table_in_every_dress(write, text):
    data = Dataset.from_csv(write(text), target="y")
    assert (data.names, data.target_names, data.title) == (("a", "b"), ("y",), "table.csv")
    np.testing.assert_array_equal(data.inputs, [[1, 2], [4, 5], [7, 8], [2, 1]])
    np.testing.assert_array_equal(data.targets[:, 0], [3, 6, 10, 0])


def test_gzip(write):
    path = write(gzip.compress(b"a,b,y\n" + ROWS.encode()), "table.csv.gz")
    assert Dataset.from_csv(path, target="y").rows == 4


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "t.csv", "is empty"),
        ("\n\n", "t.csv", "is empty"),
        ("a,b,y\n", "t.csv", "no rows"),
        ("a,b,y\n1,2,3\n1,2\n", "t.csv", "Row 1 of 't.csv'.+2 cells"),
        ("a,b,y\n1,2,3,4\n", "t.csv", "Row 0 of 't.csv'.+4 cells"),
        ("a,a,y\n" + ROWS, "t.csv", "'a' appears twice"),
        (",a,y\n" + ROWS, "t.csv", "Column 1 .+ no name"),
        (ROWS, "t.csv", "numbers only"),
        ('a,b,y\n1,2,"3\n', "t.csv", "cannot be read as CSV"),
        (b"a,b,y\n1,2,\xff\xfe\n", "t.csv", "not UTF-8"),
        (b"a,b,y\n1,2,3\n", "t.csv.gz", "gzip"),
        (gzip.compress(b"a,b,y\n1,2,3\n", mtime=0)[:-9], "t.csv.gz", "gzip"),
        ("a,b,y\n1,2,3\n1,,4\n1,4,4\n2,2,1\n", "t.csv", "'b'.+row 1"),
        ("a,b,y\n1,2,3\n1,NA,4\n1,4,4\n2,2,1\n", "t.csv", "'b'.+row 1"),
        ("a,b,y\n1,2,3\n1,x,4\n1,4,4\n2,2,1\n", "t.csv", "'b' holds 'x' in row 1"),
        ("a;b;y\n1,5;2;3\n2,5;1;4\n1;4;4\n2;2;1\n", "t.csv", "decimal points"),
    ],
)
def test_files_that_cannot_be_used(write, content, name, words):
    with pytest.raises(DataError, match=words) as caught:
        Dataset.from_csv(write(content, name), target="y")
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(DataError, match="no file"):
        Dataset.from_csv(tmp_path / "absent.csv", target="y")
    with pytest.raises(DataError, match="is a folder"):
        Dataset.from_csv(tmp_path, target="y")


def test_unknown_target(write):
    with pytest.raises(DataError, match=r"file 'table.csv' has no column 'yy'.+Did you mean 'y'\?"):
        Dataset.from_csv(write("a,b,y\n" + ROWS), target="yy")


def test_drop(write):
    data = Dataset.from_csv(write("a,b,y\n" + ROWS + "1,,4\n"), target="y", missing="drop")
    assert data.rows == 4


@given(st.lists(st.floats(-1e99, 1e99, allow_subnormal=False), min_size=8, max_size=8))
def test_every_digit_is_read(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "y"])
        writer.writerows(zip(map(repr, values[:4]), map(repr, values[4:]), strict=True))
    columns = read_csv(path)
    assert [float(cell) for cell in columns["a"] + columns["y"]] == values


def test_what_pandas_writes_is_read_back(write):
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(100, 4)), columns=["u v", "λ", "x²", "t [K]"])
    path = write(frame.to_csv(index=False))
    data = Dataset.from_csv(path, target="t [K]")
    assert data.names == ("u v", "λ", "x²")
    assert data.same_as(Dataset.from_frame(frame, target="t [K]"))

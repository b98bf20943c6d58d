"""The line of Python that a source gives makes the same dataset."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Dataset, Source, Split, load
from kanlab.data.source import literal
from kanlab.errors import DataError

X = np.random.default_rng(0).normal(size=(30, 2))


def run(code: str) -> Dataset:
    """The dataset that the code makes in a script which begins with `import kanlab as kl`."""
    return eval(code, {"kl": SimpleNamespace(Dataset=Dataset, load=load)})


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savetxt(
        "table.csv", np.c_[X, X[:, 0] ** 2, np.ones(30)], delimiter=",", header="a,b,y,sigma", comments=""
    )
    return "table.csv"


def test_registry():
    data = load("exp_sin")
    assert data.source.code() == 'kl.load("exp_sin")'
    assert run(data.source.code()).same_as(data)
    data = load("planets", inputs=("semi_major_axis",), seed=3)
    assert data.source.code() == 'kl.load("planets", inputs=["semi_major_axis"], seed=3)'
    assert run(data.source.code()).same_as(data)
    assert Source.from_json(data.source.to_json()) == data.source


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"target": "y"}, 'kl.Dataset.from_csv("table.csv", target="y")'),
        (
            {"target": ["y", "b"], "inputs": ("a",), "seed": 3},
            'kl.Dataset.from_csv("table.csv", target=["y", "b"], inputs=["a"], seed=3)',
        ),
        (
            {"target": "y", "units": {"a": "m"}, "missing": "drop", "uncertainty": "sigma", "title": "T"},
            'kl.Dataset.from_csv("table.csv", target="y", units={"a": "m"}, missing="drop", '  # noqa: ISC004
            'uncertainty="sigma", title="T")',
        ),
    ],
)
def test_csv(table, options, code):
    data = Dataset.from_csv(table, **options)
    assert data.source.code() == code
    again = run(code)
    assert again.same_as(data)
    assert again.title == data.title


def test_csv_with_a_split_of_its_own_is_written_whole(table):
    data = Dataset.from_csv(table, target="y", split=Split(range(10), range(10, 20), range(20, 30)))
    assert data.source.kind == "memory"
    assert run(data.source.code()).same_as(data)


def test_memory():
    data = Dataset.from_arrays(X, X[:, 0], title="T")
    assert data.source.code().startswith('kl.Dataset.from_text("')
    assert run(data.source.code()).same_as(data)
    assert run(run(data.source.code()).source.code()).title == "T"


def test_source_without_a_dataset():
    with pytest.raises(DataError, match="no dataset"):
        Source("memory").code()
    with pytest.raises(DataError, match="'cloud'"):
        Source("cloud")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_literals_mean_what_they_meant(value):
    assert ast.literal_eval(literal(value)) == value


def test_literal_of_numpy_and_of_something_else():
    assert literal(np.int64(3)) == "3"
    with pytest.raises(DataError, match="object"):
        literal(object())


@given(st.text(), st.lists(st.tuples(st.text(), st.text() | st.integers() | st.lists(st.text(), max_size=2))))
def test_json_round_trip(where, options):
    source = Source("csv", where, tuple((key, tuple(v) if isinstance(v, list) else v) for key, v in options))
    assert Source.from_json(source.to_json()) == source


@pytest.mark.parametrize(
    "record", [{}, {"kind": "csv", "where": "a", "options": 3}, {"kind": "x", "where": "", "options": []}]
)
def test_json_that_is_no_source(record):
    with pytest.raises(DataError):
        Source.from_json(record)

"""Columns computed of others: their values, units and the code that makes them again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kanlab.data import Dataset, Source, load
from kanlab.data.text import pack, unpack
from kanlab.errors import DataError, FileError, GrammarError
from tests.sentences import refused

ROWS = np.random.default_rng(3).uniform(1, 2, (30, 3))
UNITS = {"distance": "m", "t (s)": "s", "v": "m/s"}


def table(**options: Any) -> Dataset:
    x, t, v = ROWS.T
    return Dataset.from_frame({"distance": x, "t (s)": t, "v": v}, target="v", units=UNITS, **options)


def run(code: str) -> Dataset:
    return eval(code, {"kl": SimpleNamespace(Dataset=Dataset, load=load)})


def test_values_and_units() -> None:
    data = table().with_columns({"a": "distance/t_s**2", "root": "sqrt(a*distance)", "s": "sin(t_s/(2*t_s))"})
    x, t, _ = ROWS.T
    np.testing.assert_allclose(data.inputs[:, 2:].T, [x / t**2, x / t, np.full(30, np.sin(0.5))], rtol=1e-14)
    assert data.names == ("distance", "t (s)", "a", "root", "s")
    assert data.units == UNITS | {"a": "m/s^2", "root": "m/s"}
    assert data.derived == {"a": "distance/t_s**2", "root": "sqrt(a*distance)", "s": "sin(t_s/(2*t_s))"}
    assert any("'s' is" in notice for notice in data.notices)
    np.testing.assert_array_equal(data.split.train, table().split.train)


def test_a_unit_can_be_given() -> None:
    data = table().with_columns({"g": "9.81", "h": "g*t_s**2 + distance"}, units={"g": "m/s^2"})
    assert (data.units["g"], data.units["h"]) == ("m/s^2", "m")
    bare = Dataset.from_arrays(ROWS[:, :2], ROWS[:, 2]).with_columns({"odd": "x1 + sin(x2)"})
    assert not bare.units


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"w": "distance + t_s"}, ("'w'", "in m", "in s", "units=")),
        ({"w": "1 + distance"}, ("'w'", "a pure number", "in m")),
        ({"w": "exp(t_s)"}, ("exp", "in s")),
        ({"w": "2**t_s"}, ("power",)),
        ({"w": "1/(t_s - t_s)"}, ("'w'", "row 0")),
        ({"v": "distance"}, ("'v'", "already")),
        ({"t_s": "distance"}, ("'t_s'", "already")),
        ({"two words": "distance"}, ("two_words",)),
    ],
)
def test_refused(columns: dict[str, str], parts: tuple[str, ...]) -> None:
    data = table()
    refused(lambda: data.with_columns(columns), *parts, kind=DataError)


def test_formulas_see_inputs_only() -> None:
    with pytest.raises(GrammarError, match="'v'"):
        table().with_columns({"w": "v*t_s"})
    with pytest.raises(GrammarError):
        table().with_columns({"w": "__import__('os')"})
    refused(lambda: table().with_columns({"w": "t_s"}, units={"x": "m"}), "'x'", kind=DataError)


def test_code_of_a_dataset_that_comes_with_kanlab() -> None:
    data = load("planets").with_columns({"c": "1.5", "n": "semi_major_axis**2*c"}, units={"c": "kg"})
    assert data.source.code() == (
        'kl.load("planets").with_columns(columns={"c": "1.5", "n": "semi_major_axis**2*c"}, units={"c": "kg"})'
    )
    again = run(data.source.code())
    assert again.same_as(data)
    assert again.derived == data.derived
    assert Source.from_json(data.source.to_json()) == data.source


def test_code_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savetxt("t.csv", ROWS, delimiter=",", header="a,b,y", comments="")
    data = Dataset.from_csv("t.csv", target="y", units={"a": "m"}).with_columns({"p": "a*b"})
    data = data.with_columns({"q": "p**2"})
    assert data.source.code().endswith(
        '.with_columns(columns={"p": "a*b"}).with_columns(columns={"q": "p**2"})'
    )
    assert run(data.source.code()).same_as(data)


def test_text_of_a_table_from_memory() -> None:
    data = table().with_columns({"a": "distance/t_s"})
    again = run(data.source.code())
    assert again.same_as(data)
    assert again.derived == {"a": "distance/t_s"}


@pytest.mark.parametrize(
    "steps", [[["to_text", []]], [["with_columns", [["path", "x"]]]], [["in_groups"]], 3]
)
def test_a_source_holds_only_known_steps(steps: Any) -> None:
    record = {"kind": "registry", "where": "planets", "options": [], "steps": steps}
    refused(lambda: Source.from_json(record), kind=DataError)


@pytest.mark.parametrize("derived", [3, ["ab", "cde"], [["a"]], None])
def test_a_damaged_text(derived: Any) -> None:
    arrays, record = unpack(table().to_text())
    refused(lambda: Dataset.from_text(pack(arrays, record | {"derived": derived})), kind=FileError)

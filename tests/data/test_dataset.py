"""The dataset as a value: what goes in comes out, read-only, and can be made again from text."""

from __future__ import annotations

import base64
import pickle
import random
import zlib
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kanlab.data import Dataset, Split
from kanlab.data.text import pack
from kanlab.errors import DataError, FileError

X = np.random.default_rng(2).uniform(-1.0, 1.0, (50, 3))
Y = X[:, 0] * X[:, 1]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)


@st.composite
def datasets(draw) -> Dataset:
    rows, columns, outputs = (draw(st.integers(*span)) for span in ((4, 30), (1, 3), (1, 2)))
    cells = st.floats(-1e100, 1e100, allow_subnormal=False)
    names = draw(st.lists(WORDS, min_size=columns + outputs, max_size=columns + outputs, unique=True))
    order = draw(st.permutations(range(rows)))
    cut, end = draw(st.integers(1, rows - 3)), rows - 1
    return Dataset(
        draw(arrays(np.float64, (rows, columns), elements=cells)),
        draw(arrays(np.float64, (rows, outputs), elements=cells)),
        tuple(names[:columns]),
        tuple(names[columns:]),
        Split(np.array(order[:cut]), np.array(order[cut:end]), np.array(order[end:])),
        {names[0]: draw(WORDS)},
        title=draw(WORDS),
        notices=tuple(draw(st.lists(WORDS, max_size=2))),
        uncertainty=draw(st.none() | arrays(np.float64, rows, elements=st.floats(1e-6, 1e6))),
    )


@given(datasets())
def test_text_holds_everything(data):
    back = Dataset.from_text(data.to_text())
    assert back.same_as(data)
    assert back.fingerprint == data.fingerprint
    assert back.split.same_as(data.split)
    assert (back.inputs.tobytes(), back.targets.tobytes()) == (data.inputs.tobytes(), data.targets.tobytes())
    for field in ("names", "target_names", "units", "task", "title", "notices", "classes"):
        assert getattr(back, field) == getattr(data, field)
    assert back.to_text() == data.to_text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64 !",
        base64.b64encode(b"not zlib").decode(),
        base64.b64encode(zlib.compress(b"not safetensors")).decode(),
        base64.b64encode(zlib.compress(b"")).decode(),
        base64.b64encode(zlib.compress(pickle.dumps({"a": 1}))).decode(),
        Dataset.from_arrays(X, Y).to_text()[:-40],
        pack({"inputs": X}, {"format": 1}),
        pack({"inputs": X}, {"format": 99}),
        pack({}, {}),
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(FileError, match=r"^[^\n]+\.$"):
        Dataset.from_text(text)


def test_text_with_a_cell_that_is_no_number_is_refused():
    data = Dataset.from_arrays(X, Y)
    arrays_ = {**data._arrays(), "inputs": np.where(X > 0.9, np.nan, X)}
    with pytest.raises(FileError, match="finite"):
        Dataset.from_text(pack(arrays_, data._record()))


def test_text_that_unpacks_to_too_much_is_refused(monkeypatch):
    text = Dataset.from_arrays(X, Y).to_text()
    monkeypatch.setattr("kanlab.data.text.LARGEST_BYTES", 100)
    with pytest.raises(FileError, match="100 bytes"):
        Dataset.from_text(text)


def test_text_survives_line_breaks():
    data = Dataset.from_arrays(X, Y)
    text = data.to_text()
    wrapped = "\n".join(text[start : start + 76] for start in range(0, len(text), 76))
    assert Dataset.from_text(wrapped).same_as(data)


def test_nothing_can_be_changed():
    source = X.copy()
    data = Dataset.from_arrays(source, Y)
    source[:] = 0.0
    np.testing.assert_array_equal(data.inputs, X)
    for array in (data.inputs, data.targets, data.split.train, data.split.test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(FrozenInstanceError):
        data.title = "other"


def test_pickled_for_another_process_and_still_read_only():
    data = Dataset.from_arrays(X, Y, title="t")
    back = pickle.loads(pickle.dumps(data))
    assert back.same_as(data)
    assert back.title == "t"
    assert not back.inputs.flags.writeable
    assert back.source.code() == data.source.code()


def test_fingerprint_sees_what_a_fit_sees():
    data = Dataset.from_arrays(X, Y)
    assert data.same_as(Dataset.from_arrays(X.copy(), list(Y), title="another title"))
    others = [
        Dataset.from_arrays(X, Y, seed=1),
        Dataset.from_arrays(X, Y, names=["a", "b", "c"]),
        Dataset.from_arrays(X, Y, units={"y": "m"}),
        Dataset.from_arrays(X, Y, uncertainty=np.ones(50)),
        Dataset.from_arrays(X + 1e-15, Y),
        Dataset.from_arrays(X[:, ::-1], Y),
    ]
    assert len({data.fingerprint, *(other.fingerprint for other in others)}) == 1 + len(others)


def test_columns_of_a_frame():
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=Y, sigma=0.5)
    data = Dataset.from_frame(
        frame, target="b", inputs=["c", "a"], uncertainty="sigma", units={"a": "m"}, title="T"
    )
    assert (data.names, data.target_names) == (("c", "a"), ("b",))
    np.testing.assert_array_equal(data.inputs, X[:, [2, 0]])
    np.testing.assert_array_equal(data.uncertainty, np.full(50, 0.5))
    assert (data.units, data.title) == ({"a": "m"}, "T")
    assert data.part("test").uncertainty.shape == data.split.test.shape
    assert Dataset.from_frame(frame, target=["y", "b"]).target_names == ("y", "b")


def test_frame_given_as_inputs_lends_its_names():
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    assert Dataset.from_arrays(frame, pd.Series(Y)).names == ("a", "b", "c")
    assert Dataset.from_arrays(frame, pd.DataFrame({"z": Y})).target_names == ("z",)
    assert Dataset.from_arrays(frame, Y, names=["u", "v", "w"], target_name="q").target_names == ("q",)
    assert Dataset.from_arrays(X[:, 0], Y).names == ("x1",)


def test_test_rows_given_apart():
    data = Dataset.from_arrays(X[:40], Y[:40], test=(X[40:], Y[40:]))
    np.testing.assert_array_equal(data.part("test").inputs, X[40:])
    np.testing.assert_array_equal(np.sort(data.part("fit").targets[:, 0]), np.sort(Y[:40]))
    assert data.split.held_out
    few = Dataset.from_arrays(X[:6], Y[:6], test=(X[40:], Y[40:]))
    assert few.split.held_out
    assert few.part("validation").inputs.shape == (6, 3)


def test_test_rows_are_matched_by_name_and_checked():
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    data = Dataset.from_arrays(frame[:40], Y[:40], test=(frame[40:][["c", "a", "b"]], Y[40:]))
    np.testing.assert_array_equal(data.part("test").inputs, X[40:])
    with pytest.raises(DataError, match="X of the test has 2 columns"):
        Dataset.from_arrays(X, Y, test=(X[:, :2], Y))
    with pytest.raises(DataError, match="y of the test has 2 columns"):
        Dataset.from_arrays(X, Y, test=(X, np.c_[Y, Y]))
    with pytest.raises(DataError, match="Both"):
        Dataset.from_arrays(X, Y, test=(X, Y), split=Dataset.from_arrays(X, Y).split)


def test_classes_from_text_and_from_numbers():
    labels = np.where(Y > 0, "up", "down")
    data = Dataset.from_arrays(X, labels, task="classification")
    assert (data.task, data.classes) == ("classification", ("down", "up"))
    np.testing.assert_array_equal(data.targets[:, 0], (Y > 0).astype(float))
    numbers = Dataset.from_frame(
        {"a": X[:, 0], "k": np.where(Y > 0, 4, -2)}, target="k", task="classification"
    )
    assert numbers.classes == ("-2", "4")
    np.testing.assert_array_equal(numbers.targets, data.targets)
    assert Dataset.from_text(data.to_text()).classes == data.classes


def test_class_that_is_missing():
    labels = ["a", "b", None, "a", "b"]
    with pytest.raises(DataError, match="row 2"):
        Dataset.from_arrays(X[:5], labels, task="classification")
    assert Dataset.from_arrays(X[:5], labels, task="classification", missing="drop").rows == 4


def test_parts():
    data = Dataset.from_arrays(X, Y)
    assert [len(data.part(name).inputs) for name in ("train", "validation", "test", "fit")] == [32, 8, 10, 40]
    with pytest.raises(DataError, match=r"no part 'tset'.+Did you mean 'test'"):
        data.part("tset")


def test_global_random_state_is_left_alone():
    np.random.seed(7)  # noqa: NPY002  the global state is what this test is about
    torch.manual_seed(7)
    random.seed(7)
    before = (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate())  # noqa: NPY002
    Dataset.from_arrays(X, Y, seed=3).to_text()
    after = (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate())  # noqa: NPY002
    assert before == after


def test_repr_is_one_line():
    assert repr(Dataset.from_arrays(X, Y, title="T")) == "Dataset('T': 50 rows, x1, x2, x3 -> y)"


def test_bare_constructor_checks_shapes():
    split = Dataset.from_arrays(X, Y).split
    with pytest.raises(DataError, match="targets have shape"):
        Dataset(X, Y, ("a", "b", "c"), ("y",), split)
    with pytest.raises(DataError, match="50 rows"):
        Dataset(X, Y[:, None], ("a", "b", "c"), ("y",), Split([0], [1], [50]))

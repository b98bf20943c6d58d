"""Files: the whole tree comes back bit for bit, and whatever is wrong with one is one sentence."""

from __future__ import annotations

import copy
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from kanlab.data import Dataset
from kanlab.data import load as kl_load
from kanlab.discovery import Investigation
from kanlab.discovery.actions import Fit, Fix, Lock, Prune
from kanlab.errors import FileError
from kanlab.network import EdgeId
from kanlab.report.script import script
from tests.sentences import is_one_sentence, refused
from tests.tables import print_of, started

Header = dict[str, Any]


@pytest.fixture(scope="module")
def held() -> Investigation:
    """Two branches, one undone state, a stopped fit, a form."""
    made = started()
    made.do(Fit(steps=3, stop_after=2))
    made.do(Fix(EdgeId(0, 0, 0), "exp"))
    made.undo()
    made.do(Lock(EdgeId(0, 1, 0)))
    made.do(Fix(EdgeId(0, 1, 1), "x*exp(-x)"))
    made.undo()
    return made


@pytest.fixture(scope="module")
def blob(held: Investigation, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return held.save(tmp_path_factory.mktemp("files") / "good.kanlab").read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "file.kanlab"


def header_of(blob: bytes) -> Header:
    outer = json.loads(blob[8 : 8 + int.from_bytes(blob[:8], "little")])
    return json.loads(outer["__metadata__"]["kanlab"])


def rebuilt(blob: bytes, header: Any, arrays: dict[str, np.ndarray] | None = None) -> bytes:
    return save(load(blob) if arrays is None else arrays, metadata={"kanlab": json.dumps(header)})


def opened(place: Path, content: bytes) -> Investigation:
    place.write_bytes(content)
    return Investigation.open(place)


def test_the_tree_comes_back(held: Investigation, blob: bytes, place: Path) -> None:
    back = opened(place, blob)
    assert back.same_as(held)
    assert held.same_as(back)
    assert back.seed == held.seed
    assert back.dataset.title == held.dataset.title
    assert [print_of(one) for one in back.history.states] == [print_of(one) for one in held.history.states]
    assert back.redo().action == Fix(EdgeId(0, 1, 1), "x*exp(-x)")
    back.go(2)
    assert back.actions == (Fit(steps=3, stop_after=2), Fix(EdgeId(0, 0, 0), "exp"))


def test_saving_again_gives_the_same_file(blob: bytes, place: Path) -> None:
    assert opened(place, blob).save(place).read_bytes() == blob


def test_what_states_share_is_written_once(held: Investigation, blob: bytes) -> None:
    arrays = load(blob)
    assert len(arrays) < 0.6 * sum(len(record["arrays"]) for record in header_of(blob)["states"])


def test_other_branches_and_places_make_a_difference(held: Investigation, blob: bytes, place: Path) -> None:
    back = opened(place, blob)
    back.redo()
    assert not back.same_as(held)
    back.undo()
    back.do(Prune(0.0))
    assert not back.same_as(held)


def test_the_source_comes_back(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a;b;y\n" + "\n".join(f"{i};{i * i % 7};{2 * i}" for i in range(30)), encoding="utf-8")
    data = Dataset.from_csv(table, target="y", inputs=["a"], seed=3)
    held = Investigation.start(data)
    back = Investigation.open(held.save(tmp_path / "s.kanlab"))
    assert back.dataset.source.code() == data.source.code()
    assert script(back) == script(held)


def test_derived_columns_come_back(tmp_path: Path) -> None:
    data = kl_load("planets").with_columns({"a2": "semi_major_axis**2", "e2": "a2*eccentricity"})
    held = Investigation.start(data)
    back = Investigation.open(held.save(tmp_path / "s.kanlab"))
    assert back.dataset.same_as(data)
    assert back.dataset.derived == data.derived
    assert script(back) == script(held)
    assert 'kl.load("planets").with_columns(' in script(back)


def test_a_file_appears_whole_or_not_at_all(held: Investigation, tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "folder.kanlab", tmp_path, Path("\0"), Path()):
        refused(lambda path=path: held.save(path), "cannot be written", kind=FileError)
    assert [entry.name for entry in tmp_path.iterdir()] == []


@pytest.mark.parametrize("path", ["missing.kanlab", ".", "\0", "/dev/zero", "a" * 5000])
def test_what_is_no_file(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(lambda: Investigation.open(path), kind=FileError)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"\x80\x04\x95cos\nsystem\n(S'touch pwned'\ntR.",
        b"PK\x03\x04" + bytes(60),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 2**62 - 1) + b'{"__metadata__": {}}',
        struct.pack("<Q", 100_000) + b"[" * 100_000,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 4) + b"\xff\xfe\xfd\xfc",
        save({"a": np.zeros(3)}),
        save({"a": np.zeros(3)}, metadata={"kanlab": "[" * 50_000}),
        save({"a": np.zeros(3)}, metadata={"kanlab": "[]"}),
        save({"a": np.zeros(3)}, metadata={"kanlab": "7"}),
        save({"a": np.zeros(3)}, metadata={"kanlab": "{}"}),
        save({"a": np.zeros(3)}, metadata={"kanlab": '{"format": 99}'}),
        save({"a": np.zeros(3)}, metadata={"kanlab": '{"format": 1}'}),
        save({"a": np.zeros(3)}, metadata={"other": "{}"}),
    ],
)
def test_what_is_no_kanlab_file(content: bytes, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.parent)
    refused(lambda: opened(place, content), "file.kanlab", kind=FileError)
    assert [entry.name for entry in place.parent.iterdir()] == [place.name]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(blob: bytes, place: Path, share: float) -> None:
    refused(lambda: opened(place, blob[: int(share * len(blob))]), kind=FileError)


def test_a_file_that_goes_on(blob: bytes, place: Path) -> None:
    refused(lambda: opened(place, blob + b"more"), kind=FileError)


@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4))
@settings(max_examples=60)
def test_flipped_bytes_open_or_are_one_sentence(
    places: list[tuple[float, int]], blob: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    damaged = bytearray(blob)
    for where, value in places:
        damaged[int(where * len(damaged))] = value
    place = tmp_path_factory.getbasetemp() / "flipped.kanlab"
    try:
        back = opened(place, bytes(damaged))
    except FileError as problem:
        assert is_one_sentence(str(problem)), problem
        return
    assert np.isfinite(back.network.predict(back.dataset.inputs)).all()


def change(path: str, value: Any) -> Callable[[Header], None]:
    """A change of the header at "states.1.action"; `...` takes the entry away."""

    def act(header: Header) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inside: Any = header
        for part in way:
            inside = inside[part]
        if value is ...:
            del inside[last]
        else:
            inside[last] = value

    return act


EVIL_SOURCE = {"kind": "csv", "where": "t.csv", "options": [["a=1);__import__('os').abort();(b", 1]]}
CHANGES = [
    *(change(key, ...) for key in ("dataset", "source", "seed", "current", "undone", "states")),
    *(change("current", value) for value in (-1, 99, None, "x", [], 1e400, 10**30)),
    *(change("seed", value) for value in (None, "x", -1, 1e400, {})),
    *(change("undone", value) for value in (None, [99], [-1], ["x"], 3, [None])),
    *(change("states", value) for value in (None, [], {}, "states", [None], [[]])),
    *(change("dataset", value) for value in (None, 3, "", "AAAA", [])),
    *(change("source", value) for value in ("csv", [], {"kind": "shell"}, EVIL_SOURCE)),
    *(change("source", {"kind": "registry", "where": "planets", "options": [["x", 1]]}) for _ in (0,)),
    *(
        change("source", {"kind": "registry", "where": "planets", "options": [], "steps": steps})
        for steps in (None, 3, [3], [["to_text", []]], [["in_groups", [["a=1);exit();(b", 1]]]])
    ),
    change(
        "source", {"kind": "csv", "where": "t.csv", "options": [["target", {"a": 1, "b": [None]}], ["x"]]}
    ),
    *(change("states.1.parent", value) for value in (None, 1, 3, -1, "x", 1e400)),
    change("states.0.parent", 0),
    change("states.0.action", {"action": "prune"}),
    *(change("states.1.action", value) for value in (None, 3, "fit", [], {"action": "launch"}, {})),
    *(change("states.2.action.form", value) for value in (None, 3, 'sin"); import os; ("', "sin(" * 300)),
    *(change("states.1.metrics", value) for value in (None, 3, [], [1, 2], ["a", 1, 1, 1], [1, 1, 1, 1e400])),
    *(change("states.1.seconds", value) for value in (None, "long", [])),
    *(change("states.1.arrays", value) for value in (None, [], {}, {"x": "a0"})),
    *(change("states.1.network", value) for value in (None, [], {})),
    *(change("states.1.network.spec.order", value) for value in (-1, 0, 10**9, 1e400, "x")),
    *(change("states.1.network.spec.widths", value) for value in ([], [[-2, []]], [[10**9, []]] * 3, "x")),
    *(change("states.1.network.spec.intervals", value) for value in ([], [-3, 3], [10**9] * 2, None)),
    change("states.1.network.spec.base", "__import__('os')"),
    change("states.1.network.dtype", "object"),
    *(
        change("states.2.network.forms", value)
        for value in ([], [[[0, 0, "nothing"]], []], None, [[[9, 9, "x"]], []])
    ),
]


@pytest.mark.parametrize("act", CHANGES, ids=range(len(CHANGES)))
def test_a_hostile_header(act: Callable[[Header], None], blob: bytes, place: Path) -> None:
    header = header_of(blob)
    act(header)
    refused(lambda: opened(place, rebuilt(blob, header)), "file.kanlab", kind=FileError)
    assert [entry.name for entry in place.parent.iterdir()] == [place.name]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(key=st.sampled_from(["dataset", "source", "seed", "current", "undone", "states"]), value=JSON)
@settings(max_examples=120)
def test_any_json_in_any_place(
    key: str, value: Any, blob: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    header = copy.deepcopy(header_of(blob))
    header[key] = value
    place = tmp_path_factory.getbasetemp() / "any.kanlab"
    try:
        opened(place, rebuilt(blob, header))
    except FileError as problem:
        assert is_one_sentence(str(problem)), problem


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none(bad: float, blob: bytes, place: Path) -> None:
    arrays = {
        name: np.full_like(array, bad) if array.dtype == np.float64 else array
        for name, array in load(blob).items()
    }
    refused(lambda: opened(place, rebuilt(blob, header_of(blob), arrays)), "not finite", kind=FileError)


def test_arrays_of_other_shapes_and_types(blob: bytes, place: Path) -> None:
    for change_one in (lambda a: a[..., :1], lambda a: a.reshape(-1), lambda a: np.zeros(1, np.float16)):
        arrays = {name: change_one(array) for name, array in load(blob).items()}
        refused(lambda arrays=arrays: opened(place, rebuilt(blob, header_of(blob), arrays)), kind=FileError)


def test_a_table_of_other_columns(blob: bytes, place: Path) -> None:
    header = header_of(blob)
    header["dataset"] = Dataset.from_arrays(np.zeros((9, 3)), np.arange(9.0)).to_text()
    refused(lambda: opened(place, rebuilt(blob, header)), "different columns", kind=FileError)


def test_a_file_may_not_be_larger_than_memory(
    blob: bytes, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kanlab.discovery.store.MOST_BYTES", len(blob) - 1)
    refused(lambda: opened(place, blob), "at most", kind=FileError)


def test_a_file_names_no_place_to_read_or_write(blob: bytes, place: Path, tmp_path: Path) -> None:
    header = header_of(blob)
    aim = tmp_path / "elsewhere"
    header["path"] = header["ckpt_path"] = str(aim)
    header["title"] = "../../" + "x" * 10
    back = opened(place, rebuilt(blob, header))
    back.do(Prune(0.0))
    back.save(place)
    assert sorted(os.listdir(tmp_path)) == ["file.kanlab"]  # noqa: PTH208  names are enough


def test_a_source_of_a_file_reads_nothing(blob: bytes, place: Path) -> None:
    header = header_of(blob)
    header["source"] = {"kind": "csv", "where": "/nowhere/t.csv", "options": [["target", "y"]]}
    back = opened(place, rebuilt(blob, header))
    assert 'kl.Dataset.from_csv("/nowhere/t.csv", target="y")' in script(back)

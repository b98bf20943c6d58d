"""Checkpoints that pykan 0.2.8 wrote give the outputs that pykan gave; everything hostile is one sentence."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kanlab.errors import FileError
from kanlab.network import from_pykan, from_record, to_record
from kanlab.network.edit import edge_status
from kanlab.network.ids import EdgeId
from kanlab.network.pykan_config import read_config
from tests.networks import miss, random_inputs
from tests.sentences import refused

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "pykan"
CASES = sorted(path.stem for path in FIXTURES.glob("*.npz"))
CLOSE = {"float32": 1e-6, "float64": 1e-10}
"""Largest difference that is allowed, relative to the largest output."""


def expected(case: str) -> tuple[np.ndarray, np.ndarray]:
    with np.load(FIXTURES / f"{case}.npz") as held:
        return held["inputs"], held["outputs"]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A checkpoint that a test may damage."""
    for ending in ("_config.yml", "_state"):
        shutil.copy(FIXTURES / f"symbolic{ending}", tmp_path / f"mark{ending}")
    return tmp_path / "mark"


def test_there_are_cases() -> None:
    assert len(CASES) == 15


@pytest.mark.parametrize("case", CASES)
def test_outputs_are_those_of_pykan_inside_and_outside_of_the_grids(case: str) -> None:
    inputs, outputs = expected(case)
    assert miss(from_pykan(FIXTURES / case).predict(inputs), outputs) <= CLOSE[str(outputs.dtype)]


@pytest.mark.parametrize("case", ["arities", "both", "powers"])
def test_the_torch_module_agrees(case: str) -> None:
    inputs, outputs = expected(case)
    given = from_pykan(FIXTURES / case)(torch.from_numpy(inputs)).detach().numpy()
    assert miss(given, outputs) <= 1e-10


def test_grids_may_stay_as_they_were() -> None:
    inputs, outputs = expected("pruned")
    network = from_pykan(FIXTURES / "pruned", outside="continue")
    assert network.spec.intervals == (3, 3)
    near = slice(0, len(inputs) // 2)
    assert miss(network.predict(inputs[near]), outputs[near]) <= 1e-6
    assert from_pykan(FIXTURES / "pruned").spec.intervals == (11, 11)
    refused(lambda: from_pykan(FIXTURES / "pruned", outside="up"), "zero")


def test_structure_is_kept() -> None:
    symbolic = from_pykan(FIXTURES / "symbolic")
    names = {(0, 0, 0): "sin", (0, 1, 0): "x^2", (1, 0, 0): "exp"}
    for number, layer in enumerate(symbolic.arrays().layers):
        for edge in layer.forms:
            assert names.pop((number, edge.source, edge.target)) == edge.form.name
    assert not names
    assert edge_status(symbolic, EdgeId(0, 0, 1)) == "removed"
    assert edge_status(symbolic, EdgeId(0, 1, 1)) == "spline"
    assert [width.products for width in from_pykan(FIXTURES / "arities").spec.widths][1] == (2, 3)
    assert from_pykan(FIXTURES / "identity").spec.base == ("identity",) * 2
    assert [layer.order for layer in from_pykan(FIXTURES / "orders").arrays().layers] == [3, 2]
    assert from_pykan(FIXTURES / "refined", outside="continue").spec.intervals == (20, 20)


def test_what_was_read_can_be_saved() -> None:
    for name in ("orders", "identity", "arities"):
        network = from_pykan(FIXTURES / name)
        record, tensors = to_record(network)
        again = from_record(json.loads(json.dumps(record)), tensors)
        assert again.spec == network.spec
        inputs = random_inputs(network, 0)
        assert np.array_equal(again.predict(inputs), network.predict(inputs))


def test_the_fixtures_hold_what_they_are_for() -> None:
    state = torch.load(FIXTURES / "constant_state", weights_only=True)
    assert float(torch.diff(state["act_fun.1.grid"][1]).abs().max()) == 0
    both = torch.load(FIXTURES / "both_state", weights_only=True)
    assert float(both["act_fun.0.mask"][0, 0]) == 0.5
    assert float(both["symbolic_fun.0.mask"][0, 0]) == 1
    assert (torch.load(FIXTURES / "arities_state", weights_only=True)["node_bias_0"].abs() > 0.01).all()
    assert "!!python" in (FIXTURES / "inputs_config.yml").read_text()


@pytest.mark.parametrize("ending", ["_config.yml", "_state", "_cache_data"])
def test_any_of_its_files_names_a_checkpoint(ending: str) -> None:
    assert from_pykan(f"{FIXTURES / 'plain'}{ending}").spec.inputs == 2


def test_no_path_in_the_file_is_followed(copied: Path, tmp_path: Path) -> None:
    config = Path(f"{copied}_config.yml")
    place = tmp_path / "elsewhere"
    config.write_text(config.read_text().replace("ckpt_path: ./model", f"ckpt_path: {place}"))
    before = sorted(tmp_path.iterdir())
    from_pykan(copied)
    assert sorted(tmp_path.iterdir()) == before


CONFIGS: dict[str, tuple[str, str, str]] = {
    "no width": ("width:", "breadth:", "width"),
    "negative width": ("- - 2\n  - 0\n- - 2", "- - -2\n  - 0\n- - 2", "node counts"),
    "huge width": ("- - 2\n  - 0\n- - 2", "- - 2\n  - 0\n- - 9999999", "node counts"),
    "wrong width": ("- - 2\n  - 0\n- - 2", "- - 2\n  - 0\n- - 3", "was expected"),
    "width is text": ("- - 2\n  - 0\n- - 2", "- - two\n  - 0\n- - 2", "node counts"),
    "unknown function": ("- sin", "- sine", "Did you mean"),
    "own function": ("- sin", "- anonymous", "unfix it"),
    "command": ("- sin", "- !!python/object/apply:os.system [ls]", "unfix it"),
    "names lacking": ("symbolic.funs_name.0:", "symbolic.funs_name.9:", "does not name"),
    "unknown base": ("base_fun_name: silu", "base_fun_name: relu", "base function"),
    "base is a tag": ("base_fun_name: silu", "base_fun_name: !!python/name:os.system", "base function"),
    "arity": ("mult_arity: 2\n", "mult_arity: 2\nwidth:\n- - 1\n", "twice"),
    "products of one": ("- - 2\n  - 0\n- - 2\n  - 0", "- - 2\n  - 0\n- - 0\n  - 2", "was expected"),
    "no mapping": ("k: 3", "3", "no entry"),
    "other order": ("k: 3", "k: 2", "was expected"),
    "order is text": ("k: 3", "k: three", "whole number"),
    "alias to nothing": ("- - 2\n  - 0\n- - 2", "- *id009\n- - 2", "points to"),
    "deep": ("- - 2\n  - 0\n- - 2", "- - - - - - 2\n- - 2", "deeper"),
    "out of place": ("- - 2\n  - 0\n- - 2", "- - 2\n     - 0\n- - 2", "out of place"),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_a_wrong_configuration_is_one_sentence(case: str, copied: Path) -> None:
    old, new, word = CONFIGS[case]
    config = Path(f"{copied}_config.yml")
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new, 1))
    refused(lambda: from_pykan(copied), "mark", word, kind=FileError)


def _nan(state: dict[str, Any]) -> None:
    state["act_fun.0.coef"][0, 0, 0] = float("nan")


def _shape(state: dict[str, Any]) -> None:
    state["act_fun.0.coef"] = state["act_fun.0.coef"][:, :, :-1].clone()


def _huge(state: dict[str, Any]) -> None:
    state["act_fun.0.coef"] = torch.zeros(1).expand(10_000, 10_000, 10_000)


def _knots(state: dict[str, Any]) -> None:
    state["act_fun.0.grid"] = state["act_fun.0.grid"].flip(1)


def _twin_knots(state: dict[str, Any]) -> None:
    state["act_fun.0.grid"][0, 4] = state["act_fun.0.grid"][0, 3]


def _missing(state: dict[str, Any]) -> None:
    del state["symbolic_fun.1.affine"]


def _numbers(state: dict[str, Any]) -> None:
    state["act_fun.0.mask"] = 3


def _integers(state: dict[str, Any]) -> None:
    state["act_fun.0.mask"] = state["act_fun.0.mask"].long()


def _complex(state: dict[str, Any]) -> None:
    state["act_fun.0.mask"] = state["act_fun.0.mask"].to(torch.complex64)


def _sparse(state: dict[str, Any]) -> None:
    state["act_fun.0.mask"] = state["act_fun.0.mask"].to_sparse()


def _flat(state: dict[str, Any]) -> None:
    state["act_fun.0.coef"] = torch.tensor(1.0)


def _no_knots(state: dict[str, Any]) -> None:
    state["act_fun.0.grid"] = torch.zeros(2, 0)


DAMAGES = [
    _nan,
    _shape,
    _huge,
    _knots,
    _twin_knots,
    _missing,
    _numbers,
    _integers,
    _complex,
    _sparse,
    _flat,
    _no_knots,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_wrong_state_is_one_sentence(damage: Any, copied: Path) -> None:
    state = dict(torch.load(f"{copied}_state", weights_only=True))
    damage(state)
    torch.save(state, f"{copied}_state")
    refused(lambda: from_pykan(copied), "mark", kind=FileError)


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("touched-by-a-pickle"),)


def test_a_hostile_state_does_nothing(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"act_fun.0.grid": Hostile()}, f"{copied}_state")
    refused(lambda: from_pykan(copied), "more than tensors", kind=FileError)
    assert not Path("touched-by-a-pickle").exists()


def test_lengths_that_the_file_does_not_hold_are_refused(copied: Path) -> None:
    """A record that claims to be longer than the file must not be read beyond its end."""
    path = Path(f"{copied}_state")
    torch.save({"act_fun.0.grid": torch.zeros(300, dtype=torch.float64)}, path)
    with zipfile.ZipFile(path) as old:
        records = {item: old.read(item) for item in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for item, data in records.items():
            # 300 and then the stride and the sizes: M, ",", 1 in the pickle's own little-endian words
            new.writestr(item, data.replace(b"M,\x01", b"M\xff\xff"))
    refused(lambda: from_pykan(copied), "is damaged", kind=FileError)


@pytest.mark.parametrize("keep", [0, 1, 100, 0.3, 0.9, 0.999])
def test_a_truncated_state_is_one_sentence(keep: float, copied: Path) -> None:
    path = Path(f"{copied}_state")
    data = path.read_bytes()
    path.write_bytes(data[: keep if isinstance(keep, int) else int(keep * len(data))])
    refused(lambda: from_pykan(copied), "mark", kind=FileError)


def test_files_that_are_not_there_or_no_text(copied: Path, tmp_path: Path) -> None:
    refused(lambda: from_pykan(tmp_path / "none"), "there is no file none_config.yml", kind=FileError)
    Path(f"{copied}_config.yml").write_bytes(b"\xff\xfe\x00")
    refused(lambda: from_pykan(copied), "not text", kind=FileError)
    shutil.copy(FIXTURES / "symbolic_config.yml", f"{copied}_config.yml")
    Path(f"{copied}_state").unlink()
    refused(lambda: from_pykan(copied), "there is no file mark_state", kind=FileError)
    refused(lambda: from_pykan(tmp_path / "a\0b"), kind=FileError)
    refused(lambda: from_pykan(""), kind=FileError)


def test_the_reader_takes_what_yaml_writes() -> None:
    text = """\
a: 1.5
b: -3
c: true
d: null
e: []
f: 'it''s'
g: "0"
h: a long text that
  goes on
i:
- []
- - 2
  - 3
-
  - x
j:
- &id001
  - 1
- *id001
k: &id002
- 7
l: *id002
# a remark
m: 0.02
n:
"""
    assert read_config(text) == {
        "a": 1.5,
        "b": -3,
        "c": True,
        "d": None,
        "e": (),
        "f": "it's",
        "g": "0",
        "h": "a long text that goes on",
        "i": ((), (2, 3), ("x",)),
        "j": ((1,), (1,)),
        "k": (7,),
        "l": (7,),
        "m": 0.02,
        "n": "",
    }

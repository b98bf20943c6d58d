"""An investigation as one file: safetensors with a JSON header. No pickle, and nothing in it is ever executed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from ..data import Dataset, Source
from ..data.registry import LOAD_OPTIONS
from ..errors import FileError, KanlabError
from ..network import from_record, to_record
from .actions import from_json, to_json
from .checks import whole
from .history import History
from .state import Metrics, State

FORMAT = 1
MOST_BYTES = 2**31
HEADER = "kanlab"


def save(history: History, dataset: Dataset, seed: int, path: Path) -> Path:
    """Write a file; it appears under its name only when it is complete. Arrays that states share are written once."""
    arrays: dict[str, np.ndarray] = {}
    names: dict[tuple[str, bytes], str] = {}
    states: list[dict[str, Any]] = []
    for state in history.states:
        record, tensors = to_record(state.network)
        places = {
            name: _placed(np.ascontiguousarray(array), arrays, names) for name, array in tensors.items()
        }
        states.append({**_header(state), "network": record, "arrays": places})
    header = {
        "format": FORMAT,
        "dataset": dataset.to_text(),
        "source": dataset.source.to_json() if dataset.source.kind != "memory" else None,
        "title": dataset.title,
        "seed": seed,
        "current": history.current,
        "undone": list(history.undone),
        "states": states,
    }
    blob = save_tensors(arrays, metadata={HEADER: json.dumps(header)})
    try:
        part = path.with_name(path.name + ".part")
        part.write_bytes(blob)
        part.replace(path)
    except (OSError, ValueError) as problem:
        raise FileError(
            f"The file {str(path)!r} cannot be written ({_reason(problem)}); choose another place."
        ) from problem
    return path


def open_file(path: Path) -> tuple[History, Dataset, int]:
    """Read what `save` wrote.

    Raises:
        FileError: the file is missing, too large, damaged or something else.
    """
    blob = _bytes(path)
    header, arrays = _parts(blob, path)
    if header.get("format") != FORMAT:
        raise FileError(
            f"The file {path.name!r} has format {str(header.get('format'))[:40]!r}; "
            f"this version of kanlab reads format {FORMAT}."
        )
    try:
        return _read(header, arrays)
    except _WRONG as problem:
        detail = str(problem) if isinstance(problem, KanlabError) else "an entry is missing or wrong."
        raise FileError(f"The file {path.name!r} is damaged or not a kanlab file: {detail}") from problem


_WRONG = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError)
"""What reading entries that are not what they should be may raise."""


def _read(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[History, Dataset, int]:
    dataset = Dataset.from_text(header["dataset"])
    if header["source"] is not None:
        dataset = replace(dataset, source=_source(header["source"]))
    states = tuple(_state(number, record, arrays) for number, record in enumerate(header["states"]))
    history = History(states, int(header["current"]), tuple(int(number) for number in header["undone"]))
    known = range(len(states))
    if history.current not in known or any(number not in known for number in history.undone):
        raise FileError("It points to a state that it does not hold.")
    widths = {(state.network.spec.inputs, state.network.spec.outputs) for state in states}
    if widths != {(len(dataset.names), len(dataset.output_names))}:
        raise FileError("Its networks and its table have different columns.")
    return history, dataset, whole(header["seed"], "seed", least=0, most=2**64)


def _source(record: Mapping[str, Any]) -> Source:
    """The source, which becomes a line of a script: only what such a line may hold."""
    source = Source.from_json(record)
    allowed = _SOURCE_OPTIONS.get(source.kind, frozenset())
    strange = [key for key, _ in source.options if key not in allowed]
    if strange or source.kind == "memory":
        raise FileError("It says that its table comes from a place that there is not.")
    source.code()
    return source


_SOURCE_OPTIONS = {
    "csv": frozenset(signature(Dataset.from_csv).parameters) - {"path"},
    "registry": LOAD_OPTIONS,
}


def _placed(array: np.ndarray, arrays: dict[str, np.ndarray], names: dict[tuple[str, bytes], str]) -> str:
    key = (f"{array.dtype}{array.shape}", array.tobytes())
    if key not in names:
        names[key] = f"a{len(arrays)}"
        arrays[names[key]] = array
    return names[key]


def _header(state: State) -> dict[str, Any]:
    def metrics(held: Metrics | None) -> list[Any] | None:
        if held is None:
            return None
        wrong = [] if held.wrong is None else [list(held.wrong)]
        return [held.train, held.validation, held.test, held.parameters, *wrong]

    return {
        "parent": state.parent,
        "action": None if state.action is None else to_json(state.action),
        "metrics": metrics(state.metrics),
        "before": metrics(state.before),
        "seconds": state.seconds,
    }


def _state(number: int, record: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> State:
    parent, action = record["parent"], record["action"]
    if (parent is None) != (number == 0) or (action is None) != (number == 0):
        raise FileError("It holds a state that comes from nowhere.")
    if parent is not None and not 0 <= int(parent) < number:
        raise FileError("It holds a state whose parent comes after it.")
    measured = _metrics(record["metrics"])
    if measured is None:
        raise FileError("It holds a state without its errors.")
    tensors = {name: arrays[place] for name, place in record["arrays"].items()}
    return State(
        number,
        None if parent is None else int(parent),
        None if action is None else from_json(action),
        from_record(record["network"], tensors),
        measured,
        _metrics(record["before"]),
        float(record["seconds"]),
    )


def _metrics(held: list[Any] | None) -> Metrics | None:
    if held is None:
        return None
    train, validation, test, parameters, *wrong = held
    return Metrics(
        float(train),
        None if validation is None else float(validation),
        None if test is None else float(test),
        int(parameters),
        _shares(wrong[0]) if wrong else None,
    )


def _shares(held: list[Any]) -> tuple[float, float | None, float | None]:
    train, validation, test = held
    return (
        float(train),
        None if validation is None else float(validation),
        None if test is None else float(test),
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise FileError(f"{str(path)!r} is not a file; give the file that kanlab wrote.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileError(f"The file {path.name!r} holds {size} bytes; kanlab reads at most {MOST_BYTES}.")
        return path.read_bytes()
    except (OSError, ValueError) as problem:
        if isinstance(problem, FileError):
            raise
        raise FileError(
            f"The file {str(path)!r} cannot be read ({_reason(problem)}); check its name."
        ) from problem


def _reason(problem: OSError | ValueError) -> str:
    return (isinstance(problem, OSError) and problem.strerror) or "no file can have such a name"


def _parts(blob: bytes, path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    refused = FileError(f"The file {path.name!r} is damaged or not a kanlab file.")
    try:
        length = int.from_bytes(blob[:8], "little")
        outer = json.loads(blob[8 : 8 + length])
        header = json.loads(outer["__metadata__"][HEADER])
        arrays = load_tensors(blob)
    except (ValueError, KeyError, TypeError, SafetensorError, RecursionError) as problem:
        raise refused from problem
    if not isinstance(header, dict):
        raise refused
    return header, arrays

"""An investigation as one file: safetensors with a JSON header. No pickle, and nothing in it is ever executed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from ..data import Dataset, Source
from ..errors import FileError
from ..network import from_record, to_record
from .actions import from_json, to_json
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
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(blob)
        part.replace(path)
    except OSError as problem:
        raise FileError(
            f"The file {str(path)!r} cannot be written ({problem.strerror}); choose another place."
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
            f"The file {path.name!r} has format {header.get('format')!r}; this version of kanlab reads format {FORMAT}."
        )
    try:
        dataset = Dataset.from_text(header["dataset"])
        if header["source"] is not None:
            dataset = _with_source(dataset, Source.from_json(header["source"]))
        states = tuple(_state(number, record, arrays) for number, record in enumerate(header["states"]))
        history = History(states, int(header["current"]), tuple(int(n) for n in header["undone"]))
        known = range(len(states))
        if history.current not in known or any(number not in known for number in history.undone):
            raise FileError(f"The file {path.name!r} points to a state that it does not hold.")
        return history, dataset, int(header["seed"])
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        if isinstance(problem, FileError):
            raise
        raise FileError(f"The file {path.name!r} is damaged or not a kanlab file ({problem}).") from problem


def _placed(array: np.ndarray, arrays: dict[str, np.ndarray], names: dict[tuple[str, bytes], str]) -> str:
    key = (f"{array.dtype}{array.shape}", array.tobytes())
    if key not in names:
        names[key] = f"a{len(arrays)}"
        arrays[names[key]] = array
    return names[key]


def _header(state: State) -> dict[str, Any]:
    def metrics(held: Metrics | None) -> list[Any] | None:
        return None if held is None else [held.train, held.validation, held.test, held.parameters]

    return {
        "parent": state.parent,
        "action": None if state.action is None else to_json(state.action),
        "metrics": metrics(state.metrics),
        "before": metrics(state.before),
        "seconds": state.seconds,
    }


def _state(number: int, record: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> State:
    def metrics(held: list[Any] | None) -> Metrics | None:
        return None if held is None else Metrics(held[0], held[1], held[2], int(held[3]))

    parent = record["parent"]
    if parent is not None and not 0 <= int(parent) < number:
        raise FileError(
            "The file holds a state whose parent comes after it; it was damaged or not written by kanlab."
        )
    measured = metrics(record["metrics"])
    if measured is None:
        raise FileError("The file holds a state without its errors; it was damaged or not written by kanlab.")
    tensors = {name: arrays[place] for name, place in record["arrays"].items()}
    return State(
        number,
        None if parent is None else int(parent),
        None if record["action"] is None else from_json(record["action"]),
        from_record(record["network"], tensors),
        measured,
        metrics(record["before"]),
        float(record["seconds"]),
    )


def _with_source(dataset: Dataset, source: Source) -> Dataset:
    return replace(dataset, source=source)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileError(f"The file {path.name!r} holds {size} bytes; kanlab reads at most {MOST_BYTES}.")
        return path.read_bytes()
    except OSError as problem:
        raise FileError(
            f"The file {str(path)!r} cannot be read ({problem.strerror}); check its name."
        ) from problem


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

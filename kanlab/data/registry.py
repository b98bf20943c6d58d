"""The datasets that come with kanlab: found offline, checked against their checksum, loaded by name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import DataError, FileError, did_you_mean
from .dataset import Dataset
from .source import Source
from .split import split_from_ranges

_PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (_PACKAGE / "_datasets", _PACKAGE.parent / "datasets")
"""Where the tables lie: inside an installed package, or beside it in a checkout."""


@dataclass(frozen=True)
class DatasetInfo:
    """One line of the list of datasets; `target` joins several target names by commas."""

    name: str
    title: str
    rows: int
    inputs: tuple[str, ...]
    target: str
    source: str
    licence: str


def available(*, folder: Path | None = None) -> tuple[DatasetInfo, ...]:
    """Every dataset that `load` knows, by name."""
    return tuple(_info(place) for place in _places(folder).values())


def load(name: str, *, folder: Path | None = None) -> Dataset:
    """The dataset `name` that comes with kanlab.

    `folder` is a folder of datasets to look in instead of the built-in one. Raises DataError for an unknown
    name and FileError when the data file is not the one that its record describes.
    """
    places = _places(folder)
    if name not in places:
        raise DataError(
            f"There is no dataset {name!r}; there are {', '.join(places)}.{did_you_mean(str(name), places)}"
        )
    place = places[name]
    record = _record(place)
    file = _verified(place, record)
    split = record.get("split")
    uncertainty = record.get("uncertainty")
    dataset = Dataset.from_csv(
        file,
        target=record["target"],
        inputs=record["inputs"],
        units={column: unit for column, unit in record.get("units", {}).items() if column != uncertainty},
        uncertainty=uncertainty,
        task=record.get("task", "regression"),
        title=record["title"],
        split=None if split is None else split_from_ranges(split),
        seed=record.get("seed", 0),
    )
    return replace(dataset, source=Source("registry", name))


def _places(folder: Path | None) -> dict[str, Path]:
    root = folder or next((place for place in FOLDERS if place.is_dir()), None)
    if root is None:
        raise FileError("The datasets of kanlab are not beside the package; install kanlab again.")
    return {place.name: place for place in sorted(root.iterdir()) if (place / "dataset.json").is_file()}


def _record(place: Path) -> dict[str, Any]:
    try:
        record = json.loads((place / "dataset.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileError(
            f"The record of the dataset {place.name!r} is not JSON; install kanlab again."
        ) from error
    needed = ("title", "file", "target", "inputs", "rows", "sha256", "source", "licence")
    absent = [key for key in needed if key not in record]
    if absent:
        raise FileError(
            f"The record of the dataset {place.name!r} lacks {', '.join(absent)}; install kanlab again."
        )
    return record


def _verified(place: Path, record: dict[str, Any]) -> Path:
    # Only the last part of the recorded file name counts, so that a record cannot point outside its folder.
    file = place / Path(record["file"]).name
    if not file.is_file():
        raise FileError(f"The dataset {place.name!r} has no file {file.name!r}; install kanlab again.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != record["sha256"]:
        raise FileError(
            f"The file {file.name!r} of the dataset {place.name!r} has the checksum {found[:12]}... "
            f"instead of {record['sha256'][:12]}...; it was changed or damaged, so install kanlab again."
        )
    return file


def _info(place: Path) -> DatasetInfo:
    record = _record(place)
    target = record["target"]
    return DatasetInfo(
        place.name,
        record["title"],
        record["rows"],
        tuple(record["inputs"]),
        target if isinstance(target, str) else ", ".join(target),
        record["source"],
        record["licence"],
    )

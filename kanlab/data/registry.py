"""The datasets that come with kanlab, by name: stored ones, checked against their checksum, and computed ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, FileError, did_you_mean
from .cells import as_numpy, to_numbers
from .csvfile import read_csv
from .dataset import Dataset
from .generators import GENERATORS
from .mirror import mirrored
from .named_split import split_named
from .record import Record, absent_keys, record_from_json
from .source import registry_source
from .table import Task

_PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (_PACKAGE / "_datasets", _PACKAGE.parent / "datasets")
"""Where the tables lie: inside an installed package, or beside it in a checkout."""

LOAD_OPTIONS = frozenset({"inputs", "target", "task", "split", "seed"}).union(
    *(generator.known for generator in GENERATORS.values())
)
"""Keywords of `load` that a script may repeat."""


@dataclass(frozen=True)
class DatasetInfo:
    """One line of the list of datasets; `target` joins several target names by commas.

    `splits` are the names that `load(name, split=...)` takes, the default first, and `options` the other keywords
    that it takes for this table, if it is computed.
    """

    name: str
    title: str
    rows: int
    inputs: tuple[str, ...]
    target: str
    source: str
    licence: str
    splits: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def available(*, folder: Path | None = None) -> tuple[DatasetInfo, ...]:
    """Every dataset that `load` knows, by name; with a `folder` those that are stored there."""
    known = {name: _info(_record(place)) for name, place in _places(folder).items()}
    if folder is None:
        known |= {name: _info(one.record, tuple(one.known)) for name, one in GENERATORS.items()}
    return tuple(known[name] for name in sorted(known))


def load(  # noqa: PLR0913  keywords are the public face
    name: str,
    *,
    inputs: Sequence[str] | None = None,
    target: str | Sequence[str] | None = None,
    task: Task | None = None,
    split: str | None = None,
    seed: int | None = None,
    folder: Path | None = None,
    **options: Any,
) -> Dataset:
    """The dataset `name` that comes with kanlab: `available()` lists them.

    A table that is computed takes more `options`, such as `load("anderson-gaam", rows=1000, sites=144)`: the number of
    its rows, and what the docstrings of `kanlab.data.generators` say.

    `inputs` and `target` choose other columns than the usual ones (`columns` has them all); when a usual input is made
    the target, the other ones stay inputs. `task="classification"` reads the target as classes. `split` names another
    division of the rows than the usual one, `seed` draws it, and whatever else is left to chance, anew.
    `folder` is a folder of datasets to look in instead of the built-in one.

    Raises:
        DataError: there is no such dataset, column, split or option.
        FileError: the data file is not the one that its record describes.
    """
    record, table, drawn = _opened(name, folder, seed, options)
    targets = record.target if target is None else (target,) if isinstance(target, str) else tuple(target)
    chosen = tuple(column for column in record.inputs if column not in targets) if inputs is None else inputs
    usual = targets == record.target
    used = {*chosen, *targets}
    uncertainty = record.uncertainty if usual and record.uncertainty not in used else None
    dataset = Dataset.from_frame(
        table,
        target=targets,
        inputs=chosen,
        units={column: unit for column, unit in record.units.items() if column in used},
        uncertainty=uncertainty,
        task=task or (record.task if usual else "regression"),
        title=record.title,
        split=split_named(split, record, table, seed=drawn),
    )
    said = {"inputs": inputs, "target": target, "task": task, "split": split, "seed": seed, **options}
    return replace(dataset, source=registry_source(name, said))


def columns(
    name: str, *, seed: int | None = None, folder: Path | None = None, **options: Any
) -> dict[str, NDArray[Any]]:
    """Every column of the dataset `name`, row for row as `load` with the same seed and options has it.

    A column is float64 where all of its cells are numbers, else text. Raises what `load` raises.
    """
    _, table, _ = _opened(name, folder, seed, options)
    return {column: _plain(values, column) for column, values in table.items()}


def _opened(
    name: str, folder: Path | None, seed: int | None, options: Mapping[str, Any]
) -> tuple[Record, dict[str, Any], int]:
    """The record, all columns and the seed that they were drawn with."""
    if folder is None and name in GENERATORS:
        record = GENERATORS[name].record
        drawn = record.seed if seed is None else _checked_seed(seed)
        return record, GENERATORS[name].columns(seed=drawn, **options), drawn
    places = _places(folder)
    if name not in places:
        raise DataError(_unknown(name, [*places, *(GENERATORS if folder is None else ())]))
    if options:
        raise DataError(
            f"The dataset {name!r} is stored and not computed, so it has no option {next(iter(options))!r}."
        )
    record = _record(places[name])
    drawn = record.seed if seed is None else _checked_seed(seed)
    table: dict[str, Any] = dict(read_csv(_verified(places[name], record)))
    return record, mirrored(table, record.mirror, seed=drawn) if record.mirror else table, drawn


def _unknown(name: Any, known: Sequence[str]) -> str:
    """One sentence; of several tables of one kind, such as the 27 of Feynman, it shows the first."""
    kinds = {one.partition("-")[0] if one in GENERATORS else one: one for one in reversed(known)}
    shown = ", ".join(sorted(kinds.values()))
    return f"There is no dataset {name!r}; there are {shown} and more like these.{did_you_mean(str(name), known)}"


def _checked_seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise DataError(f"seed={seed!r} is no seed; give a whole number from 0 on.")
    return int(seed)


def _plain(values: Any, name: str) -> NDArray[Any]:
    try:
        return to_numbers(values, name=name)
    except DataError:
        return as_numpy(values, what=f"Column {name!r}")


def _places(folder: Path | None) -> dict[str, Path]:
    root = folder or next((place for place in FOLDERS if place.is_dir()), None)
    if root is None:
        raise FileError("The datasets of kanlab are not beside the package; install kanlab again.")
    return {place.name: place for place in sorted(root.iterdir()) if (place / "dataset.json").is_file()}


def _record(place: Path) -> Record:
    try:
        content: Mapping[str, Any] = json.loads((place / "dataset.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise FileError(
            f"The record of the dataset {place.name!r} is not JSON; install kanlab again."
        ) from error
    absent = absent_keys(content)
    if absent:
        raise FileError(
            f"The record of the dataset {place.name!r} lacks {', '.join(absent)}; install kanlab again."
        )
    return record_from_json(place.name, content)


def _verified(place: Path, record: Record) -> Path:
    # Only the last part of the recorded file name counts, so that a record cannot point outside its folder.
    file = place / Path(record.file).name
    if not file.is_file():
        raise FileError(f"The dataset {place.name!r} has no file {file.name!r}; install kanlab again.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != record.sha256:
        raise FileError(
            f"The file {file.name!r} of the dataset {place.name!r} has the checksum {found[:12]}... "
            f"instead of {record.sha256[:12]}...; it was changed or damaged, so install kanlab again."
        )
    return file


def _info(record: Record, options: tuple[str, ...] = ()) -> DatasetInfo:
    return DatasetInfo(
        record.name,
        record.title,
        record.rows,
        record.inputs,
        ", ".join(record.target),
        record.source,
        record.licence,
        tuple(record.splits),
        options,
    )

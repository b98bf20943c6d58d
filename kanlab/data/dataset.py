"""The dataset: an immutable table of inputs and targets with names, units, a task and a split."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import DataError, FileError, did_you_mean
from . import doctor
from .csvfile import read_csv
from .derived import with_columns
from .groups import in_groups, offered
from .part import Part
from .source import Source, csv_source
from .split import Split, default_split
from .table import (
    Missing,
    Roles,
    Table,
    Task,
    drop_incomplete,
    table_from_arrays,
    table_from_frame,
    with_test,
)
from .text import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .cells import Floats

PartName = Literal["train", "validation", "test", "fit"]
FORMAT = 1


@dataclass(frozen=True)
class Choices:
    """What a person may say about any table besides its columns."""

    units: Mapping[str, str] | None = None
    missing: Missing = "refuse"
    title: str | None = None
    split: Split | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Dataset:
    """inputs float64 [rows, columns], targets float64 [rows, outputs], read-only; never changed by training.

    `units` maps a column name to its unit, `uncertainty` [rows] is one standard deviation of the target,
    `classes` names the class numbers of a classification, `notices` are the doctor's remarks, `derived` maps a
    column that was computed of others to its formula, in the order of computing. Make one by `from_frame`,
    `from_csv`, `from_arrays` or `from_text`; the bare constructor checks only that shapes agree and all numbers
    are finite.
    """

    inputs: Floats
    targets: Floats
    names: tuple[str, ...]
    target_names: tuple[str, ...]
    split: Split
    units: Mapping[str, str] = field(default_factory=dict)
    task: Task = "regression"
    title: str = ""
    source: Source = field(default_factory=lambda: Source("memory"))
    notices: tuple[str, ...] = ()
    uncertainty: Floats | None = None
    classes: tuple[str, ...] = ()
    derived: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shapes: dict[str, tuple[int, ...]] = {
            "inputs": (len(self.inputs), len(self.names)),
            "targets": (len(self.inputs), len(self.target_names)),
        }
        if self.uncertainty is not None:
            shapes["uncertainty"] = (len(self.inputs),)
        for name, shape in shapes.items():
            object.__setattr__(self, name, _frozen(getattr(self, name), name, shape))
        for name in ("names", "target_names", "notices", "classes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("units", "derived"):
            object.__setattr__(
                self, name, {str(key): str(said) for key, said in dict(getattr(self, name)).items()}
            )
        self.split.within(self.rows)
        if self.source.kind == "memory":
            object.__setattr__(self, "source", replace(self.source, text=self.to_text))

    @property
    def rows(self) -> int:
        return int(self.inputs.shape[0])

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the outputs of a network stand for: the targets, or the classes of a classification."""
        return self.classes if self.task == "classification" else self.target_names

    def part(self, name: PartName) -> Part:
        """The rows of `"train"`, `"validation"`, `"test"`, or `"fit"` (train and validation together)."""
        known = {**self.split.parts(), "fit": self.split.fit}
        if name not in known:
            raise DataError(
                f"A dataset has no part {name!r}; its parts are "
                f"{', '.join(known)}.{did_you_mean(str(name), known)}"
            )
        rows = known[name]
        sigma = None if self.uncertainty is None else self.uncertainty[rows]
        return Part(self.inputs[rows], self.targets[rows], sigma)

    def with_columns(self, columns: Mapping[str, str], *, units: Mapping[str, str] | None = None) -> Dataset:
        """This table with more input columns, such as `{"r2": "x**2 + y**2"}`.

        A formula is written in the project's grammar and may use all inputs as laws spell them, also those before it
        in `columns`. Where the columns have units, those of the new ones are computed; `units` gives them where a
        number carries one, as in `with_columns({"g": "9.81"}, units={"g": "m/s^2"})`.

        Raises:
            DataError: a name is taken or is not a plain word, a value is not finite, or quantities of different kinds
                are added.
            GrammarError: a formula is none, or names something else than an input.
        """
        return with_columns(self, columns, units or {})

    def in_groups(self) -> Dataset:
        """This table in its dimensionless groups: `group1`, `group2`, ... and the target's, such as `period_group`.

        `kl.dimensionless_groups` tells what they are. A stated uncertainty is carried over to first order.

        Raises:
            DataError: the columns have no units, there are classes or several targets, the target is in no group, or
                a group is not finite on some row.
        """
        return in_groups(self)

    @property
    def fingerprint(self) -> str:
        """sha256 of all that a fit can see: numbers, names, units, task and split; not title and source."""
        digest = hashlib.sha256()
        record = self._record()
        seen = {key: record[key] for key in ("names", "target_names", "units", "task", "classes")}
        digest.update(json.dumps(seen, sort_keys=True).encode())
        for name, array in sorted(self._arrays().items()):
            digest.update(f"{name}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def same_as(self, other: Dataset) -> bool:
        """True when a fit could not tell the two apart."""
        return self.fingerprint == other.fingerprint

    def to_text(self) -> str:
        """The whole dataset as one line of text, bit for bit; `from_text` is the inverse."""
        return pack(self._arrays(), self._record())

    @classmethod
    def from_text(cls, text: str) -> Dataset:
        """The dataset that `to_text` wrote. Raises FileError when the text is damaged or something else."""
        arrays, record = unpack(text)
        if record.get("format") != FORMAT:
            raise FileError(
                f"The text holds a dataset of format {record.get('format')!r}; this version reads {FORMAT}."
            )
        try:
            return cls(
                inputs=arrays["inputs"],
                targets=arrays["targets"],
                uncertainty=arrays.get("uncertainty"),
                split=Split(*(arrays[f"split.{name}"] for name in ("train", "validation", "test"))),
                source=Source("memory"),
                **{key: record[key] for key in _RECORDED},
                derived=dict(record.get("derived", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise FileError(f"The text unpacks, but its dataset is damaged ({error}).") from error

    @classmethod
    def from_frame(  # noqa: PLR0913  keywords are the public face
        cls,
        frame: Any,
        *,
        target: str | Sequence[str],
        inputs: Sequence[str] | None = None,
        units: Mapping[str, str] | None = None,
        missing: Missing = "refuse",
        uncertainty: str | None = None,
        task: Task = "regression",
        title: str | None = None,
        split: Split | None = None,
        seed: int = 0,
    ) -> Dataset:
        """From a DataFrame, or a mapping of column name to values.

        `target` names the column (or columns) to explain, `uncertainty` the column with its standard
        deviation, `inputs` the columns to explain it with (all others when None). `missing="drop"` leaves out
        rows with an empty cell. `task="classification"` reads the target as classes, which may be text.
        Raises DataError.
        """
        table = table_from_frame(frame, Roles(target, inputs, uncertainty, task))
        return cls._checked(table, Choices(units, missing, title, split, seed), Source("memory"))

    @classmethod
    def from_csv(  # noqa: PLR0913  keywords are the public face
        cls,
        path: str | Path,
        *,
        target: str | Sequence[str],
        inputs: Sequence[str] | None = None,
        units: Mapping[str, str] | None = None,
        missing: Missing = "refuse",
        uncertainty: str | None = None,
        task: Task = "regression",
        title: str | None = None,
        split: Split | None = None,
        seed: int = 0,
    ) -> Dataset:
        """From a CSV file (UTF-8, plain or `.gz`) whose first line names the columns; see `from_frame`."""
        roles = Roles(target, inputs, uncertainty, task)
        table = table_from_frame(read_csv(path), roles, what=f"file {Path(path).name!r}")
        said = {"target": target, "inputs": inputs, "units": units, "missing": missing}
        said |= {"uncertainty": uncertainty, "task": task, "title": title, "seed": seed}
        source = csv_source(path, said) if split is None else Source("memory")
        title = Path(path).name if title is None else title
        return cls._checked(table, Choices(units, missing, title, split, seed), source)

    @classmethod
    def from_arrays(  # noqa: PLR0913  keywords are the public face
        cls,
        X: Any,
        y: Any,
        *,
        names: Sequence[str] | None = None,
        target_name: str | Sequence[str] = "y",
        units: Mapping[str, str] | None = None,
        missing: Missing = "refuse",
        uncertainty: Any = None,
        task: Task = "regression",
        title: str | None = None,
        split: Split | None = None,
        test: tuple[Any, Any] | None = None,
        seed: int = 0,
    ) -> Dataset:
        """From X [rows, columns] and y [rows] or [rows, outputs]: lists, NumPy, torch or pandas.

        `y` of shape (N,) is one target. `test=(X_test, y_test)` gives the test rows instead of holding
        some out. Raises DataError.
        """
        table = table_from_arrays(
            X, y, names=names, target_name=target_name, uncertainty=uncertainty, task=task
        )
        if test is not None:
            table, split = with_test(table, test, split, seed=seed)
        return cls._checked(table, Choices(units, missing, title, split, seed), Source("memory"))

    @classmethod
    def _checked(cls, table: Table, choices: Choices, source: Source) -> Dataset:
        if choices.missing not in ("refuse", "drop"):
            raise DataError(f'missing={choices.missing!r} is not known; it is "refuse" or "drop".')
        units = _checked_units(choices.units or {}, table)
        split = None if choices.split is None else choices.split.within(table.rows)
        notices: tuple[str, ...] = ()
        if choices.missing == "drop":
            table, split, notices = drop_incomplete(table, split)
        notices += doctor.examine(table)
        dataset = cls(
            table.inputs,
            table.targets,
            table.names,
            table.target_names,
            default_split(table.rows, seed=choices.seed) if split is None else split,
            units,
            table.task,
            choices.title or "",
            source,
            notices,
            table.uncertainty,
            table.classes,
        )
        return replace(dataset, notices=(*notices, *offered(dataset)))

    def _arrays(self) -> dict[str, Any]:
        arrays: dict[str, Any] = {"inputs": self.inputs, "targets": self.targets}
        if self.uncertainty is not None:
            arrays["uncertainty"] = self.uncertainty
        return arrays | {f"split.{name}": rows for name, rows in self.split.parts().items()}

    def _record(self) -> dict[str, Any]:
        derived = {"derived": list(self.derived.items())} if self.derived else {}
        return {"format": FORMAT, **{key: getattr(self, key) for key in _RECORDED}, **derived}

    def __repr__(self) -> str:
        outputs = ", ".join(self.target_names)
        return f"Dataset({self.title or outputs!r}: {self.rows} rows, {', '.join(self.names)} -> {outputs})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Plain unpickling would bring back writable arrays; going through the constructor freezes them again.
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return _rebuilt, (values | {"source": replace(self.source, text=None)},)


_RECORDED = ("names", "target_names", "units", "task", "title", "notices", "classes")


def _rebuilt(values: dict[str, Any]) -> Dataset:
    return Dataset(**values)


def _frozen(values: Any, name: str, shape: tuple[int, ...]) -> Floats:
    array = np.array(values, dtype=np.float64, order="C")
    if array.shape != shape:
        raise DataError(f"The {name} have shape {array.shape}, but {shape} was expected.")
    if not np.isfinite(array).all():
        raise DataError(f"The {name} hold a value that is not a finite number.")
    array.setflags(write=False)
    return array


def _checked_units(units: Mapping[str, str], table: Table) -> dict[str, str]:
    known = (*table.names, *table.target_names)
    for name in units:
        if name not in known:
            raise DataError(
                f"A unit was given for {name!r}, which is no column of the "
                f"table.{did_you_mean(str(name), known)}"
            )
    return {str(name): str(unit) for name, unit in units.items()}

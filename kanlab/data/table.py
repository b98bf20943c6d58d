"""A table of numbers on its way to becoming a dataset: columns picked by name, cells turned into float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import DataError, did_you_mean
from .cells import Floats, as_numpy, to_classes, to_numbers
from .names import checked_names, default_names
from .split import split_with_test

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .split import Split

Task = Literal["regression", "classification"]
Missing = Literal["refuse", "drop"]


@dataclass(frozen=True, eq=False)
class Table:
    """Inputs [rows, columns], targets [rows, outputs], and the target's standard deviation for each row."""

    names: tuple[str, ...]
    inputs: Floats
    target_names: tuple[str, ...]
    targets: Floats
    uncertainty: Floats | None = None
    classes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return int(self.inputs.shape[0])

    @property
    def task(self) -> Task:
        return "classification" if self.classes else "regression"

    def columns(self) -> dict[str, Floats]:
        """Every column, inputs first, under its own name."""
        named = [
            *zip(self.names, self.inputs.T, strict=True),
            *zip(self.target_names, self.targets.T, strict=True),
        ]
        return dict(named)

    def complete(self) -> NDArray[np.bool_]:
        """True for each row in which every cell is a finite number."""
        sigma = [] if self.uncertainty is None else [self.uncertainty[:, None]]
        cells = np.concatenate([self.inputs, self.targets, *sigma], axis=1)
        return np.asarray(np.isfinite(cells).all(axis=1))

    def only(self, kept: NDArray[np.bool_]) -> Table:
        """The table with the rows outside the mask left out."""
        sigma = None if self.uncertainty is None else self.uncertainty[kept]
        return replace(self, inputs=self.inputs[kept], targets=self.targets[kept], uncertainty=sigma)


@dataclass(frozen=True)
class Roles:
    """Which column plays which part; `inputs` None means every column that has no other part."""

    target: str | Sequence[str]
    inputs: Sequence[str] | None = None
    uncertainty: str | None = None
    task: Task = "regression"


def table_from_frame(frame: Any, roles: Roles, *, what: str = "table") -> Table:
    """Pick the columns of `frame` (a mapping, or anything with `columns` and `frame[name]`) by their roles.

    Raises DataError for a column that does not exist, has two parts, or does not hold numbers.
    """
    columns = frame_columns(frame, what=what)
    _known_task(roles.task)
    targets = (roles.target,) if isinstance(roles.target, str) else tuple(roles.target)
    if not targets:
        raise DataError(f"No target was named; the columns of the {what} are {', '.join(columns)}.")
    for name in (*targets, *(roles.inputs or ()), *([roles.uncertainty] if roles.uncertainty else [])):
        if name not in columns:
            raise DataError(_no_column(name, tuple(columns), what))
    inputs = (
        tuple(roles.inputs)
        if roles.inputs is not None
        else tuple(name for name in columns if name not in targets and name != roles.uncertainty)
    )
    _refuse_double_parts(inputs, targets, roles.uncertainty)
    numbers = {name: to_numbers(columns[name], name=name) for name in inputs}
    classes: tuple[str, ...] = ()
    if roles.task == "classification":
        numbers[targets[0]], classes = _single_target_classes(columns, targets)
    else:
        numbers |= {name: to_numbers(columns[name], name=name) for name in targets}
    if roles.uncertainty is not None:
        numbers[roles.uncertainty] = to_numbers(columns[roles.uncertainty], name=roles.uncertainty)
    rows = _shared_length(numbers)
    return Table(
        inputs,
        np.stack([numbers[name] for name in inputs], axis=1) if inputs else np.empty((rows, 0)),
        targets,
        np.stack([numbers[name] for name in targets], axis=1),
        None if roles.uncertainty is None else numbers[roles.uncertainty],
        classes,
    )


def frame_columns(frame: Any, *, what: str = "table") -> dict[str, Any]:
    """The columns of a frame by name, in order; DataError when names repeat or it is not a frame at all."""
    if isinstance(frame, Mapping):
        values = list(frame.values())
        return dict(zip(checked_names(frame.keys(), what=what), values, strict=True))
    if not hasattr(frame, "columns"):
        raise DataError(
            f"A {type(frame).__name__} is not a table with named columns; give a DataFrame or a "
            "dictionary of columns, "
            "or use Dataset.from_arrays(X, y)."
        )
    labels = list(frame.columns)
    names = checked_names(labels, what=what)
    return {name: frame[label] for name, label in zip(names, labels, strict=True)}


def matrix(values: Any, *, what: str) -> tuple[Floats, tuple[str, ...] | None]:
    """`values` as float64 [rows, columns] and, when it is a frame, its column names.

    One-dimensional values are one column: `(N,)` means N rows.
    """
    if hasattr(values, "columns") or isinstance(values, Mapping):
        columns = frame_columns(values, what=what)
        numbers = [to_numbers(column, name=name) for name, column in columns.items()]
        return _stack(numbers, tuple(columns)), tuple(columns)
    array = as_numpy(values, what=what)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise DataError(
            f"{what} has shape {array.shape}; give one row for each sample and one column for each quantity."
        )
    if array.dtype.kind in "biuf":
        return array.astype(np.float64), None
    names = tuple(f"{what}[:, {position}]" for position in range(array.shape[1]))
    return _stack(
        [to_numbers(column, name=name) for name, column in zip(names, array.T, strict=True)], names
    ), None


def table_from_arrays(
    X: Any,
    y: Any,
    *,
    names: Sequence[str] | None,
    target_name: str | Sequence[str],
    uncertainty: Any,
    task: Task,
) -> Table:
    """Inputs and targets given apart. Raises DataError when their row counts or their names do not agree."""
    _known_task(task)
    inputs, input_names = matrix(X, what="X")
    classes: tuple[str, ...] = ()
    target_columns: tuple[str, ...] | None = None
    if task == "classification":
        codes, classes = to_classes(y, name="y")
        targets = codes[:, None]
    else:
        targets, target_columns = matrix(y, what="y")
    if inputs.shape[0] != targets.shape[0]:
        raise DataError(
            f"X has {inputs.shape[0]} rows and y has {targets.shape[0]}; every row of X needs one row of y."
        )
    named = _given_names(names, input_names, "x", inputs.shape[1], "X")
    wanted = None if target_name == "y" else ((target_name,) if isinstance(target_name, str) else target_name)
    if isinstance(target_name, str) and targets.shape[1] > 1 and target_columns is None:
        wanted = default_names(target_name, targets.shape[1])
    target_named = _given_names(wanted, target_columns, "y", targets.shape[1], "y")
    checked_names((*named, *target_named))
    sigma = None if uncertainty is None else to_numbers(uncertainty, name="uncertainty")
    if sigma is not None and sigma.size != inputs.shape[0]:
        raise DataError(
            f"The uncertainty has {sigma.size} values and y has {inputs.shape[0]} rows; give one for "
            "each row."
        )
    return Table(named, inputs, target_named, targets, sigma, classes)


def with_test(table: Table, test: tuple[Any, Any], split: Split | None, *, seed: int) -> tuple[Table, Split]:
    """The table with the rows of `test` under its own, and the split that holds them out."""
    if split is not None:
        raise DataError("Both split and test were given; give one of them.")
    if table.classes or table.uncertainty is not None:
        raise DataError(
            "test=(X_test, y_test) is for plain regression; put all rows in one table and give a split."
        )
    X, y = test
    held = table_from_arrays(X, y, names=None, target_name="y", uncertainty=None, task="regression")
    inputs = held.inputs
    if hasattr(X, "columns") and set(held.names) == set(table.names):
        inputs = inputs[:, [held.names.index(name) for name in table.names]]
    for what, one, other in (("X", table.inputs, inputs), ("y", table.targets, held.targets)):
        if one.shape[1] != other.shape[1]:
            raise DataError(
                f"{what} of the test has {other.shape[1]} columns and {what} has {one.shape[1]}; "
                "they must be the same columns."
            )
    joined = replace(
        table,
        inputs=np.concatenate([table.inputs, inputs]),
        targets=np.concatenate([table.targets, held.targets]),
    )
    return joined, split_with_test(table.rows, held.rows, seed=seed)


def drop_incomplete(table: Table, split: Split | None) -> tuple[Table, Split | None, tuple[str, ...]]:
    """Leave out every row with a cell that is not a finite number, and say how many there were."""
    kept = table.complete()
    lost = int((~kept).sum())
    if not lost:
        return table, split, ()
    notice = f"{lost} of {table.rows} rows had an empty or infinite cell and were dropped."
    return table.only(kept), None if split is None else split.keep(kept), (notice,)


def _stack(columns: list[Floats], names: tuple[str, ...]) -> Floats:
    _shared_length(dict(zip(names, columns, strict=True)))
    return np.stack(columns, axis=1) if columns else np.empty((0, 0))


def _shared_length(columns: Mapping[str, Floats]) -> int:
    """The number of rows that all columns have, or DataError when they do not agree."""
    first = next(iter(columns), None)
    if first is None:
        return 0
    for name, column in columns.items():
        if column.size != columns[first].size:
            raise DataError(
                f"Column {name!r} has {column.size} rows and column {first!r} has {columns[first].size}; "
                "all columns need the same number of rows."
            )
    return columns[first].size


def _given_names(
    given: Sequence[str] | None, found: tuple[str, ...] | None, stem: str, count: int, what: str
) -> tuple[str, ...]:
    if isinstance(given, str):
        given = (given,)
    if given is None:
        return found if found is not None else default_names(stem, count)
    names = checked_names(given, what=f"names of {what}")
    if len(names) != count:
        raise DataError(
            f"{len(names)} names were given for the {count} columns of {what}; give one for each column."
        )
    return names


def _known_task(task: str) -> None:
    if task not in ("regression", "classification"):
        raise DataError(f'task={task!r} is not known; it is "regression" or "classification".')


def _single_target_classes(
    columns: Mapping[str, Any], targets: tuple[str, ...]
) -> tuple[Floats, tuple[str, ...]]:
    if len(targets) != 1:
        raise DataError(
            f"A classification has one target column with the class of each row, not {len(targets)}."
        )
    return to_classes(columns[targets[0]], name=targets[0])


def _refuse_double_parts(inputs: tuple[str, ...], targets: tuple[str, ...], uncertainty: str | None) -> None:
    parts = [*inputs, *targets, *([uncertainty] if uncertainty else [])]
    twice = next((name for position, name in enumerate(parts) if name in parts[:position]), None)
    if twice is not None:
        raise DataError(
            f"The column {twice!r} was given two parts; a column is an input, a target or the uncertainty."
        )


def _no_column(name: str, known: tuple[str, ...], what: str) -> str:
    shown = ", ".join(repr(column) for column in known[:12]) + (", ..." if len(known) > 12 else "")
    return f"The {what} has no column {name!r}; its columns are {shown}.{did_you_mean(str(name), known)}"

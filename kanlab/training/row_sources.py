"""Rows that need not fit into memory: one way to read all kinds of sources, chunk by chunk, as often as needed.

A source gives the same rows in the same order every time. A chunk knows the number of its first row and can be
sent to another process, which then loads it itself: from a file, from a Dask partition, or from what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import torch
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from .._typing import Array
from ..data import Dataset
from ..errors import DataError, ShapeError
from .row_files import FileTable, file_table, mapped_table
from .row_numbers import numbers, of_tensor

Target = int | str | Sequence[int] | Sequence[str] | None


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some rows in a row.

    Attributes:
        start: number of the first row.
        inputs: an array, or something that loads one; the whole table when there are no targets.
        targets: the same, or None.
        take: columns of the inputs and of the targets in a whole table.
    """

    start: int
    inputs: Any
    targets: Any = None
    take: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def load(self) -> tuple[Array, Array]:
        """Inputs [n, columns] and targets [n, outputs] in the user's units."""
        table = numbers(_loaded(self.inputs))
        if self.take is not None:
            inputs, targets = self.take
            if max(*inputs, *targets) >= table.shape[1]:
                raise _changed(self.start, table.shape[1], max(*inputs, *targets) + 1)
            return np.ascontiguousarray(table[:, inputs]), np.ascontiguousarray(table[:, targets])
        targets = numbers(_loaded(self.targets))
        if len(targets) != len(table):
            raise ShapeError(
                f"The source gave {len(table)} rows of inputs with {len(targets)} rows of targets "
                f"from row {self.start} on; give as many of one as of the other."
            )
        return table, targets


class RowSource(Protocol):
    """Rows to fit. Another kind of storage is another class with this method."""

    def chunks(self, rows: int) -> Iterator[Chunk]:
        """All rows from the first to the last, about `rows` at a time."""
        ...


@dataclass(frozen=True, eq=False)
class PairRows:
    """Inputs and targets in two arrays, in memory or in files."""

    inputs: Any
    targets: Any

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets):
            raise ShapeError(
                f"The source has {len(self.inputs)} rows of inputs and {len(self.targets)} rows of targets; "
                "give as many of one as of the other."
            )

    def chunks(self, rows: int) -> Iterator[Chunk]:
        for start in range(0, len(self.inputs), rows):
            stop = start + rows
            yield Chunk(start, _part(self.inputs, start, stop), _part(self.targets, start, stop))


@dataclass(frozen=True, eq=False)
class TableRows:
    """Inputs and targets as columns of one array, in memory or in a file."""

    table: Any
    take: tuple[tuple[int, ...], tuple[int, ...]]

    def chunks(self, rows: int) -> Iterator[Chunk]:
        for start in range(0, len(self.table), rows):
            yield Chunk(start, _part(self.table, start, start + rows), take=self.take)


@dataclass(frozen=True, eq=False)
class PieceRows:
    """Whatever comes in pieces: `pieces()` starts a new run over (inputs, targets) pairs, or over whole tables.

    Small pieces are put together to chunks.
    """

    pieces: Callable[[], Iterator[Any]]
    target: Target = None

    def chunks(self, rows: int) -> Iterator[Chunk]:
        held: list[tuple[Array, Array]] = []
        start = count = 0
        widths: tuple[int, int] | None = None
        for piece in self.pieces():
            pair = self._pair(piece)
            widths = widths or (pair[0].shape[1], pair[1].shape[1])
            for part, width in zip(pair, widths, strict=True):
                if part.shape[1] != width:
                    raise _changed(start + count, part.shape[1], width)
            held.append(pair)
            count += len(pair[0])
            if count >= rows:
                yield _joined(start, held)
                start, count, held = start + count, 0, []
        if count:
            yield _joined(start, held)

    def _pair(self, piece: Any) -> tuple[Array, Array]:
        if self.target is not None:
            table = numbers(piece)
            return Chunk(0, table, take=column_roles(table.shape[1], self.target)).load()
        if isinstance(piece, dict) or not hasattr(piece, "__len__") or len(piece) != 2:
            raise DataError(
                f"The source gave a {type(piece).__name__} where a pair (inputs, targets) was expected; "
                "give pairs, or say target=-1 when the last column is the target."
            )
        return Chunk(0, piece[0], piece[1]).load()


def row_source(source: Any, target: Target = None) -> RowSource:
    """The rows of an array, a memory-mapped array, a `.npy` file, a frame, a torch or Dask source, or of a function
    that starts an iterator.

    Args:
        source: a pair (inputs, targets), or one table together with `target`.
        target: column numbers, or names for a frame; None for pairs.

    Raises:
        DataError: nothing that gives rows.
        ShapeError: inputs and targets do not fit together.
    """
    if hasattr(source, "chunks") and callable(source.chunks):
        return source
    for kind, make in _KINDS:
        if kind(source):
            return make(source, target)
    raise DataError(
        f"A {type(source).__name__} gives no rows that can be read again and again; give a pair of arrays, a table "
        "with target=, a .npy file, a torch Dataset or DataLoader, a Dask collection, or a function that returns a "
        "fresh iterator of (inputs, targets) chunks."
    )


def column_roles(width: int, target: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Columns of the inputs and of the targets in a table of this width."""
    if target is None:
        raise DataError(
            "The source is one table and no target was named; say which column is the target, for example target=-1."
        )
    wanted = [target] if isinstance(target, (int, np.integer)) else list(target)
    if not all(isinstance(column, (int, np.integer)) and -width <= column < width for column in wanted):
        raise DataError(
            f"The target is {target!r}, but the source has columns 0 to {width - 1}; name one of them."
        )
    targets = tuple(int(column) % width for column in wanted)
    inputs = tuple(column for column in range(width) if column not in targets)
    if not inputs or not targets:
        raise DataError(
            f"The target {target!r} leaves no inputs among {width} columns; name fewer target columns."
        )
    return inputs, targets


def name_roles(names: Sequence[str], target: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The same for a table with named columns."""
    wanted = [target] if isinstance(target, str) or not isinstance(target, Sequence) else list(target)
    places = [names.index(name) if name in names else name for name in wanted]
    lost = [name for name in places if not isinstance(name, int)]
    if lost and target is not None:
        raise DataError(
            f"The target {lost[0]!r} is no column; the columns are {', '.join(map(str, names[:12]))}."
        )
    return column_roles(len(names), None if target is None else places)


def _arrays(source: Any, target: Target) -> RowSource:
    if isinstance(source, tuple) and target is None:
        inputs, targets = (_table(part) for part in source)
        return PairRows(inputs, targets)
    table = _table(source)
    width = table.shape[1] if len(table.shape) == 2 else 1
    return TableRows(table, column_roles(width, target))


def _table(array: Any) -> Any:
    if isinstance(array, (str, Path)):
        return file_table(array)
    if isinstance(array, FileTable) or hasattr(array, "iloc"):
        return array
    if isinstance(array, torch.Tensor):
        return of_tensor(array)
    mapped = mapped_table(array)
    if mapped is not None:
        return mapped
    return array if hasattr(array, "shape") and len(array.shape) > 0 else numbers(array)


def _frame(source: Any, target: Target) -> RowSource:
    return TableRows(source, name_roles([*source.columns], target))


def _dataset(source: Any, target: Target) -> RowSource:
    del target
    seen = source.part("fit")
    return PairRows(seen.inputs, seen.targets)


def _torch(source: Any, target: Target) -> RowSource:
    from .row_torch import torch_rows

    return torch_rows(source, target)


def _dask(source: Any, target: Target) -> RowSource:
    from .row_dask import dask_rows

    return dask_rows(source, target)


def _factory(source: Any, target: Target) -> RowSource:
    return PieceRows(source, target)


def _is_pair(source: Any) -> bool:
    return isinstance(source, (tuple, list)) and len(source) == 2 and not np.isscalar(source[0])


def _is_dask(source: Any) -> bool:
    return type(source).__module__.split(".")[0] in ("dask", "dask_expr")


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any, Target], RowSource]], ...] = (
    (lambda source: isinstance(source, Dataset), _dataset),
    (lambda source: isinstance(source, (TorchDataset, DataLoader)), _torch),
    (_is_dask, _dask),
    (lambda source: _is_pair(source) and any(map(_is_dask, source)), _dask),
    (lambda source: isinstance(source, pd.DataFrame), _frame),
    (lambda source: isinstance(source, (str, Path, np.ndarray, FileTable, torch.Tensor)), _arrays),
    (_is_pair, lambda source, target: _arrays(tuple(source), target)),
    (lambda source: callable(source) and not hasattr(source, "__next__"), _factory),
)


def _part(table: Any, start: int, stop: int) -> Any:
    if isinstance(table, FileTable):
        return table.part(start, stop)
    return table.iloc[start:stop] if hasattr(table, "iloc") else table[start:stop]


def _loaded(values: Any) -> Any:
    return values.load() if hasattr(values, "load") else values


def _joined(start: int, held: list[tuple[Array, Array]]) -> Chunk:
    inputs, targets = (np.concatenate(parts) for parts in zip(*held, strict=True))
    return Chunk(start, inputs, targets)


def _changed(row: int, came: int, wanted: int) -> ShapeError:
    return ShapeError(
        f"The source gave {came} columns from row {row} on, where {wanted} were expected; "
        "give rows of one width."
    )

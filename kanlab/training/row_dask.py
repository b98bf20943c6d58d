"""Rows of Dask arrays and frames. Dask is not needed by anything else: it is there when one of its objects comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DataError, ShapeError
from .row_sources import Chunk, RowSource, Target, column_roles, name_roles

_SYNCHRONOUS = "synchronous"


@dataclass(frozen=True, eq=False)
class Partition:
    """A part of a Dask collection that whoever needs it computes, in its own process."""

    collection: Any

    def load(self) -> Any:
        return self.collection.compute(scheduler=_SYNCHRONOUS)


@dataclass(frozen=True, eq=False)
class DaskRows:
    """Chunks are the partitions, whatever their size.

    Attributes:
        parts: for each partition the number of its first row, its inputs (or its whole table), and its targets.
    """

    parts: tuple[tuple[int, Partition, Partition | None], ...]
    take: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def chunks(self, rows: int) -> Iterator[Chunk]:
        del rows
        for start, inputs, targets in self.parts:
            yield Chunk(start, inputs, targets, self.take)


def dask_rows(source: Any, target: Target) -> RowSource:
    """The rows of a Dask frame or array with a target, or of a pair of Dask arrays.

    Raises:
        DataError: a pair of which only one is a Dask array, or a target that is no column.
        ShapeError: inputs and targets of different length.
    """
    if isinstance(source, (tuple, list)):
        return _pair(*source)
    if hasattr(source, "partitions") and hasattr(source, "columns"):
        lengths = source.map_partitions(len).compute(scheduler=_SYNCHRONOUS)
        parts = [Partition(source.partitions[number]) for number in range(source.npartitions)]
        take = name_roles([*source.columns], target)
        return DaskRows(tuple(zip(_starts(lengths), parts, [None] * len(parts), strict=True)), take)
    table = _by_rows(source)
    return DaskRows(
        tuple(
            (start, part, None) for start, part in zip(_starts(table.chunks[0]), _blocks(table), strict=True)
        ),
        column_roles(table.shape[1] if table.ndim == 2 else 1, target),
    )


def _pair(inputs: Any, targets: Any) -> RowSource:
    if hasattr(inputs, "to_dask_array"):
        inputs = inputs.to_dask_array(lengths=True)
    if hasattr(targets, "to_dask_array"):
        targets = targets.to_dask_array(lengths=True)
    if not all(hasattr(part, "rechunk") for part in (inputs, targets)):
        raise DataError(
            "One of inputs and targets is a Dask collection and the other is not; give two Dask arrays."
        )
    inputs, targets = _by_rows(inputs), _by_rows(targets)
    if inputs.shape[0] != targets.shape[0]:
        raise ShapeError(
            f"The source has {inputs.shape[0]} rows of inputs and {targets.shape[0]} rows of targets; "
            "give as many of one as of the other."
        )
    targets = targets.rechunk({0: inputs.chunks[0]})
    return DaskRows(
        tuple(zip(_starts(inputs.chunks[0]), _blocks(inputs), _blocks(targets), strict=True)),
    )


def _by_rows(array: Any) -> Any:
    if any(np.isnan(size) for size in array.shape):
        array = array.compute_chunk_sizes()
    return array.rechunk({1: -1}) if array.ndim == 2 else array


def _blocks(array: Any) -> list[Partition]:
    return [Partition(array.blocks[number]) for number in range(array.numblocks[0])]


def _starts(lengths: Any) -> list[int]:
    return [0, *(int(end) for end in np.cumsum(lengths)[:-1])]

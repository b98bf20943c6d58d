"""Sums over the rows of a source: statistics of its columns, errors, normal equations.

Each chunk gives a partial sum, wherever it is computed, and partial sums are added in the order of the chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from .._typing import Array, BoolArray
from ..errors import DataError, ShapeError
from ..kernels import Columns, columns_of, threads_for
from ..network import KAN, Scaling
from .executors import Sent, in_order
from .problem import NormalEquations, Samples, mean_squared_error, normal_equations
from .row_sources import Chunk, RowSource

GOLDEN = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: its multiples fill the unit interval evenly (Knuth, TAOCP 3, 6.4)."""


def held_out(start: int, rows: int, share: float) -> BoolArray:
    """Which of these rows are kept for validation: a fixed share, spread evenly, chosen by the row number alone."""
    number = np.arange(start + 1, start + rows + 1, dtype=np.uint64)
    return (number * np.uint64(GOLDEN) >> np.uint64(11)) * 2.0**-53 < share


@dataclass(frozen=True, eq=False)
class Statistics:
    """Count, range, mean and sum of squared deviations of all columns, targets last; [inputs + outputs]."""

    rows: int
    inputs: int
    low: Array
    high: Array
    mean: Array
    square: Array

    def scaling(self) -> Scaling:
        """What `Scaling.of` gives for the whole table."""
        own = slice(0, self.inputs)
        rest = slice(self.inputs, None)
        return Scaling.from_statistics(
            self.low[own], self.high[own], self.mean[rest], np.sqrt(self.square[rest] / self.rows)
        )


@dataclass(frozen=True, eq=False)
class RowSums:
    """A source with everything that sums over it have in common.

    Attributes:
        chunk_rows: about how many rows a chunk has.
        share: part of the rows held out for validation.
        executor: where chunks are worked on, or None.
    """

    source: RowSource
    chunk_rows: int
    share: float
    executor: Executor | None = None

    def statistics(self) -> Statistics:
        """One pass over all rows, held out or not.

        Raises:
            DataError: no rows, or a value that is not a finite number.
            ShapeError: rows of different widths.
        """
        total: Statistics | None = None
        for part in in_order(self.executor, _statistics, self._chunks()):
            if part.rows:
                total = part if total is None else _together(total, part)
        if total is None:
            raise DataError("The source gave no rows; give at least one.")
        return total

    def sample(self, network: KAN, rows: int, most: int) -> Array:
        """An even sample of at most `most` training inputs, in the network's units; all when there are no more."""
        stride = max(1, -(-rows // most))
        task = partial(_sampled, stride=stride, share=self.share)
        parts = list(in_order(self.executor, task, self._chunks()))
        return np.ascontiguousarray(network.scaling.scale_inputs(np.concatenate(parts)))

    def errors(self, network: KAN, rows: int) -> tuple[float, float | None]:
        """Mean squared errors of the training and of the held-out rows, in the network's units."""
        task = partial(_errors, sent=Sent.of(network), share=self.share)
        sums, counts = np.zeros(2), np.zeros(2, dtype=np.int64)
        for square, count in in_order(self.executor, task, self._chunks()):
            sums, counts = sums + square, counts + count
        _same_rows(int(counts.sum()), rows)
        return float(sums[0] / counts[0]), float(sums[1] / counts[1]) if counts[1] else None

    def normal(self, network: KAN, rows: int) -> NormalEquations:
        """The normal equations of the training rows."""
        task = partial(_normal, sent=Sent.of(network), share=self.share)
        total: NormalEquations | None = None
        train = seen = 0
        for part, count, length in in_order(self.executor, task, self._chunks()):
            seen += length
            if count:
                train += count
                total = part if total is None else _added(total, part)
        _same_rows(seen, rows)
        assert total is not None
        return NormalEquations(total.matrix / train, total.gradient / train, total.error / train)

    def _chunks(self) -> Iterator[Chunk]:
        return self.source.chunks(self.chunk_rows)


def _statistics(chunk: Chunk) -> Statistics:
    inputs, targets = chunk.load()
    table = np.concatenate([inputs, targets], axis=1)
    if not len(table):
        nothing = np.zeros(table.shape[1])
        return Statistics(0, inputs.shape[1], nothing, nothing, nothing, nothing)
    if not np.isfinite(table).all():
        row, column = (int(place) for place in np.argwhere(~np.isfinite(table))[0])
        where = f"input {column}" if column < inputs.shape[1] else f"target {column - inputs.shape[1]}"
        raise DataError(
            f"Row {chunk.start + row} of the source has {table[row, column]} as {where}; "
            "leave out rows with values that are not finite numbers."
        )
    mean = table.mean(axis=0)
    return Statistics(
        len(table),
        inputs.shape[1],
        table.min(axis=0),
        table.max(axis=0),
        mean,
        np.square(table - mean).sum(axis=0),
    )


def _together(one: Statistics, other: Statistics) -> Statistics:
    """Both sets of rows as one (Chan, Golub and LeVeque 1983)."""
    if (one.inputs, len(one.mean)) != (other.inputs, len(other.mean)):
        raise ShapeError(
            f"The source gave rows of {other.inputs} inputs and {len(other.mean) - other.inputs} targets after rows "
            f"of {one.inputs} and {len(one.mean) - one.inputs}; give rows of one width."
        )
    rows = one.rows + other.rows
    apart = other.mean - one.mean
    return Statistics(
        rows,
        one.inputs,
        np.minimum(one.low, other.low),
        np.maximum(one.high, other.high),
        one.mean + apart * (other.rows / rows),
        one.square + other.square + apart**2 * (one.rows * other.rows / rows),
    )


def _sampled(chunk: Chunk, *, stride: int, share: float) -> Array:
    inputs, _ = chunk.load()
    number = np.arange(chunk.start, chunk.start + len(inputs))
    return inputs[(number % stride == 0) & ~held_out(chunk.start, len(inputs), share)]


def _samples(chunk: Chunk, network: KAN) -> Samples:
    inputs, targets = chunk.load()
    scaling = network.scaling
    if inputs.shape[1] != len(scaling.input_center) or targets.shape[1] != len(scaling.output_center):
        raise ShapeError(
            f"The source gave rows of {inputs.shape[1]} inputs and {targets.shape[1]} targets from row {chunk.start} "
            f"on, but the network has {len(scaling.input_center)} and {len(scaling.output_center)}; "
            "give rows of one width."
        )
    return Samples(scaling.scale_inputs(inputs), scaling.scale_targets(targets))


def _errors(chunk: Chunk, *, sent: Sent, share: float) -> tuple[Array, np.ndarray]:
    network = sent.network()
    samples = _samples(chunk, network)
    out = held_out(chunk.start, samples.rows, share)
    sums, counts = np.zeros(2), np.zeros(2, dtype=np.int64)
    arrays = network.arrays()
    with threads_for(0):
        for place, mask in enumerate((~out, out)):
            counts[place] = mask.sum()
            if counts[place]:
                part = samples if counts[place] == samples.rows else _rows(samples, mask)
                sums[place] = mean_squared_error(arrays, part) * counts[place]
    return sums, counts


def _normal(chunk: Chunk, *, sent: Sent, share: float) -> tuple[NormalEquations, int, int]:
    network = sent.network()
    samples = _samples(chunk, network)
    out = held_out(chunk.start, samples.rows, share)
    train = _rows(samples, ~out) if out.any() else samples
    arrays = network.arrays()
    columns = columns_of(arrays)
    if not train.rows:
        return _nothing(columns), 0, samples.rows
    with threads_for(0):
        mean, _ = normal_equations(arrays, train, columns)
    count = train.rows
    return (
        NormalEquations(mean.matrix * count, mean.gradient * count, mean.error * count),
        count,
        samples.rows,
    )


def _rows(samples: Samples, mask: BoolArray) -> Samples:
    return Samples(samples.inputs[mask], samples.targets[mask])


def _nothing(columns: Columns) -> NormalEquations:
    return NormalEquations(np.zeros((columns.count, columns.count)), np.zeros(columns.count), 0.0)


def _added(one: NormalEquations, other: NormalEquations) -> NormalEquations:
    return NormalEquations(one.matrix + other.matrix, one.gradient + other.gradient, one.error + other.error)


def _same_rows(seen: int, wanted: int) -> None:
    if seen != wanted:
        raise DataError(
            f"The source gave {wanted} rows the first time and {seen} now; give a source that yields the same rows "
            "each time it is read."
        )

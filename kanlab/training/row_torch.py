"""Rows of torch datasets and loaders, always in the order of the dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from torch.utils.data import Dataset as TorchDataset

from ..errors import DataError
from .row_numbers import numbers, of_tensor
from .row_sources import Chunk, PairRows, PieceRows, RowSource, Target


def torch_rows(source: TorchDataset[Any] | DataLoader[Any], target: Target) -> RowSource:
    """The rows of a dataset of (x, y) rows, or of a loader of (x, y) batches.

    A loader that shuffles is read in the order of its dataset: sums over rows do not depend on the order, and the
    rows held out for validation must be the same each time.

    Raises:
        DataError: a target was named; here it is part of each pair.
    """
    if target is not None:
        raise DataError("A torch source gives pairs (inputs, targets), so leave target= away.")
    if isinstance(source, DataLoader):
        return PieceRows(lambda: iter(_in_order(source)))
    if isinstance(source, TensorDataset) and len(source.tensors) == 2:
        return PairRows(*(of_tensor(tensor) for tensor in source.tensors))
    if isinstance(source, IterableDataset):
        return PieceRows(lambda: (_as_batch(row) for row in source))
    return ItemRows(source)


@dataclass(frozen=True, eq=False)
class ItemRows:
    """A dataset that gives one (x, y) row for each index."""

    dataset: Any

    def chunks(self, rows: int) -> Iterator[Chunk]:
        total = len(self.dataset)
        for start in range(0, total, rows):
            pairs = [_as_batch(self.dataset[row]) for row in range(start, min(start + rows, total))]
            whole = PieceRows(lambda pairs=pairs: iter(pairs)).chunks(len(pairs))
            yield from (Chunk(start, part.inputs, part.targets) for part in whole)


def _in_order(loader: DataLoader[Any]) -> DataLoader[Any]:
    if isinstance(loader.dataset, IterableDataset):
        return loader
    return DataLoader(
        loader.dataset,
        batch_size=loader.batch_size or 1024,
        shuffle=False,
        num_workers=loader.num_workers,
        collate_fn=loader.collate_fn,
    )


def _as_batch(row: Any) -> tuple[Any, Any]:
    if not isinstance(row, (tuple, list)) or len(row) != 2:
        raise DataError(
            f"The dataset gave a {type(row).__name__} where a row (x, y) was expected; give pairs of numbers."
        )
    return tuple(numbers(np.atleast_1d(part)).reshape(1, -1) for part in row)  # type: ignore[return-value]

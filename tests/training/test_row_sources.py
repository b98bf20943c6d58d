"""Every kind of source gives the same rows, or one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from torch.utils.data import Dataset as TorchDataset

import kanlab as kl
from kanlab.errors import DataError, KanlabError, ShapeError
from kanlab.training.row_files import mapped_table
from kanlab.training.row_sources import row_source
from kanlab.training.row_sums import RowSums, held_out
from tests.training.large_tables import law_table, small_fit

TABLE = law_table(230)


class Items(TorchDataset[Any]):
    """(x, y) rows by number."""

    def __len__(self) -> int:
        return len(TABLE)

    def __getitem__(self, row: int) -> tuple[torch.Tensor, float]:
        return torch.from_numpy(TABLE[row, :2]), float(TABLE[row, 2])


class Stream(IterableDataset[Any]):
    """(x, y) rows one after the other."""

    def __iter__(self) -> Iterator[tuple[np.ndarray, float]]:
        return ((row[:2], float(row[2])) for row in TABLE)


def chunks_of(source: Any, target: Any = None, rows: int = 50) -> tuple[np.ndarray, list[int]]:
    parts = list(row_source(source, target).chunks(rows))
    loaded = [part.load() for part in parts]
    starts = [part.start for part in parts]
    assert starts == [0, *np.cumsum([len(x) for x, _ in loaded])[:-1]]
    return np.concatenate([np.column_stack(pair) for pair in loaded]), starts


def saved(folder: Path, table: np.ndarray = TABLE) -> Path:
    path = folder / "table.npy"
    np.save(path, table)
    return path


def mapped(folder: Path) -> Any:
    return np.load(saved(folder), mmap_mode="r")


def torch_pair() -> TensorDataset:
    return TensorDataset(torch.from_numpy(TABLE[:, :2]), torch.from_numpy(TABLE[:, 2]))


KINDS: dict[str, Callable[[Path], tuple[Any, Any]]] = {
    "pair of arrays": lambda folder: ((TABLE[:, :2], TABLE[:, 2]), None),
    "pair of lists": lambda folder: ([TABLE[:, :2].tolist(), TABLE[:, 2].tolist()], None),
    "table": lambda folder: (TABLE, -1),
    "tensor": lambda folder: (torch.from_numpy(TABLE), 2),
    "frame": lambda folder: (pd.DataFrame(TABLE, columns=["a", "b", "y"]), "y"),
    "path": lambda folder: (saved(folder), -1),
    "memory map": lambda folder: (mapped(folder), [2]),
    "views of a memory map": lambda folder: ((mapped(folder)[:, :2], mapped(folder)[:, 2]), None),
    "items": lambda folder: (Items(), None),
    "stream": lambda folder: (Stream(), None),
    "tensors": lambda folder: (torch_pair(), None),
    "loader": lambda folder: (DataLoader(torch_pair(), batch_size=7), None),
    "loader that shuffles": lambda folder: (DataLoader(torch_pair(), batch_size=7, shuffle=True), None),
    "pieces": lambda folder: (lambda: ((p[:, :2], p[:, 2]) for p in np.array_split(TABLE, 11)), None),
    "whole pieces": lambda folder: (lambda: iter(np.array_split(TABLE, 3)), -1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_of_sources_give_the_same_rows_each_time(kind: str, tmp_path: Path) -> None:
    source, target = KINDS[kind](tmp_path)
    for _ in range(2):
        rows, starts = chunks_of(source, target)
        assert np.array_equal(rows, TABLE)
        assert len(starts) > 1


def test_a_dataset_keeps_its_test_rows_to_itself() -> None:
    data = kl.Dataset.from_arrays(TABLE[:, :2], TABLE[:, 2])
    rows, _ = chunks_of(data)
    assert np.array_equal(rows, TABLE[data.split.fit])


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.int64, np.uint8, np.bool_, ">f8", np.float16])
def test_numbers_of_every_type_are_read_as_they_are(dtype: Any, tmp_path: Path) -> None:
    table = np.arange(60).reshape(20, 3).astype(dtype)
    for source in (table, saved(tmp_path, table), (table[:, :2], table[:, 2])):
        rows, _ = chunks_of(source, None if isinstance(source, tuple) else -1, rows=7)
        assert rows.dtype == np.float64
        assert np.array_equal(rows, table.astype(np.float64))


@given(start=st.integers(0, 40), step=st.integers(1, 3), columns=st.integers(1, 5), transposed=st.booleans())
def test_a_view_of_a_file_is_found_in_the_file(
    start: int, step: int, columns: int, transposed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("views") / "table.dat"
    whole = np.memmap(path, dtype=np.float32, mode="w+", shape=(60, 6), offset=12)
    whole[:] = np.arange(360).reshape(60, 6)
    whole.flush()
    view = (whole.T if transposed else whole)[start % 5 :: step, :columns]
    found = mapped_table(view)
    assert found is not None
    assert np.array_equal(found.load(), view)
    assert np.array_equal(found.part(1, 3).load(), view[1:3])


def test_what_is_no_plain_view_of_a_file_is_not_taken_for_one(tmp_path: Path) -> None:
    array = mapped(tmp_path)
    for other in (array[::-1], array + 1, array[[0, 2]], TABLE, array[:0]):
        assert mapped_table(other) is None


def test_statistics_do_not_depend_on_chunks() -> None:
    shifted = TABLE + 1e6
    for rows in (1, 7, 230):
        seen = RowSums(row_source(shifted, -1), rows, 0.1).statistics()
        assert np.array_equal(seen.low, shifted.min(axis=0))
        assert np.array_equal(seen.high, shifted.max(axis=0))
        assert np.allclose(seen.mean, shifted.mean(axis=0), rtol=1e-15, atol=0)
        assert np.allclose(seen.square / 230, shifted.var(axis=0), rtol=1e-9)


@given(start=st.integers(0, 10**9), share=st.floats(0.01, 0.6))
def test_held_out_rows_are_a_fixed_even_share(start: int, share: float) -> None:
    whole = held_out(start, 1000, share)
    assert np.array_equal(
        whole, np.concatenate([held_out(start, 300, share), held_out(start + 300, 700, share)])
    )
    # multiples of the golden ratio miss a share of n numbers by a few at most
    assert abs(int(whole.sum()) - 1000 * share) <= 6
    assert not held_out(start, 50, 0.0).any()


def pieces(*parts: Any) -> Callable[[], Iterator[Any]]:
    return lambda: iter(parts)


X, Y = TABLE[:40, :2], TABLE[:40, 2]
HOLE = X.copy()
HOLE[17, 1] = np.nan


class Shrinking:
    """Gives fewer rows the second time."""

    def __init__(self) -> None:
        self.rows = 60

    def __call__(self) -> Iterator[Any]:
        self.rows -= 10
        return iter([(X[: self.rows], Y[: self.rows])])


REFUSED: dict[str, tuple[Any, Any, type[KanlabError], str]] = {
    "a hole": ((HOLE, Y), None, DataError, "Row 17 of the source has nan as input 1"),
    "an infinite target": ((X, np.full(40, np.inf)), None, DataError, "inf as target 0"),
    "a hole in a later piece": (pieces((X, Y), (HOLE, Y)), None, DataError, "Row 57"),
    "no rows": ((X[:0], Y[:0]), None, DataError, "gave no rows"),
    "no pieces": (pieces(), None, DataError, "gave no rows"),
    "different lengths": ((X, Y[:30]), None, ShapeError, "40 rows of inputs and 30 rows of targets"),
    "different lengths in a piece": (pieces((X, Y[:3])), None, ShapeError, "40 rows of inputs with 3"),
    "changing widths": (pieces((X, Y), (X[:, :1], Y)), None, ShapeError, "1 columns from row 40 on"),
    "wrong width": ((TABLE, Y), None, ShapeError, "230 rows of inputs and 40"),
    "a width that is not the network's": ((TABLE[:40], Y), None, ShapeError, "[2, 2, 1] has 2 inputs"),
    "no target": (TABLE, None, DataError, "say which column is the target"),
    "a column that is not there": (TABLE, 3, DataError, "columns 0 to 2"),
    "a name that is not there": (pd.DataFrame({"a": [1.0], "b": [2.0]}), "y", DataError, "'y' is no column"),
    "an iterator": (iter([(X, Y)]), None, DataError, "a function that returns a fresh iterator"),
    "no source": (7, None, DataError, "A int gives no rows"),
    "text": ((np.array([["a", "b"]]), [1.0]), None, DataError, "where numbers were expected"),
    "complex": ((X * 1j, Y), None, DataError, "complex128 where numbers"),
    "ragged": (pieces(([[1, 2], [3]], [1, 2])), None, ShapeError, "different lengths"),
    "no pairs": (pieces(7), None, DataError, "gave a int where a pair"),
    "a cube": ((np.zeros((4, 3, 2)), Y[:4]), None, ShapeError, "shape (4, 3, 2)"),
    "a missing file": ("nowhere.npy", -1, KanlabError, "'nowhere.npy' cannot be opened"),
    "other rows each time": (Shrinking(), None, DataError, "40 rows the first time and 30 now"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(kind: str) -> None:
    source, target, error, words = REFUSED[kind]
    with pytest.raises(error) as caught:
        small_fit(source, target, chunk_rows=25)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)

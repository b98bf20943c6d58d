"""Dask collections as sources and a Dask cluster as executor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kanlab.errors import DataError, ShapeError
from kanlab.training.row_sources import row_source
from tests.training.large_tables import bits, law_table, small_fit

da = pytest.importorskip("dask.array")
TABLE = law_table()


def rows_of(source: Any, target: Any = None) -> tuple[np.ndarray, list[int]]:
    parts = list(row_source(source, target).chunks(10**6))
    return np.concatenate([np.column_stack(part.load()) for part in parts]), [part.start for part in parts]


def test_arrays_come_partition_by_partition() -> None:
    table = da.from_array(TABLE, chunks=(250, 2))
    pair = table[:, :2], table[:, 2].rechunk(100)
    for source, target in ((table, -1), (pair, None)):
        rows, starts = rows_of(source, target)
        assert np.array_equal(rows, TABLE)
        assert starts == [0, 250, 500, 750]


def test_arrays_of_unknown_length_are_counted() -> None:
    table = da.from_array(TABLE, chunks=(250, 3))
    rows, starts = rows_of(table[table[:, 0] > 0], -1)
    kept = TABLE[TABLE[:, 0] > 0]
    assert np.array_equal(rows, kept)
    assert starts[1] == (TABLE[:250, 0] > 0).sum()


def test_a_fit_of_an_array_is_that_of_its_rows() -> None:
    table = da.from_array(TABLE.astype(np.float32), chunks=(200, 3))
    assert bits(small_fit(table, -1)) == bits(small_fit(TABLE.astype(np.float32), -1))


def test_what_does_not_fit_together_is_refused() -> None:
    table = da.from_array(TABLE, chunks=(250, 3))
    with pytest.raises(ShapeError, match="900 rows of inputs and 800 rows of targets"):
        row_source((table[:, :2], table[:800, 2]))
    with pytest.raises(DataError, match="give two Dask arrays"):
        row_source((table[:, :2], TABLE[:, 2]))
    with pytest.raises(DataError, match="say which column"):
        row_source(table)


def test_frames_come_partition_by_partition() -> None:
    dd = pytest.importorskip("dask.dataframe", exc_type=ImportError)
    frame = dd.from_pandas(pd.DataFrame(TABLE, columns=["a", "b", "y"]), npartitions=3)
    for source, target in ((frame, "y"), ((frame[["a", "b"]], frame["y"]), None)):
        rows, starts = rows_of(source, target)
        assert np.array_equal(rows, TABLE)
        assert len(starts) == 3
    with pytest.raises(DataError, match="'z' is no column"):
        row_source(frame, "z")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
def test_a_cluster_gives_the_bits_of_the_serial_fit(cluster: Any, tmp_path: Path) -> None:
    path = tmp_path / "table.npy"
    np.save(path, TABLE)
    serial = bits(small_fit(path, -1))
    executor = cluster.get_executor()
    assert bits(small_fit(path, -1, executor=executor)) == serial
    assert bits(small_fit(da.from_array(TABLE, chunks=(200, 3)), -1, executor=executor)) == serial

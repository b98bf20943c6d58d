"""The same bits from every executor."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kanlab.errors import ActionError
from kanlab.training import FitOptions, Rows, fit
from kanlab.training.executors import fit_each, in_order
from kanlab.training.row_files import file_table
from tests.problems import fresh
from tests.training.large_tables import bits, law_table, small_fit


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "table.npy"
    np.save(path, law_table())
    return path


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_give_the_bits_of_the_serial_fit(path: Path, workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        assert bits(small_fit(path, -1, executor=pool)) == bits(small_fit(path, -1))


@pytest.mark.slow  # two processes import torch
def test_processes_give_the_bits_of_the_serial_fit_from_a_file_and_from_memory(
    path: Path, processes: Executor
) -> None:
    serial = bits(small_fit(path, -1))
    assert bits(small_fit(path, -1, executor=processes)) == serial
    assert bits(small_fit(law_table(), -1, executor=processes)) == serial


def test_a_worker_is_sent_a_place_in_the_file_and_no_rows(path: Path) -> None:
    part = file_table(path).part(200, 400)
    assert len(repr(part)) < 400
    assert np.array_equal(part.load(), law_table()[200:400])


def test_seeds_and_shapes_are_fitted_side_by_side(processes: Executor) -> None:
    table = law_table(200)
    rows = Rows(table[:, :2], table[:, 2:])
    networks = [fresh(shape, seed, rows) for shape, seed in (([2, 2, 1], 0), ([2, 2, 1], 1), ([2, 3, 1], 0))]
    options = FitOptions(steps=3)
    side_by_side = fit_each(networks, rows, options, executor=processes)
    for got, network in zip(side_by_side, networks, strict=True):
        assert np.array_equal(got.predict(rows.inputs), fit(network, rows, options).predict(rows.inputs))


def test_results_keep_their_order_and_few_tasks_wait() -> None:
    handed: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            handed.append(number)
            yield number

    with ThreadPoolExecutor(3) as pool:
        results = in_order(pool, lambda number: number**2, items())
        assert next(results) == 0
        assert len(handed) <= 17
        assert list(results) == [number**2 for number in range(1, 100)]


def test_an_error_of_a_worker_is_told_as_it_is(processes: Executor) -> None:
    table = law_table()
    table[500, 1] = np.nan
    with pytest.raises(ValueError, match="Row 500 of the source has nan as input 1"):
        small_fit(table, -1, executor=processes)


def test_an_executor_without_workers_is_named() -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as pool, pytest.raises(ActionError, match="lost its workers"):
        list(in_order(pool, os._exit, [1]))

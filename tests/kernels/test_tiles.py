"""Rows in the order of cells."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.kernels.batch_rows import batch_rows
from kanlab.kernels.tiles import MOST_ROWS
from tests.networks import random_inputs, random_network


@pytest.mark.parametrize(("shape", "count"), [([2, 2, 1], 3), ([2, 2, 1], 700), ([1, 1], 300), ([6, 1], 200)])
def test_a_tile_leaves_out_only_zeros(shape: list[int], count: int) -> None:
    network = random_network(shape, 0, intervals=4)
    inputs = random_inputs(network, 0, count, reach=1.1)
    rows = batch_rows(inputs, np.zeros((count, 1)), None, network.arrays().layers[0])
    tiles = rows.tiles
    assert np.array_equal(np.sort(tiles.order), np.arange(count))
    assert tiles.starts[0] == 0
    assert tiles.starts[-1] == count
    assert (np.diff(tiles.starts) > 0).all()
    assert (np.diff(tiles.starts) <= MOST_ROWS).all()
    assert (np.diff(tiles.features, axis=1) > 0).all()
    back = np.zeros_like(rows.features)
    width = tiles.features.shape[1]
    for start, end, own in zip(tiles.starts[:-1], tiles.starts[1:], tiles.features, strict=True):
        back[np.ix_(own, tiles.order[start:end])] = tiles.values[start:end, :width].T
    assert np.array_equal(back, rows.features)
    assert not tiles.values[:, width:].any()


def test_many_rows_in_few_inputs_are_divided_by_all_of_them() -> None:
    network = random_network([2, 2, 1], 0, intervals=5, order=3)
    rows = batch_rows(random_inputs(network, 0, 1000), np.zeros((1000, 1)), None, network.arrays().layers[0])
    assert rows.tiles.features.shape[1] == 2 * (4 + 1) + 1

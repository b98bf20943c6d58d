"""The search for the best network within a budget of CPU seconds."""

from __future__ import annotations

import numpy as np

from kanlab.cases.best_network import error_on, fit_best, grid_of, grids_of, shapes_for
from kanlab.data import Dataset
from kanlab.network import NetworkSpec


def test_a_grid_gives_a_shape_about_so_many_parameters() -> None:
    # 15 edges of G + 4 parameters
    assert grid_of([2, 5, 1], 240) == 12
    assert grid_of([2, 5, 1], 1) == 3
    assert grid_of([1, 1], 10_000) == 100
    assert grids_of(NetworkSpec.of([2, 5, 1]), (240, 241, 600)) == (12, 36)


def test_shapes_begin_with_the_inputs_and_end_with_one_output() -> None:
    specs = [NetworkSpec.of(shape) for shape in shapes_for(3)]
    assert all((spec.inputs, spec.outputs) == (3, 1) for spec in specs)
    assert any(any(width.nodes != width.sums for width in spec.widths) for spec in specs)


def test_a_product_is_found_by_a_shape_that_multiplies() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (400, 2))
    data = Dataset.from_arrays(x, x[:, 0] * x[:, 1])
    shapes = [[2, 1, 1], [2, (0, 1), 1]]
    # compiled code is loaded in a first search, so that the second has its CPU seconds for itself
    fit_best(data, shapes, (0,), budget=4)
    best = fit_best(data, shapes, (0, 1), budget=12)
    assert best.shape != "[2, 1, 1]"
    assert error_on(best.network, data) < 1e-3
    assert best.tried >= 4


def test_other_seeds_follow_while_there_is_time() -> None:
    x = np.random.default_rng(0).uniform(-1, 1, (60, 1))
    best = fit_best(Dataset.from_arrays(x, np.sin(3 * x[:, 0])), [[1, 1]], (0, 1), budget=5)
    assert best.tried >= 4
    assert best.cpu_s < 8

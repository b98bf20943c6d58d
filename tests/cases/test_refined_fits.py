"""Refined fits: exponents, starts, and errors that only the rows of the test measure."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.cases.refined_fits import Point, best_start, exponent, lists, median_run, refined, rmse, uniform


def line(alpha: float, scale: float = 1.0) -> list[Point]:
    return [Point(grid, 0.0, scale * grid**-alpha, 0.0) for grid in (2, 5, 10, 50, 100)]


@pytest.mark.parametrize("alpha", [1.0, 3.5, 4.0])
def test_the_exponent_is_that_of_the_power(alpha: float) -> None:
    bent = [*line(alpha), Point(500, 0.0, 1.0, 0.0)]
    assert exponent(bent, 5, 100) == pytest.approx(alpha)


def test_the_run_in_the_middle() -> None:
    runs = [line(4), line(2), line(3)]
    assert median_run(runs, lambda run: exponent(run, 2, 100)) is runs[2]


def test_points_become_lists() -> None:
    assert lists(line(1)[:2]) == {
        "intervals": [2, 5],
        "train": [0.0, 0.0],
        "test": [0.5, 0.2],
        "cpu_s": [0.0, 0.0],
    }


def test_a_spline_converges_with_the_fourth_power() -> None:
    data = uniform(lambda x: np.sin(3 * x[:, 0]), 1, 600, 0)
    points = refined(data, (1, 1), (5, 10, 20, 40))
    assert [point.intervals for point in points] == [5, 10, 20, 40]
    assert exponent(points, 5, 40) == pytest.approx(4, abs=0.4)
    assert data.split.test.size == 600
    assert not np.intersect1d(data.split.fit, data.split.test).size


def test_of_several_starts_the_best_goes_on() -> None:
    data = uniform(lambda x: np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2), 2, 300, 0)
    seen = data.part("fit")
    alone = [refined(data, (2, 1, 1), (3, 5), seed=seed)[-1].train for seed in range(3)]
    together = refined(data, (2, 1, 1), (3, 5), starts=3)[-1].train
    assert together == pytest.approx(min(alone))
    network = best_start(data, (2, 1, 1), (3, 5), range(3))
    assert network.spec.intervals == (3, 3)
    assert np.isfinite(rmse(network, seen.inputs, seen.targets))

"""A network refined from grid to grid, each fit beginning with the last: errors on rows that no fit has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..discovery.setup import first_network
from ..network import KAN
from ..training import FitOptions, Rows, fit


@dataclass(frozen=True)
class Point:
    """Root mean squared errors on one grid, and the CPU seconds so far."""

    intervals: int
    train: float
    test: float
    cpu_s: float


def uniform(function: Callable[[Array], Array], inputs: int, rows: int, seed: int) -> Dataset:
    """`rows` rows to fit and as many to test, uniform on [-1, 1]^inputs, without noise."""

    def part(number: int) -> tuple[Array, Array]:
        x = np.random.default_rng(number).uniform(-1, 1, (rows, inputs))
        return x, function(x)

    return Dataset.from_arrays(*part(10 + seed), test=part(20 + seed))


def rmse(network: KAN, inputs: Array, targets: Array) -> float:
    """Root mean squared error, in the units of the targets."""
    return float(np.sqrt(np.mean((network.predict(inputs) - targets) ** 2)))


def refined(  # noqa: PLR0913  what an experiment says
    data: Dataset,
    shape: Sequence[Any],
    grids: Sequence[int],
    *,
    seed: int = 0,
    starts: int = 1,
    steps: int = 40,
    smoothness: float | None = None,
) -> list[Point]:
    """One point for each grid. All rows that are not for the test are fitted; nothing is chosen by the test.

    Args:
        starts: networks that go through the first two grids; the one with the least error on the fitted rows goes on.
        smoothness: weight of the roughness penalty; None lets the evidence choose it, 0 leaves it out.
    """
    held = data.part("test")
    began = process_time()
    seeds = range(seed * starts, (seed + 1) * starts)
    network = best_start(data, shape, grids[:2], seeds, steps=steps, smoothness=smoothness)
    points: list[Point] = []
    for grid in grids:
        network = (
            network if grid == grids[0] else on_grid(network, data, grid, steps=steps, smoothness=smoothness)
        )
        seen = data.part("fit")
        train, test = (rmse(network, part.inputs, part.targets) for part in (seen, held))
        points.append(Point(grid, train, test, process_time() - began))
    return points


def best_start(
    data: Dataset,
    shape: Sequence[Any],
    grids: Sequence[int],
    seeds: Sequence[int],
    *,
    steps: int = 40,
    smoothness: float | None = None,
) -> KAN:
    """The network on the first grid that has the least error on the fitted rows after the last of the grids."""
    seen = data.part("fit")
    coarse: list[KAN] = []
    errors: list[float] = []
    for seed in seeds:
        first = first_network(data, shape, seed=seed, intervals=grids[0])
        coarse.append(on_grid(first, data, grids[0], steps=steps, smoothness=smoothness))
        finer = coarse[-1]
        if len(seeds) > 1:
            for grid in grids[1:]:
                finer = on_grid(finer, data, grid, steps=steps, smoothness=smoothness)
        errors.append(rmse(finer, seen.inputs, seen.targets))
    return coarse[int(np.argmin(errors))]


def on_grid(
    network: KAN, data: Dataset, grid: int, *, steps: int = 40, smoothness: float | None = None
) -> KAN:
    """A network refined to a grid and fitted there to all rows that are not for the test."""
    seen = data.part("fit")
    return fit(
        network,
        Rows(seen.inputs, seen.targets),
        FitOptions(steps=steps, grids=(grid,), smoothness=smoothness),
    )


def exponent(points: Sequence[Point], low: int, high: int) -> float:
    """alpha of test RMSE ~ G^-alpha, by least squares on logarithms over low <= G <= high."""
    inside = [point for point in points if low <= point.intervals <= high]
    grids, errors = ([getattr(point, name) for point in inside] for name in ("intervals", "test"))
    return float(-np.polyfit(np.log(grids), np.log(errors), 1)[0])


def median_run(runs: Sequence[Sequence[Point]], key: Callable[[Sequence[Point]], float]) -> Sequence[Point]:
    """The run in the middle of all, ordered by a figure."""
    return sorted(runs, key=key)[len(runs) // 2]


def lists(points: Sequence[Point]) -> dict[str, list[float]]:
    """Points as lists, for the record and for the picture."""
    names = ("intervals", "train", "test", "cpu_s")
    return {name: [getattr(point, name) for point in points] for name in names}

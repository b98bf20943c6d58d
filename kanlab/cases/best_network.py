"""The best network that a budget of CPU seconds finds over shapes and seeds, by successive halving.

The test rows are never looked at; validation rows choose among shapes, seeds, grids and steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from ..data import Dataset
from ..data.dataset import PartName
from ..discovery.setup import first_network, rows_of
from ..network import KAN, NetworkSpec
from ..training import FitOptions, Rows, fit, fit_steps

LEAST_GRID, MOST_GRID = 3, 100
FIRST_SIZE = 80
ROUNDS = (
    # share of the CPU budget that is spent when the round ends, candidates that enter, parameters, steps on each grid
    (0.30, None, (FIRST_SIZE,), 30),
    (0.65, 16, (160, 240), 30),
    (0.92, 5, (400, 600, 900), 40),
)
"""Successive halving: all shapes and seeds on coarse grids, the best few on finer ones.

Candidates of a round have about as many parameters, so a small shape has a fine grid where a large one has a coarse
one: on equal grids the large shape would win every round, and what it learned would not hold where rows are few.
"""
WORTHWHILE = 0.3
LAST_STEPS = 40


@dataclass(frozen=True, eq=False)
class Best:
    """What a search ended with.

    Attributes:
        network: the one with the least validation error.
        shape, seed, intervals: how it came to be.
        validation: its validation error, root mean square, in the user's units.
        cpu_s: CPU seconds of the whole search.
        tried: how many shapes and seeds were started.
    """

    network: KAN
    shape: str
    seed: int
    intervals: int
    validation: float
    cpu_s: float
    tried: int


@dataclass(frozen=True, eq=False)
class _Candidate:
    network: KAN
    seed: int
    error: float


def shapes_for(inputs: int) -> list[list[Any]]:
    """The shapes that are tried: one to four hidden layers, without and with product nodes."""
    return [
        [inputs, 5, 1],
        [inputs, 2, 1, 1],
        [inputs, 5, 5, 1],
        [inputs, 1, 1, 1, 1],
        [inputs, (1, 1), 1],
        [inputs, (2, 2), 1],
        [inputs, (2, [2, max(inputs, 3)]), 1],
        [inputs, (0, 1), 1, 1],
        [inputs, (0, 1), 1, 1, 1],
        [inputs, (1, 1), (0, 1), 1],
        [inputs, 2, (1, 1), 1, 1],
        [inputs, 3, (2, 1), 1],
    ]


def fit_best(data: Dataset, shapes: Sequence[Any], seeds: Sequence[int], budget: float) -> Best:
    """The best network over shapes and seeds within `budget` CPU seconds.

    When all shapes and seeds are through, and `WORTHWHILE` of the budget is left, they start anew with other seeds. The
    budget is checked after every step, so that a step more may be taken.
    """
    rows, started = rows_of(data), process_time()
    found: list[_Candidate] = []
    tried = 0
    while not found or process_time() < started + (1 - WORTHWHILE) * budget:
        later = [seed + tried for seed in seeds]
        best, count = _halved(
            data, rows, [(shape, seed) for seed in later for shape in shapes], started + budget
        )
        found.append(best)
        tried += count
    best = min(found, key=lambda candidate: candidate.error)
    spec = best.network.spec
    return Best(
        on_all_rows(best.network, rows, until=started + budget),
        str(spec),
        best.seed,
        max(spec.intervals),
        best.error,
        process_time() - started,
        tried,
    )


def _halved(
    data: Dataset, rows: Rows, starts: Sequence[tuple[Any, int]], until: float
) -> tuple[_Candidate, int]:
    """The best of these shapes and seeds, and how many there was time for."""
    started, tried = process_time(), 0
    held = [
        _Candidate(
            first_network(data, shape, seed=seed, intervals=grid_of(shape, FIRST_SIZE)), seed, math.inf
        )
        for shape, seed in starts
    ]
    for share, entering, sizes, steps in ROUNDS:
        end = started + share * (until - started)
        held = sorted(held, key=lambda candidate: candidate.error)[:entering]
        fitted: list[_Candidate] = []
        for number, candidate in enumerate(held):
            left = end - process_time()
            if left <= 0:
                break
            tried += candidate.error == math.inf
            # what one candidate leaves of its part goes to those after it
            own = process_time() + left / (len(held) - number)
            grids = grids_of(candidate.network.spec, sizes)
            fitted.append(_fit_until(candidate, rows, FitOptions(steps=steps, grids=grids), own))
        held = fitted + held[len(fitted) :]
    return min(held, key=lambda candidate: candidate.error), tried


def grid_of(shape: Sequence[Any] | NetworkSpec, parameters: int) -> int:
    """The G at which a shape has about so many parameters, G + k + 1 for each edge, within bounds."""
    spec = shape if isinstance(shape, NetworkSpec) else NetworkSpec.of(shape)
    pairs = zip(spec.widths[:-1], spec.widths[1:], strict=True)
    edges = sum(before.nodes * after.subnodes for before, after in pairs)
    return min(max(round(parameters / edges) - max(spec.order) - 1, LEAST_GRID), MOST_GRID)


def grids_of(spec: NetworkSpec, sizes: Sequence[int]) -> tuple[int, ...]:
    """One grid for each size, those that are alike once."""
    return tuple(sorted({grid_of(spec, size) for size in sizes}))


def on_all_rows(network: KAN, rows: Rows, *, until: float = math.inf) -> KAN:
    """The chosen network fitted once more, to training and validation rows together, on the grid that was chosen."""
    if rows.validation_inputs is None or rows.validation_targets is None:
        return network
    every = Rows(
        np.concatenate([rows.inputs, rows.validation_inputs]),
        np.concatenate([rows.targets, rows.validation_targets]),
    )
    last = network
    for progress in fit_steps(network, every, FitOptions(steps=LAST_STEPS)):
        last = progress.network
        if process_time() >= until:
            break
    return last


def refined(
    data: Dataset,
    shape: Sequence[Any],
    grids: Sequence[int],
    *,
    seeds: Sequence[int] = (0,),
    steps: int = 40,
) -> Iterator[tuple[int, KAN, float]]:
    """(G, network, CPU seconds so far) for each grid; each fit starts from the one before.

    All seeds go through the first two grids, and the one with the least validation error goes on. The networks that are
    given back are fitted once more to all rows.
    """
    rows, started = rows_of(data), process_time()
    seeded = [_to_second(data, rows, shape, grids, seed, steps) for seed in seeds]
    network = min(seeded, key=lambda pair: error_on(pair[1], data, "validation"))[0]
    spent = process_time() - started
    for grid in grids:
        started = process_time()
        network = fit(network, rows, FitOptions(steps=steps, grids=(grid,)))
        last = on_all_rows(network, rows)
        spent += process_time() - started
        yield grid, last, spent


def _to_second(
    data: Dataset, rows: Rows, shape: Sequence[Any], grids: Sequence[int], seed: int, steps: int
) -> tuple[KAN, KAN]:
    """The networks on the first and on the second grid."""
    coarse = fit(
        first_network(data, shape, seed=seed, intervals=grids[0]),
        rows,
        FitOptions(steps=steps, grids=tuple(grids[:1])),
    )
    return coarse, fit(coarse, rows, FitOptions(steps=steps, grids=tuple(grids[1:2])))


def error_on(network: KAN, data: Dataset, name: PartName = "test") -> float:
    """Root mean squared error on the rows of a part, in the user's units."""
    part = data.part(name)
    return float(np.sqrt(np.mean((network.predict(part.inputs) - part.targets) ** 2)))


def _fit_until(candidate: _Candidate, rows: Rows, options: FitOptions, until: float) -> _Candidate:
    best = candidate
    for progress in fit_steps(candidate.network, rows, options):
        error = progress.validation
        if error is not None and math.isfinite(error) and error < best.error:
            best = _Candidate(progress.network, candidate.seed, error)
        if process_time() >= until:
            break
    return best

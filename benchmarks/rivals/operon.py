"""pyoperon: genetic programming with local optimization of constants, in float32.

Its own time limit is of the wall clock. Here it is ended between two generations, when its CPU time is spent.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from time import process_time
from typing import Any

import numpy as np

from .searchers import OPERATORS, SearchResult, SearchTask

LEAST_NOISE = 1e-6
ENDLESS = 10**9


class _SpentError(Exception):
    """The budget is used up."""


def search(task: SearchTask) -> SearchResult:
    """One run until the budget is spent."""
    tool: Any = import_module("pyoperon.sklearn")
    inputs, targets = task.arrays
    sigma = max(task.noise, LEAST_NOISE) * float(np.std(targets)) / float(np.hypot(1, task.noise))
    model: Any = tool.SymbolicRegressor(
        allowed_symbols=",".join((*OPERATORS, "constant", "variable")),
        objectives=["r2", "length"],
        population_size=1000,
        max_length=30,
        optimizer_iterations=5,
        uncertainty=[sigma],
        generations=ENDLESS,
        max_evaluations=ENDLESS,
        n_threads=1,
        random_state=task.seed + 1,
    )
    started = process_time()
    tool.op.NSGA2Algorithm.Run = _until(started + task.budget, tool.op.NSGA2Algorithm.Run)
    model.fit(inputs, targets)
    spent = process_time() - started
    front = sorted(model.pareto_front_, key=lambda one: one["length"])
    return SearchResult(
        law=_text(model, model.model_, task),
        front=[_text(model, one["tree"], task) for one in front],
        cpu_s=spent,
    )


def _until(deadline: float, run: Callable[..., None]) -> Callable[..., None]:
    """The algorithm's `Run` with a callback that ends it."""

    def bounded(self: Any, generator: Any, _: Any, threads: int, warm_start: bool) -> None:
        def tick() -> None:
            if process_time() > deadline:
                raise _SpentError

        try:
            run(self, generator, tick, threads, warm_start)
        except _SpentError:
            return

    return bounded


def _text(model: Any, tree: Any, task: SearchTask) -> str:
    """The formula in the names of the columns; 17 decimals keep small constants."""
    return str(model.get_model_string(tree, 17, list(task.names)))

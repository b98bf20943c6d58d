"""gplearn: genetic programming of the classic kind.

Its operators are protected (a division by almost nothing is 1, a root is of the absolute value). The formula is written
here with the plain ones, as its own text reads, but with all digits of its constants.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from time import process_time
from types import MappingProxyType
from typing import Any

import numpy as np

from .searchers import OPERATORS, SearchResult, SearchTask

PLAIN: Mapping[str, str] = MappingProxyType({"add": "+", "sub": "-", "mul": "*", "div": "/"})
STEP = 1
PARSIMONY = 3e-4
ENOUGH = 1e-12


def search(task: SearchTask) -> SearchResult:
    """Generations until the budget is spent or nothing is left of the error."""
    make_function: Any = import_module("gplearn.functions").make_function
    own = {
        "exp": make_function(function=_exp, name="exp", arity=1),
        "square": make_function(function=np.square, name="square", arity=1),
        "asin": make_function(function=_asin, name="asin", arity=1),
    }
    inputs, targets = task.arrays
    spread = float(np.std(targets))
    model: Any = import_module("gplearn.genetic").SymbolicRegressor(
        population_size=1000,
        generations=STEP,
        function_set=[own.get(name, name) for name in OPERATORS],
        metric="rmse",
        parsimony_coefficient=PARSIMONY * spread,
        const_range=(-5.0, 5.0),
        stopping_criteria=ENOUGH * spread,
        warm_start=True,
        n_jobs=1,
        random_state=task.seed,
    )
    started = process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while process_time() - started < task.budget:
            model.fit(inputs, targets)
            if model.run_details_["best_fitness"][-1] <= ENOUGH * spread:
                break
            model.set_params(generations=model.generations + STEP)
    law = infix(model._program.program, task.names)  # noqa: SLF001  there is no public way to the tree
    return SearchResult(law=law, front=[law], cpu_s=process_time() - started)


def infix(program: Sequence[Any], names: Sequence[str]) -> str:
    """The formula of a program in prefix order: functions, numbers of columns, constants."""
    return _read(iter(program), names)


def _read(rest: Iterator[Any], names: Sequence[str]) -> str:
    node = next(rest)
    if isinstance(node, int):
        return names[node]
    if isinstance(node, float):
        return f"({float(node)!r})"
    parts = [_read(rest, names) for _ in range(node.arity)]
    if node.name in PLAIN:
        return f"({parts[0]} {PLAIN[node.name]} {parts[1]})"
    return f"({parts[0]})**2" if node.name == "square" else f"{node.name}({parts[0]})"


def _exp(values: Any) -> Any:
    return np.exp(np.clip(values, -50, 50))


def _asin(values: Any) -> Any:
    return np.arcsin(np.clip(values, -1, 1))

"""One row of a table of the paper: kanlab's best network, the paper's errors, and an MLP of equal size and CPU time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

import numpy as np

import kanlab as kl
from kanlab.cases.best_network import error_on, fit_best, shapes_for

from . import markdown
from .mlp import fit_mlp

ROWS = 1000
SEEDS = (0, 1, 2, 3)
BUDGET = 15.0


def sampled(function: Callable[..., Any], box: Sequence[tuple[float, float]]) -> kl.Dataset:
    """1000 rows to fit, of which 200 choose the model, and 1000 to test; uniform in the box, without noise."""

    def part(seed: int) -> tuple[Any, Any]:
        generator = np.random.default_rng(seed)
        columns = [generator.uniform(low, high, ROWS) for low, high in box]
        return np.column_stack(columns), function(*columns)

    return kl.Dataset.from_arrays(*part(1), test=part(2))


def paper_row(data: kl.Dataset, *, kan: float, mlp: float, budget: float | None) -> dict[str, Any]:
    """kanlab first; then the MLP with as many parameters and as many CPU seconds."""
    seconds = BUDGET if budget is None else budget
    best = fit_best(data, shapes_for(data.inputs.shape[1]), SEEDS, seconds)
    parameters = best.network.parameter_count()
    beside = fit_mlp(data, parameters, budget=best.cpu_s)
    test = error_on(best.network, data)
    return {
        "test_rmse": test,
        "relative": test / float(data.part("test").targets.std()),
        "shape": best.shape,
        "intervals": best.intervals,
        "seed": best.seed,
        "parameters": parameters,
        "cpu_s": best.cpu_s,
        "tried": best.tried,
        "budget_s": seconds,
        "paper_kan": kan,
        "paper_mlp": mlp,
        "factor": min(kan, mlp) / test,
        "mlp": asdict(beside),
    }


HEAD = (
    "row",
    "domain",
    "kanlab test RMSE",
    "relative to sd",
    "shape, G",
    "CPU s",
    "paper's best KAN",
    "paper's MLP",
    "times below the paper's best",
    "MLP beside it",
)


def paper_table(rows: dict[str, dict[str, Any]]) -> list[str]:
    """All rows, and what they come to."""
    lines = [
        [
            name,
            row["domain"],
            markdown.error(row["test_rmse"]),
            markdown.error(row["relative"]),
            f"{row['shape']}, {row['intervals']}",
            markdown.digits(row["cpu_s"]),
            markdown.error(row["paper_kan"]),
            markdown.error(row["paper_mlp"]),
            markdown.times(factor_of(row)),
            markdown.error(row["mlp"]["test"]),
        ]
        for name, row in rows.items()
    ]
    return [markdown.table(HEAD, lines), summary(list(rows.values()))]


def summary(rows: Sequence[dict[str, Any]]) -> str:
    """How many rows are better, and by how much."""
    factors = [factor_of(row) for row in rows]
    against = [row["mlp"]["test"] / row["test_rmse"] for row in rows]
    budgets = sorted({row["budget_s"] for row in rows})
    return (
        f"kanlab is below the paper's best, the lowest of all its columns, KAN and MLP, on {below(factors)} of "
        f"{len(rows)} rows; the factor has a median of {markdown.times(median(factors))} and a least of "
        f"{markdown.times(min(factors))}. It is below the MLP beside it on {below(against)} rows (median factor "
        f"{markdown.times(median(against))}); that MLP has as many parameters and as many CPU seconds. "
        f"{ROWS} rows to fit (a fifth of them chooses shape, seed and grid), {ROWS} to test, uniform, no noise, seeds "
        f"{', '.join(map(str, SEEDS))}, at most {', '.join(f'{budget:g}' for budget in budgets)} CPU s for the whole "
        "search of a row. The paper states neither its domains nor its row counts, so its errors are a yardstick and "
        "not the same experiment."
    )


def factor_of(row: dict[str, Any]) -> float:
    """How many times the test error is below the lowest that the paper prints in this row, KAN or MLP."""
    return min(row["paper_kan"], row["paper_mlp"]) / row["test_rmse"]


def below(factors: Iterable[float]) -> int:
    """How many are better than what they are compared with."""
    return sum(factor > 1 for factor in factors)


def written(box: Sequence[tuple[float, float]]) -> str:
    """A box in few characters: [0, 1] x [0, 2pi]."""
    return " × ".join(f"[{_number(low)}, {_number(high)}]" for low, high in box)


def _number(value: float) -> str:
    turns = value / np.pi
    if value and abs(turns * 5 - round(turns * 5)) < 1e-9:
        return f"{'' if turns == 1 else f'{turns:g}'}π"
    return f"{value:g}"

"""Test error against grid intervals: the paper's section 3.1, with a perceptron of equal size at every point.

Theory (paper, theorem 2.1) gives RMSE ~ G^-4 for cubic splines when every edge function is smooth, for grids that
resolve it. The fitted exponent is the slope of log RMSE against log G between G = 5 and G = 50, and for J0(20x), whose
waves are 0.31 long, between G = 50 and G = 200.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import kanlab as kl
from kanlab.cases.best_network import error_on, refined
from kanlab.data.generators.toys import TOYS

from . import markdown
from .mlp import fit_mlp

Values = NDArray[np.float64]
ROWS = 3000
SEEDS = (0, 1, 2)
GRIDS = (3, 5, 10, 20, 50, 100)
FINE_GRIDS = (5, 10, 20, 50, 100, 200)
DEEP_GRIDS, WIDE_GRIDS = (3, 5, 10, 20, 50), (3, 5, 10)
BETWEEN, FINE = (5, 50), (50, 200)
LEAST_MLP_S, MOST_MLP_S = 2.0, 8.0
NOTE = (
    f"{ROWS} rows to fit, {ROWS} to test, uniform on [-1, 1], no noise, for each of the seeds {SEEDS}. A fifth of the "
    "rows first chooses among starts (of the four-dimensional function 8 starts go to the second grid, and the best "
    "goes on); all rows are fitted in the end. The exponent of RMSE ~ G^-alpha is fitted from G = 5 to 50 or the "
    "largest G, and for J₀(20x) from G = 50 on: coarser grids do not resolve its waves. A line shows the seed with the "
    "median exponent; those of all seeds stand in brackets. Theory gives 4 to a shape that holds the function as a "
    "composition of smooth curves, as [4, 2, 1, 1] does; the shapes with more nodes are those of the paper's text. A "
    "perceptron has two hidden layers and at each G as many parameters as the KAN, and as many CPU seconds as the KAN "
    f"took, but at least {LEAST_MLP_S:g} and at most {MOST_MLP_S:g}; its CPU seconds are the sum over all G."
)


@dataclass(frozen=True)
class Target:
    """One of the five functions: name, function of [N, n], shape, grids, starts of a seed, range of the exponent."""

    name: str
    function: Callable[[Values], Values]
    shape: tuple[int, ...]
    grids: tuple[int, ...] = GRIDS
    starts: int = 1
    between: tuple[int, int] = BETWEEN


TARGETS = (
    Target("exp(sin(πx) + y²)", TOYS["exp-sin"].truth, (2, 1, 1)),
    Target("J₀(20x)", TOYS["waves"].truth, (1, 1), FINE_GRIDS, between=FINE),
    Target("xy", TOYS["product"].truth, (2, 2, 1)),
    *(
        Target("exp(½(sin(π(x₁²+x₂²)) + sin(π(x₃²+x₄²))))", TOYS["deep"].truth, shape, DEEP_GRIDS, 8)
        for shape in ((4, 2, 1, 1), (4, 2, 2, 1), (4, 4, 2, 1))
    ),
    # 100 (G + 3) coefficients: finer grids have more parameters than there are rows
    Target(
        "exp(mean sin²(πxᵢ/2)), 100 inputs",
        TOYS["hundred"].truth,
        (100, 1, 1),
        WIDE_GRIDS,
    ),
)


def measure(sheet: Any, _options: Any) -> None:
    """One row for each function and seed; the perceptron stands beside the first seed."""
    for target in TARGETS:
        for seed in SEEDS:
            sheet.row(
                f"{target.name} {list(target.shape)} {seed}",
                lambda target=target, seed=seed: _row(target, seed),
            )


def sampled(target: Target, seed: int) -> kl.Dataset:
    """3000 rows to fit and 3000 to test, uniform on [-1, 1]; a fifth of the first stands by for validation."""

    def part(number: int) -> tuple[Values, Values]:
        inputs = np.random.default_rng(number).uniform(-1, 1, (ROWS, target.shape[0]))
        return inputs, target.function(inputs)

    return kl.Dataset.from_arrays(*part(10 + seed), test=part(20 + seed))


def _row(target: Target, seed: int) -> dict[str, Any]:
    data = sampled(target, seed)
    points: list[dict[str, Any]] = []
    starts = range(seed * target.starts, (seed + 1) * target.starts)
    for grid, network, seconds in refined(data, target.shape, target.grids, seeds=starts):
        points.append(
            {
                "intervals": grid,
                "test_rmse": error_on(network, data),
                "parameters": network.parameter_count(),
                "cpu_s": seconds,
            }
        )
    if seed == SEEDS[0]:
        for point in points:
            budget = min(max(point["cpu_s"], LEAST_MLP_S), MOST_MLP_S)
            point["mlp"] = asdict(fit_mlp(data, point["parameters"], budget=budget))
    return {
        "target": target.name,
        "shape": list(target.shape),
        "between": list(target.between),
        "points": points,
    }


def slope(intervals: Sequence[float], errors: Sequence[float]) -> float:
    """alpha of RMSE ~ G^-alpha, by least squares on logarithms.

    Raises:
        ValueError: there are fewer than two points.
    """
    if len(intervals) < 2:
        raise ValueError("A slope needs two points.")
    return float(-np.polyfit(np.log(intervals), np.log(errors), 1)[0])


def curves(record: dict[str, Any]) -> list[dict[str, Any]]:
    """For each function and shape the run of the seed with the median exponent."""
    return [sorted(runs, key=_test_exponent)[len(runs) // 2] for runs in _grouped(record).values()]


def _grouped(record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Runs of one function and shape together, in the order of their seeds."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in record["rows"].values():
        groups.setdefault(_title(row), []).append(row)
    return groups


def _title(row: dict[str, Any]) -> str:
    return f"{row['target']}, {row['shape']}"


def exponent(row: dict[str, Any], key: Callable[[dict[str, Any]], float]) -> float:
    """alpha of a run between the grids that the row states, of the errors that `key` finds in a point."""
    low, high = row["between"]
    inside = [point for point in row["points"] if low <= point["intervals"] <= high]
    return slope([point["intervals"] for point in inside], [key(point) for point in inside])


def _test_exponent(row: dict[str, Any]) -> float:
    return exponent(row, lambda point: point["test_rmse"])


def tables(record: dict[str, Any]) -> list[str]:
    """Errors at every G, exponents, and the perceptrons."""
    grids = FINE_GRIDS
    lines: list[list[str]] = []
    groups = _grouped(record)
    for row in curves(record):
        runs = groups[_title(row)]
        other = runs[0]
        slopes = ", ".join(markdown.digits(_test_exponent(run)) for run in runs)
        lines.append(
            [
                _title(row),
                *_errors(row, grids, lambda point: point["test_rmse"]),
                f"{markdown.digits(_test_exponent(row))} (seeds: {slopes})",
                markdown.digits(row["points"][-1]["cpu_s"]),
            ]
        )
        lines.append(
            [
                "... MLP of as many parameters",
                *_errors(other, grids, lambda point: point["mlp"]["test"]),
                f"{exponent(other, lambda point: point['mlp']['test']):.2f}",
                markdown.digits(sum(point["mlp"]["cpu_s"] for point in other["points"])),
            ]
        )
    head = ["test RMSE", *[f"G = {grid}" for grid in grids], "exponent", "CPU s"]
    return [
        markdown.table(head, lines),
        "![Test error against grid intervals](scaling.png)",
        NOTE,
    ]


def _errors(row: dict[str, Any], grids: Sequence[int], key: Callable[[dict[str, Any]], float]) -> list[str]:
    found = {point["intervals"]: key(point) for point in row["points"]}
    return [markdown.error(found.get(grid)) for grid in grids]


def figures(record: dict[str, Any], folder: Path) -> list[str]:
    """`scaling.png`."""
    from .picture import scaling_picture

    if not record["rows"]:
        return []
    drawn: dict[str, dict[str, Any]] = {}
    groups = _grouped(record)
    for row in curves(record):
        other = groups[_title(row)][0]
        # of several shapes the first, which theory speaks of
        drawn.setdefault(
            row["target"],
            {
                "title": row["target"],
                "shape": str(row["shape"]),
                "intervals": [point["intervals"] for point in row["points"]],
                "kan": [point["test_rmse"] for point in row["points"]],
                "mlp_intervals": [point["intervals"] for point in other["points"]],
                "mlp": [point["mlp"]["test"] for point in other["points"]],
                "exponent": _test_exponent(row),
                "from": row["between"][0],
            },
        )
    scaling_picture(list(drawn.values()), folder / "scaling.png")
    return ["scaling.png"]

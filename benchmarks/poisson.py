"""The paper's Poisson problem (section 3.4): squared errors of value and slopes, parameters and time.

    OMP_NUM_THREADS=1 python -m benchmarks.poisson

solves u_xx + u_yy = f on [-1, 1]^2 with u = 0 on the edge and u = sin(pi x) sin(pi y^2), and compares with u on a grid
of 201 x 201 points that no solver has seen. Writes benchmarks/results/poisson.json and poisson.png. The paper prints a
mean squared error of 1e-7 for a KAN [2, 10, 1] of about 100 parameters and 1e-5 for a multilayer perceptron.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from matplotlib.figure import Figure

from kanlab import pde
from kanlab.cases.poisson import PAPER_KAN as PAPER
from kanlab.cases.poisson import PROBLEM, errors

from . import markdown
from .first_path import timed
from .machine import stamp

RESULTS = Path(__file__).parent / "results"
SWEEP: dict[str, tuple[int, list[tuple[int, ...]]]] = {
    "order 3": (3, [(5,), (5, 10), (5, 10, 20)]),
    "order 5": (5, [(4,), (4, 8), (4, 8, 16)]),
    "order 8": (8, [(2,), (4,), (4, 8), (4, 12)]),
}


def solved(seed: int, shape: Sequence[Any], **settings: Any) -> dict[str, Any]:
    """One solution and its figures."""
    solution, seconds = timed(lambda: pde.solve(PROBLEM, shape=shape, seed=seed, **settings))
    plain, slopes = errors(solution.network)
    return {
        "seed": seed,
        "mse": plain,
        "h1_squared": slopes,
        "residual_rms": solution.residual_rms,
        "boundary_rms": solution.boundary_rms,
        "parameters": solution.network.parameter_count(),
        "steps": solution.history[-1].step,
        "cpu_s": seconds,
    }


def several(shape: Sequence[Any], seeds: Sequence[int], **settings: Any) -> dict[str, Any]:
    """Medians and worst over seeds."""
    runs = [solved(seed, shape, **settings) for seed in seeds]
    return {
        "shape": list(shape),
        "parameters": runs[0]["parameters"],
        "median_mse": median(run["mse"] for run in runs),
        "worst_mse": max(run["mse"] for run in runs),
        "median_h1_squared": median(run["h1_squared"] for run in runs),
        "median_cpu_s": median(run["cpu_s"] for run in runs),
        "most_cpu_s": max(run["cpu_s"] for run in runs),
        "runs": runs,
    }


def over_steps(seed: int = 0, every: int = 5) -> list[dict[str, float]]:
    """Errors along one solution."""
    out: list[dict[str, float]] = []
    for progress in pde.solve_steps(PROBLEM, shape=[2, 4, 1], seed=seed):
        if progress.step % every == 0:
            plain, slopes = errors(progress.network, 51)
            out.append(
                {
                    "step": progress.step,
                    "mse": plain,
                    "h1_squared": slopes,
                    "residual_rms": progress.residual_rms,
                }
            )
    return out


def measure() -> dict[str, Any]:
    """All figures."""
    pde.solve(PROBLEM, shape=[2, 2, 1], options=pde.SolveOptions(steps=1))
    quick = pde.SolveOptions(steps=60, points=16, boundary_points=20)
    sweep = {
        name: [several([2, 4, 1], range(3), order=order, intervals=grids) for grids in counts]
        for name, (order, counts) in SWEEP.items()
    }
    return {
        "machine": stamp(),
        "paper": {"mse": PAPER, "shape": [2, 10, 1], "multilayer perceptron": 1e-5},
        "default [2, 4, 1]": several([2, 4, 1], range(10)),
        "two hidden nodes [2, 2, 1]": several([2, 2, 1], range(10), intervals=(6, 20)),
        "quick [2, 4, 1]": several([2, 4, 1], range(10), order=6, intervals=6, options=quick),
        "sweep [2, 4, 1]": sweep,
        "over steps": over_steps(),
    }


def picture(figures: dict[str, Any]) -> Figure:
    """As in the paper's figure 3.3: squared errors over steps and over parameters."""
    figure = Figure(figsize=(9.6, 3.0), layout="constrained")
    steps, plain, slopes = figure.subplots(1, 3)
    history = figures["over steps"]
    for name, label in (("mse", "squared L2 error"), ("h1_squared", "squared H1 error")):
        steps.plot([row["step"] for row in history], [row[name] for row in history], label=label)
    steps.set_xlabel("Gauss-Newton steps")
    for axes, name, label in (
        (plain, "median_mse", "squared L2 error"),
        (slopes, "median_h1_squared", "squared H1 error"),
    ):
        for key, rows in figures["sweep [2, 4, 1]"].items():
            axes.plot([row["parameters"] for row in rows], [row[name] for row in rows], "o-", label=key)
        axes.set_xlabel("parameters")
        axes.set_ylabel(label)
        axes.set_xscale("log")
    for axes in (steps, plain):
        axes.axhline(PAPER, color="0.5", linestyle="--", linewidth=1, label="KAN in the paper (L2)")
    for axes in (steps, plain, slopes):
        axes.set_yscale("log")
        axes.legend(fontsize=7)
    return figure


PARTS = ("default [2, 4, 1]", "two hidden nodes [2, 2, 1]", "quick [2, 4, 1]")
BLANK = ("-",) * 4
HEAD = ("parameters", "median squared error", "worst", "median squared H1 error", "median CPU s", "seeds")


def tables(record: dict[str, Any]) -> list[str]:
    """Errors beside the paper's, and errors over parameters."""
    paper = record["paper"]
    lines = [[name, *_cells(record[name])] for name in PARTS]
    lines.append([f"KAN {paper['shape']} in the paper", "-", markdown.error(paper["mse"]), *BLANK])
    lines.append(["perceptron in the paper", "-", markdown.error(paper["multilayer perceptron"]), *BLANK])
    sweep = [[name, *_cells(row)] for name, rows in record["sweep [2, 4, 1]"].items() for row in rows]
    return [
        markdown.table(["", *HEAD], lines),
        "Errors are on a grid of 201 x 201 points that no solver has seen; H1 adds the error of the gradient.",
        markdown.table(["[2, 4, 1]", *HEAD], sweep),
        "![Squared errors over steps and over parameters](poisson.png)",
    ]


def _cells(part: dict[str, Any]) -> list[str]:
    return [
        str(part["parameters"]),
        markdown.error(part["median_mse"]),
        markdown.error(part["worst_mse"]),
        markdown.error(part["median_h1_squared"]),
        markdown.digits(part["median_cpu_s"]),
        str(len(part["runs"])),
    ]


def main() -> None:
    """Measure, write, and show the summary."""
    figures = measure()
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "poisson.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    picture(figures).savefig(RESULTS / "poisson.png", dpi=150)
    for name, part in figures.items():
        if isinstance(part, dict) and "runs" in part:
            print(name, json.dumps({key: value for key, value in part.items() if key != "runs"}))


if __name__ == "__main__":
    main()

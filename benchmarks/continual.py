"""Continual learning (section 3.5 of the paper): five peaks, shown one after the other, no old row kept.

    OMP_NUM_THREADS=1 python -m benchmarks.continual

y = sum over five centers c of exp(-300 (x - c)^2) on [-1, 1]; each phase shows 100 points on c +- 0.2. Errors are root
mean squares on 2001 points of the whole range, or of the part seen so far. Writes benchmarks/results/continual.json
and continual.png. The paper prints no number; its authors' tutorial fits each peak to 4e-6.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure

from kanlab.cases.continual import CENTERS, RANGE, peaks
from kanlab.network import KAN, NetworkSpec
from kanlab.training import Memory, Rows, continue_fit

from . import markdown
from .first_path import timed
from .machine import stamp

RESULTS = Path(__file__).parent / "results"
Learner = Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]
"""Takes the rows of a phase, gives what it now predicts."""
Fit = Callable[[torch.nn.Module, Callable[[], torch.Tensor]], None]


def phases() -> list[np.ndarray]:
    """Points of each phase, [100, 1]."""
    return [np.linspace(center - 0.2, center + 0.2, 100)[:, None] for center in CENTERS]


def kan(seed: int, intervals: int, *, remember: bool) -> Learner:
    """A KAN [1, 1] that carries on, with or without its memory."""
    spec = NetworkSpec.of([1, 1], order=3, intervals=intervals, base="zero")
    held: dict[str, Any] = {"network": KAN(spec, seed=seed), "memory": None}

    def learn(x: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        memory: Memory | None = held["memory"] if remember else None
        done = continue_fit(held["network"], Rows(x, y), memory)
        held.update(network=done.network, memory=done.memory)
        return done.network.predict

    return learn


def perceptron(seed: int, fit: Fit, width: int = 64) -> Learner:
    """A multilayer perceptron of two hidden layers (tanh, so that it is bounded), fitted to each phase."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = torch.nn.Sequential(
            torch.nn.Linear(1, width),
            torch.nn.Tanh(),
            torch.nn.Linear(width, width),
            torch.nn.Tanh(),
            torch.nn.Linear(width, 1),
        ).double()

    def learn(x: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
        fit(network, lambda: torch.nn.functional.mse_loss(network(inputs), targets))

        def predict(points: np.ndarray) -> np.ndarray:
            with torch.no_grad():
                return network(torch.from_numpy(points)).numpy()

        return predict

    return learn


def lbfgs(network: torch.nn.Module, loss: Callable[[], torch.Tensor]) -> None:
    """500 iterations of L-BFGS."""
    optimizer = torch.optim.LBFGS(
        network.parameters(), max_iter=500, history_size=20, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)


def adam(network: torch.nn.Module, loss: Callable[[], torch.Tensor]) -> None:
    """3000 steps of Adam, rate 3e-3 with a cosine decay."""
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 3000)
    for _ in range(3000):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        schedule.step()


def taught(learner: Learner) -> dict[str, Any]:
    """Errors after each phase: on the phase, on all that was seen, and on the whole range; and the curves."""
    own: list[float] = []
    seen: list[float] = []
    curves: list[list[float]] = []

    def rmse(predict: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> float:
        return float(np.sqrt(np.mean((predict(x) - peaks(x)) ** 2)))

    def run() -> None:
        for center, x in zip(CENTERS, phases(), strict=True):
            predict = learner(x, peaks(x))
            own.append(rmse(predict, x))
            seen.append(rmse(predict, RANGE[RANGE[:, 0] <= center + 0.2][:, None, 0]))
            curves.append(predict(RANGE)[::4, 0].tolist())

    _, seconds = timed(run)
    return {"phase_rmse": own, "seen_rmse": seen, "final_rmse": seen[-1], "cpu_s": seconds, "curves": curves}


def several(make: Callable[[int], Learner]) -> dict[str, Any]:
    """Medians and worst over five seeds; the curves of the first."""
    runs = [taught(make(seed)) for seed in range(5)]
    first, *_ = [run.pop("curves") for run in runs]
    return {
        "median_phase_rmse": median(error for run in runs for error in run["phase_rmse"]),
        "median_final_rmse": median(run["final_rmse"] for run in runs),
        "worst_final_rmse": max(run["final_rmse"] for run in runs),
        "median_cpu_s": median(run["cpu_s"] for run in runs),
        "runs": runs,
        "curves": first,
    }


LEARNERS: dict[str, Callable[[int], Learner]] = {
    "KAN [1, 1], G = 200": lambda seed: kan(seed, 200, remember=True),
    "KAN [1, 1], G = 200, without memory": lambda seed: kan(seed, 200, remember=False),
    "KAN [1, 1], G = 42": lambda seed: kan(seed, 42, remember=True),
    "KAN [1, 1], G = 42, without memory": lambda seed: kan(seed, 42, remember=False),
    "perceptron [1, 64, 64, 1], Adam": lambda seed: perceptron(seed, adam),
    "perceptron [1, 64, 64, 1], L-BFGS": lambda seed: perceptron(seed, lbfgs),
}


def measure() -> dict[str, Any]:
    """All figures."""
    taught(kan(0, 10, remember=True))
    return {"machine": stamp(), **{name: several(make) for name, make in LEARNERS.items()}}


def picture(figures: dict[str, Any]) -> Figure:
    """As in the paper's figure 3.4: what each learner knows after each phase."""
    names = ("KAN [1, 1], G = 200", "perceptron [1, 64, 64, 1], Adam")
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    grid = figure.subplots(len(names) + 1, len(CENTERS), sharex=True, sharey=True)
    x = RANGE[:, 0]
    for column, points in enumerate(phases()):
        top = grid[0, column]
        top.plot(x, peaks(x), color="0.7", linewidth=0.8)
        top.plot(points[:, 0], peaks(points)[:, 0], color="black", linewidth=1.2)
        top.set_title(f"phase {column + 1}", fontsize=9)
        for row, name in enumerate(names, start=1):
            axes = grid[row, column]
            axes.plot(x, peaks(x), color="0.7", linewidth=0.8)
            axes.plot(
                x[::4],
                figures[name]["curves"][column],
                color="tab:red" if row == 1 else "tab:blue",
                linewidth=1,
            )
    for row, label in enumerate(("data", "KAN", "perceptron")):
        grid[row, 0].set_ylabel(label, fontsize=9)
    grid[0, 0].set_ylim(-0.6, 1.4)
    return figure


def tables(record: dict[str, Any]) -> list[str]:
    """Errors of every learner right after each phase, and at the end on all that was shown."""
    lines = [
        [
            name,
            markdown.error(record[name]["median_phase_rmse"]),
            markdown.error(record[name]["median_final_rmse"]),
            markdown.error(record[name]["worst_final_rmse"]),
            markdown.digits(record[name]["median_cpu_s"]),
            str(len(record[name]["runs"])),
        ]
        for name in LEARNERS
    ]
    head = [
        "learner",
        "median RMSE on a phase, after it",
        "on all, at the end",
        "worst",
        "median CPU s",
        "seeds",
    ]
    return [
        markdown.table(head, lines),
        "The paper prints no number for this experiment.",
        "![What each learner knows after each phase](continual.png)",
    ]


def main() -> None:
    """Measure, write, and show the summary."""
    figures = measure()
    RESULTS.mkdir(parents=True, exist_ok=True)
    drawn = picture(figures)
    short = {
        name: {key: value for key, value in part.items() if key != "curves"} for name, part in figures.items()
    }
    (RESULTS / "continual.json").write_text(json.dumps(short, indent=2) + "\n", encoding="utf-8")
    drawn.savefig(RESULTS / "continual.png", dpi=150)
    for name, part in short.items():
        if "runs" in part:
            print(name, json.dumps({key: value for key, value in part.items() if key != "runs"}))


if __name__ == "__main__":
    main()

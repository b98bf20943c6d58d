"""The figures of the first path: exact laws, accuracy without symbols, edits that lose nothing.

    OMP_NUM_THREADS=1 python -m benchmarks.first_path

measures CPU time in this process (compiled kernels warm) and writes benchmarks/results/first_path.json with machine,
versions and commit. The function is the paper's exp(sin(pi x1) + x2^2), uniform on [-1, 1]^2.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

import kanlab as kl
from kanlab.discovery.actions import Fit
from kanlab.discovery.fitting import fit_action
from kanlab.discovery.setup import first_network, rows_of
from kanlab.network import refine
from kanlab.sparsity import prune
from kanlab.symbolic.printing import Printed

from .machine import stamp

RESULTS = Path(__file__).parent / "results" / "first_path.json"
LAW = "y = exp(x2**2 + sin(pi*x1))"
GRIDS = (3, 5, 10, 20, 50)


def table(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs [rows, 2] and targets [rows]."""
    inputs = np.random.default_rng(seed).uniform(-1, 1, (rows, 2))
    return inputs, np.exp(np.sin(np.pi * inputs[:, 0]) + inputs[:, 1] ** 2)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """A result and the CPU seconds that it took."""
    started = process_time()
    result = work()
    return result, process_time() - started


def discover_ten(seeds: Sequence[int] = range(10)) -> dict[str, Any]:
    """`kl.discover` on 1000 points."""
    rows = []
    for seed in seeds:
        data = kl.Dataset.from_arrays(*table(100 + seed, 1000))
        shelf, seconds = timed(lambda data=data, seed=seed: kl.discover(data, seed=seed))
        text = "" if shelf.best is None else str(shelf.best)
        rows.append({"seed": seed, "law": text, "exact": text == LAW, "cpu_s": seconds})
    return {
        "exact": sum(row["exact"] for row in rows),
        "of": len(rows),
        "median_cpu_s": median(row["cpu_s"] for row in rows),
        "runs": rows,
    }


def accuracy(shape: list[int], steps: int, seeds: Sequence[int] = range(5)) -> dict[str, Any]:
    """Test error without symbols: 1000 rows to fit (200 of them for validation), 1000 to test, G up to 50."""
    rows = []
    for seed in seeds:
        inputs, targets = table(42, 1000)
        data = kl.Dataset.from_arrays(inputs, targets, test=table(43, 1000))
        session = kl.Session(data, shape, seed=seed, intervals=GRIDS[0])
        _, seconds = timed(lambda session=session: session.fit(grids=GRIDS, steps=steps, wait=True))
        state = session.state
        rows.append(
            {
                "seed": seed,
                "test_rmse": state.metrics.test,
                "intervals": max(state.network.spec.intervals),
                "cpu_s": seconds,
            }
        )
    return {
        "steps_on_each_grid": steps,
        "median_test_rmse": median(row["test_rmse"] for row in rows),
        "median_cpu_s": median(row["cpu_s"] for row in rows),
        "most_cpu_s": max(row["cpu_s"] for row in rows),
        "runs": rows,
    }


def edits(seeds: Sequence[int] = range(10)) -> dict[str, Any]:
    """Whole-network error before and after pruning without a refit, and what refining changes."""
    data = kl.load("exp_sin")
    rows, test = rows_of(data), data.part("test")
    runs = []
    for seed in seeds:
        network = first_network(data, [2, 5, 1], seed=seed)
        *_, last = fit_action(network, rows, Fit(sparsity=0.02))
        network = last.network
        small = prune(network, rows.inputs, 0.02)
        finer = refine(refine(small, 10), 20)
        before, after = (rmse(net, test.inputs, test.targets) for net in (network, small))
        runs.append(
            {
                "seed": seed,
                "shape": str(small.spec),
                "rmse_before": before,
                "rmse_after": after,
                "change_percent": 100 * (after / before - 1),
                "refining_changes": float(
                    np.abs(finer.predict(test.inputs) - small.predict(test.inputs)).max()
                ),
            }
        )
    return {
        "shape_2_1_1": sum(run["shape"] == "[2, 1, 1]" for run in runs),
        "most_change_percent": max(abs(run["change_percent"]) for run in runs),
        "most_refining_changes": max(run["refining_changes"] for run in runs),
        "runs": runs,
    }


def rmse(network: kl.KAN, inputs: np.ndarray, targets: np.ndarray) -> float:
    return float(np.sqrt(np.mean((network.predict(inputs) - targets) ** 2)))


def planets() -> dict[str, Any]:
    """Kepler's third law."""
    shelf, seconds = timed(lambda: kl.discover(kl.load("planets")))
    best = shelf.best
    assert best is not None
    assert isinstance(best.printed, Printed)
    return {
        "law": str(best),
        "cpu_s": seconds,
        "constants": [[c.name, c.value, c.standard_error, c.snapped] for c in best.constants],
    }


def main() -> None:
    """Measure, write, and show the summary."""
    kl.discover(kl.Dataset.from_arrays(*table(1, 200)))
    first = kl.Session(kl.load("exp_sin"), [2, 2, 1])
    first.fit(steps=2, wait=True)
    figures = {
        "machine": stamp(),
        "discover": discover_ten(),
        "accuracy [2, 5, 1]": accuracy([2, 5, 1], 30),
        "accuracy [2, 1, 1]": accuracy([2, 1, 1], 60),
        "edits": edits(),
        "planets": planets(),
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    short = {
        name: {key: value for key, value in part.items() if key != "runs"} for name, part in figures.items()
    }
    print(json.dumps(short, indent=2))


if __name__ == "__main__":
    main()

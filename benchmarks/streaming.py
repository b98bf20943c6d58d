"""Fits over many rows: memory and time against the number of rows, and agreement with a fit in memory.

    OMP_NUM_THREADS=1 python -m benchmarks.streaming [ROWS ...]

writes tables of 4 inputs and one target to a temporary folder and fits [4, 2, 1] with G = 3 for three steps to each
from the file, in a fresh process (10^5, 10^6 and 10^7 rows unless told otherwise). Peak memory is ru_maxrss of that
process, pages of the file included. Results go to benchmarks/results/streaming.json.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from kanlab.network import KAN, NetworkSpec, Scaling
from kanlab.training import FitOptions, Rows, cover_inputs, fit
from kanlab.training.streaming import Streaming, fit_large

from . import markdown
from .machine import stamp

RESULTS = Path(__file__).parent / "results" / "streaming.json"
SPEC = NetworkSpec.of([4, 2, 1], intervals=3)
STEPS = FitOptions(steps=3, smoothness=1e-7)
SIZES = [10**5, 10**6, 10**7]
PART = 250_000
COMPARED = 100_000


def write_table(path: Path, rows: int) -> None:
    """x uniform on [-1, 1]^4, y = exp(sin(pi x1) + x2^2) + x3 x4, column by column in one .npy file."""
    table = np.lib.format.open_memmap(str(path), mode="w+", dtype=np.float64, shape=(rows, 5))
    generator = np.random.default_rng(0)
    for start in range(0, rows, PART):
        x = generator.uniform(-1, 1, (min(PART, rows - start), 4))
        table[start : start + PART, :4] = x
        table[start : start + PART, 4] = np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2) + x[:, 2] * x[:, 3]
    table.flush()


def one(path: str) -> dict[str, Any]:
    """One fit in this process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fit_large(
        SPEC, np.ones((100, 5)) * np.linspace(-1, 1, 100)[:, None], target=-1, options=FitOptions(steps=1)
    )
    cpu, wall = process_time(), perf_counter()
    done = fit_large(SPEC, path, target=-1, options=STEPS)
    return {
        "rows": done.rows,
        "cpu_s": process_time() - cpu,
        "wall_s": perf_counter() - wall,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rss_of_imports_mb": before / 1024,
        "steps": len(done.steps),
        "train_rmse": done.train,
        "validation_rmse": done.validation,
    }


def agreement(path: str) -> float:
    """Largest difference to the fit in memory on the same rows, relative to the largest prediction."""
    table = np.asarray(np.lib.format.open_memmap(path, mode="r"))
    inputs, targets = table[:, :4], table[:, 4:]
    scaling = Scaling.of(inputs, targets)
    network = KAN(SPEC, seed=0, scaling=scaling)
    network = network.replace(cover_inputs(network.arrays(), scaling.scale_inputs(inputs)))
    options = FitOptions(steps=15, smoothness=1e-7)
    whole = fit(network, Rows(inputs, targets), options).predict(inputs)
    streaming = Streaming(sample_rows=len(table), chunk_rows=7_000, validation=0)
    parts = fit_large(SPEC, path, target=-1, options=options, streaming=streaming).network.predict(inputs)
    return float(np.abs(parts - whole).max() / np.abs(whole).max())


def _apart(*words: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.streaming", *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return done.stdout


def tables(record: dict[str, Any]) -> list[str]:
    """Time and memory against the number of rows."""
    lines = [
        [
            f"{row['rows']:,}".replace(",", " "),
            markdown.digits(row["cpu_s"]),
            markdown.seconds(row["cpu_s"] / row["rows"] / row["steps"]),
            f"{row['peak_rss_mb']:.0f} MiB",
            f"{row['rss_of_imports_mb']:.0f} MiB",
            f"{row['train_rmse']:.4f}",
            f"{row['validation_rmse']:.4f}",
        ]
        for row in record["runs"]
    ]
    head = [
        "rows",
        "CPU s",
        "per row and step",
        "peak memory",
        "of it imports",
        "train RMSE",
        "validation RMSE",
    ]
    difference = record["difference_to_fit_in_memory_at_1e5_rows"]
    return [
        markdown.table(head, lines),
        (
            f"{SPEC} with G = {SPEC.intervals[0]}, {STEPS.steps} steps, from a file, in a fresh process. A fit of "
            f"{COMPARED} rows in chunks differs from one in memory by {markdown.error(difference)} of the largest "
            "prediction."
        ),
    ]


def main(sizes: list[int] | None = None) -> None:
    """Measure, write, and show."""
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.npy"
        for rows in sizes or SIZES:
            # a child begins with the peak of its parent, so the parent never maps the table
            _apart("--write", str(path), str(rows))
            runs.append(json.loads(_apart("--one", str(path))))
            print(json.dumps(runs[-1]))
        write_table(path, COMPARED)
        difference = agreement(str(path))
    figures = {"machine": stamp(), "runs": runs, "difference_to_fit_in_memory_at_1e5_rows": difference}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"difference": difference}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2])))
    elif sys.argv[1:2] == ["--write"]:
        write_table(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main([int(float(text)) for text in sys.argv[1:]])

"""Twenty seeds in one batched fit against one seed alone.

    OMP_NUM_THREADS=1 python -m benchmarks.ensemble

measures CPU time (compiled kernels warm) of `fit` with one seed after the other and of `fit_together` with twenty, in
turns, on [2, 5, 1] with G = 5 and the usual 40 steps: exp(sin(pi x1) + x2^2) with 1000 rows to fit, and a dataset of
1000 rows of which 640 are fitted and 160 watched. Results go to benchmarks/results/ensemble.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import kanlab as kl
from kanlab.discovery.setup import first_network, rows_of
from kanlab.training import FitOptions, Rows, fit
from kanlab.training.ensemble import fit_together

from .first_path import machine, table, timed

RESULTS = Path(__file__).parent / "results" / "ensemble.json"
SHAPE, SEEDS, TURNS = [2, 5, 1], 20, 7


def compare(data: kl.Dataset, rows: Rows) -> dict[str, Any]:
    """CPU seconds of both, and how far the members are from the single fits."""
    networks = [first_network(data, SHAPE, seed=seed) for seed in range(SEEDS)]
    short = FitOptions(steps=6)
    fit_together(networks[:3], rows, short)
    fit(networks[0], rows, short)
    alone: list[float] = []
    together: list[float] = []
    for turn in range(TURNS):
        some = networks[turn * 2 : turn * 2 + 2]
        alone += [timed(lambda network=network: fit(network, rows))[1] for network in some]
        many, seconds = timed(lambda: fit_together(networks, rows))
        together.append(seconds)
    away = [
        distance(member, fit(network, rows), rows) for member, network in zip(many, networks, strict=True)
    ]
    return {
        "rows": len(rows.inputs),
        "one_seed_cpu_s": median(alone),
        "twenty_seeds_cpu_s": median(together),
        "ratio": median(together) / median(alone),
        "runs": {"one_seed": alone, "twenty_seeds": together},
        "relative_difference_to_single_fits": {"median": median(away), "most": max(away)},
    }


def distance(one: kl.KAN, other: kl.KAN, rows: Rows) -> float:
    wanted = other.predict(rows.inputs)
    return float(np.abs(one.predict(rows.inputs) - wanted).max() / np.abs(wanted).max())


def main() -> None:
    """Measure, write, and show."""
    inputs, targets = table(42, 1000)
    data = kl.Dataset.from_arrays(inputs, targets)
    figures = {
        "machine": machine(),
        "1000 rows fitted": compare(data, Rows(inputs, targets[:, None])),
        "dataset of 1000 rows": compare(data, rows_of(data)),
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

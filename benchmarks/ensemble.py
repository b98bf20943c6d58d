"""Twenty seeds in one batched fit against one seed alone.

    OMP_NUM_THREADS=1 python -m benchmarks.ensemble

measures CPU time (compiled kernels warm) of `fit` and of `fit_together` on the same twenty seeds of [2, 5, 1] with
G = 5, in turns, with the same options: left to itself `fit` chooses the smoothness by evidence, which the batch does
not, so that both get one smoothness. The rows are exp(sin(pi x1) + x2^2): 1000 rows to fit, and a dataset of 1000 rows
of which 640 are fitted and 160 watched. Results go to benchmarks/results/ensemble.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

import kanlab as kl
from kanlab.discovery.setup import first_network, rows_of
from kanlab.training import FitOptions, Rows, fit
from kanlab.training.ensemble import fit_together

from . import markdown
from .first_path import table, timed
from .machine import stamp

RESULTS = Path(__file__).parent / "results" / "ensemble.json"
SHAPE, SEEDS, TURNS = [2, 5, 1], 20, 5
OPTIONS = FitOptions(steps=40, smoothness=1e-7)


def compare(data: kl.Dataset, rows: Rows, turns: int = TURNS) -> dict[str, Any]:
    """CPU seconds of both, and how far the members are from the single fits.

    The ratio of a turn is the time of the batch to the mean time of one seed, over the seeds that are in the batch.
    """
    networks = [first_network(data, SHAPE, seed=seed) for seed in range(SEEDS)]
    short = FitOptions(steps=6, smoothness=OPTIONS.smoothness)
    fit_together(networks[:3], rows, short)
    fit(networks[0], rows, short)
    alone: list[float] = []
    together: list[float] = []
    singles: list[kl.KAN] = []
    members: Sequence[kl.KAN] = ()
    for _ in range(turns):
        fitted = [timed(lambda network=network: fit(network, rows, OPTIONS)) for network in networks]
        singles = [network for network, _ in fitted]
        alone.append(fmean(seconds for _, seconds in fitted))
        members, seconds = timed(lambda: fit_together(networks, rows, OPTIONS))
        together.append(seconds)
    ratios = [many / one for many, one in zip(together, alone, strict=True)]
    away = [distance(member, single, rows) for member, single in zip(members, singles, strict=True)]
    return {
        "rows": len(rows.inputs),
        "steps": OPTIONS.steps,
        "smoothness": OPTIONS.smoothness,
        "one_seed_cpu_s": median(alone),
        "twenty_seeds_cpu_s": median(together),
        "ratio": median(ratios),
        "runs": {"one_seed": alone, "twenty_seeds": together, "ratio": ratios},
        "relative_difference_to_single_fits": {"median": median(away), "most": max(away)},
    }


def distance(one: kl.KAN, other: kl.KAN, rows: Rows) -> float:
    """Largest difference of predictions, relative to the largest prediction."""
    wanted = other.predict(rows.inputs)
    return float(np.abs(one.predict(rows.inputs) - wanted).max() / np.abs(wanted).max())


def tables(record: dict[str, Any]) -> list[str]:
    """Times of one seed and of twenty, and their ratio."""
    parts = {name: part for name, part in record.items() if isinstance(part, dict) and "ratio" in part}
    lines = [
        [
            f"{name} ({part['rows']} to fit)",
            markdown.seconds(part["one_seed_cpu_s"]),
            markdown.seconds(part["twenty_seeds_cpu_s"]),
            markdown.times(part["ratio"]),
            f"{min(_ratios(part)):.1f} to {max(_ratios(part)):.1f}",
            markdown.error(part["relative_difference_to_single_fits"]["median"]),
            markdown.error(part["relative_difference_to_single_fits"]["most"]),
        ]
        for name, part in parts.items()
    ]
    head = ["", "one seed", "twenty seeds", "ratio", "least and most", "median difference", "most"]
    recipes = {_recipe(part) for part in parts.values()}
    return [
        markdown.table(head, lines),
        (
            f"CPU time of one seed alone and of twenty in one batch, [2, 5, 1], G = 5, {', '.join(sorted(recipes))}. "
            "The difference is that of a member's predictions from those of the same seed fitted alone, relative to "
            "the largest prediction."
        ),
    ]


def _ratios(part: dict[str, Any]) -> list[float]:
    return part["runs"].get("ratio", [part["ratio"]])


def _recipe(part: dict[str, Any]) -> str:
    if "smoothness" not in part:
        return "each with its own default options"
    return f"the same {part['steps']} steps and smoothness {part['smoothness']:g} for both"


def main() -> None:
    """Measure, write, and show."""
    inputs, targets = table(42, 1000)
    data = kl.Dataset.from_arrays(inputs, targets)
    figures = {
        "machine": stamp(),
        "1000 rows": compare(data, Rows(inputs, targets[:, None])),
        "dataset of 1000 rows": compare(data, rows_of(data)),
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

"""The paper's example from start to end: exp(sin(pi x) + y^2), [2, 5, 1], 1000 rows to fit and 1000 to test, float64.

kanlab: `Session.fit` through G = 3, 5, 10, 20, 50; 200 of the 1000 rows decide where refinement stops. pykan: its whole
recipe on all 1000 rows, 50 L-BFGS steps for each of G = 5, 10, 20, 50; it has no rule for stopping, so that its error
after every grid is shown. The perceptron has as many parameters as kanlab's last network.
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

import kanlab as kl

from . import markdown
from .mlp import fit_mlp

SHAPE = [2, 5, 1]
SEEDS = range(5)
ROWS = 1000
GRIDS = (3, 5, 10, 20, 50)
STEPS = 25
PYKAN_GRIDS = (5, 10, 20, 50)
PYKAN_STEPS = 50
MLP_BUDGET = 10.0


def measure(sheet: Any, options: Any) -> None:
    """kanlab and the perceptron on five seeds; pykan, a minute a seed, on the first or (`--full`) on all."""
    _kanlab(0)  # compiled kernels are loaded before anything is timed
    for seed in SEEDS:
        own = sheet.row(f"kanlab {seed}", lambda seed=seed: _kanlab(seed))
        sheet.row(f"MLP {seed}", lambda seed=seed, own=own: _mlp(seed, own["parameters"]))
        if options.full or seed == SEEDS[0]:
            sheet.row(f"pykan {seed}", lambda seed=seed: _pykan(seed))


def rows(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs [1000, 2] and targets [1000]."""
    inputs = np.random.default_rng(seed).uniform(-1, 1, (ROWS, 2))
    return inputs, np.exp(np.sin(np.pi * inputs[:, 0]) + inputs[:, 1] ** 2)


def _data(seed: int) -> kl.Dataset:
    return kl.Dataset.from_arrays(*rows(100 + seed), test=rows(200 + seed))


def _kanlab(seed: int, grids: tuple[int, ...] = GRIDS) -> dict[str, Any]:
    data = _data(seed)
    started = process_time()
    session = kl.Session(data, SHAPE, seed=seed, intervals=grids[0])
    session.fit(grids=grids, steps=STEPS, wait=True)
    seconds = process_time() - started
    state = session.state
    return {
        "rival": "kanlab",
        "test_rmse": state.metrics.test,
        "cpu_s": seconds,
        "intervals": max(state.network.spec.intervals),
        "parameters": state.network.parameter_count(),
    }


def _mlp(seed: int, parameters: int) -> dict[str, Any]:
    found = asdict(fit_mlp(_data(seed), parameters, budget=MLP_BUDGET, seed=seed))
    return {"rival": "MLP", "test_rmse": found["test"], **found}


def _pykan(seed: int) -> dict[str, Any]:
    try:
        import torch
        from kan import KAN
    except ImportError as problem:
        return {"rival": "pykan", "failed": f"cannot be imported: {problem}"}
    from .rivals.pykan import default_dtype

    names = ("train_input", "train_label", "test_input", "test_label")
    (x, y), (x_test, y_test) = rows(100 + seed), rows(200 + seed)
    parts = (x, y[:, None], x_test, y_test[:, None])
    data = {name: torch.from_numpy(part) for name, part in zip(names, parts, strict=True)}
    stages: list[dict[str, Any]] = []
    quiet = io.StringIO()
    with (
        default_dtype("float64"),
        TemporaryDirectory() as folder,
        redirect_stdout(quiet),
        redirect_stderr(quiet),
    ):
        started = process_time()
        model = KAN(width=list(SHAPE), grid=PYKAN_GRIDS[0], k=3, seed=seed, ckpt_path=folder)
        for grid in PYKAN_GRIDS:
            model = model if grid == PYKAN_GRIDS[0] else model.refine(grid)
            losses = model.fit(data, opt="LBFGS", steps=PYKAN_STEPS)
            stages.append(
                {
                    "intervals": grid,
                    "cpu_s": process_time() - started,
                    "train_rmse": float(losses["train_loss"][-1]),
                    "test_rmse": float(losses["test_loss"][-1]),
                }
            )
    return {"rival": "pykan", **stages[-1], "stages": stages}


def tables(record: dict[str, Any]) -> list[str]:
    """Medians over seeds, and pykan after each grid."""
    measured = list(record["rows"].values())
    lines: list[list[str]] = []
    for rival in ("kanlab", "MLP"):
        found = [row for row in measured if row["rival"] == rival]
        if found:
            lines.append([_label(rival, found), *_spread(found)])
    runs = [row for row in measured if row["rival"] == "pykan" and "stages" in row]
    for number, grid in enumerate(PYKAN_GRIDS if runs else ()):
        lines.append([f"pykan 0.2.8, after G = {grid}", *_spread([row["stages"][number] for row in runs])])
    failed = [f"pykan {row['failed']}" for row in measured if "failed" in row]
    head = ["", "median test RMSE", "least", "most", "median CPU s", "seeds"]
    return [
        markdown.table(head, lines),
        (
            "The CPU seconds of pykan add up from its first grid on. kanlab's hold all that Session.fit does, with "
            "compiled kernels already in the cache."
        ),
        *failed,
    ]


def _label(rival: str, found: list[dict[str, Any]]) -> str:
    if rival == "kanlab":
        return f"kanlab, Session.fit; G chosen: {', '.join(str(row['intervals']) for row in found)}"
    sizes = sorted({row["parameters"] for row in found})
    return f"MLP, L-BFGS, {sizes[0]} to {sizes[-1]} parameters"


def _spread(found: list[dict[str, Any]]) -> list[str]:
    errors = [row["test_rmse"] for row in found]
    return [
        markdown.error(median(errors)),
        markdown.error(min(errors)),
        markdown.error(max(errors)),
        markdown.digits(median(row["cpu_s"] for row in found)),
        str(len(found)),
    ]

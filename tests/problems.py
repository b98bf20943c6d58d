"""The problem of the paper's first example, and fresh networks for a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kanlab.network import KAN, NetworkSpec, Scaling
from kanlab.training import Rows, cover_inputs


def exp_sin_square(seed: int, train: int = 800) -> tuple[Rows, np.ndarray, np.ndarray]:
    """exp(sin(pi x1) + x2^2): training rows, 200 validation rows, and 1000 test rows."""
    inputs = np.random.default_rng(seed).uniform(-1, 1, (train + 1200, 2))
    targets = np.exp(np.sin(np.pi * inputs[:, :1]) + inputs[:, 1:] ** 2)
    cut = train + 200
    rows = Rows(inputs[:train], targets[:train], inputs[train:cut], targets[train:cut])
    return rows, inputs[cut:], targets[cut:]


def fresh(shape: Sequence[Any], seed: int, rows: Rows, *, intervals: int = 5) -> KAN:
    """An untrained network in the units of the rows, its grids on them."""
    scaling = Scaling.of(rows.inputs, rows.targets)
    network = KAN(NetworkSpec.of(shape, intervals=intervals), seed=seed, scaling=scaling)
    return network.replace(cover_inputs(network.arrays(), scaling.scale_inputs(rows.inputs)))


def rmse(network: KAN, inputs: np.ndarray, targets: np.ndarray) -> float:
    """Root mean squared error."""
    return float(np.sqrt(np.mean((network.predict(inputs) - targets) ** 2)))

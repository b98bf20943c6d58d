"""Small tables, and what an investigation of one is worth byte by byte."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from kanlab.data import Dataset
from kanlab.discovery import Investigation, State
from kanlab.network import KAN, to_record


def columns(rows: int, count: int = 2, seed: int = 0) -> np.ndarray:
    """Inputs [rows, count] in [-1, 1]."""
    return np.random.default_rng(seed).uniform(-1, 1, (rows, count))


def small(rows: int = 40, seed: int = 0) -> Dataset:
    """y = exp(x1) + x2^2."""
    inputs = columns(rows, seed=seed)
    return Dataset.from_arrays(inputs, np.exp(inputs[:, 0]) + inputs[:, 1] ** 2, title="small")


def wavy(rows: int = 100) -> Dataset:
    """y = x1^2 + x2 + a small wave of both, so that a simple law is good and not exact."""
    inputs = columns(rows)
    x, z = inputs.T
    return Dataset.from_arrays(inputs, x**2 + z + 0.05 * np.sin(9 * x * z))


def started(**options: Any) -> Investigation:
    """An investigation of the small table with a small network."""
    return Investigation.start(small(), **{"shape": [2, 2, 1], "intervals": 3, **options})


def digest(network: KAN) -> str:
    """sha256 over all arrays of a network and its description."""
    record, tensors = to_record(network)
    held = hashlib.sha256(repr(record).encode())
    for name in sorted(tensors):
        held.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    return held.hexdigest()


def print_of(state: State) -> tuple[Any, ...]:
    """Everything a state holds, the network by its bits."""
    return (
        state.number,
        state.parent,
        state.action,
        digest(state.network),
        state.metrics,
        state.before,
        state.seconds,
    )

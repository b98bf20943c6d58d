"""A table with a law, and small fits of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from kanlab.training import FitOptions
from kanlab.training.streaming import LargeFit, Streaming, fit_large

SHAPE = [2, 2, 1]
FEW = FitOptions(steps=4)


def law_table(rows: int = 900, seed: int = 0) -> np.ndarray:
    """[rows, 3], the last column exp(sin(pi x1) + x2^2)."""
    x = np.random.default_rng(seed).uniform(-1, 1, (rows, 2))
    return np.column_stack([x, np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2)])


def small_fit(source: Any, target: Any = None, *, executor: Any = None, chunk_rows: int = 200) -> LargeFit:
    """Four steps with small chunks."""
    streaming = Streaming(chunk_rows=chunk_rows, sample_rows=300)
    return fit_large(SHAPE, source, target=target, options=FEW, streaming=streaming, executor=executor)


def bits(done: LargeFit) -> bytes:
    """All numbers of the network."""
    return b"".join(
        np.ascontiguousarray(getattr(layer, name)).tobytes()
        for layer in done.network.arrays().layers
        for name in ("knots", "coefficients", "base_scale", "bias")
    )

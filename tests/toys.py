"""The toy problems of the KAN paper (arXiv 2404.19756): the six of section 4.1 and the unsupervised one of 4.2.

Ranges and numbers of rows are not printed there; these are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from kanlab._typing import Array
from kanlab.data import Dataset

ROWS = 1000


@dataclass(frozen=True)
class Toy:
    """y = f(x) for x [rows, columns] uniform in a cube; `law` is f as the grammar reads it."""

    law: str
    truth: Callable[[Array], Array]
    columns: int
    low: float = -1.0
    high: float = 1.0

    def inputs(self, rows: int = ROWS, seed: int = 0) -> Array:
        """Rows [rows, columns]."""
        return np.random.default_rng(seed).uniform(self.low, self.high, (rows, self.columns))

    def dataset(self, rows: int = ROWS, seed: int = 0) -> Dataset:
        """A table without noise; its columns are x1, x2, ..."""
        inputs = self.inputs(rows, seed)
        return Dataset.from_arrays(inputs, self.truth(inputs))


TOYS = {
    "product": Toy("x1*x2", lambda x: x[:, 0] * x[:, 1], 2),
    "quotient": Toy("x1/x2", lambda x: x[:, 0] / x[:, 1], 2, low=0.5, high=2.0),
    "bessel": Toy("exp(J0(20*x1) + x2**2)", lambda x: np.exp(special.j0(20 * x[:, 0]) + x[:, 1] ** 2), 2),
    "transition": Toy(
        "tanh(5*(x1**4 + x2**4 + x3**4 - 1))", lambda x: np.tanh(5 * ((x**4).sum(axis=1) - 1)), 3
    ),
    "distance": Toy(
        "sqrt((x1 - x2)**2 + (x3 - x4)**2)", lambda x: np.hypot(x[:, 0] - x[:, 1], x[:, 2] - x[:, 3]), 4
    ),
}
"""Examples a, b, d, e and f; c is `digits`."""


def digits(rows: int = 2 * ROWS, seed: int = 0) -> Dataset:
    """x in [0, 1] and its first decimal digit, ten classes."""
    x = np.random.default_rng(seed).uniform(0, 1, rows)
    return Dataset.from_arrays(
        x[:, None], np.floor(10 * x).astype(int).astype(str), names=["x"], task="classification"
    )


def related(rows: int = ROWS, seed: int = 0) -> Array:
    """Columns x1 ... x6 [rows, 6] of which x3 = exp(sin(pi x1) + x2^2), x5 = x4^3, and x6 is free."""
    table = np.random.default_rng(seed).uniform(-1, 1, (rows, 6))
    table[:, 2] = np.exp(np.sin(np.pi * table[:, 0]) + table[:, 1] ** 2)
    table[:, 4] = table[:, 3] ** 3
    return table


def contrast(table: Array, seed: int = 1) -> Dataset:
    """The rows (1), and as many with every column permuted by itself (0): only a relation tells them apart."""
    random = np.random.default_rng(seed)
    mixed = np.column_stack([random.permutation(column) for column in table.T])
    return Dataset.from_arrays(np.vstack([table, mixed]), np.repeat([1.0, 0.0], len(table)))

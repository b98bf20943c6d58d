"""The toy functions of the KAN paper (arXiv 2404.19756): sections 3.1 and 4.1, and the unsupervised one of 4.2.

Ranges and numbers of rows of sections 4.1 and 4.2 are not printed there; these are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from ..._typing import Array
from ..dataset import Dataset
from ..record import Record
from .generator import LICENCE, Generator

ROWS = 1000
SOURCE = "computed; {} of Liu et al., KAN: Kolmogorov-Arnold Networks, arXiv:2404.19756"


@dataclass(frozen=True)
class Toy:
    """y = f(x) for x [rows, columns] uniform in a cube; `law` is f as the grammar reads it."""

    law: str
    truth: Callable[[Array], Array]
    columns: int
    low: float = -1.0
    high: float = 1.0
    section: str = "section 4.1"

    @property
    def names(self) -> tuple[str, ...]:
        """x1, x2, ..."""
        return tuple(f"x{number}" for number in range(1, self.columns + 1))

    def inputs(self, rows: int = ROWS, seed: int = 0) -> Array:
        """Rows [rows, columns]."""
        return np.random.default_rng(seed).uniform(self.low, self.high, (rows, self.columns))

    def dataset(self, rows: int = ROWS, seed: int = 0) -> Dataset:
        """A table without noise; its columns are x1, x2, ..."""
        inputs = self.inputs(rows, seed)
        return Dataset.from_arrays(inputs, self.truth(inputs))


def _deep(x: Array) -> Array:
    squares = x**2
    first = np.sin(np.pi * (squares[:, 0] + squares[:, 1]))
    return np.exp(0.5 * (first + np.sin(np.pi * (squares[:, 2] + squares[:, 3]))))


def _mean_of_squared_sines(columns: int) -> str:
    return f"exp(({' + '.join(f'sin(pi*x{number}/2)**2' for number in range(1, columns + 1))})/{columns})"


_CURVES = "section 3.1"
TOYS: Mapping[str, Toy] = MappingProxyType(
    {
        "product": Toy("x1*x2", lambda x: x[:, 0] * x[:, 1], 2),
        "quotient": Toy("x1/x2", lambda x: x[:, 0] / x[:, 1], 2, low=0.5, high=2.0),
        "bessel": Toy("exp(J0(20*x1) + x2**2)", lambda x: np.exp(special.j0(20 * x[:, 0]) + x[:, 1] ** 2), 2),
        "transition": Toy(
            "tanh(5*(x1**4 + x2**4 + x3**4 - 1))", lambda x: np.tanh(5 * ((x**4).sum(axis=1) - 1)), 3
        ),
        "distance": Toy(
            "sqrt((x1 - x2)**2 + (x3 - x4)**2)",
            lambda x: np.hypot(x[:, 0] - x[:, 1], x[:, 2] - x[:, 3]),
            4,
        ),
        "exp-sin": Toy(
            "exp(sin(pi*x1) + x2**2)",
            lambda x: np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2),
            2,
            section=_CURVES,
        ),
        "waves": Toy("J0(20*x1)", lambda x: special.j0(20 * x[:, 0]), 1, section=_CURVES),
        "deep": Toy("exp((sin(pi*(x1**2 + x2**2)) + sin(pi*(x3**2 + x4**2)))/2)", _deep, 4, section=_CURVES),
        "hundred": Toy(
            _mean_of_squared_sines(100),
            lambda x: np.exp(np.mean(np.sin(np.pi * x / 2) ** 2, axis=1)),
            100,
            section=_CURVES,
        ),
    }
)
"""Examples a, b, d, e and f of section 4.1, where c is `digits`; then those of section 3.1, where the third is the
product."""


def digits(rows: int = 2 * ROWS, seed: int = 0) -> Dataset:
    """x in [0, 1] and its first decimal digit, ten classes."""
    made = _digits(rows=rows, seed=seed)
    return Dataset.from_frame(made, target="y", inputs=["x"], task="classification")


def related(rows: int = ROWS, seed: int = 0) -> Array:
    """Columns x1 ... x6 [rows, 6] of which x3 = exp(sin(pi x1) + x2^2), x5 = x4^3, and x6 is free."""
    table = np.random.default_rng(seed).uniform(-1, 1, (rows, 6))
    table[:, 2] = np.exp(np.sin(np.pi * table[:, 0]) + table[:, 1] ** 2)
    table[:, 4] = table[:, 3] ** 3
    return table


def contrast(table: Array, seed: int = 1) -> Dataset:
    """The rows (1), and as many with every column permuted by itself (0): only a relation tells them apart."""
    return Dataset.from_arrays(*contrasted(table, seed))


def contrasted(table: Array, seed: int = 1) -> tuple[Array, Array]:
    """The inputs [2 rows, columns] and targets [2 rows] of `contrast`."""
    random = np.random.default_rng(seed)
    mixed = np.column_stack([random.permutation(column) for column in table.T])
    targets: Array = np.repeat(np.array([1.0, 0.0]), len(table))
    return np.vstack([table, mixed]).astype(np.float64, copy=False), targets


def _digits(*, rows: int, seed: int) -> dict[str, Any]:
    x = np.random.default_rng(seed).uniform(0, 1, rows)
    return {"x": x, "y": np.floor(10 * x).astype(int).astype(str)}


def _unsupervised(*, rows: int, seed: int) -> dict[str, Any]:
    table, real = contrasted(related((rows + 1) // 2, seed), seed + 1)
    columns = {f"x{number}": column for number, column in enumerate(table[:rows].T, start=1)}
    return {**columns, "y": real[:rows]}


def _generator(name: str, toy: Toy) -> Generator:
    def make(*, rows: int, seed: int) -> dict[str, Any]:
        inputs = toy.inputs(rows, seed)
        return {**dict(zip(toy.names, inputs.T, strict=True)), "y": toy.truth(inputs)}

    title = toy.law if toy.columns <= 4 else f"exp(mean of sin(pi*x/2)**2), {toy.columns} columns"
    source = SOURCE.format(toy.section)
    return Generator(Record(f"toy-{name}", title, ROWS, toy.names, ("y",), source, LICENCE), make)


GENERATORS = (
    *(_generator(name, toy) for name, toy in TOYS.items()),
    Generator(
        Record(
            "toy-digits",
            "The first decimal digit of x",
            2 * ROWS,
            ("x",),
            ("y",),
            SOURCE.format("section 4.1"),
            LICENCE,
            task="classification",
        ),
        _digits,
    ),
    Generator(
        Record(
            "toy-unsupervised",
            "Rows with two hidden relations (1), and rows with permuted columns (0)",
            2 * ROWS,
            tuple(f"x{number}" for number in range(1, 7)),
            ("y",),
            SOURCE.format("section 4.2"),
            LICENCE,
        ),
        _unsupervised,
    ),
)
"""`kl.load("toy-product", rows=1000, seed=0)`: rows uniform in the cube of the toy, without noise; the target is y."""

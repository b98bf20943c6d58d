"""How much the outputs depend on each input, and on each two inputs together, measured on the network as a function.

With x, x' two rows and f the outputs, exchanging entries of x with those of x' gives shares of the variance of f that
need no derivative and count every way through the network:

    total effect (Jansen 1999)       T_i  = E (f(x) - f(x with x'_i))^2 / (2 var f)
    interaction (Liu and Owen 2006)  U_ij = E (f(x) - f(x with x'_i) - f(x with x'_j) + f(x with both))^2 / (4 var f)

U_ij is zero exactly when f is a sum of a function without x_i and one without x_j. For independent inputs these are
Sobol's total index and the superset importance; exchanged rows are taken for possible, so inputs that move together are
judged outside of where the data lie.
"""

from __future__ import annotations

import numpy as np

from .._typing import Array
from ..network import KAN

MOST_ROWS = 2000


def total_effects(network: KAN, inputs: Array, *, seed: int = 0) -> Array:
    """T [n] on inputs [N, n] in the user's units; variances of several outputs are added, each in units of its own.

    Args:
        seed: which rows are exchanged with which.
    """
    rows, others = _pairs(inputs, seed)
    before = network.predict(rows)
    spread = _spread(before)
    single = [_exchanged(network, rows, others, (i,)) for i in range(rows.shape[1])]
    return np.array([_mean_square(before - one, spread) / 2 for one in single])


def interactions(network: KAN, inputs: Array, *, seed: int = 0) -> Array:
    """U [n, n], symmetric with zeros on its diagonal, on inputs [N, n] in the user's units.

    Args:
        seed: which rows are exchanged with which.
    """
    rows, others = _pairs(inputs, seed)
    count = rows.shape[1]
    before = network.predict(rows)
    spread = _spread(before)
    single = [_exchanged(network, rows, others, (i,)) for i in range(count)]
    table = np.zeros((count, count))
    for i in range(count):
        for j in range(i + 1, count):
            both = _exchanged(network, rows, others, (i, j))
            table[i, j] = table[j, i] = _mean_square(before - single[i] - single[j] + both, spread) / 4
    return table


def _pairs(inputs: Array, seed: int) -> tuple[Array, Array]:
    """At most `MOST_ROWS` rows, and another row for each."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(inputs))[:MOST_ROWS]
    return inputs[order], inputs[np.roll(order, 1)]


def _exchanged(network: KAN, rows: Array, others: Array, columns: tuple[int, ...]) -> Array:
    mixed = rows.copy()
    mixed[:, columns] = others[:, columns]
    return network.predict(mixed)


def _spread(outputs: Array) -> Array:
    """Standard deviation of each output; infinite where there is none, so that such an output counts nothing."""
    spread = outputs.std(axis=0)
    floor = 1e-12 * np.maximum(np.abs(outputs).max(axis=0), 1e-300)
    return np.where(spread > floor, spread, np.inf)


def _mean_square(difference: Array, spread: Array) -> float:
    varying = max(1, int(np.isfinite(spread).sum()))
    return float(np.mean(np.square(difference / spread).sum(axis=1))) / varying

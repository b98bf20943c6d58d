"""Surrogates from tables: what they say of their own error is about what it is."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.discovery.setup import first_network
from kanlab.discovery.surrogate import fitted_surrogate, surrogate_of
from kanlab.errors import ActionError, DataError


def table(noise: float, rows: int = 1000) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """III.10.19 of the Feynman table with noise; then points and exact values there."""
    generator = np.random.default_rng(0)
    inputs = generator.uniform(-1, 1, (rows + 2000, 2))
    exact = np.sqrt(1 + inputs[:, 0] ** 2 + inputs[:, 1] ** 2)
    seen = exact[:rows] + noise * exact.std() * generator.normal(size=rows)
    return Dataset.from_arrays(inputs[:rows], seen), inputs[rows:], exact[rows:]


def test_the_error_is_that_of_the_surrogate_and_not_that_of_the_rows() -> None:
    data, points, exact = table(0.02)
    surrogate = fitted_surrogate(data)
    true = float(np.sqrt(np.mean((surrogate.function(points) - exact) ** 2))) / exact.std()
    assert true / 2 < surrogate.error < 0.02
    assert surrogate.noise == pytest.approx(0.02, rel=0.35)
    assert surrogate.filled == 1.0


def test_a_network_that_is_too_stiff_does_not_call_its_error_noise() -> None:
    """What it misses reaches from row to row, and noise does not."""
    data, points, exact = table(0.0)
    network = first_network(data, [2, 1, 1])
    surrogate = surrogate_of(network, data)
    true = float(np.sqrt(np.mean((surrogate.function(points) - exact) ** 2))) / exact.std()
    assert surrogate.error > 0.8 * true


def test_inputs_that_move_together_fill_little_of_the_box() -> None:
    generator = np.random.default_rng(1)
    first = generator.uniform(-1, 1, 300)
    inputs = np.stack([first, first + 0.05 * generator.normal(size=300)], 1)
    data = Dataset.from_arrays(inputs, inputs.sum(axis=1))
    assert surrogate_of(first_network(data, [2, 1, 1]), data).filled < 0.7


def test_what_cannot_be_looked_at_is_refused() -> None:
    inputs = np.random.default_rng(2).uniform(-1, 1, (60, 2))
    with pytest.raises(DataError, match="2 targets"):
        fitted_surrogate(Dataset.from_arrays(inputs, inputs))
    with pytest.raises(DataError, match="classes"):
        fitted_surrogate(Dataset.from_arrays(inputs, inputs[:, 0] > 0, task="classification"))
    with pytest.raises(DataError, match="at least two inputs"):
        fitted_surrogate(Dataset.from_arrays(inputs[:, :1], inputs[:, 1]))
    with pytest.raises(ActionError, match="time limit"):
        fitted_surrogate(Dataset.from_arrays(inputs, inputs[:, 0]), time_limit=0)

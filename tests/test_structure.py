"""Structure from tables, through the public face."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import kanlab as kl
from kanlab.errors import ActionError, DataError

SIGNED, NEAR, POSITIVE = (-1.0, 1.0), (-0.8, 0.8), (0.5, 2.0)


def table(function: Callable[..., Any], *box: tuple[float, float], noise: float = 0.0) -> kl.Dataset:
    generator = np.random.default_rng(0)
    low, high = np.array(box).T
    inputs = generator.uniform(low, high, (1000, len(box)))
    values = function(*inputs.T)
    values = values + noise * values.std() * generator.normal(size=len(values))
    return kl.Dataset.from_arrays(inputs, values, names=list("abcd"[: len(box)]))


def test_a_sum_of_velocities_is_additive_under_artanh() -> None:
    """I.16.6; its residual is a thousandth of what the same shows without the transform."""
    found = kl.separability(table(lambda a, b: (a + b) / (1 + a * b), NEAR, NEAR))
    (split,) = found.splits
    assert found.claim(split) == "artanh y = g(a) + h(b)"
    assert not split.also
    assert split.best.size < 1e-2 * split.spectra[0].values[0]


def test_a_length_is_additive_under_the_square_and_a_symmetry() -> None:
    """III.10.19 from one session, and the record of each reads the same twice."""
    data = table(lambda a, b: np.sqrt(1 + a**2 + b**2), SIGNED, SIGNED)
    session = kl.Session(data, shape=[2, 4, 1], seed=0).fit(sparsity=0, grids=(5, 10, 20), wait=True)
    sums, pairs = kl.separability(session), kl.symmetry(session)
    assert [sums.claim(split) for split in sums.splits] == ["y^2 = g(a) + h(b)"]
    assert [pairs.claim(pair) for pair in pairs.pairs] == ["only through a^2 + b^2"]
    assert str(sums) == str(kl.separability(session))


def test_with_noise_no_more_is_claimed_than_is_so() -> None:
    """1/(1 + a b) is nearly a sum: with 3 % noise it could be one under several transforms, and none is claimed."""
    found = kl.separability(table(lambda a, b: 1 / (1 + a * b), POSITIVE, POSITIVE, noise=0.03))
    (split,) = found.splits
    assert found.surrogate.noise > 0.02
    assert (split.verdict, split.best.transform.of("y")) in {("none", "y"), ("one product", "1/y")}
    assert "cannot be refuted" in str(found)


def test_with_noise_nothing_is_claimed_of_a_law_without_structure() -> None:
    data = table(lambda a, b: np.sin(3 * a * b) + np.exp(a - b**2) + a * b**2, SIGNED, SIGNED, noise=0.01)
    assert kl.separability(data).splits[0].verdict == "none"
    assert kl.symmetry(data, time_limit=60).pairs[0].found is None


def test_two_of_three_variables_act_through_their_difference() -> None:
    data = table(lambda a, b, c: a * np.exp(-((b - c) ** 2)), POSITIVE, POSITIVE, POSITIVE)
    found = kl.symmetry(data)
    assert {pair.columns: pair.found and pair.found.name for pair in found.pairs} == {
        (0, 1): None,
        (0, 2): None,
        (1, 2): "b - c",
    }
    sums = {
        (s.left, s.held): sums.claim(s) for sums in [kl.separability(found.surrogate)] for s in sums.splits
    }
    assert sums[(0,), False] == "log y = g(a) + h(b, c)"


def test_a_network_that_was_not_fitted_tells_nothing() -> None:
    session = kl.Session(table(lambda a, b: a * b, POSITIVE, POSITIVE), shape=[2, 2, 1])
    assert kl.separability(session).splits[0].verdict == "none"
    assert kl.symmetry(session).pairs[0].found is None


def test_anything_else_is_refused() -> None:
    with pytest.raises(DataError, match="ndarray"):
        kl.separability(np.zeros((3, 2)))  # pyright: ignore[reportArgumentType]
    with pytest.raises(ActionError, match="seed is -1"):
        kl.symmetry(table(lambda a, b: a * b, SIGNED, SIGNED), seed=-1)

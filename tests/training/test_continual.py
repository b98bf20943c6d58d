"""Learning piece by piece: against least squares on everything at once, and the paper's five peaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import make_lsq_spline

from kanlab.errors import ActionError, DataError
from kanlab.network import KAN, NetworkSpec
from kanlab.training import Memory, Rows, continue_fit
from tests.networks import SEEDS, miss, random_inputs, random_network

CENTERS = (-0.8, -0.4, 0.0, 0.4, 0.8)


def peaks(x: np.ndarray) -> np.ndarray:
    """The function of the paper's section 3.5."""
    return sum((np.exp(-300 * (x - center) ** 2) for center in CENTERS), np.zeros_like(x))


def curve(order: int, intervals: int, seed: int = 0) -> KAN:
    """A network of one edge."""
    return KAN(NetworkSpec.of([1, 1], order=order, intervals=intervals, base="zero"), seed=seed)


def test_five_peaks_one_after_the_other() -> None:
    network, memory = curve(3, 200), None
    everywhere = np.linspace(-1, 1, 2001)[:, None]
    for center in CENTERS:
        x = np.linspace(center - 0.2, center + 0.2, 100)[:, None]
        done = continue_fit(network, Rows(x, peaks(x)), memory)
        network, memory = done.network, done.memory
        assert done.rmse <= 1e-5
    assert memory is not None
    assert memory.rows == 500
    # the paper prints no number, its authors' tutorial 4e-6 for each peak; measured 4.0e-6
    assert np.sqrt(np.mean((network.predict(everywhere) - peaks(everywhere)) ** 2)) <= 1e-5


@given(seed=SEEDS, order=st.integers(1, 5), lessons=st.integers(2, 4))
@settings(max_examples=15)
def test_lessons_in_any_pieces_are_least_squares_on_all_rows(seed: int, order: int, lessons: int) -> None:
    generator = np.random.default_rng(seed)
    network, memory = curve(order, 8, seed), None
    # random places and noise: every lesson touches coefficients that earlier ones settled
    # noise, and rows of every lesson everywhere: each one touches coefficients that earlier ones settled
    x = np.sort(np.linspace(-0.99, 0.99, 120) + generator.uniform(-0.005, 0.005, 120))
    y = np.sin(3 * x) + generator.normal(0, 0.3, 120)
    knots = network.arrays().layers[0].knots[0]
    wanted = make_lsq_spline(x, y, knots, k=order)
    for part in np.array_split(generator.permutation(120), lessons):
        done = continue_fit(network, Rows(x[part, None], y[part, None]), memory)
        network, memory = done.network, done.memory
    assert miss(network.predict(x[:, None])[:, 0], wanted(x)) <= 1e-6


def test_without_memory_only_the_bases_that_new_rows_touch_change() -> None:
    network = curve(3, 20, 1)
    x = np.linspace(-1, 1, 100)[:, None]
    network = continue_fit(network, Rows(x, np.cos(x))).network
    near = np.linspace(0.31, 0.39, 30)[:, None]
    changed = continue_fit(network, Rows(near, 5 + near)).network
    far = np.abs(x[:, 0] - 0.35) > 0.05 + 3 * 0.1
    before, after = network.predict(x), changed.predict(x)
    assert np.array_equal(before[far], after[far])
    assert np.abs(before - after).max() > 1


def test_memory_holds_the_old_against_rows_beside_it() -> None:
    left, right = np.linspace(-1, 0, 60)[:, None], np.linspace(0, 1, 60)[:, None]
    network = curve(3, 10)
    first = continue_fit(network, Rows(left, np.sin(3 * left)))

    def old_error(memory: Memory | None) -> float:
        # the new rows do not go on where the old ones ended
        after = continue_fit(first.network, Rows(right, 1 + np.cos(5 * right)), memory).network
        return float(np.sqrt(np.mean((after.predict(left) - np.sin(3 * left)) ** 2)))

    assert old_error(first.memory) < 0.7 * old_error(None)


def test_nothing_but_coefficients_moves() -> None:
    network = random_network([2, 3, 1], 4, forms=0.3, locked=0.2)
    x = random_inputs(network, 4, 60)
    before, after = (
        net.arrays() for net in (network, continue_fit(network, Rows(x, x[:, :1]), steps=3).network)
    )
    moved = 0
    for old, new in zip(before.layers, after.layers, strict=True):
        for name in ("knots", "base_scale", "bias", "affine"):
            assert np.array_equal(getattr(old, name), getattr(new, name))
        same = (old.coefficients == new.coefficients).all(axis=1)
        assert same[~old.splines | old.locked].all()
        moved += int((~same).sum())
    assert moved


def test_the_memory_of_a_network_is_the_root_of_its_information() -> None:
    network = random_network([2, 2, 1], 5)
    x = random_inputs(network, 5, 80)
    rows = Rows(x, network.predict(x))
    memory = Memory.of(network, rows)
    # a network that fits its rows already stays as it is, and remembers the same
    done = continue_fit(network, rows)
    assert done.rmse <= 1e-12
    assert miss(done.memory.factor.T @ done.memory.factor, memory.factor.T @ memory.factor) <= 1e-9
    assert memory.rows == 80


def test_refusals() -> None:
    network = curve(3, 5)
    x = np.linspace(-1, 1, 20)[:, None]
    rows = Rows(x, x)
    memory = continue_fit(network, rows).memory
    with pytest.raises(ActionError, match="holds 8 coefficients, the network has 9"):
        continue_fit(curve(3, 6), rows, memory)
    with pytest.raises(ActionError, match="no spline that can move"):
        continue_fit(random_network([1, 1], 0, forms=1.0), rows)
    with pytest.raises(ActionError, match="steps is 0"):
        continue_fit(network, rows, steps=0)
    with pytest.raises(DataError, match=r"targets of shape \(20, 2\)"):
        continue_fit(network, Rows(x, np.zeros((20, 2))))
    with pytest.raises(DataError, match="not finite"):
        continue_fit(network, Rows(x, np.full_like(x, np.nan)))

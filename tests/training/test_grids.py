"""Grids that move, and hidden nodes that are put back, leave the function as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import NetworkArrays, forward, trace_layers
from kanlab.network import EdgeId, lock_edge, share_edges
from kanlab.splines import breakpoints
from kanlab.training import cover_inputs, follow_activations
from kanlab.training.gauge import normalize_hidden
from tests.networks import SEEDS, all_edges, miss, random_inputs, random_network


def grids(arrays: NetworkArrays, number: int) -> tuple[np.ndarray, np.ndarray]:
    breaks = breakpoints(arrays.layers[number].knots, arrays.layers[number].order)
    return breaks[:, 0], breaks[:, -1]


@given(seed=SEEDS, low=st.floats(-1e6, 1e6), size=st.floats(1e-3, 1e6))
def test_the_first_grids_cover_the_columns(seed: int, low: float, size: float) -> None:
    network = random_network([2, 1], seed)
    inputs = low + size * np.random.default_rng(seed).uniform(0, 1, (30, 2))
    ends = grids(cover_inputs(network.arrays(), inputs), 0)
    slack = 1e-14 * (abs(low) + size)
    assert np.abs(ends[0] - inputs.min(axis=0)).max() <= slack
    assert np.abs(ends[1] - inputs.max(axis=0)).max() <= slack


@pytest.mark.parametrize("value", [0.0, 5.0, -1e9])
def test_a_constant_column_gets_a_grid_too(value: float) -> None:
    low, high = grids(cover_inputs(random_network([1, 1], 0).arrays(), np.full((5, 1), value)), 0)
    assert low[0] < value < high[0]


@given(shape=st.sampled_from([[2, 3, 1], [2, (1, 2), 1], [2, 2, 2, 1]]), seed=SEEDS, finer=st.booleans())
@settings(max_examples=25)
def test_grids_laid_anew_keep_the_function(shape: list[Any], seed: int, finer: bool) -> None:
    network = random_network(shape, seed, intervals=8)
    inputs = random_inputs(network, seed, 400)
    arrays = network.arrays()
    wanted = forward(inputs, arrays)
    moved = follow_activations(arrays, inputs, intervals=24 if finer else None, always=True)
    # splines on other knots: coefficients are random, so the splines wiggle as fast as 8 intervals let them
    error = np.sqrt(np.mean((forward(inputs, moved) - wanted) ** 2)) / max(wanted.std(), 0.05)
    assert error <= (0.05 if finer else 0.15)  # measured at most 0.011 and 0.062
    passes = trace_layers(inputs, moved)
    for number in range(1, len(arrays.layers)):
        low, high = grids(moved, number)
        assert (low <= passes[number].inputs.min(axis=0) + 0.05).all()
        assert (high >= passes[number].inputs.max(axis=0) - 0.05).all()


@pytest.mark.parametrize("blend", [0.0, 0.5, 1.0])
def test_grids_that_fit_stay_bit_for_bit(blend: float) -> None:
    network = random_network([2, 3, 1], 1)
    inputs = random_inputs(network, 1, 400)
    once = follow_activations(network.arrays(), inputs, blend=blend)
    twice = follow_activations(once, inputs, blend=blend)
    assert all(a.knots is b.knots for a, b in zip(once.layers, twice.layers, strict=True))


def test_blended_grids_are_dense_where_the_activations_are() -> None:
    network = random_network([2, 3, 1], 2, intervals=8)
    inputs = 0.3 * random_inputs(network, 2, 900) ** 3 + 0.1
    arrays = cover_inputs(network.arrays(), inputs)
    moved = follow_activations(arrays, inputs, intervals=16, blend=1.0)
    for layer, seen in zip(moved.layers, trace_layers(inputs, arrays), strict=True):
        for knots, values in zip(layer.breaks, seen.inputs.T, strict=True):
            counts, _ = np.histogram(values, knots)
            even, _ = np.histogram(values, np.linspace(knots[0], knots[-1], 17))
            assert counts.max() < even.max()
    # random splines of 8 intervals on other knots; measured at most 0.05 over seven seeds
    wanted = forward(inputs, arrays)
    error = np.sqrt(np.mean((forward(inputs, moved) - wanted) ** 2)) / wanted.std()
    assert error <= 0.15


@given(seed=SEEDS, scale=st.sampled_from([0.01, 0.1, 10.0, 100.0]), shift=st.floats(-20, 20))
@settings(max_examples=25)
def test_normalized_nodes_give_the_same_function(seed: int, scale: float, shift: float) -> None:
    network = random_network([2, 3, 1], seed, intervals=10, base="identity", forms=0.3)
    inputs = random_inputs(network, seed, 300)
    first, second = network.arrays().layers
    bent = replace(
        first,
        coefficients=first.coefficients * scale,
        base_scale=first.base_scale * scale,
        bias=first.bias * scale + shift,
        affine=first.affine * [1, 1, scale, scale],
    )
    affine = second.affine.copy()
    affine[:, :, 1] -= affine[:, :, 0] * shift / scale
    affine[:, :, 0] /= scale
    arrays = NetworkArrays((bent, replace(second, knots=second.knots * scale + shift, affine=affine)))
    wanted = forward(inputs, arrays)
    got = normalize_hidden(arrays, inputs)
    # with a linear base function the new splines are exact; least squares smooth by 1e-12
    assert miss(forward(inputs, got), wanted) <= 1e-6
    before, after = (trace_layers(inputs, one)[1].inputs for one in (arrays, got))
    for q in range(3):
        if np.array_equal(before[:, q], after[:, q]):
            continue
        assert 0.5 * np.ptp(after[:, q]) == pytest.approx(1.0, abs=1e-9)
        assert abs(after[:, q].max() + after[:, q].min()) <= 1e-9


def test_locked_edges_are_not_rescaled() -> None:
    network = random_network([2, 2, 1], 3)
    first, second = network.arrays().layers
    big = NetworkArrays(
        (replace(first, coefficients=30 * first.coefficients), replace(second, knots=30 * second.knots))
    )
    inputs = random_inputs(network, 3, 100)
    free = normalize_hidden(big, inputs)
    assert not np.array_equal(free.layers[0].coefficients, big.layers[0].coefficients)
    held = network.replace(big)
    for edge in all_edges(held):
        held = lock_edge(held, edge)
    same = normalize_hidden(held.arrays(), inputs)
    assert np.array_equal(same.layers[0].coefficients, big.layers[0].coefficients)
    assert np.array_equal(same.layers[1].knots, big.layers[1].knots)


def test_shared_curves_are_not_rescaled() -> None:
    network = random_network([2, 3, 1], 3)
    inputs = random_inputs(network, 3, 100)
    for edges in ([EdgeId(0, 0, 0), EdgeId(0, 1, 1)], [EdgeId(1, 0, 0), EdgeId(1, 1, 0)]):
        first, second = share_edges(network, edges, inputs).arrays().layers
        big = NetworkArrays(
            (replace(first, coefficients=30 * first.coefficients), replace(second, knots=30 * second.knots))
        )
        moved = normalize_hidden(big, inputs)
        assert np.array_equal(moved.layers[1].knots[:2], big.layers[1].knots[:2])
        assert not np.array_equal(moved.layers[1].knots[2], big.layers[1].knots[2])
        assert np.array_equal(moved.layers[0].coefficients[..., :2], big.layers[0].coefficients[..., :2])

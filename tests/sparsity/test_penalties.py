"""The quadratic of the group penalty touches the penalty and lies above it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import NetworkArrays, columns_of, trace_layers
from kanlab.kernels.passes import edge_outputs
from kanlab.kernels.terms import Quadratics
from kanlab.sparsity import GroupSparsity
from tests.networks import SEEDS, random_inputs, random_network


def spreads(arrays: NetworkArrays, inputs: np.ndarray) -> np.ndarray:
    """Standard deviation of every spline edge on fixed inputs of each layer."""
    parts: list[Any] = []
    for seen, layer in zip(trace_layers(inputs, arrays), arrays.layers, strict=True):
        parts.append(edge_outputs(seen, layer).std(axis=0)[layer.splines])
    return np.concatenate(parts)


@given(shape=st.sampled_from([[2, 3], [3, 1], [2, (1, 1)]]), power=st.sampled_from([1, 2]), seed=SEEDS)
@settings(max_examples=40)
def test_it_touches_and_majorizes(shape: list[Any], power: int, seed: int) -> None:
    network = random_network(shape, seed)
    inputs = random_inputs(network, seed, 60)
    arrays, floor = network.arrays(), 1e-3
    columns = columns_of(arrays)
    blocks = GroupSparsity(1.0, floor, power).blocks(arrays, trace_layers(inputs, arrays), columns)
    theta = columns.pack(arrays)

    s0 = spreads(arrays, inputs)
    near = s0 + floor
    # s <= s^2 / (2 near) + near / 2 and log s <= s^2 / (2 near^2) + log near - 1 / 2, equal at s = near
    rest = float((near / 2).sum() if power == 1 else (np.log(near) - 0.5).sum())

    def penalty(s: np.ndarray) -> float:
        return float(s.sum() if power == 1 else np.log(s).sum())

    def bound(vector: np.ndarray) -> float:
        return Quadratics.of(blocks).value(vector) + rest

    gap = bound(theta) - penalty(s0)
    assert -1e-10 <= gap <= (floor**2 / s0**power).sum() + 1e-10
    generator = np.random.default_rng(seed)
    for size in (1e-3, 0.1, 1.0, 10.0):
        other = theta + size * generator.normal(size=theta.shape)
        assert penalty(spreads(columns.unpack(other, arrays), inputs)) <= bound(other) + 1e-10


def test_its_slope_is_that_of_the_penalty() -> None:
    network = random_network([2, 2], 1)
    inputs = random_inputs(network, 1, 100)
    arrays, floor = network.arrays(), 1e-12
    columns = columns_of(arrays)
    theta = columns.pack(arrays)
    for power in (1, 2):
        blocks = GroupSparsity(1.0, floor, power).blocks(arrays, trace_layers(inputs, arrays), columns)
        move = np.random.default_rng(0).normal(size=theta.shape)

        def along(t: float, power: int = power, move: np.ndarray = move) -> float:
            s = spreads(columns.unpack(theta + t * move, arrays), inputs)
            return float(s.sum() if power == 1 else np.log(s).sum())

        slope = (along(1e-6) - along(-1e-6)) / 2e-6
        pull = sum(
            2 * move[b.start : b.start + len(b.matrix)] @ b.matrix @ theta[b.start : b.start + len(b.matrix)]
            for b in blocks
        )
        assert pull == pytest.approx(slope, rel=1e-6)


def test_symbolic_and_locked_edges_pay_nothing() -> None:
    network = random_network([2, 4, 1], 3, forms=0.4, locked=0.3)
    arrays = network.arrays()
    columns = columns_of(arrays)
    blocks = GroupSparsity(1.0).blocks(arrays, trace_layers(random_inputs(network, 3), arrays), columns)
    starts = sorted(int(start) for own in columns.layers for start in own.spline[own.spline >= 0])
    assert sorted(block.start for block in blocks) == starts
    assert starts

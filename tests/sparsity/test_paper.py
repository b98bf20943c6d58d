"""The penalty of the paper against its definition in torch, and what it does to a fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import NetworkArrays, columns_of, trace_layers
from kanlab.kernels.passes import edge_outputs
from kanlab.network import trace
from kanlab.sparsity import L1Entropy, Shrinkage
from kanlab.training import OPTIMIZERS, FitOptions, fit, mean_loss, samples_of
from tests.networks import SEEDS, SHAPES, random_inputs, random_network
from tests.problems import exp_sin_square, fresh


def by_definition(arrays: NetworkArrays, inputs: np.ndarray, l1: float, entropy: float) -> float:
    """Section 2.5 of the paper, equations 2.17 to 2.20, word by word."""
    total = 0.0
    for seen, layer in zip(trace_layers(inputs, arrays), arrays.layers, strict=True):
        norms = torch.from_numpy(np.abs(edge_outputs(seen, layer)).mean(axis=0)[layer.splines])
        shares = norms / norms.sum()
        total += float(l1 * norms.sum() + entropy * torch.special.entr(shares).sum())
    return total


@given(shape=st.sampled_from(SHAPES), seed=SEEDS, l1=st.floats(0, 3), entropy=st.floats(0, 10))
@settings(max_examples=25)
def test_the_value_is_that_of_the_paper(shape: list[Any], seed: int, l1: float, entropy: float) -> None:
    network = random_network(shape, seed)
    inputs = random_inputs(network, seed)
    penalty = L1Entropy(0.1, l1, entropy, floor=1e-12)
    wanted = 0.1 * by_definition(network.arrays(), inputs, l1, entropy)
    assert penalty.value(network.arrays(), inputs) == pytest.approx(wanted, rel=1e-8, abs=1e-9)


@given(shape=st.sampled_from(SHAPES), seed=SEEDS)
@settings(max_examples=25)
def test_its_slope_goes_through_all_layers(shape: list[Any], seed: int) -> None:
    network = random_network(shape, seed, forms=0.2, locked=0.2)
    inputs, arrays = random_inputs(network, seed), network.arrays()
    columns = columns_of(arrays)
    penalty = L1Entropy(1.0, 1.0, 2.0, floor=0.05)
    near = penalty.tangent(arrays, trace_layers(inputs, arrays), columns, curved=True)
    assert near.value == pytest.approx(penalty.value(arrays, inputs), rel=1e-12, abs=1e-14)
    theta, move = columns.pack(arrays), np.random.default_rng(seed).normal(size=columns.count)
    ahead, behind = (penalty.value(columns.unpack(theta + t * move, arrays), inputs) for t in (1e-6, -1e-6))
    assert near.gradient @ move == pytest.approx((ahead - behind) / 2e-6, rel=2e-5, abs=2e-5)
    for block in near.blocks:
        assert np.linalg.eigvalsh(block.matrix).min() >= -1e-12 * max(np.abs(block.matrix).max(), 1e-300)


def test_the_quadratic_lies_above_the_l1_norm_of_a_layer() -> None:
    arrays = random_network([2, 3], 1).arrays()
    inputs = random_inputs(random_network([2, 3], 1), 1)
    columns, penalty = columns_of(arrays), L1Entropy(1.0, 1.0, 0.0, floor=0.01)
    near = penalty.tangent(arrays, trace_layers(inputs, arrays), columns, curved=True)
    theta, generator = columns.pack(arrays), np.random.default_rng(0)
    for size in (1e-3, 0.1, 1.0, 10.0):
        move = size * generator.normal(size=theta.shape)
        bend = sum(
            move[b.start : b.start + len(b.matrix)] @ b.matrix @ move[b.start : b.start + len(b.matrix)]
            for b in near.blocks
        )
        there = penalty.value(columns.unpack(theta + move, arrays), inputs)
        assert there <= near.value + near.gradient @ move + bend + 1e-10


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_fit_with_it_is_sparser(optimizer: str) -> None:
    rows, _, _ = exp_sin_square(0, 150)
    penalty = L1Entropy(0.02, 1.0, 2.0)
    steps = {"lm": 60, "lbfgs": 30, "adam": 600}[optimizer]
    counts, totals = [], []
    for penalties in ((), (penalty,)):
        options = FitOptions(
            steps=steps, optimizer=optimizer, penalties=penalties, move_grids=optimizer != "adam"
        )
        network = fit(fresh([2, 5, 1], 0, rows), rows, options)
        sizes = [np.abs(layer.edges).mean(axis=0).ravel() for layer in trace(network, rows.inputs).layers]
        edges = np.concatenate(sizes)
        counts.append(int((edges > 0.02 * edges.max()).sum()))
        train, _, _ = samples_of(network, rows)
        totals.append(mean_loss(network.arrays(), train) + penalty.value(network.arrays(), train.inputs))
    assert totals[1] < totals[0]
    # steps of a fixed length do not reach zero
    assert optimizer == "adam" or counts[1] <= counts[0] - 3


def test_shrinkage_is_half_the_variance_of_every_edge() -> None:
    network = random_network([2, 3, 1], 5)
    inputs, arrays = random_inputs(network, 5, 60), network.arrays()
    columns, passes = columns_of(arrays), trace_layers(inputs, arrays)
    blocks = Shrinkage(0.3).blocks(arrays, passes, columns)
    theta = columns.pack(arrays)
    got = sum(
        theta[b.start : b.start + len(b.matrix)] @ b.matrix @ theta[b.start : b.start + len(b.matrix)]
        for b in blocks
    )
    spread = sum(
        edge_outputs(seen, layer).var(axis=0).sum() for seen, layer in zip(passes, arrays.layers, strict=True)
    )
    assert got == pytest.approx(0.15 * spread, rel=1e-10)

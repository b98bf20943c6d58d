"""The batch against the kernels of one network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.kernels import LayerArrays, NetworkArrays, columns_of, forward
from kanlab.kernels import batch as batch_room
from kanlab.kernels.batch import (
    batch_activations,
    batch_errors,
    batch_normal,
    batch_of,
    can_batch,
    columns_order,
    member_of,
)
from kanlab.kernels.batch_rows import batch_rows
from kanlab.training.problem import Samples, mean_squared_error, normal_equations
from tests.networks import SEEDS, miss, random_inputs, random_network

SHAPES = ([1, 1], [2, 3, 1], [3, 2, 2], [2, 2, 2, 1])


def members(shape: list[Any], seed: int, **options: Any) -> tuple[list[NetworkArrays], Samples]:
    networks = [random_network(shape, seed + number, **options) for number in range(3)]
    arrays = [network.arrays() for network in networks]
    generator = np.random.default_rng(seed)
    inputs = random_inputs(networks[0], seed, 60, reach=1.2)
    targets = generator.normal(size=(60, shape[-1]))
    return arrays, Samples(inputs, targets, generator.uniform(0.1, 2, 60))


@given(
    seed=SEEDS,
    shape=st.sampled_from(SHAPES),
    order=st.integers(1, 4),
    base=st.sampled_from(["silu", "identity", "zero"]),
)
def test_normal_equations_and_errors_are_those_of_each_network(
    seed: int, shape: list[Any], order: int, base: str
) -> None:
    arrays, samples = members(shape, seed, order=order, base=base)
    agrees(arrays, samples)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_grids_need_not_be_even(order: int) -> None:
    arrays, samples = members([2, 3, 2], 4, order=order)
    gaps = np.random.default_rng(order).uniform(0.3, 1.0, arrays[0].layers[0].knots.shape[1])
    share = (np.cumsum(gaps) - gaps[0]) / gaps[1:].sum()
    uneven: list[NetworkArrays] = []
    for network in arrays:
        layers: list[LayerArrays] = []
        for layer in network.layers:
            low, high = layer.knots[:, :1], layer.knots[:, -1:]
            layers.append(replace(layer, knots=low + share * (high - low)))
        uneven.append(replace(network, layers=tuple(layers)))
    agrees(uneven, samples)


def agrees(arrays: list[NetworkArrays], samples: Samples) -> None:
    assert can_batch(arrays)
    batch = batch_of(arrays)
    rows = batch_rows(samples.inputs, samples.targets, samples.weights, arrays[0].layers[0])
    matrices, gradients, errors = batch_normal(batch, rows)
    _, place = columns_order(arrays[0])
    for s, network in enumerate(arrays):
        wanted, _ = normal_equations(network, samples, columns_of(network))
        whole = np.tril(matrices[s]) + np.tril(matrices[s], -1).T
        assert miss(whole[np.ix_(place, place)], wanted.matrix) <= 1e-12
        assert miss(gradients[s][place], wanted.gradient) <= 1e-11
        assert errors[s] == pytest.approx(wanted.error, rel=1e-12)
        assert batch_errors(batch, rows)[s] == pytest.approx(mean_squared_error(network, samples), rel=1e-12)
        outputs = batch_activations(batch, rows)[-1][s].T
        assert miss(outputs, forward(samples.inputs, network)) <= 1e-12


def test_what_is_not_a_number_reaches_the_diagonal() -> None:
    arrays, samples = members([2, 2, 1], 0)
    batch = batch_of(arrays)
    theta = batch.theta
    theta[0, 0] = np.inf
    rows = batch_rows(samples.inputs, samples.targets, None, arrays[0].layers[0])
    matrix, gradient, _ = batch_normal(batch.with_theta(theta), rows)
    diagonal = matrix.diagonal(axis1=1, axis2=2)
    assert not np.isfinite(diagonal[0]).all() or not np.isfinite(gradient[0]).all()
    assert np.isfinite(matrix[1:]).all()
    assert np.isfinite(gradient[1:]).all()


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, samples = members([2, 3, 1], 5)
    batch = batch_of(arrays)
    rows = batch_rows(samples.inputs, samples.targets, samples.weights, arrays[0].layers[0])
    whole = batch_normal(batch, rows)
    monkeypatch.setattr(batch_room, "CHUNK_NUMBERS", 1300)
    for one, other in zip(batch_normal(batch, rows), whole, strict=True):
        assert miss(one, other) <= 1e-13


def test_members_come_back_as_they_went_in() -> None:
    arrays, _ = members([2, 3, 1], 0)
    batch = batch_of(arrays)
    again = batch.with_theta(batch.theta)
    for s, network in enumerate(arrays):
        for made in (member_of(batch, s, network), member_of(again.take(np.array([s])), 0, network)):
            for new, old in zip(made.layers, network.layers, strict=True):
                for name in ("knots", "coefficients", "base_scale", "bias"):
                    assert np.array_equal(getattr(new, name), getattr(old, name))
        columns, place = columns_order(network)
        assert np.array_equal(batch.theta[s][place], columns.pack(network))


def test_some_members_can_be_replaced() -> None:
    batch = batch_of(members([2, 3, 1], 0)[0])
    other = batch_of(members([2, 3, 1], 9)[0])
    for layer in (*batch.layers, *other.layers):
        assert layer.breaks.shape[:2] == layer.pieces.shape[:2] == layer.roughness.shape[:2]
    chosen = np.array([2, 0])
    mixed = batch.put(chosen, other.take(np.array([0, 1])))
    for new, old, fresh in zip(mixed.layers, batch.layers, other.layers, strict=True):
        for name in ("knots", "weights", "breaks", "pieces", "roughness"):
            assert np.array_equal(getattr(new, name)[1], getattr(old, name)[1])
            assert np.array_equal(getattr(new, name)[chosen], getattr(fresh, name)[:2])


def test_only_like_networks_stand_side_by_side() -> None:
    (one, other, _), _ = members([2, 3, 1], 0)
    assert can_batch([one, other])
    for odd in (
        random_network([2, 2, 1], 0),
        random_network([2, 3, 1], 0, intervals=5),
        random_network([2, 3, 1], 0, forms=1.0),
        random_network([2, 3, 1], 0, locked=1.0),
        random_network([2, (1, 1), 1], 0),
        random_network([2, 3, 1, 1], 0),
    ):
        assert not can_batch([one, odd.arrays()])

"""Edges that share a curve: their columns add up, in every way to slopes there is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import columns_of, jacobian, normal_sums, split_weights, trace_layers
from kanlab.kernels.products import diagonal, pull_back, push
from kanlab.kernels.ties import joined, linked_sources, renamed, tied_mask
from kanlab.network import KAN, EdgeId, lock_edge
from kanlab.training import Samples
from kanlab.training.problem import loss_and_gradient
from tests.networks import SEEDS, SHAPES, miss, random_inputs, shared_network

NETWORKS = given(
    shape=st.sampled_from([shape for shape in SHAPES if shape != [1, 1]]),
    order=st.sampled_from([1, 3, 6]),
    forms=st.sampled_from([0.0, 0.3]),
    seed=SEEDS,
)
CLOSE = 1e-11


def by_autograd(network: KAN, inputs: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """The gradient of sum(pull * outputs) by the free parameters: torch knows no ties, so the copies are added here."""
    outputs = network(torch.from_numpy(inputs))
    (outputs * torch.from_numpy(pull)).sum().backward()
    arrays = network.arrays()
    columns = columns_of(arrays)
    out = np.zeros(columns.count)
    for layer, own, held in zip(network.layers, columns.layers, arrays.layers, strict=True):
        parts = split_weights(layer.weights.grad.numpy(), held.inputs)
        slopes = dict(zip(("coefficients", "base_scale", "bias"), parts, strict=True))
        if layer.affine.grad is not None:
            slopes["affine"] = layer.affine.grad.numpy()
        for (i, j), start in np.ndenumerate(own.spline):
            if start >= 0:
                out[start : start + held.bases] += slopes["coefficients"][i, :, j]
                out[start + held.bases] += slopes["base_scale"][i, j]
        for (i, j), start in np.ndenumerate(own.form):
            if start >= 0:
                out[start : start + 3] += slopes["affine"][i, j, :3]
        out[own.bias : own.bias + held.outputs] += slopes["bias"]
    return out


@NETWORKS
@settings(max_examples=30)
def test_gradients_are_those_of_autograd(shape: list[Any], order: int, forms: float, seed: int) -> None:
    network = shared_network(shape, seed, order=order, forms=forms)
    inputs, arrays = random_inputs(network, seed, 12), network.arrays()
    columns, passes = columns_of(arrays), trace_layers(inputs, arrays)
    generator = np.random.default_rng(seed)
    outputs = passes[-1].nodes
    pull = generator.normal(size=outputs.shape)
    wanted = by_autograd(network, inputs, pull)
    whole = jacobian(passes, arrays, columns)
    assert miss(whole.T @ pull.ravel(), wanted) <= CLOSE
    assert miss(pull_back(passes, arrays, columns, pull), wanted) <= CLOSE
    v = generator.normal(size=columns.count)
    assert miss(push(passes, arrays, columns, v).ravel(), whole @ v) <= CLOSE
    targets = outputs - 0.5 * len(inputs) * pull
    assert miss(loss_and_gradient(arrays, Samples(inputs, targets), columns)[1], wanted) <= CLOSE
    weights = generator.uniform(0.2, 2, len(inputs))
    matrix, gradient, _ = normal_sums(passes, arrays, columns, pull, weights)
    row_weights = np.repeat(weights, pull.shape[1])
    assert miss(matrix, whole.T @ (row_weights[:, None] * whole)) <= CLOSE
    assert miss(gradient, whole.T @ (row_weights * pull.ravel())) <= CLOSE
    exact = (whole**2).sum(axis=0)
    bound = diagonal(passes, arrays, columns, np.ones_like(outputs))
    assert (bound >= exact * (1 - 1e-9)).all()
    assert np.allclose(bound[uses(columns) == 1], exact[uses(columns) == 1])


def uses(columns: Any) -> np.ndarray:
    return np.ones(columns.count) if columns.uses is None else columns.uses


@NETWORKS
@settings(max_examples=20)
def test_the_flat_vector_goes_there_and_back(shape: list[Any], order: int, forms: float, seed: int) -> None:
    network = shared_network(shape, seed, order=order, forms=forms)
    arrays = network.arrays()
    columns = columns_of(arrays)
    theta = np.random.default_rng(seed).normal(size=columns.count)
    fresh = columns.unpack(theta, arrays)
    assert np.array_equal(columns.pack(fresh), theta)
    for layer, old in zip(fresh.layers, arrays.layers, strict=True):
        assert layer.ties == old.ties
        for group in layer.ties:
            sources, targets = np.transpose(group)
            curves = layer.coefficients[sources, :, targets]
            assert (curves == curves[0]).all()


def test_columns_are_counted_once() -> None:
    network = shared_network([2, 3, 1], 0, intervals=4)
    layers = network.arrays().layers
    saved = sum(len(group) - 1 for layer in layers for group in layer.ties)
    assert saved >= 2
    # 9 edges with 7 coefficients and a base scale, 4 biases
    assert columns_of(network.arrays()).count == (9 - saved) * 8 + 4 == network.parameter_count()


@pytest.mark.parametrize("member", [0, 1])
def test_one_that_is_fixed_fixes_all(member: int) -> None:
    network = shared_network([3, 1], 0)
    (group,) = network.arrays().layers[0].ties
    i, j = group[member]
    for columns in (
        columns_of(network.arrays(), fixed=[(0, i, j)]),
        columns_of(lock_edge(network, EdgeId(0, i, j)).arrays()),
    ):
        assert all(columns.layers[0].spline[edge] == -1 for edge in group)


def test_groups_as_data() -> None:
    ties = joined((), [(1, 0), (0, 0)])
    assert ties == (((0, 0), (1, 0)),)
    more = joined(ties, [(2, 1), (3, 1)])
    assert more == (((0, 0), (1, 0)), ((2, 1), (3, 1)))
    assert joined(more, [(1, 0), (3, 1)]) == (((0, 0), (1, 0), (2, 1), (3, 1)),)
    assert linked_sources(more) == [[0, 1], [2, 3]]
    assert linked_sources((*more, ((1, 2), (2, 2)))) == [[0, 1, 2, 3]]
    assert linked_sources((((0, 0), (0, 1)),)) == []
    assert renamed(more, lambda edge: None if edge == (1, 0) else (edge[0] - 1, edge[1])) == (
        ((1, 1), (2, 1)),
    )
    assert tied_mask(more, (4, 2)).sum() == 4

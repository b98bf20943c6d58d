"""The network as a value: units, types, seeds and the state of the world around it."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy as np
import pytest
import torch

from kanlab.errors import ShapeError
from kanlab.network import KAN, NetworkSpec, Scaling, trace
from tests.networks import SHAPES, miss, random_inputs, random_network


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_trace_shows_how_the_outputs_came_about(shape: list[Any]) -> None:
    network = random_network(shape, 2, forms=0.3)
    inputs = random_inputs(network, 2)
    seen = trace(network, inputs)
    arrays = network.arrays()
    for number, (layer, held) in enumerate(zip(arrays.layers, seen.layers, strict=True)):
        assert miss(held.edges.sum(axis=1) + layer.bias, held.subnodes) <= 1e-13
        nodes = [held.subnodes[:, j] for j in range(layer.sums)]
        start = layer.sums
        for arity in layer.products:
            nodes.append(np.multiply.reduce(held.subnodes[:, start : start + arity], axis=1))
            start += arity
        assert np.array_equal(np.stack(nodes, axis=1), held.nodes)
        if number:
            assert np.array_equal(held.inputs, seen.layers[number - 1].nodes)
    assert miss(network.scaling.restore_outputs(seen.outputs), network.predict(inputs)) <= 1e-13


TABLES = {
    "as it is": (0.0, 1.0),
    "at 1e30": (0.0, 1e30),
    "at 1e-6": (0.0, 1e-6),
    "at 1e-300": (0.0, 1e-300),
    "offset 1e6": (1e6, 1.0),
    "offset -1e6": (-1e6, 0.5),
    "far and wide": (1e20, 1e18),
}


@pytest.mark.parametrize("kind", list(TABLES))
def test_scaling_brings_any_column_near_one_and_back(kind: str) -> None:
    offset, size = TABLES[kind]
    generator = np.random.default_rng(0)
    inputs = offset + size * generator.uniform(-1, 1, (300, 2))
    targets = offset + size * generator.normal(size=(300, 1))
    scaling = Scaling.of(inputs, targets)
    scaled = scaling.scale_inputs(inputs)
    assert 0.5 <= np.abs(scaled).max() <= 15
    assert 0.1 <= scaling.scale_targets(targets).std() <= 5.1
    back = scaling.restore_outputs(scaling.scale_targets(targets))
    assert np.abs(back - targets).max() <= 4e-16 * np.abs(targets).max()
    network = random_network([2, 2, 1], 1, scaling=scaling)
    assert np.isfinite(network.predict(inputs)).all()
    with torch.no_grad():
        assert miss(network(torch.from_numpy(inputs)).numpy(), network.predict(inputs)) <= 1e-9


def test_numbers_near_one_keep_their_units() -> None:
    generator = np.random.default_rng(0)
    scaling = Scaling.of(generator.uniform(0, 1, (50, 3)), generator.normal(1, 2, (50, 1)))
    assert not scaling.input_center.any()
    assert (scaling.input_scale == 1).all()
    assert (scaling.output_center == 0).all()
    assert (scaling.output_scale == 1).all()


@pytest.mark.parametrize("value", [0.0, 1.0, -7e20, 1e-30])
def test_a_constant_column_has_a_finite_scale(value: float) -> None:
    table = np.full((10, 1), value)
    scaling = Scaling.of(table, table)
    assert np.isfinite(scaling.scale_inputs(table)).all()
    assert scaling.input_scale[0] > 0
    assert np.array_equal(scaling.restore_outputs(scaling.scale_targets(table)), table)


def test_float32_networks_stay_float32_and_agree_with_float64() -> None:
    plain = random_network([2, (2, 1), 1], 3, forms=0.3)
    single = KAN.from_arrays(plain.arrays(), scaling=plain.scaling, dtype=torch.float32)
    inputs = random_inputs(plain, 3, 200)
    assert single.dtype == torch.float32
    assert {value.dtype for value in single.parameters()} == {torch.float32}
    with torch.no_grad():
        value = single(torch.from_numpy(inputs).to(torch.float32))
    assert value.dtype == torch.float32
    # 24 bits and a few hundred sums
    assert miss(value.numpy(), plain.predict(inputs)) <= 1e-4
    assert miss(single.predict(inputs), plain.predict(inputs)) <= 1e-5
    assert single.replace(single.arrays()).dtype == torch.float32


def test_nothing_outside_is_touched() -> None:
    torch.manual_seed(7)
    np.random.seed(7)  # noqa: NPY002  the state that must stay
    random.seed(7)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    world = torch.get_default_dtype(), torch.is_grad_enabled(), dict(np.geterr()), os.getcwd()  # noqa: PTH109
    network = random_network([2, 3, 1], 1, forms=0.3)
    network.predict(random_inputs(network, 1))
    trace(network, random_inputs(network, 1))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002
    assert random.getstate() == before[2]
    assert (torch.get_default_dtype(), torch.is_grad_enabled(), dict(np.geterr()), os.getcwd()) == world  # noqa: PTH109


def test_one_seed_gives_one_network() -> None:
    spec = NetworkSpec.of([3, 4, 1])
    one, same, other = KAN(spec, seed=5), KAN(spec, seed=5), KAN(spec, seed=6)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), same.parameters(), strict=True))
    assert not torch.equal(one.layers[0].coefficients, other.layers[0].coefficients)


def test_forward_stores_nothing() -> None:
    network = random_network([2, 3, 1], 0)
    layer = network.layers[0]
    before = set(vars(network)), set(vars(layer)), set(dict(network.named_buffers()))
    network(torch.from_numpy(random_inputs(network, 0)))
    assert (set(vars(network)), set(vars(layer)), set(dict(network.named_buffers()))) == before


def test_edits_share_what_they_do_not_touch() -> None:
    network = random_network([2, 3, 1], 0)
    again = network.replace(network.arrays())
    assert again.layers[0].coefficients.data_ptr() == network.layers[0].coefficients.data_ptr()


@pytest.mark.parametrize("shape", [(5,), (5, 3), (5, 1), (2, 2, 2), ()])
def test_inputs_of_a_wrong_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="rows of 2 numbers"):
        random_network([2, 1], 0).predict(np.zeros(shape))
    with pytest.raises(ShapeError, match="rows of 2 numbers"):
        random_network([2, 1], 0)(torch.zeros(shape))
    with pytest.raises(ShapeError, match="rows of 2 numbers"):
        random_network([2, 1], 0).layers[0](torch.zeros(shape, dtype=torch.float64))


def test_parameters_are_counted() -> None:
    network = random_network([2, 3, 1], 0, order=3, intervals=5)
    # 9 edges with 8 coefficients and a base scale each, 4 biases
    assert network.parameter_count() == 9 * 9 + 4

"""The compiled loops against the torch path, autograd and central differences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import (
    BASE_FUNCTIONS,
    columns_of,
    forward,
    jacobian,
    normal_sums,
    split_weights,
    trace_layers,
)
from kanlab.kernels.passes import edge_outputs
from kanlab.network import KAN
from kanlab.training import Samples
from kanlab.training.problem import loss_and_gradient, mean_squared_error
from tests.networks import SEEDS, SHAPES, miss, random_inputs, random_network

SAME = 1e-12  # both paths are float64 and differ by the order of sums; measured 8e-14
NETWORKS = given(
    shape=st.sampled_from(SHAPES),
    order=st.integers(1, 6),
    intervals=st.integers(1, 9),
    base=st.sampled_from(list(BASE_FUNCTIONS)),
    forms=st.sampled_from([0.0, 0.4]),
    seed=SEEDS,
)


def autograd_jacobian(network: KAN, inputs: np.ndarray) -> dict[str, np.ndarray]:
    """d outputs / d every parameter, [rows * outputs, *parameter]."""
    held = dict(network.named_parameters())
    x = torch.from_numpy(inputs)

    def run(parameters: dict[str, torch.Tensor]) -> torch.Tensor:
        return torch.func.functional_call(network, parameters, (x,)).flatten()

    slopes = {name: value.detach().numpy() for name, value in torch.func.jacrev(run)(held).items()}
    for number, layer in enumerate(network.layers):
        rows = [split_weights(row, len(layer.knots)) for row in slopes.pop(f"layers.{number}.weights")]
        for name, parts in zip(("coefficients", "base_scale", "bias"), zip(*rows, strict=True), strict=True):
            slopes[f"layers.{number}.{name}"] = np.stack(parts)
    return slopes


def packed_jacobian(network: KAN, inputs: np.ndarray) -> np.ndarray:
    """The same, in the order of the columns."""
    arrays = network.arrays()
    slopes = autograd_jacobian(network, inputs)
    rows = len(slopes["layers.0.bias"])
    columns = columns_of(arrays)
    return np.stack(
        [
            columns.pack(
                replace(
                    arrays,
                    layers=tuple(
                        replace(
                            layer,
                            **{
                                name: slopes[f"layers.{number}.{name}"][row]
                                for name in ("coefficients", "base_scale", "bias", "affine")
                            },
                        )
                        for number, layer in enumerate(arrays.layers)
                    ),
                )
            )
            for row in range(rows)
        ]
    )


@NETWORKS
@settings(max_examples=60)
def test_loops_and_torch_agree(
    shape: list[Any], order: int, intervals: int, base: str, forms: float, seed: int
) -> None:
    network = random_network(shape, seed, order=order, intervals=intervals, base=base, forms=forms)
    inputs = random_inputs(network, seed)
    with torch.no_grad():
        wanted = network(torch.from_numpy(inputs)).numpy()
    assert np.isfinite(wanted).all()
    assert miss(network.predict(inputs), wanted) <= SAME
    passes = trace_layers(inputs, network.arrays())
    assert miss(passes[-1].nodes, wanted) <= SAME
    for seen, layer in zip(passes, network.arrays().layers, strict=True):
        assert miss(edge_outputs(seen, layer).sum(axis=1) + layer.bias, seen.subnodes) <= SAME


@NETWORKS
@settings(max_examples=30)
def test_they_agree_far_outside_the_grid(
    shape: list[Any], order: int, intervals: int, base: str, forms: float, seed: int
) -> None:
    network = random_network(shape[:1] + shape[-1:], seed, order=order, intervals=intervals, base=base)
    inputs = random_inputs(network, seed, reach=100.0)
    with torch.no_grad():
        wanted = network(torch.from_numpy(inputs)).numpy()
    # bases of size (100 G)^k cancel there
    assert miss(network.predict(inputs), wanted) <= 1e-9


@NETWORKS
@settings(max_examples=25)
def test_jacobian_equals_autograd(
    shape: list[Any], order: int, intervals: int, base: str, forms: float, seed: int
) -> None:
    network = random_network(shape, seed, order=order, intervals=intervals, base=base, forms=forms)
    inputs = random_inputs(network, seed, 6)
    arrays = network.arrays()
    got = jacobian(trace_layers(inputs, arrays), arrays, columns_of(arrays))
    assert miss(got, packed_jacobian(network, inputs)) <= 1e-11


@pytest.mark.parametrize("base", [["silu", "zero", "tanh"], ["silu"] * 3], ids=str)
def test_layers_of_different_order_and_base_have_the_jacobian_of_autograd(base: list[str]) -> None:
    network = random_network([2, 3, (1, [3]), 1], 4, order=[3, 1, 2], base=base)
    inputs = random_inputs(network, 4, 20)
    arrays = network.arrays()
    columns, passes = columns_of(arrays), trace_layers(inputs, arrays)
    wanted = packed_jacobian(network, inputs)
    assert miss(jacobian(passes, arrays, columns), wanted) <= 1e-11
    residual = passes[-1].nodes
    matrix, gradient, _ = normal_sums(passes, arrays, columns, residual, None)
    assert miss(matrix, wanted.T @ wanted) <= 1e-11
    assert miss(gradient, wanted.T @ residual.ravel()) <= 1e-11


@NETWORKS
@settings(max_examples=25)
def test_gradient_of_the_loss_equals_autograd(
    shape: list[Any], order: int, intervals: int, base: str, forms: float, seed: int
) -> None:
    network = random_network(shape, seed, order=order, intervals=intervals, base=base, forms=forms)
    inputs = random_inputs(network, seed, 20)
    generator = np.random.default_rng(seed)
    targets = generator.normal(size=network.predict(inputs).shape)
    weights = generator.uniform(0.2, 2.0, len(inputs))
    arrays = network.arrays()
    samples, columns = Samples(inputs, targets, weights), columns_of(arrays)
    error, gradient = loss_and_gradient(arrays, samples, columns)
    residual = network(torch.from_numpy(inputs)) - torch.from_numpy(targets)
    loss = (torch.from_numpy(weights)[:, None] * residual**2).sum(dim=1).mean().detach()
    assert error == pytest.approx(float(loss), rel=1e-12)
    assert mean_squared_error(arrays, samples) == pytest.approx(float(loss), rel=1e-12)
    wanted = (
        2
        / len(inputs)
        * packed_jacobian(network, inputs).T
        @ (residual.detach().numpy() * weights[:, None]).ravel()
    )
    assert miss(gradient, wanted) <= 1e-11


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_slopes_equal_central_differences(order: int) -> None:
    network = random_network([3, 4], 5, order=order, forms=0.3)
    inputs = random_inputs(network, 5, 30, reach=0.99)
    layer = network.arrays().layers[0]
    # away from knots, where a spline of degree 1 has a kink
    near = np.abs(inputs[:, :, None] - layer.breaks[None]).min(axis=2)
    inputs = inputs[(near > 1e-4).all(axis=1)]
    step = 1e-5
    slope = trace_layers(inputs, network.arrays())[0].slope
    for i in range(3):
        move = np.zeros(3)
        move[i] = step
        ahead = edge_outputs(trace_layers(inputs + move, network.arrays())[0], layer)
        behind = edge_outputs(trace_layers(inputs - move, network.arrays())[0], layer)
        # step^2 times a third derivative of some hundreds
        assert np.abs((ahead - behind)[:, i] / (2 * step) - slope[:, i]).max() <= 1e-6


@pytest.mark.parametrize("shape", [[2, 3, 1], [2, (1, 1), 1]], ids=str)
def test_nan_stays_nan_and_touches_no_other_row(shape: list[Any]) -> None:
    network = random_network(shape, 3, forms=0.3)
    inputs = random_inputs(network, 3, 5)
    clean = network.predict(inputs)
    inputs[2, 1] = np.nan
    got = network.predict(inputs)
    assert np.isnan(got[2]).all()
    assert np.array_equal(np.delete(got, 2, axis=0), np.delete(clean, 2, axis=0))
    with torch.no_grad():
        assert np.isnan(network(torch.from_numpy(inputs)).numpy()[2]).all()
    assert np.isnan(forward(np.full((1, 2), np.nan), network.arrays())).all()


def test_no_rows_give_no_rows() -> None:
    network = random_network([2, 3, 1], 0)
    assert network.predict(np.empty((0, 2))).shape == (0, 1)


@pytest.mark.parametrize("name", list(BASE_FUNCTIONS))
def test_base_functions_are_the_same_in_numpy_and_torch(name: str) -> None:
    base = BASE_FUNCTIONS[name]
    x = torch.linspace(-30, 30, 101, dtype=torch.float64, requires_grad=True)
    value = base.torch(x)
    points = x.detach().numpy()
    assert np.abs(base.numpy(points) - value.detach().numpy()).max() <= 1e-14
    if value.requires_grad:
        (slope,) = torch.autograd.grad(value.sum(), x)
        assert np.abs(base.derivative(points) - slope.numpy()).max() <= 1e-14
    else:
        assert not base.derivative(points).any()

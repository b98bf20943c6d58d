"""Value, gradient and second derivatives, and their Jacobians, against autograd on the torch path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from kanlab.errors import ShapeError
from kanlab.kernels import BASE_FUNCTIONS, columns_of, split_weights
from kanlab.network import KAN, Scaling
from kanlab.pde import Fields, fields
from kanlab.pde.base import BASE_DERIVATIVES
from kanlab.pde.domain import Points
from kanlab.pde.rows import Term
from kanlab.pde.state import State
from tests.networks import SEEDS, SHAPES, miss, random_inputs, random_network

CLOSE = 1e-9
NETWORKS = given(
    shape=st.sampled_from(SHAPES),
    order=st.integers(3, 8),
    intervals=st.integers(1, 7),
    base=st.sampled_from(list(BASE_DERIVATIVES)),
    seed=SEEDS,
)


def network_of(shape: list[Any], order: int, intervals: int, base: str, seed: int) -> KAN:
    """A random network whose units are not the user's."""
    generator = np.random.default_rng(seed)
    inputs, outputs = shape[0], random_network(shape, 0).spec.outputs
    scaling = Scaling(
        generator.normal(size=inputs),
        generator.uniform(0.5, 2, inputs),
        generator.normal(size=outputs),
        generator.uniform(0.5, 2, outputs),
    )
    return random_network(shape, seed, order=order, intervals=intervals, base=base, scaling=scaling)


def autograd_fields(network: KAN, points: np.ndarray) -> Fields:
    """The same fields from torch, differentiable with respect to the parameters."""
    x = torch.from_numpy(points).requires_grad_(True)
    values = network(x)
    slopes, seconds = [], {}
    inputs, outputs = points.shape[1], values.shape[1]
    for m in range(outputs):
        (gradient,) = torch.autograd.grad(values[:, m].sum(), x, create_graph=True)
        slopes.append(gradient)
        for a in range(inputs):
            (second,) = torch.autograd.grad(
                gradient[:, a].sum(), x, create_graph=True, materialize_grads=True
            )
            for b in range(a, inputs):
                seconds.setdefault((a, b), []).append(second[:, b])
    return Fields(
        x.detach(),
        torch.zeros_like(x),
        values,
        torch.stack(slopes, dim=1),
        {pair: torch.stack(parts, dim=1) for pair, parts in seconds.items()},
    )


@NETWORKS
@settings(max_examples=20)
def test_fields_equal_autograd(shape: list[Any], order: int, intervals: int, base: str, seed: int) -> None:
    network = network_of(shape, order, intervals, base, seed)
    points = random_inputs(network, seed, 12)
    got, wanted = fields(network, points), autograd_fields(network, points)
    assert miss(got.value.numpy(), wanted.value.detach().numpy()) <= CLOSE
    assert miss(got.gradient.numpy(), wanted.gradient.detach().numpy()) <= CLOSE
    assert miss(got.hessian.numpy(), wanted.hessian.detach().numpy()) <= CLOSE
    assert miss(got.laplacian.numpy(), wanted.laplacian.detach().numpy()) <= CLOSE


def nonlinear(u: Fields) -> Tensor:
    """Two equations that mix everything."""
    last = u.inputs - 1
    first = u.values[:, 0] * u.slopes[:, -1, 0] + torch.sin(u.seconds[0, last][:, 0])
    second = u.slopes[:, 0, last] ** 2 - u.values[:, -1] * u.seconds[last, last][:, -1] + u.x[:, 0]
    return torch.stack([first, second], dim=1)


def packed(network: KAN, residual: Callable[[Fields], Tensor], points: np.ndarray) -> np.ndarray:
    """Derivatives of the residuals by the free parameters, [E * N, P], from autograd."""
    arrays = network.arrays()
    held = [tensor for layer in network.layers for tensor in (layer.weights, layer.affine)]
    rows = []
    for value in residual(autograd_fields(network, points)).T.flatten():
        grads = iter(
            torch.autograd.grad(value, held, retain_graph=True, allow_unused=True, materialize_grads=True)
        )
        layers = []
        for layer in arrays.layers:
            coefficients, base_scale, bias = split_weights(next(grads).numpy(), layer.inputs)
            slopes = {"coefficients": coefficients, "base_scale": base_scale, "bias": bias}
            layers.append(replace(layer, **slopes, affine=next(grads).numpy()))
        rows.append(columns_of(arrays).pack(replace(arrays, layers=tuple(layers))))
    return np.stack(rows)


@NETWORKS
@settings(max_examples=8)
def test_jacobian_of_a_residual_equals_autograd(
    shape: list[Any], order: int, intervals: int, base: str, seed: int
) -> None:
    network = network_of(shape, order, intervals, base, seed)
    arrays = network.arrays()
    x = random_inputs(network, seed, 3)
    points = Points(x, np.full(3, 0.2), np.zeros_like(x))
    term = Term.of("equation", nonlinear, points, weight=5.0, scaling=network.scaling)
    state = State(arrays, np.zeros(0))
    values, slopes = term.rows_and_jacobian(state, columns_of(arrays))
    wanted = nonlinear(autograd_fields(network, x)).detach().numpy()
    assert miss(values, wanted.T.ravel()) <= CLOSE
    assert miss(term.rows(state), values) <= 1e-14
    assert miss(slopes, packed(network, nonlinear, x)) <= CLOSE


def test_only_the_second_derivatives_that_are_read_are_carried() -> None:
    network = random_network([3, 2, 1], 0)
    x = random_inputs(network, 0, 4)
    points = Points(x, np.full(4, 0.25), np.zeros_like(x))

    def pairs(residual: Callable[[Fields], Tensor]) -> tuple[tuple[int, int], ...]:
        return Term.of("equation", residual, points, weight=1.0, scaling=network.scaling).pairs

    assert pairs(lambda u: u.gradient[:, 2] - u.value) == ()
    assert pairs(lambda u: u.laplacian) == ((0, 0), (1, 1), (2, 2))
    assert pairs(lambda u: u.second(2, 1)) == ((1, 2),)
    assert len(pairs(lambda u: torch.linalg.det(u.hessian))) == 6


@pytest.mark.parametrize("name", list(BASE_DERIVATIVES))
def test_derivatives_of_base_functions_equal_autograd(name: str) -> None:
    x = torch.linspace(-20, 20, 101, dtype=torch.float64, requires_grad=True)
    got = BASE_DERIVATIVES[name](x.detach().numpy())
    value = BASE_FUNCTIONS[name].torch(x)
    for order in range(4):
        assert np.abs(got[order] - value.detach().numpy()).max() <= 1e-13
        if not value.requires_grad:
            assert not got[order + 1 :].any()
            return
        (value,) = torch.autograd.grad(value.sum(), x, create_graph=True, materialize_grads=True)


def test_fields_refuse_what_they_cannot_give() -> None:
    points = np.zeros((2, 2))
    with pytest.raises(ShapeError, match=r"order is 2; .* at least order 3"):
        fields(random_network([2, 2, 1], 0, order=2), points)
    with pytest.raises(ShapeError, match="'relu' has no second derivative"):
        fields(random_network([2, 2, 1], 0, base="relu"), points)
    with pytest.raises(ShapeError, match="symbolic edges"):
        fields(random_network([2, 2, 1], 0, forms=1.0), points)
    with pytest.raises(ShapeError, match=r"shape \(2, 3\); the network expects rows of 2 numbers"):
        fields(random_network([2, 2, 1], 0), np.zeros((2, 3)))

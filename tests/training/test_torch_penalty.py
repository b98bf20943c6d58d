"""Penalties written in torch: value and slope against closed forms, and fits that they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import torch
from torch import Tensor

from kanlab.errors import ActionError
from kanlab.kernels import columns_of
from kanlab.training import OPTIMIZERS, FitOptions, TorchPenalty, fit
from tests.networks import random_inputs, random_network
from tests.problems import exp_sin_square, fresh

Parameters = Mapping[str, Tensor]


def squares(p: Parameters) -> Tensor:
    return torch.stack([(2 * value**2).sum() for value in p.values()]).sum()


def sizes(p: Parameters) -> Tensor:
    return p["layers.0.coefficients"].abs().sum()


def differences(p: Parameters) -> Tensor:
    return (p["layers.1.coefficients"].diff(dim=1) ** 2).sum()


@pytest.mark.parametrize("function", [squares, sizes, differences])
def test_value_and_slope_are_those_of_the_function(function: Callable[[Parameters], Tensor]) -> None:
    network = random_network([2, 3, 1], 2, forms=0.3, locked=0.2)
    arrays = network.arrays()
    columns = columns_of(arrays)
    penalty = TorchPenalty(function)
    near = penalty.tangent(arrays, (), columns, curved=True)
    theta, move = columns.pack(arrays), np.random.default_rng(0).normal(size=columns.count)
    ahead, behind = (
        penalty.value(columns.unpack(theta + t * move, arrays), np.zeros((0, 2))) for t in (1e-6, -1e-6)
    )
    assert near.value == penalty.value(arrays, np.zeros((0, 2)))
    assert near.gradient @ move == pytest.approx((ahead - behind) / 2e-6, rel=1e-6, abs=1e-6)
    assert near.diagonal is not None
    assert (near.diagonal >= 0).all()
    flat = penalty.tangent(arrays, (), columns, curved=False)
    assert np.array_equal(flat.gradient, near.gradient)
    assert flat.diagonal is None


def test_a_diagonal_curvature_is_exact_and_others_are_bounded() -> None:
    arrays = random_network([2, 2, 1], 0).arrays()
    columns = columns_of(arrays)
    near = TorchPenalty(squares).tangent(arrays, (), columns, curved=True)
    assert near.diagonal == pytest.approx(np.full(columns.count, 2.0), rel=1e-12)  # half of d2 (2 v^2) = 4
    near = TorchPenalty(differences).tangent(arrays, (), columns, curved=True)
    assert near.diagonal is not None
    # the second difference has 4 on the diagonal and rows that sum to 8
    assert near.diagonal.max() <= 4 * (1 + 1e-12)
    start = columns.layers[1].spline[0, 0]
    assert near.diagonal[start + 1 : start + 5].min() >= 1.0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_fit_makes_it_small(optimizer: str) -> None:
    rows, _, _ = exp_sin_square(0, 200)
    network = fresh([2, 2, 1], 0, rows)
    sums = []
    for weight in (0.0, 0.1):
        penalty = TorchPenalty(lambda p, weight=weight: weight * sizes(p))
        fitted = fit(network, rows, FitOptions(steps=25, optimizer=optimizer, penalties=(penalty,)))
        sums.append(float(np.abs(fitted.arrays().layers[0].coefficients).sum()))
    assert sums[1] <= (0.5 if optimizer != "adam" else 0.97) * sums[0]


def test_what_is_no_number_is_refused() -> None:
    network = random_network([1, 1], 0)
    with pytest.raises(ActionError, match="one number"):
        TorchPenalty(lambda p: p["layers.0.bias"].repeat(2)).value(
            network.arrays(), random_inputs(network, 0)
        )

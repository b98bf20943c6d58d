"""Least-squares splines."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.interpolate import BSpline, make_lsq_spline

from kanlab.splines import dense_basis, fit_coefficients, open_knots, uniform_knots


def basis_of(x: np.ndarray, knots: np.ndarray, order: int) -> np.ndarray:
    return dense_basis(torch.from_numpy(x), torch.from_numpy(knots), order).numpy()


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_a_spline_is_found_again(order: int) -> None:
    breaks = np.array([[-1.0, -0.3, 0.2, 0.5, 1.4]])
    knots = open_knots(breaks, order)
    coefficients = np.random.default_rng(1).normal(size=(1, 4 + order, 2))
    x = np.linspace(-1, 1.4, 200)[:, None]
    values = BSpline(knots[0], coefficients[0], order)(x[:, 0])[:, None, :]
    found = fit_coefficients(basis_of(x, knots, order), values, knots, order, smoothing=1e-14)
    # coefficients are less certain than values; measured 1e-8 at k = 5
    assert np.abs(found - coefficients).max() <= 1e-7
    assert np.abs(BSpline(knots[0], found[0], order)(x[:, 0]) - values[:, 0]).max() <= 1e-10


def test_noisy_values_give_the_least_squares_spline_of_scipy() -> None:
    generator = np.random.default_rng(2)
    x = np.sort(generator.uniform(-1, 1, 300))
    y = np.sin(3 * x) + 0.1 * generator.normal(size=300)
    knots = uniform_knots(np.array([-1.0]), np.array([1.0]), 6, 3)
    found = fit_coefficients(basis_of(x[:, None], knots, 3), y[:, None, None], knots, 3, smoothing=1e-14)
    wanted = make_lsq_spline(x, y, knots[0], 3)(x)
    assert np.abs(BSpline(knots[0], found[0, :, 0], 3)(x) - wanted).max() <= 1e-8


def test_a_small_gap_in_the_data_is_bridged() -> None:
    x = np.concatenate([np.linspace(-1, -0.15, 50), np.linspace(0.15, 1, 50)])[:, None]
    knots = uniform_knots(np.array([-1.0]), np.array([1.0]), 20, 3)
    found = fit_coefficients(basis_of(x, knots, 3), 2 * x[:, :, None] + 1, knots, 3)
    gap = np.linspace(-0.15, 0.15, 41)
    assert np.abs(BSpline(knots[0], found[0, :, 0], 3)(gap) - (2 * gap + 1)).max() <= 1e-8  # measured 2e-10

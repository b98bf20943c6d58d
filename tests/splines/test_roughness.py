"""Roughness against Gauss-Legendre quadrature of SciPy's derivatives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.interpolate import BSpline

from kanlab.splines import open_knots, roughness_matrices

CASES = [(order, r) for order in range(1, 6) for r in range(1, order + 1)]


def grid(order: int) -> np.ndarray:
    breaks = np.array([[-1.0, -0.4, 0.1, 0.9, 2.0], [10.0, 11.0, 12.0, 13.0, 14.0]])
    return open_knots(breaks, order)


def quadrature(knots: np.ndarray, coefficients: np.ndarray, order: int, derivative: int) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(order + 1)
    slope = BSpline(knots, coefficients, order).derivative(derivative)
    total = 0.0
    breaks = knots[order:-order]
    for low, high in pairwise(breaks):
        x = 0.5 * (low + high) + 0.5 * (high - low) * nodes
        total += 0.5 * (high - low) * float(weights @ slope(x) ** 2)
    return total * float(breaks[-1] - breaks[0]) ** (2 * derivative - 1)


@pytest.mark.parametrize(("order", "derivative"), CASES)
def test_quadratic_form_is_the_integral(order: int, derivative: int) -> None:
    knots = grid(order)
    matrices = roughness_matrices(knots, order, derivative)
    coefficients = np.random.default_rng(7).normal(size=(2, 4 + order))
    for i in range(2):
        wanted = quadrature(knots[i], coefficients[i], order, derivative)
        got = float(coefficients[i] @ matrices[i] @ coefficients[i])
        assert got == pytest.approx(wanted, rel=1e-11)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_jumps_vanish_for_polynomials_and_only_for_them(order: int) -> None:
    knots = grid(order)
    jumps = roughness_matrices(knots, order, order + 1)
    assert np.abs(jumps - jumps.transpose(0, 2, 1)).max() <= 1e-14 * np.abs(jumps).max()
    for i in range(2):
        values = np.linalg.eigvalsh(jumps[i])
        # rank is the number of inner knots; what is free are the polynomials of degree k
        assert (values > 1e-9 * values[-1]).sum() == 3
        assert values[0] >= -1e-10 * values[-1]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_unit_of_x_does_not_matter(order: int) -> None:
    knots = grid(order)
    for derivative in range(1, order + 2):
        plain = roughness_matrices(knots, order, derivative)
        scaled = roughness_matrices(1000 * knots, order, derivative)
        assert np.abs(scaled - plain).max() <= 1e-11 * np.abs(plain).max()

"""Smoothness chosen by the evidence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import j0

from kanlab.kernels import columns_of
from kanlab.network import KAN, NetworkSpec
from kanlab.training import FitOptions, Rows, cover_inputs, fit, samples_of
from kanlab.training.equations import equations_of
from kanlab.training.evidence import EdgeRoughness, weighed_by_evidence


def curve(intervals: int, x: np.ndarray) -> KAN:
    network = KAN(NetworkSpec.of([1, 1], intervals=intervals))
    return network.replace(cover_inputs(network.arrays(), x))


def rmse(network: KAN, x: np.ndarray, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean((network.predict(x)[:, 0] - y) ** 2)))


def wave(x: np.ndarray) -> np.ndarray:
    return j0(20 * x[:, 0])


@pytest.fixture(scope="module")
def table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    x = generator.uniform(-1, 1, (300, 1))
    return x, wave(x), 0.05 * generator.normal(size=300)


def test_a_curve_that_swings_is_drawn_to_the_error_of_its_grid(table: tuple[np.ndarray, ...]) -> None:
    x, y, _ = table
    found = fit(curve(5, x), Rows(x, y[:, None]), FitOptions(grids=(5, 10, 20, 50)))
    inside = np.linspace(-0.98, 0.98, 400)[:, None]
    # measured 1.0e-4; an interpolating cubic on 50 intervals of a wave of frequency 20 leaves h^4 / 384 * 20^4 = 1e-3
    assert rmse(found, inside, wave(inside)) < 5e-4


def test_noise_is_not_fitted_and_needs_no_validation_rows(table: tuple[np.ndarray, ...]) -> None:
    x, y, noise = table
    rows = Rows(x, (y + noise)[:, None])
    inside = np.linspace(-0.98, 0.98, 400)[:, None]
    chosen = rmse(fit(curve(100, x), rows, FitOptions(steps=80)), inside, wave(inside))
    errors = [
        rmse(fit(curve(100, x), rows, FitOptions(steps=80, smoothness=weight)), inside, wave(inside))
        for weight in np.logspace(-16, -4, 13)
    ]
    # as good as the best weight that somebody who knows the truth could choose, and far better than a bad one
    assert chosen < 1.15 * min(errors)
    assert chosen < 0.5 * max(errors)


def test_the_weight_is_a_fixed_point_of_the_evidence(table: tuple[np.ndarray, ...]) -> None:
    x, y, noise = table
    network = curve(30, x)
    train, _, _ = samples_of(network, Rows(x, (y + noise)[:, None]))
    arrays, penalty = network.arrays(), EdgeRoughness.even(network.arrays(), 1e-12)
    columns = columns_of(arrays)
    for _ in range(60):
        normal, passes = equations_of(arrays, train, columns)
        (block,) = penalty.blocks(arrays, passes, columns)
        own = slice(block.start, block.start + len(block.matrix))
        curvature, gradient = normal.matrix.copy(), normal.gradient.copy()
        theta = columns.pack(arrays)
        curvature[own, own] += block.matrix
        gradient[own] += block.matrix @ theta[own]
        arrays = columns.unpack(theta - np.linalg.lstsq(curvature, gradient, rcond=1e-14)[0], arrays)
        penalty = weighed_by_evidence(arrays, train, penalty)
    # log evidence as a function of the weight, by its definition: a Gaussian integral over the coefficients
    weights = penalty.weights[0][0, 0] * np.array([0.5, 1.0, 2.0])
    matrix, target, rows = normal.matrix, normal.matrix @ theta - normal.gradient, train.rows
    unit = block.matrix / penalty.weights[0][0, 0]
    values = []
    for weight in weights:
        bent = matrix.copy()
        bent[own, own] += weight * unit
        least = float(np.mean(train.targets**2)) - target @ np.linalg.lstsq(bent, target, rcond=1e-14)[0]
        # the scale of the noise is integrated out by its most probable value
        degrees = 29
        size = np.linalg.slogdet(bent + 1e-13 * np.diag(bent.diagonal()))[1]
        values.append(-0.5 * rows * np.log(least) - 0.5 * size + 0.5 * degrees * np.log(weight))
    assert np.argmax(values) == 1


def test_what_the_data_do_not_bend_stays_a_cubic() -> None:
    generator = np.random.default_rng(4)
    x = generator.uniform(-1, 1, (200, 1))
    y = x[:, 0] ** 3 - x[:, 0] + 0.1 * generator.normal(size=200)
    found = fit(curve(40, x), Rows(x, y[:, None]), FitOptions(steps=120))
    cubic = np.polynomial.Polynomial.fit(x[:, 0], y, 3)
    inside = np.linspace(-0.95, 0.95, 100)
    assert np.abs(found.predict(inside[:, None])[:, 0] - cubic(inside)).max() < 0.03


def test_edges_of_a_network_lend_each_other_strength() -> None:
    generator = np.random.default_rng(5)
    x = generator.uniform(-1, 1, (400, 2))
    y = np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2)
    network = KAN(NetworkSpec.of([2, 3, 1], intervals=5), seed=1)
    train, _, _ = samples_of(network, Rows(x, y[:, None]))
    start = EdgeRoughness.even(network.arrays(), 1e-8)
    weights = np.concatenate(
        [own.ravel() for own in weighed_by_evidence(network.arrays(), train, start).weights]
    )
    assert (weights > 0).all()
    assert len(np.unique(weights)) > 1
    # powers of two: rounding errors of another unit or machine do not steer a fit
    np.testing.assert_array_equal(np.log2(weights), np.round(np.log2(weights)))
    # the same answer for the same question
    again = weighed_by_evidence(network.arrays(), train, start)
    np.testing.assert_array_equal(np.concatenate([own.ravel() for own in again.weights]), weights)

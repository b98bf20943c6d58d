"""Fits of every objective against scikit-learn and SciPy.

A network of one layer whose splines are straight lines (order 1, one interval, no base function) is a linear model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, PoissonRegressor, QuantileRegressor
from torch import Tensor

from kanlab.network import KAN, NetworkSpec, Scaling
from kanlab.training import OBJECTIVES, OPTIMIZERS, FitOptions, Rows, cover_inputs, fit, huber

# Adam goes on for as long as it is told, the others end by themselves
STEPS = {"lm": 60, "lbfgs": 60, "adam": 1500}
CLOSE = {"lm": 1e-9, "lbfgs": 1e-7, "adam": 2e-3}


def linear(inputs: np.ndarray, outputs: int, scaling: Scaling | None = None) -> KAN:
    spec = NetworkSpec.of([inputs.shape[1], outputs], order=1, intervals=1, base="zero")
    network = KAN(spec, seed=0, scaling=scaling)
    return network.replace(cover_inputs(network.arrays(), network.scaling.scale_inputs(inputs)))


def options(optimizer: str, objective: Any) -> FitOptions:
    return FitOptions(
        steps=STEPS[optimizer], optimizer=optimizer, objective=objective, smoothness=0.0, tolerance=1e-14
    )


def table(seed: int = 0, rows: int = 150) -> tuple[np.ndarray, np.random.Generator]:
    generator = np.random.default_rng(seed)
    return generator.normal(size=(rows, 3)), generator


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_cross_entropy_is_logistic_regression(optimizer: str) -> None:
    x, generator = table()
    y = (x @ generator.normal(size=(3, 3)) + generator.gumbel(size=(150, 3))).argmax(axis=1)
    truth = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, y)
    wanted = -np.log(truth.predict_proba(x)[np.arange(150), y]).mean()
    rows = Rows(x, y[:, None].astype(float))
    network = fit(linear(x, 3), rows, options(optimizer, "cross-entropy"))
    loss = OBJECTIVES["cross-entropy"]
    got = loss.value(network.predict(x), loss.encode(rows.targets, 3), None)
    assert got == pytest.approx(wanted, abs=CLOSE[optimizer])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_binary_cross_entropy_with_weights_is_logistic_regression(optimizer: str) -> None:
    x, generator = table(1)
    y = (x[:, 0] - x[:, 1] + generator.logistic(size=150) > 0).astype(float)
    weights = generator.uniform(0.2, 3, 150)
    truth = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, y, sample_weight=weights)
    rows = Rows(x, y[:, None], weights=weights)
    network = fit(linear(x, 1), rows, options(optimizer, "binary-cross-entropy"))
    value = OBJECTIVES["binary-cross-entropy"].value
    wanted = value(truth.decision_function(x)[:, None], y[:, None], weights / weights.mean())
    got = value(network.predict(x), y[:, None], weights / weights.mean())
    assert got == pytest.approx(wanted, abs=CLOSE[optimizer])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_poisson_is_poisson_regression(optimizer: str) -> None:
    x, generator = table(2)
    y = generator.poisson(np.exp(0.5 + x @ [0.4, -0.3, 0.1])).astype(float)
    truth = PoissonRegressor(alpha=0.0, tol=1e-10, max_iter=1000).fit(x, y)
    network = fit(linear(x, 1), Rows(x, y[:, None]), options(optimizer, "poisson"))
    value = OBJECTIVES["poisson"].value
    wanted = value(np.log(truth.predict(x))[:, None], y[:, None], None)
    assert value(network.predict(x), y[:, None], None) == pytest.approx(wanted, abs=CLOSE[optimizer])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_huber_finds_the_minimum_of_scipy(optimizer: str) -> None:
    x, generator = table(3)
    y = x @ [1.0, -2.0, 0.5] + 0.1 * generator.normal(size=150)
    y[::10] += 20.0
    loss = huber(0.3)

    def total(p: np.ndarray) -> float:
        return loss.value((x @ p[:3] + p[3])[:, None], y[:, None], None)

    truth = minimize(total, np.zeros(4), method="BFGS", options={"gtol": 1e-9})
    network = fit(linear(x, 1), Rows(x, y[:, None]), options(optimizer, loss))
    got = loss.value(network.predict(x), y[:, None], None)
    assert got == pytest.approx(truth.fun, abs=CLOSE[optimizer] * 10)
    plain = fit(linear(x, 1), Rows(x, y[:, None]), options(optimizer, "squared-error"))
    clean = np.arange(150) % 10 != 0
    errors = [np.abs(net.predict(x)[clean, 0] - y[clean]).mean() for net in (network, plain)]
    assert errors[0] <= 0.3 * errors[1]


def pinball(z: Tensor, y: Tensor) -> Tensor:
    rest = y - z
    return torch.maximum(0.8 * rest, -0.2 * rest)[:, 0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_loss_in_torch_with_a_kink(optimizer: str) -> None:
    x, generator = table(4)
    y = 5 + 3 * (x @ [1.0, -1.0, 0.3] + generator.exponential(size=150))
    truth = QuantileRegressor(quantile=0.8, alpha=0.0).fit(x, y)
    scaling = Scaling.of(x, y[:, None])
    rows = Rows(x, y[:, None])
    network = fit(linear(x, 1, scaling), rows, options(optimizer, pinball))

    def value(z: np.ndarray) -> float:
        return float(pinball(torch.from_numpy(z), torch.from_numpy(y[:, None])).mean())

    wanted = value(truth.predict(x)[:, None])
    # curvature at a kink is a guess, so the last digits are slow
    assert value(network.predict(x)) <= 1.03 * wanted


def test_a_loss_in_torch_takes_the_steps_of_the_named_one() -> None:
    x, generator = table(5)
    y = generator.poisson(np.exp(x[:, :1])).astype(float)
    network = linear(x, 1)
    named = fit(network, Rows(x, y), FitOptions(steps=8, objective="poisson"))
    written = fit(
        network,
        Rows(x, y),
        FitOptions(steps=8, objective=lambda z, t: (z.exp() - t * z + torch.xlogy(t, t) - t).sum(dim=1)),
    )
    assert np.abs(named.predict(x) - written.predict(x)).max() <= 1e-9


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_weight_of_two_is_a_row_twice(objective: str) -> None:
    x, generator = table(6, 40)
    outputs = 3 if objective == "cross-entropy" else 1
    y = generator.integers(0, 2, (40, 1)).astype(float)
    twice = np.repeat(np.arange(40), np.where(np.arange(40) < 15, 2, 1))
    weights = np.where(np.arange(40) < 15, 2.0, 1.0)
    settings = FitOptions(steps=6, objective=objective, move_grids=False)
    one = fit(linear(x, outputs), Rows(x, y, weights=weights), settings)
    two = fit(linear(x, outputs), Rows(x[twice], y[twice]), settings)
    assert np.abs(one.predict(x) - two.predict(x)).max() <= 1e-6


def test_outputs_in_other_units_give_the_same_fit() -> None:
    x, generator = table(7)
    y = generator.poisson(np.exp(0.5 * x[:, :1])).astype(float)
    plain = Scaling.identity(3, 1)
    moved = Scaling(plain.input_center, plain.input_scale, np.array([3.0]), np.array([0.2]))
    values = []
    for scaling in (plain, moved):
        network = fit(linear(x, 1, scaling), Rows(x, y), options("lm", "poisson"))
        values.append(OBJECTIVES["poisson"].value(network.predict(x), y, None))
    assert values[0] == pytest.approx(values[1], abs=1e-10)

"""Constants and their standard errors against SciPy's curve_fit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from kanlab.forms import get
from kanlab.symbolic.polish import Table, polish, standard_errors, surprise, weighted_error
from kanlab.symbolic.simplify import add, affine, apply, constant, variable
from kanlab.symbolic.tree import Sum, evaluate, free_values
from tests.symbolic.trees import decay

X = np.random.default_rng(0).uniform(0.1, 3, (150, 1))


def model(x: np.ndarray, offset: float, scale: float, rate: float) -> np.ndarray:
    return offset + scale * np.exp(rate * x)


def test_constants_are_recovered_to_rounding() -> None:
    table = Table(X, model(X[:, 0], 0.4, 2.5, -1.3))
    done = polish(decay(2.0, -1.0, 0.0 + 0.1), table)
    assert free_values(done.tree) == pytest.approx([0.4, 2.5, -1.3], rel=1e-12)
    assert done.error <= 1e-28
    # the standard errors of exact data are rounding too
    assert done.standard_errors.max() <= 1e-13


@pytest.mark.parametrize("weighted", [False, True])
def test_values_and_standard_errors_are_those_of_curve_fit(weighted: bool) -> None:
    generator = np.random.default_rng(1)
    sigma = generator.uniform(0.02, 0.2, len(X)) if weighted else np.full(len(X), 0.1)
    y = model(X[:, 0], 0.4, 2.5, -1.3) + sigma * generator.normal(size=len(X))
    weights = 1 / sigma**2
    table = Table(X, y, weights / weights.mean() if weighted else None)
    done = polish(decay(2.0, -1.0, 0.1), table)
    wanted, covariance = curve_fit(model, X[:, 0], y, p0=[0.1, 2, -1], sigma=sigma, ftol=1e-14, xtol=1e-14)
    assert free_values(done.tree) == pytest.approx(wanted, rel=1e-6)
    assert done.standard_errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-5)
    assert done.error == pytest.approx(weighted_error(done.tree, table), rel=1e-12)


def test_standard_errors_cover_the_truth_as_often_as_they_say() -> None:
    generator = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        y = model(X[:, 0], 0.4, 2.5, -1.3) + 0.1 * generator.normal(size=len(X))
        done = polish(decay(2.4, -1.2, 0.4), Table(X, y))
        inside += int((np.abs(free_values(done.tree) - [0.4, 2.5, -1.3]) <= done.standard_errors).sum())
    # 68.3 % of 600, give or take three standard deviations of the (correlated) counts
    assert 0.60 <= inside / 600 <= 0.76


def test_a_constant_that_the_data_do_not_tell_has_a_large_error() -> None:
    generator = np.random.default_rng(3)
    x = generator.uniform(-1, 1, (80, 2))
    y = 2 * x[:, 0] + 0.01 * generator.normal(size=80)
    tree = add([affine(1.0 + 1e-9, variable(0), 0.1), affine(0.3, variable(1), 0.0)])
    blind = Table(
        np.column_stack([x[:, 0], np.full(80, 0.5)]), y
    )  # the second column cannot be told from a constant
    errors = polish(tree, blind).standard_errors
    assert errors[1] <= 0.01
    assert min(errors[0], errors[2]) >= 1e3


def test_few_rows_give_no_standard_errors() -> None:
    table = Table(X[:3], model(X[:3, 0], 0.4, 2.5, -1.3))
    assert np.isinf(standard_errors(decay(2.0, -1.0, 0.1), table)).all()


def test_a_law_without_constants_and_one_that_is_not_defined_stay() -> None:
    plain = apply(get("sin"), variable(0))
    table = Table(X, np.sin(X[:, 0]))
    assert polish(plain, table).tree == plain
    assert standard_errors(plain, table).shape == (0,)
    lost = apply(get("sqrt"), affine(-2.0, variable(0), 0.0))
    done = polish(lost, table)
    assert done.tree == lost
    assert not np.isfinite(done.error)


def test_rows_at_the_end_of_a_domain_do_not_stop_the_fit() -> None:
    x = np.linspace(0, 2, 40)[:, None]  # sqrt is vertical at the first row
    start: Sum = add([affine(1.1, apply(get("sqrt"), variable(0)), 0.0), constant(0.2)])
    done = polish(start, Table(x, 3 * np.sqrt(x[:, 0]) - 1))
    assert free_values(done.tree) == pytest.approx([-1.0, 3.0], rel=1e-12)
    assert np.isfinite(done.standard_errors).all()
    assert np.abs(evaluate(done.tree, x) - 3 * np.sqrt(x[:, 0]) + 1).max() <= 1e-13


def test_stated_uncertainties_bound_standard_errors_from_below() -> None:
    generator = np.random.default_rng(4)
    sigma = generator.uniform(0.02, 0.2, len(X))
    for scale in (0.3, 3.0):  # rows that scatter less, and more, than their uncertainties say
        y = model(X[:, 0], 0.4, 2.5, -1.3) + scale * sigma * generator.normal(size=len(X))
        done = polish(decay(2.0, -1.0, 0.1), Table.measured(X, y, sigma))
        _, stated = curve_fit(model, X[:, 0], y, p0=[0.4, 2.5, -1.3], sigma=sigma, absolute_sigma=True)
        _, seen = curve_fit(model, X[:, 0], y, p0=[0.4, 2.5, -1.3], sigma=sigma)
        wanted = np.sqrt(np.diag(stated if scale < 1 else seen))
        assert done.standard_errors == pytest.approx(wanted, rel=1e-4)


def test_surprise_is_the_likelihood_of_normal_noise() -> None:
    generator = np.random.default_rng(5)
    sigma = generator.uniform(0.5, 2, 30)
    table = Table.measured(X[:30], np.zeros(30), sigma)
    assert table.weights is not None

    def chi2(error: float) -> float:
        return 30 * error / table.noise

    small, large = 0.2 * table.noise, 0.7 * table.noise
    assert surprise(large, table) - surprise(small, table) == pytest.approx((chi2(large) - chi2(small)) / 2)
    # beyond the stated noise its size is estimated: N/2 log E; the two join without a step or a kink
    assert surprise(9 * table.noise, table) - surprise(3 * table.noise, table) == pytest.approx(
        15 * np.log(3)
    )
    step = 1e-6 * table.noise
    below = surprise(table.noise, table) - surprise(table.noise - step, table)
    above = surprise(table.noise + step, table) - surprise(table.noise, table)
    assert below == pytest.approx(above, rel=1e-5)
    residual = sigma * generator.normal(size=30)
    table = Table.measured(X[:30], residual, sigma)
    assert np.mean(np.square(residual) * table.weights) / table.noise == pytest.approx(
        np.mean(np.square(residual / sigma))
    )

"""Fits side by side are the fits one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kanlab.errors import ActionError
from kanlab.network import KAN, EdgeId, NetworkSpec, Scaling, lock_edge, share_edges
from kanlab.sparsity import GroupSparsity
from kanlab.training import FitOptions, Rows, fit
from kanlab.training.ensemble import EnsembleProgress, fit_together, fit_together_steps
from tests.networks import miss
from tests.problems import exp_sin_square, fresh

ROWS, _, _ = exp_sin_square(0, train=300)
PLAIN = Rows(ROWS.inputs, ROWS.targets)
STEPS = FitOptions(steps=8, smoothness=1e-7)


def close(shape: list[int], rows: Rows, options: FitOptions, seeds: int = 3) -> list[float]:
    networks = [fresh(shape, seed, rows) for seed in range(seeds)]
    together = fit_together(networks, rows, options)
    return [
        miss(got.predict(rows.inputs), fit(network, rows, options).predict(rows.inputs))
        for got, network in zip(together, networks, strict=True)
    ]


@pytest.mark.parametrize(
    ("shape", "rows", "options"),
    [
        ([2, 5, 1], PLAIN, STEPS),
        ([2, 2, 2, 1], PLAIN, STEPS),
        ([2, 1], PLAIN, STEPS),
        ([2, 3, 2], Rows(ROWS.inputs, np.column_stack([ROWS.targets, ROWS.inputs[:, 0] ** 2])), STEPS),
        ([2, 2, 1], replace(PLAIN, uncertainty=np.linspace(0.5, 2, 300)), STEPS),
        ([2, 2, 1], ROWS, replace(STEPS, grids=(3, 5, 8))),
        ([2, 3, 1], PLAIN, replace(STEPS, penalties=(GroupSparsity(0.02),), tolerance=0.0)),
        ([2, 2, 1], PLAIN, replace(STEPS, move_grids=False, smoothness=0.0)),
        ([2, 2, 1], PLAIN, replace(STEPS, grid_blend=0.5)),
    ],
    ids=["plain", "deep", "flat", "two outputs", "weights", "grids", "sparse", "fixed", "quantiles"],
)
def test_members_are_what_single_fits_give(shape: list[int], rows: Rows, options: FitOptions) -> None:
    # every step multiplies rounding, so few steps and not the last digit
    assert max(close(shape, rows, options)) <= 1e-7


@pytest.mark.parametrize("base", ["silu", "tanh"])
def test_layers_may_differ_in_order(base: str) -> None:
    spec = NetworkSpec.of([2, 3, 1], order=[3, 2], intervals=4, base=base)
    scaling = Scaling.of(PLAIN.inputs, PLAIN.targets)
    networks = [KAN(spec, seed=seed, scaling=scaling) for seed in range(2)]
    together = fit_together(networks, PLAIN, STEPS)
    for got, network in zip(together, networks, strict=True):
        alone = fit(network, PLAIN, STEPS)
        assert miss(got.predict(PLAIN.inputs), alone.predict(PLAIN.inputs)) <= 1e-7


def test_members_converge_each_on_its_own() -> None:
    options = FitOptions(steps=60, tolerance=1e-3, smoothness=1e-7)
    networks = [fresh([2, 1, 1], seed, PLAIN) for seed in range(4)]
    active = [told.active for told in fit_together_steps(networks, PLAIN, options)]
    assert active == sorted(active, reverse=True)
    assert active[-1] == 0
    assert len(set(active)) > 2
    for got, network in zip(fit_together(networks, PLAIN, options), networks, strict=True):
        alone = fit(network, PLAIN, options)
        assert miss(got.predict(PLAIN.inputs), alone.predict(PLAIN.inputs)) <= 1e-4


def test_each_member_may_have_its_own_penalty() -> None:
    network = fresh([2, 3, 1], 0, PLAIN)
    options = [replace(STEPS, penalties=(GroupSparsity(weight),)) for weight in (0.001, 0.1)]
    options.append(replace(STEPS, smoothness=1e-3))
    for got, own in zip(fit_together([network] * 3, PLAIN, options), options, strict=True):
        assert miss(got.predict(PLAIN.inputs), fit(network, PLAIN, own).predict(PLAIN.inputs)) <= 1e-7


def test_what_cannot_stand_side_by_side_is_fitted_one_by_one() -> None:
    networks = [fresh([2, 2, 1], 0, PLAIN), lock_edge(fresh([2, 3, 1], 1, PLAIN), EdgeId(0, 0, 0))]
    for got, network in zip(fit_together(networks, PLAIN, STEPS), networks, strict=True):
        assert np.array_equal(got.predict(PLAIN.inputs), fit(network, PLAIN, STEPS).predict(PLAIN.inputs))


def test_networks_with_shared_curves_are_fitted_one_by_one() -> None:
    pair = [EdgeId(0, 0, 0), EdgeId(0, 1, 0)]
    networks = [share_edges(fresh([2, 2, 1], seed, PLAIN), pair, PLAIN.inputs) for seed in range(2)]
    for got, network in zip(fit_together(networks, PLAIN, STEPS), networks, strict=True):
        assert np.array_equal(*got.arrays().layers[0].coefficients[:, :, 0])
        assert np.array_equal(got.predict(PLAIN.inputs), fit(network, PLAIN, STEPS).predict(PLAIN.inputs))


def test_every_report_has_the_networks_of_its_step() -> None:
    networks = [fresh([2, 2, 1], seed, PLAIN) for seed in range(2)]
    reports: list[EnsembleProgress] = list(fit_together_steps(networks, PLAIN, STEPS))
    for told in reports:
        errors = [np.sqrt(np.mean((n.predict(PLAIN.inputs) - PLAIN.targets) ** 2)) for n in told.networks]
        assert errors == pytest.approx(told.train, rel=1e-9)
    assert reports[0].train[0] > reports[-1].train[0]
    assert fit_together([], PLAIN) == ()


def test_options_that_do_not_fit_together_are_refused() -> None:
    networks = [fresh([2, 2, 1], seed, PLAIN) for seed in range(2)]
    with pytest.raises(ActionError, match="1 options for 2 networks"):
        fit_together(networks, PLAIN, [STEPS])
    with pytest.raises(ActionError, match="differ in steps"):
        fit_together(networks, PLAIN, [STEPS, replace(STEPS, steps=3)])

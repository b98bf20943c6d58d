"""Fits: how accurate, how they stop, what they choose, and what they leave alone."""

from __future__ import annotations

import random
import statistics
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from kanlab.errors import ActionError
from kanlab.network import EdgeId, lock_edge
from kanlab.training import OPTIMIZERS, FitOptions, Rows, fit, fit_steps
from tests.problems import exp_sin_square, fresh, rmse


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_true_shape_reaches_the_accuracy_of_fine_splines(seed: int) -> None:
    rows, inputs, targets = exp_sin_square(seed)
    network = fit(fresh([2, 1, 1], seed, rows), rows, FitOptions(grids=(3, 5, 10, 20, 50)))
    # measured 2.7e-7 to 5.4e-7 over five seeds
    assert rmse(network, inputs, targets) <= 2e-6


def test_a_wide_network_is_accurate_too() -> None:
    errors = []
    for seed in range(3):
        rows, inputs, targets = exp_sin_square(seed)
        network = fit(fresh([2, 5, 1], seed, rows), rows, FitOptions(grids=(3, 5, 10, 20)))
        errors.append(rmse(network, inputs, targets))
    # measured 6e-6 to 3e-5 over five seeds
    assert statistics.median(errors) <= 1e-4


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss(optimizer: str) -> None:
    rows, _, _ = exp_sin_square(0, 300)
    network = fresh([2, 3, 1], 0, rows)
    steps = list(fit_steps(network, rows, FitOptions(steps=30, optimizer=optimizer, tolerance=0.0)))
    before = rmse(network, rows.inputs, rows.targets)
    # measured shares: lm 8e-4, lbfgs 3e-3, adam 0.65
    assert steps[-1].train <= {"lm": 0.05, "lbfgs": 0.05, "adam": 0.8}[optimizer] * before


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_fit_may_be_stopped_at_any_step(optimizer: str) -> None:
    rows, _, _ = exp_sin_square(1, 200)
    options = FitOptions(steps=9, optimizer=optimizer, tolerance=0.0)
    network = fresh([2, 2, 1], 1, rows)
    whole = list(fit_steps(network, rows, options))
    for stop in (1, 4, 7):
        stream = fit_steps(network, rows, options)
        for progress in stream:
            if progress.step == stop:
                break
        stream.close()  # type: ignore[attr-defined]
        held = whole[stop - 1]
        assert held.step == stop
        assert np.array_equal(progress.network.predict(rows.inputs), held.network.predict(rows.inputs))
        assert rmse(progress.network, rows.inputs, rows.targets) == pytest.approx(progress.train, rel=1e-12)
        checked = rmse(progress.network, rows.validation_inputs, rows.validation_targets)
        assert checked == pytest.approx(progress.validation, rel=1e-12)


def test_steps_are_counted() -> None:
    rows, _, _ = exp_sin_square(0, 100)
    steps = list(fit_steps(fresh([2, 1, 1], 0, rows), rows, FitOptions(steps=5, grids=(3, 6), tolerance=0.0)))
    assert [one.step for one in steps[:-1]] == list(range(1, len(steps)))
    assert steps[-1].phase == "done"
    assert {one.steps for one in steps} == {10}


def test_validation_chooses_the_grid() -> None:
    generator = np.random.default_rng(0)
    x = generator.uniform(-1, 1, (120, 1))
    y = np.sin(3 * x) + 0.1 * generator.normal(size=x.shape)
    rows = Rows(x[:80], y[:80], x[80:], y[80:])
    options = FitOptions(grids=(3, 10, 40, 70), smoothness=0.0)
    network = fit(fresh([1, 1], 0, rows), rows, options)
    # 80 noisy rows cannot carry a fine grid; without validation the finest that fits best is kept
    assert network.spec.intervals[0] < 40
    blind = fit(
        fresh([1, 1], 0, rows), replace(rows, validation_inputs=None, validation_targets=None), options
    )
    assert blind.spec.intervals[0] > network.spec.intervals[0]
    reports = list(fit_steps(fresh([1, 1], 0, rows), rows, options))
    ends = [one.validation for one, after in pairwise(reports) if one.phase != after.phase]
    assert reports[-1].validation == min(ends)


def test_locked_edges_stay_as_they_are() -> None:
    rows, _, _ = exp_sin_square(0, 200)
    network = lock_edge(fresh([2, 2, 1], 0, rows), EdgeId(0, 1, 0))
    fitted = fit(network, rows, FitOptions(steps=10))
    before, after = network.arrays().layers[0], fitted.arrays().layers[0]
    assert np.array_equal(before.coefficients[1, :, 0], after.coefficients[1, :, 0])
    assert not np.array_equal(before.coefficients[1, :, 1], after.coefficients[1, :, 1])


def test_uncertain_rows_count_less() -> None:
    x = np.linspace(-1, 1, 60)[:, None]
    y = 2 * x
    y[::2] += 1.0  # every second row is wrong, and known to be
    sigma = np.where(np.arange(60) % 2 == 0, 100.0, 0.01)
    rows = Rows(x, y, uncertainty=sigma)
    network = fit(fresh([1, 1], 0, rows, intervals=3), rows)
    assert np.abs(network.predict(x) - 2 * x)[1::2].max() <= 1e-3


def test_same_seed_same_bits_and_the_world_is_left_alone() -> None:
    rows, _, _ = exp_sin_square(2, 200)
    torch.manual_seed(3)
    np.random.seed(3)  # noqa: NPY002  the state that must stay
    random.seed(3)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    for optimizer in OPTIMIZERS:
        options = FitOptions(steps=6, optimizer=optimizer)
        one, two = (fit(fresh([2, 3, 1], 4, rows), rows, options) for _ in range(2))
        for a, b in zip(one.parameters(), two.parameters(), strict=True):
            assert torch.equal(a, b)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002
    assert random.getstate() == before[2]


def test_a_fit_leaves_its_network_as_it_was() -> None:
    rows, _, _ = exp_sin_square(0, 100)
    network = fresh([2, 2, 1], 0, rows)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fit(network, rows, FitOptions(steps=5, grids=(3, 6)))
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


def test_the_unit_of_the_target_does_not_matter() -> None:
    rows, _, _ = exp_sin_square(0, 200)
    errors = []
    for size in (1e-30, 1e6, 1e30):
        scaled = replace(rows, targets=size * rows.targets, validation_targets=size * rows.validation_targets)
        network = fit(fresh([2, 3, 1], 0, scaled), scaled, FitOptions(steps=20))
        errors.append(rmse(network, rows.inputs, scaled.targets) / size)
    assert max(errors) <= 0.05  # measured 0.0025
    # rounding is all that tells them apart
    assert max(errors) <= (1 + 1e-6) * min(errors)


@pytest.mark.parametrize(
    ("options", "part"), [({"optimizer": "adma"}, "Did you mean 'adam'?"), ({"steps": 0}, "is 0")]
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], part: str) -> None:
    with pytest.raises(ActionError) as caught:
        FitOptions(**options)  # type: ignore[arg-type]
    assert part in str(caught.value)


def sharp(seed: int) -> tuple[Rows, np.ndarray, np.ndarray]:
    """A steep step where three quarters of the rows are, and a line elsewhere."""
    generator = np.random.default_rng(seed)

    def rows_of(count: int) -> tuple[np.ndarray, np.ndarray]:
        near = 0.3 + 0.04 * generator.normal(size=3 * count // 4)
        x = np.clip(np.concatenate([generator.uniform(-1, 1, count - len(near)), near]), -1, 1)[:, None]
        return x, np.tanh(30 * (x - 0.3)) + 0.5 * x

    train, test = rows_of(320), rows_of(400)
    return Rows(*train), *test


@pytest.mark.parametrize("smoothness", [None, 1e-7])
def test_knots_where_the_rows_are_fit_what_is_sharp_there(smoothness: float | None) -> None:
    for seed in range(3):
        rows, inputs, targets = sharp(seed)
        errors = [
            rmse(
                fit(
                    fresh([1, 1], seed, rows, intervals=10),
                    rows,
                    FitOptions(smoothness=smoothness, grid_blend=blend),
                ),
                inputs,
                targets,
            )
            for blend in (0.0, 1.0)
        ]
        # measured at most 0.13 over six seeds
        assert errors[1] <= 0.3 * errors[0]


@pytest.mark.parametrize("blend", [-0.1, 1.1, float("nan")])
def test_a_blend_that_is_none_is_refused(blend: float) -> None:
    with pytest.raises(ActionError, match="The grid blend is"):
        FitOptions(grid_blend=blend)

"""Second-order steps against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares

from kanlab.forms import get
from kanlab.kernels import NetworkArrays, columns_of, forward, trace_layers
from kanlab.kernels.terms import Quadratics
from kanlab.network import EdgeId, set_form
from kanlab.sparsity import GroupSparsity
from kanlab.training import Penalty, Roughness, Samples, levenberg_marquardt_step, mean_squared_error, problem
from kanlab.training.problem import normal_equations
from tests.networks import random_inputs, random_network
from tests.problems import exp_sin_square, fresh


def samples_for(seed: int, rows: int = 60) -> tuple[NetworkArrays, Samples]:
    network = random_network([2, 2, 1], seed, intervals=3)
    inputs = random_inputs(network, seed, rows)
    targets = np.sin(2 * inputs[:, :1]) * inputs[:, 1:]
    return network.arrays(), Samples(inputs, targets)


def settle(
    arrays: NetworkArrays, samples: Samples, steps: int, penalties: tuple[Penalty, ...] = ()
) -> NetworkArrays:
    damping = 1e-2
    for _ in range(steps):
        done = levenberg_marquardt_step(
            arrays, samples, columns_of(arrays), damping=damping, penalties=penalties
        )
        arrays, damping = done.network, done.damping
    return arrays


@pytest.mark.parametrize("seed", range(4))
def test_every_step_lowers_the_objective(seed: int) -> None:
    arrays, samples = samples_for(seed)
    penalties = (Roughness(1e-4),)
    columns = columns_of(arrays)

    def objective(network: NetworkArrays) -> float:
        blocks = penalties[0].blocks(network, (), columns)
        return mean_squared_error(network, samples) + Quadratics.of(blocks).value(columns.pack(network))

    damping, taken = 1e-2, 0
    for _ in range(12):
        before = objective(arrays)
        done = levenberg_marquardt_step(arrays, samples, columns, damping=damping, penalties=penalties)
        arrays, damping = done.network, done.damping
        after = objective(arrays)
        assert after <= before
        assert done.gain == pytest.approx((before - after) / before, abs=1e-12)
        assert done.error == pytest.approx(mean_squared_error(arrays, samples), rel=1e-12)
        taken += done.gain > 0
    assert taken >= 8


def test_the_minimum_is_that_of_scipy() -> None:
    generator = np.random.default_rng(0)
    network = set_form(random_network([1, 1], 0), EdgeId(0, 0, 0), get("sin"), (2.0, 0.1, 1.0, 0.0))
    x = generator.uniform(-1, 1, (80, 1))
    samples = Samples(x, 0.7 * np.sin(2.6 * x + 0.4) - 0.3 + 0.05 * generator.normal(size=(80, 1)))
    found = settle(network.arrays(), samples, 30)

    def residual(p: np.ndarray) -> np.ndarray:
        return p[2] * np.sin(p[0] * x[:, 0] + p[1]) + p[3] - samples.targets[:, 0]

    truth = least_squares(residual, [2.0, 0.1, 1.0, 0.0], method="lm", xtol=1e-14, ftol=1e-14)
    assert mean_squared_error(found, samples) == pytest.approx(2 * truth.cost / 80, rel=1e-12)
    got = [*found.layers[0].affine[0, 0, :3], found.layers[0].bias[0]]
    assert got == pytest.approx(list(truth.x), abs=1e-6)  # the minimum is flat to half the digits


def test_splines_find_the_minimum_of_scipy() -> None:
    arrays, samples = samples_for(1)
    columns = columns_of(arrays)
    found = mean_squared_error(settle(arrays, samples, 80), samples)

    def residual(theta: np.ndarray) -> np.ndarray:
        return (forward(samples.inputs, columns.unpack(theta, arrays)) - samples.targets).ravel()

    truth = least_squares(residual, columns.pack(arrays), max_nfev=80)
    # as many free parameters as the problem can use: both end near zero
    assert found <= 1.05 * 2 * truth.cost / samples.rows + 1e-10


def test_a_linear_problem_is_solved_in_one_undamped_step() -> None:
    network = random_network([1, 1], 3, base="zero")
    x = np.linspace(-1, 1, 50)[:, None]
    arrays, samples = network.arrays(), Samples(x, np.cos(3 * x))
    done = levenberg_marquardt_step(arrays, samples, columns_of(arrays), damping=1e-13)
    again = levenberg_marquardt_step(done.network, samples, columns_of(arrays), damping=1e-13)
    assert done.gain > 0.9
    assert again.gain <= 1e-6


@pytest.mark.parametrize("chunk", [1, 300, 2000])
@pytest.mark.parametrize("weighted", [False, True])
def test_chunks_change_nothing(chunk: int, weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, samples = samples_for(2)
    if weighted:
        weights = np.random.default_rng(0).uniform(0.1, 2, samples.rows)
        samples = Samples(samples.inputs, samples.targets, weights)
    columns = columns_of(arrays)
    whole, passes = normal_equations(arrays, samples, columns)
    assert len(passes[0].inputs) == samples.rows
    monkeypatch.setattr(problem, "CHUNK_NUMBERS", chunk)
    parts, sampled = normal_equations(arrays, samples, columns)
    assert parts.error == pytest.approx(whole.error, rel=1e-13)
    assert np.abs(parts.matrix - whole.matrix).max() <= 1e-14 * np.abs(whole.matrix).max()
    assert np.abs(parts.gradient - whole.gradient).max() <= 1e-13 * np.abs(whole.gradient).max()
    assert len(sampled[0].inputs) < samples.rows


def test_the_group_penalty_survives_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, samples = samples_for(2, 601)
    columns = columns_of(arrays)
    penalty = GroupSparsity(0.1)

    def size() -> float:
        _, passes = normal_equations(arrays, samples, columns)
        return Quadratics.of(penalty.blocks(arrays, passes, columns)).value(columns.pack(arrays))

    whole = size()
    monkeypatch.setattr(problem, "CHUNK_NUMBERS", 300 * columns.count)  # the last chunk has one row
    assert size() == pytest.approx(whole, rel=0.1)  # an even sample of a third of the rows; measured 2 %


def test_normal_equations_are_the_derivatives_of_the_error() -> None:
    arrays, samples = samples_for(0)
    columns = columns_of(arrays)
    normal, _ = normal_equations(arrays, samples, columns)
    theta = columns.pack(arrays)
    for place in (0, 7, columns.count - 1):
        step = np.zeros_like(theta)
        step[place] = 1e-5
        ahead, behind = (
            mean_squared_error(columns.unpack(theta + sign * step, arrays), samples) for sign in (1, -1)
        )
        assert 2 * normal.gradient[place] == pytest.approx((ahead - behind) / 2e-5, abs=1e-8)


def test_penalties_are_added_where_they_belong() -> None:
    arrays, _ = samples_for(0)
    columns = columns_of(arrays)
    blocks = Roughness(0.5).blocks(arrays, trace_layers(np.zeros((3, 2)), arrays), columns)
    theta = columns.pack(arrays)
    matrix = np.zeros((columns.count, columns.count))
    quadratic = Quadratics.of(blocks)
    quadratic.add_to(matrix)
    gradient = quadratic.product(theta)
    assert np.array_equal(quadratic.diagonal(columns.count), matrix.diagonal())
    assert quadratic.value(theta) == pytest.approx(theta @ matrix @ theta, rel=1e-12)
    assert np.allclose(gradient, matrix @ theta, rtol=1e-12, atol=1e-14)
    biases = [own.bias for own in columns.layers]
    assert not matrix[biases].any()
    assert Roughness(0.0).blocks(arrays, (), columns) == []


def test_data_that_are_not_finite_take_no_step() -> None:
    rows, _, _ = exp_sin_square(0, 50)
    arrays = fresh([2, 2, 1], 0, rows).arrays()
    targets = rows.targets.copy()
    targets[3] = np.nan
    done = levenberg_marquardt_step(arrays, Samples(rows.inputs, targets), columns_of(arrays), damping=1e-2)
    assert done.network is arrays
    assert done.gain == 0.0

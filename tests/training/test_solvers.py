"""Three ways to the step of Levenberg-Marquardt, and the parts of L-BFGS and Adam, against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import rosen, rosen_der

from kanlab.errors import ActionError
from kanlab.kernels import columns_of
from kanlab.kernels.terms import Block, Quadratics
from kanlab.sparsity import GroupSparsity
from kanlab.training import (
    OBJECTIVES,
    SCHEDULES,
    Adam,
    AnyPenalty,
    FitOptions,
    LevenbergMarquardt,
    Roughness,
    Samples,
    fit,
    levenberg_marquardt_step,
    mean_loss,
)
from kanlab.training.lbfgs import Pairs, _scaled
from kanlab.training.levenberg_marquardt import _system
from kanlab.training.line_search import FALLS, FLATTENS, Point, wolfe
from kanlab.training.solvers import Dense, MatrixFree, conjugate_gradients
from tests.networks import SEEDS, random_inputs, random_network
from tests.problems import exp_sin_square, fresh, rmse


def system_of(seed: int, size: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    stack = generator.normal(size=(3 * size, size)) * np.geomspace(1, 1e-3, size)
    return stack, generator.normal(size=3 * size), generator.uniform(1e-4, 1, size)


@given(seed=SEEDS)
@settings(max_examples=20)
def test_all_solvers_solve(seed: int) -> None:
    stack, targets, damping = system_of(seed)
    matrix, gradient = stack.T @ stack, stack.T @ targets
    wanted = -np.linalg.solve(matrix + np.diag(damping), gradient)
    free = MatrixFree(lambda v: matrix @ v, matrix.diagonal(), gradient, Quadratics(()))
    for solver, close in (
        (Dense(matrix, gradient), 1e-8),
        (Dense(matrix, gradient, lambda: (stack, targets), always_qr=True), 1e-8),
        (free, 5e-2),
    ):
        move = solver.solve(damping)
        assert move is not None
        assert np.linalg.norm(move - wanted) <= close * np.linalg.norm(wanted)
        assert move @ gradient < 0


def test_qr_keeps_digits_that_cholesky_loses() -> None:
    generator = np.random.default_rng(0)
    left, _ = np.linalg.qr(generator.normal(size=(40, 8)))
    right, _ = np.linalg.qr(generator.normal(size=(8, 8)))
    stack = left @ np.diag(np.geomspace(1, 1e-7, 8)) @ right  # squared, the condition is 1e14
    wanted = generator.normal(size=8)
    targets = -stack @ wanted
    gradient = stack.T @ targets
    nothing = np.full(8, 1e-30)
    errors = []
    for solver in (
        Dense(stack.T @ stack, gradient),
        Dense(stack.T @ stack, gradient, lambda: (stack, targets), always_qr=True),
    ):
        move = solver.solve(nothing)
        errors.append(np.inf if move is None else np.linalg.norm(move - wanted) / np.linalg.norm(wanted))
    assert errors[1] <= 1e-7  # condition times rounding
    assert errors[0] >= 1e-4  # its square


def test_cholesky_gives_way_to_qr_where_it_fails() -> None:
    stack = np.array([[1.0, 1.0], [0.0, 1e-9]])
    targets = -np.array([2.0, 1e-9])
    gradient = stack.T @ targets
    move = Dense(stack.T @ stack, gradient, lambda: (stack, targets)).solve(np.full(2, 1e-40))
    assert move == pytest.approx([1.0, 1.0], rel=1e-4)
    assert Dense(stack.T @ stack, gradient).solve(np.full(2, 0.0)) is None


def test_conjugate_gradients_stop_where_there_is_nothing_to_do() -> None:
    ones = np.ones(3)
    assert conjugate_gradients(lambda v: v, np.zeros(3), ones) is None
    assert conjugate_gradients(lambda v: -v, ones, ones) is None
    assert conjugate_gradients(lambda v: v, np.full(3, np.nan), ones) is None


PENALTIES: tuple[AnyPenalty, ...] = (Roughness(1e-4), GroupSparsity(0.01))


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("penalties", [(), PENALTIES])
def test_a_step_is_the_same_by_every_solver(name: str, penalties: tuple[AnyPenalty, ...]) -> None:
    network = random_network([2, 3, 2], 1, forms=0.2)
    inputs, generator = random_inputs(network, 1, 60), np.random.default_rng(0)
    targets = np.eye(2)[generator.integers(0, 2, 60)]
    arrays = network.arrays()
    samples = Samples(inputs, targets, generator.uniform(0.5, 1.5, 60), OBJECTIVES[name])
    columns = columns_of(arrays)
    systems = {
        solver: _system(arrays, samples, columns, (penalties, solver)) for solver in ("cholesky", "cg")
    }
    dense, free = systems["cholesky"], systems["cg"]
    assert free[0].gradient == pytest.approx(dense[0].gradient, rel=1e-10, abs=1e-13)
    assert free[0].diagonal == pytest.approx(dense[0].diagonal, rel=1e-10, abs=1e-13)
    assert free[2] == pytest.approx(dense[2], rel=1e-13)
    steps = [
        levenberg_marquardt_step(arrays, samples, columns, damping=0.1, penalties=penalties, solver=solver)
        for solver in ("cholesky", "qr", "cg")
    ]
    assert steps[1].error == pytest.approx(steps[0].error, rel=1e-8)
    assert steps[2].error == pytest.approx(steps[0].error, rel=0.05)
    assert all(step.gain > 0 for step in steps)


@pytest.mark.parametrize("solver", ["cholesky", "qr", "cg"])
def test_every_solver_fits(solver: str) -> None:
    rows, inputs, targets = exp_sin_square(0, 300)
    options = FitOptions(steps=40, optimizer=LevenbergMarquardt(solver))  # type: ignore[arg-type]
    # measured 0.0023 for cholesky and qr, 0.004 for cg
    assert rmse(fit(fresh([2, 3, 1], 0, rows), rows, options), inputs, targets) <= 0.02


def test_blocks_are_the_matrix_that_they_stand_for() -> None:
    generator = np.random.default_rng(0)
    blocks = []
    for start, size in ((0, 3), (2, 3), (6, 2)):
        root = generator.normal(size=(size, size))
        blocks.append(Block(start, root @ root.T))
    quadratic, matrix, theta = Quadratics.of(blocks), np.zeros((9, 9)), generator.normal(size=9)
    quadratic.add_to(matrix)
    assert quadratic.value(theta) == pytest.approx(theta @ matrix @ theta, rel=1e-12)
    assert quadratic.product(theta) == pytest.approx(matrix @ theta, rel=1e-12, abs=1e-14)
    assert quadratic.diagonal(9) == pytest.approx(matrix.diagonal(), rel=1e-12)
    rows = quadratic.rows(9)
    assert np.allclose(rows.T @ rows, matrix, rtol=1e-12, atol=1e-12)


@given(x=st.floats(-2, 2), y=st.floats(-2, 2), first=st.sampled_from([1e-6, 1e-2, 1.0, 100.0]))
def test_the_line_search_keeps_the_wolfe_conditions(x: float, y: float, first: float) -> None:
    start = np.array([x, y])
    slope = rosen_der(start)
    if np.linalg.norm(slope) < 1e-3:
        return
    direction = -slope / np.linalg.norm(slope)

    def along(t: float) -> Point:
        there = start + t * direction
        with np.errstate(all="ignore"):
            return Point(t, float(rosen(there)), float(rosen_der(there) @ direction), rosen_der(there))

    begin = along(0.0)
    point = wolfe(along, begin, first)
    assert point is not None
    assert point.value <= begin.value + FALLS * point.t * begin.slope
    assert abs(point.slope) <= FLATTENS * abs(begin.slope)


def test_the_line_search_goes_around_walls() -> None:
    def along(t: float) -> Point:
        value = np.inf if t > 0.01 else (t - 0.008) ** 2
        return Point(t, value, 2 * (t - 0.008), np.zeros(1))

    point = wolfe(along, along(0.0), 1.0)
    assert point is not None
    assert point.t == pytest.approx(0.008, rel=0.9)
    assert (
        wolfe(lambda t: Point(t, t + 1.0, -1.0, np.zeros(1)), Point(0.0, 0.0, -1.0, np.zeros(1)), 1.0) is None
    )


def test_the_two_loops_are_the_bfgs_matrix() -> None:
    generator = np.random.default_rng(0)
    hessian = np.diag([1.0, 10.0, 100.0])
    moves = tuple(generator.normal(size=3) for _ in range(3))
    changes = tuple(hessian @ move for move in moves)
    inverse = np.eye(3) * (moves[-1] @ changes[-1]) / (changes[-1] @ changes[-1])
    for s, y in zip(moves, changes, strict=True):
        left = np.eye(3) - np.outer(s, y) / (s @ y)
        inverse = left @ inverse @ left.T + np.outer(s, s) / (s @ y)
    gradient = generator.normal(size=3)
    assert _scaled(gradient, Pairs(moves, changes)) == pytest.approx(inverse @ gradient, rel=1e-10)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_stay_between_nothing_and_one(name: str) -> None:
    factors = [SCHEDULES[name](done) for done in np.linspace(0, 1, 101)]
    assert max(factors) <= 1.0
    assert min(factors) >= 0.0
    assert factors[-1] <= factors[0]


def test_known_points_of_the_schedules() -> None:
    assert SCHEDULES["cosine"](0.5) == pytest.approx(0.5)
    assert [SCHEDULES["step"](done) for done in (0.4, 0.6, 0.8)] == pytest.approx([1.0, 0.1, 0.01])
    assert SCHEDULES["one-cycle"](0.3) == pytest.approx(1.0)
    assert SCHEDULES["one-cycle"](0.0) == pytest.approx(1 / 25)


def test_an_epoch_sees_every_row_once() -> None:
    samples = Samples(np.arange(10.0)[:, None], np.zeros((10, 1)), np.arange(10.0))
    optimizer = Adam(batch=4, seed=3)
    epochs = [list(optimizer._batches(samples, epoch)) for epoch in (0, 1)]
    for parts in epochs:
        assert [part.rows for part in parts] == [4, 4, 2]
        seen = np.concatenate([part.inputs[:, 0] for part in parts])
        assert np.array_equal(np.sort(seen), np.arange(10.0))
        assert np.array_equal(seen, np.concatenate([part.weights for part in parts]))
    assert not np.array_equal(epochs[0][0].inputs, epochs[1][0].inputs)


def test_batches_fit_too() -> None:
    rows, _, _ = exp_sin_square(0, 400)
    network = fresh([2, 3, 1], 0, rows)
    losses = []
    for batch in (None, 32):
        fitted = fit(network, rows, FitOptions(steps=30, optimizer=Adam(batch=batch)))
        losses.append(rmse(fitted, rows.inputs, rows.targets))
    assert losses[1] <= 0.3 * losses[0]  # 13 times as many updates


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Adam(schedule="cosin"), "Did you mean 'cosine'"),
        (lambda: Adam(batch=0), "at least 1"),
        (lambda: Adam(rate=0.0), "positive number"),
        (lambda: LevenbergMarquardt("chol"), "Did you mean 'cholesky'"),  # type: ignore[arg-type]
        (lambda: FitOptions(patience=0), "patience"),
        (lambda: FitOptions(objective="hubert"), "Did you mean 'huber'"),
    ],
)
def test_options_that_make_no_sense_are_refused(make: object, part: str) -> None:
    with pytest.raises(ActionError) as caught:
        make()  # type: ignore[operator]
    assert part in str(caught.value)


def test_large_networks_are_fitted_without_a_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _, _ = exp_sin_square(0, 100)
    network = fresh([2, 4, 1], 0, rows)
    samples = Samples(rows.inputs, rows.targets)
    columns = columns_of(network.arrays())
    module = "kanlab.training.levenberg_marquardt"
    monkeypatch.setattr(f"{module}.FREE_PARAMETERS", 10)
    monkeypatch.setattr(f"{module}.FREE_OPERATIONS", 0.0)
    monkeypatch.setattr(f"{module}.equations_of", None)  # it would be called for a matrix
    done = levenberg_marquardt_step(network.arrays(), samples, columns, damping=1e-2)
    assert mean_loss(done.network, samples) < mean_loss(network.arrays(), samples)

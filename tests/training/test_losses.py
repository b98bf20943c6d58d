"""Objectives: values against closed forms and torch, slopes and curvatures against autograd, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from kanlab.errors import ActionError, DataError, KanlabError
from kanlab.training import OBJECTIVES, Objective, TorchLoss, huber, objective_of
from kanlab.training.losses import SQUARED_ERROR
from kanlab.training.objectives import InUnits, Local
from tests.networks import SEEDS

SIZES = st.sampled_from([0.01, 1.0, 5.0])


def poisson(z: Tensor, y: Tensor) -> Tensor:
    return (functional.poisson_nll_loss(z, y, reduction="none") + torch.xlogy(y, y) - y).sum(dim=1)


def hubers(z: Tensor, y: Tensor) -> Tensor:
    return 2 * functional.huber_loss(z, y, reduction="none", delta=0.1).sum(dim=1)


def shares(z: Tensor, y: Tensor) -> Tensor:
    return functional.cross_entropy(z, y, reduction="none")


def binary(z: Tensor, y: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(dim=1)


# each named objective as torch has it
TRUTH: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "squared-error": lambda z, y: ((z - y) ** 2).sum(dim=1),
    "cross-entropy": shares,
    "binary-cross-entropy": binary,
    "poisson": poisson,
    "huber": hubers,
}


def problem(name: str, seed: int, size: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outputs, targets and weights of mean 1."""
    generator = np.random.default_rng(seed)
    outputs = size * generator.normal(size=(7, 3))
    weights = generator.uniform(0.1, 2, 7)
    targets = {
        "cross-entropy": generator.dirichlet(np.ones(3), 7),
        "binary-cross-entropy": generator.integers(0, 2, (7, 3)).astype(float),
        "poisson": generator.poisson(2.0, (7, 3)).astype(float),
    }.get(name, generator.normal(size=(7, 3)))
    return outputs, targets, weights / weights.mean()


def truth(name: str, outputs: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Tensor:
    rows = TRUTH[name](torch.from_numpy(outputs), torch.from_numpy(targets))
    return (rows * torch.from_numpy(weights)).mean()


def curvatures(near: Local) -> np.ndarray:
    """R'R of every row, [N, Q, Q]."""
    root = near.root if near.root.ndim == 3 else near.root[:, :, None] * np.eye(near.root.shape[1])
    return np.einsum("nrp,nrq->npq", root, root)


def row_hessians(name: str, outputs: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    def one(z: Tensor, y: Tensor) -> Tensor:
        return TRUTH[name](z[None], y[None])[0]

    exact = [
        torch.func.hessian(one)(torch.from_numpy(z), torch.from_numpy(y)).numpy()
        for z, y in zip(outputs, targets, strict=True)
    ]
    return np.stack(exact) * weights[:, None, None] / len(outputs)


@pytest.mark.parametrize("name", OBJECTIVES)
@given(seed=SEEDS, size=SIZES)
@settings(max_examples=15)
def test_named_objectives_are_those_of_torch(name: str, seed: int, size: float) -> None:
    outputs, targets, weights = problem(name, seed, size)
    objective = OBJECTIVES[name]
    leaf = torch.from_numpy(outputs.copy()).requires_grad_()
    expected = (TRUTH[name](leaf, torch.from_numpy(targets)) * torch.from_numpy(weights)).mean()
    (slope,) = torch.autograd.grad(expected, leaf)
    value, pull = objective.pull(outputs, objective.encode(targets, 3), weights)
    near = objective.local(outputs, targets, weights)
    assert value == pytest.approx(float(expected.detach()), rel=1e-12, abs=1e-14)
    assert objective.value(outputs, targets, weights) == value == near.value
    assert np.abs(pull - slope.numpy()).max() <= 1e-13 * max(1, np.abs(pull).max())
    assert np.array_equal(near.pull, pull)


@pytest.mark.parametrize("name", [name for name in OBJECTIVES if name != "huber"])
@given(seed=SEEDS, size=SIZES)
@settings(max_examples=15)
def test_their_curvature_is_exact(name: str, seed: int, size: float) -> None:
    outputs, targets, weights = problem(name, seed, size)
    got = curvatures(OBJECTIVES[name].local(outputs, targets, weights))
    wanted = row_hessians(name, outputs, targets, weights)
    assert np.abs(got - wanted).max() <= 1e-12 * max(np.abs(wanted).max(), 1e-3)


@given(seed=SEEDS, size=SIZES, delta=st.sampled_from([0.05, 0.5, 3.0]))
@settings(max_examples=25)
def test_the_curvature_of_huber_lies_above_it(seed: int, size: float, delta: float) -> None:
    outputs, targets, weights = problem("huber", seed, size)
    objective = huber(delta)
    near = objective.local(outputs, targets, weights)
    bend = curvatures(near)
    generator = np.random.default_rng(seed)
    for step in (1e-3, 0.1, 10.0):
        move = step * generator.normal(size=outputs.shape)
        bound = near.value + (near.pull * move).sum() + 0.5 * np.einsum("np,npq,nq->", move, bend, move)
        assert objective.value(outputs + move, targets, weights) <= bound + 1e-12


def test_huber_is_squared_error_near_and_linear_far() -> None:
    y = np.zeros((2, 1))
    assert huber(1.0).value(np.array([[0.5], [0.0]]), y, None) == pytest.approx(0.125, rel=1e-15)
    assert huber(1.0).value(np.array([[10.0], [0.0]]), y, None) == pytest.approx((20 - 1) / 2, rel=1e-15)


def test_poisson_is_zero_where_it_fits() -> None:
    counts = np.array([[1.0], [7.0], [0.0]])
    rates = np.array([[0.0], [np.log(7.0)], [-745.0]])
    assert OBJECTIVES["poisson"].value(rates, counts, None) == pytest.approx(0.0, abs=1e-14)


def test_large_logits_stay_finite() -> None:
    outputs = np.array([[800.0, -800.0, 0.0]])
    target = np.array([[0.0, 1.0, 0.0]])
    for name, wanted in (("cross-entropy", 1600.0), ("binary-cross-entropy", 1600.0 + np.log(2))):
        near = OBJECTIVES[name].local(outputs, target, None)
        assert near.value == pytest.approx(wanted, rel=1e-12)
        assert np.isfinite(near.pull).all()
        assert np.isfinite(near.root).all()


def test_class_numbers_are_one_hot() -> None:
    objective = OBJECTIVES["cross-entropy"]
    codes = np.array([2.0, 0.0, 1.0, 2.0])
    assert np.array_equal(objective.encode(codes, 3), np.eye(3)[codes.astype(int)])
    assert np.array_equal(objective.encode(codes[:, None], 3), np.eye(3)[codes.astype(int)])
    assert np.array_equal(objective.encode(np.eye(3), 3), np.eye(3))


@pytest.mark.parametrize("name", OBJECTIVES)
@given(seed=SEEDS, size=SIZES)
@settings(max_examples=10)
def test_a_loss_in_torch_is_the_same_objective(name: str, seed: int, size: float) -> None:
    outputs, targets, weights = problem(name, seed, size)
    named = OBJECTIVES[name].local(outputs, targets, weights)
    written = objective_of(TRUTH[name]).local(outputs, targets, weights)
    assert written.value == pytest.approx(named.value, rel=1e-12, abs=1e-14)
    assert np.abs(written.pull - named.pull).max() <= 1e-13 * max(1, np.abs(named.pull).max())
    if name != "huber":  # which has another, larger curvature where it is linear
        size = max(np.abs(curvatures(named)).max(), 1e-3)
        assert np.abs(curvatures(written) - curvatures(named)).max() <= 1e-11 * size


def cauchy(z: Tensor, y: Tensor) -> Tensor:
    return torch.log1p((z - y) ** 2).sum(dim=1)


def absolute(z: Tensor, y: Tensor) -> Tensor:
    return (z - y).abs().sum(dim=1)


def coupled(z: Tensor, y: Tensor) -> Tensor:
    return ((z - y).prod(dim=1) - z[:, 0]).tanh() + 2


@pytest.mark.parametrize("loss", [cauchy, absolute, coupled])
@given(seed=SEEDS, size=SIZES)
@settings(max_examples=15)
def test_curvature_is_positive_where_the_loss_bends_down(
    loss: Callable[[Tensor, Tensor], Tensor], seed: int, size: float
) -> None:
    outputs, targets, weights = problem("squared-error", seed, size)
    near = TorchLoss(loss).local(outputs, targets, weights)
    values = np.linalg.eigvalsh(curvatures(near))
    assert values.min() >= -1e-12 * max(values.max(), 1e-300)
    # each row has some curvature along its slope, so that a step exists and goes down
    along = np.einsum("np,npq,nq->n", near.pull, curvatures(near), near.pull)
    steep = (near.pull**2).sum(axis=1) > 1e-12
    assert (along[steep] > 0).all()


def test_the_absolute_value_has_half_the_weights_of_iterated_least_squares() -> None:
    outputs, targets = np.array([[0.5], [-2.0]]), np.zeros((2, 1))
    near = TorchLoss(absolute).local(outputs, targets, None)
    assert curvatures(near)[:, 0, 0] == pytest.approx([0.5 / 0.5 / 2, 0.5 / 2.0 / 2], rel=1e-12)


def test_one_number_for_all_rows_is_taken_as_it_is() -> None:
    outputs, targets, weights = problem("squared-error", 0, 1.0)

    def total(z: Tensor, y: Tensor) -> Tensor:
        return ((z - y) ** 2).sum()

    near = TorchLoss(total).local(outputs, targets, None)
    assert near.value == pytest.approx(((outputs - targets) ** 2).sum(), rel=1e-13)
    assert np.allclose(near.pull, 2 * (outputs - targets), rtol=1e-13)
    assert np.allclose(curvatures(near), 2 * np.eye(3), rtol=0, atol=1e-12)
    with pytest.raises(ActionError, match="one number for each row"):
        TorchLoss(total).value(outputs, targets, weights)


def test_a_loss_that_forgets_its_outputs_has_no_slope() -> None:
    outputs, targets, _ = problem("squared-error", 0, 1.0)
    near = TorchLoss(lambda _, y: y.sum(dim=1)).local(outputs, targets, None)
    assert not near.pull.any()
    assert not near.root.any()


def test_a_loss_of_another_shape_is_refused() -> None:
    outputs, targets, _ = problem("squared-error", 0, 1.0)
    with pytest.raises(ActionError, match=r"gave \(7, 3\) for 7 rows"):
        TorchLoss(lambda z, y: (z - y) ** 2).value(outputs, targets, None)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_units_are_a_change_of_variables(name: str) -> None:
    outputs, targets, weights = problem(name, 3, 0.3)
    center, scale = np.array([0.2, -1.0, 0.5]), np.array([2.0, 0.1, 1.5])
    inner: Objective = OBJECTIVES[name]
    seen = InUnits(inner, center, scale)
    near, far = seen.local(outputs, targets, weights), inner.local(center + scale * outputs, targets, weights)
    assert near.value == far.value == seen.value(outputs, targets, weights)
    assert np.array_equal(near.pull, far.pull * scale)
    assert np.array_equal(seen.pull(outputs, targets, weights)[1], near.pull)
    wanted = curvatures(far) * scale[:, None] * scale
    assert np.abs(curvatures(near) - wanted).max() <= 1e-14 * max(1, np.abs(wanted).max())


def refusals() -> list[tuple[Callable[[], object], str]]:
    encode = {name: objective.encode for name, objective in OBJECTIVES.items()}
    return [
        (lambda: objective_of("cross-entropi"), "Did you mean 'cross-entropy'"),
        (lambda: objective_of(3), "written in torch"),  # type: ignore[arg-type]
        (lambda: huber(0), "positive number"),
        (lambda: encode["cross-entropy"](np.array([[3.0]]), 3), "whole numbers from 0 to 2"),
        (lambda: encode["cross-entropy"](np.array([[0.5]]), 3), "is no class"),
        (lambda: encode["cross-entropy"](np.array([[np.nan]]), 3), "is no class"),
        (lambda: encode["cross-entropy"](np.array([[0.5, 0.6]]), 2), "do not sum to 1"),
        (lambda: encode["cross-entropy"](np.array([[0.0]]), 1), "binary-cross-entropy"),
        (lambda: encode["binary-cross-entropy"](np.array([[2.0]]), 1), "from 0 to 1"),
        (lambda: encode["poisson"](np.array([[-1.0]]), 1), "at least 0"),
        (lambda: encode["squared-error"](np.zeros((3, 2)), 1), "2 columns"),
    ]


@pytest.mark.parametrize(("wrong", "part"), refusals())
def test_what_makes_no_sense_is_refused_in_a_sentence(wrong: Callable[[], object], part: str) -> None:
    with pytest.raises(KanlabError) as caught:
        wrong()
    assert isinstance(caught.value, ActionError | DataError)
    assert part in str(caught.value)
    assert str(caught.value).endswith(".") or str(caught.value).endswith("?")


@pytest.mark.parametrize("name", OBJECTIVES)
def test_another_process_gets_the_same_objective(name: str) -> None:
    sent = ForkingPickler.dumps(OBJECTIVES[name])
    got = ForkingPickler.loads(sent)
    assert got.name == name
    # squared error is recognized by what it is, not by its name
    assert (got is SQUARED_ERROR) == (name == "squared-error")
    assert huber(0.3).origin[1:] == (0.3,)

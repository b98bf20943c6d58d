"""Bases against SciPy, which computes them by de Boor's recursion in C."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.interpolate import BSpline

from kanlab.splines import (
    breakpoints,
    dense_basis,
    evaluate,
    find_span,
    intervals_of,
    local_basis,
    open_knots,
    piece_matrices,
    uniform_knots,
)

SCIPY = 1e-12  # relative to the largest value; measured 9e-16
ORDERS = pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
KINDS = pytest.mark.parametrize("kind", ["uniform", "nonuniform"])
PLACES = pytest.mark.parametrize("place", ["inside", "outside"])


def knots_of(kind: str, order: int, intervals: int = 7) -> np.ndarray:
    if kind == "uniform":
        return uniform_knots(np.array([-1.0, 2.0]), np.array([1.0, 5.0]), intervals, order)
    generator = np.random.default_rng(order)
    breaks = np.cumsum(generator.uniform(0.2, 2.0, (2, intervals + 1)), axis=1)
    return open_knots(breaks, order)


def points_of(knots: np.ndarray, order: int, place: str) -> np.ndarray:
    ends = breakpoints(knots, order)
    low, high = ends[:, 0], ends[:, -1]
    share = np.random.default_rng(3).uniform(0, 1, (60, len(knots)))
    if place == "inside":
        return low + (high - low) * share
    return np.concatenate([low - (high - low) * share, high + (high - low) * share])


def splines_of(knots: np.ndarray, order: int) -> tuple[np.ndarray, list[BSpline]]:
    count = knots.shape[1] - order - 1
    coefficients = np.random.default_rng(4).normal(size=(len(knots), count, 2))
    return coefficients, [
        BSpline(t, c, order, extrapolate=True) for t, c in zip(knots, coefficients, strict=True)
    ]


@ORDERS
@KINDS
@PLACES
def test_values_and_two_derivatives_equal_scipy(order: int, kind: str, place: str) -> None:
    knots = knots_of(kind, order)
    points = points_of(knots, order, place)
    coefficients, splines = splines_of(knots, order)
    for i, spline in enumerate(splines):
        for j in range(2):
            x = torch.from_numpy(points).requires_grad_(True)
            value = evaluate(x, torch.from_numpy(knots), torch.from_numpy(coefficients), order)[:, i, j]
            got = [value]
            for _ in range(min(2, order)):
                (slope,) = torch.autograd.grad(got[-1].sum(), x, create_graph=True)
                got.append(slope[:, i])
            for r, numbers in enumerate(got):
                truth = (spline.derivative(r) if r else spline)(points[:, i])[:, j]
                assert np.abs(numbers.detach().numpy() - truth).max() <= SCIPY * max(1.0, np.abs(truth).max())


@ORDERS
@KINDS
def test_each_basis_equals_scipy(order: int, kind: str) -> None:
    knots = knots_of(kind, order)
    points = points_of(knots, order, "inside")
    basis = dense_basis(torch.from_numpy(points), torch.from_numpy(knots), order).numpy()
    for i in range(len(knots)):
        wanted = BSpline.design_matrix(points[:, i], knots[i], order).toarray()
        assert np.abs(basis[:, i] - wanted).max() <= SCIPY


@ORDERS
@KINDS
@PLACES
def test_bases_sum_to_one(order: int, kind: str, place: str) -> None:
    knots = knots_of(kind, order)
    points = points_of(knots, order, place)
    values = local_basis(torch.from_numpy(points), torch.from_numpy(knots), order)[1].numpy()
    # outside, bases of size s cancel
    assert np.abs(values.sum(axis=-1) - 1).max() <= 1e-14 * max(10.0, 10 * np.abs(values).max())
    if place == "inside":
        assert values.min() >= 0


@ORDERS
def test_autograd_passes_its_own_checks(order: int) -> None:
    knots = torch.from_numpy(knots_of("nonuniform", order, 3))
    points = torch.from_numpy(points_of(knots.numpy(), order, "inside")[:5]).requires_grad_(True)
    coefficients = torch.from_numpy(splines_of(knots.numpy(), order)[0]).requires_grad_(True)

    def value(x: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        return evaluate(x, knots, c, order)

    assert torch.autograd.gradcheck(value, (points, coefficients))
    assert torch.autograd.gradgradcheck(value, (points, coefficients))


@ORDERS
@KINDS
@PLACES
def test_pieces_are_the_bases(order: int, kind: str, place: str) -> None:
    knots = knots_of(kind, order)
    points = points_of(knots, order, place)
    span, values = local_basis(torch.from_numpy(points), torch.from_numpy(knots), order)
    pieces, s = piece_matrices(knots, order), span.numpy()
    column = np.arange(len(knots))
    left, right = knots[column, order + s], knots[column, order + s + 1]
    t = (points - left) / (right - left)
    powers = t[..., None] ** np.arange(order + 1)
    got = np.einsum("niq,niqm->nim", powers, pieces[column, s])
    assert np.abs(got - values.numpy()).max() <= 1e-12 * max(1.0, np.abs(values.numpy()).max())


@KINDS
def test_spans_are_the_intervals_that_hold_the_points(kind: str) -> None:
    knots = knots_of(kind, 3)
    ends = breakpoints(knots, 3)
    spans = intervals_of(knots, 3)
    assert (spans, ends.shape) == (7, (2, 8))
    x = torch.from_numpy(np.concatenate([ends[:, :1] - 9, ends, ends[:, -1:] + 9], axis=1).T)
    wanted = [0, *range(7), 6, 6]
    assert find_span(x, torch.from_numpy(knots), 3)[:, 0].tolist() == wanted


@ORDERS
def test_knots_start_and_end_where_the_grid_does(order: int) -> None:
    knots = uniform_knots(np.array([-3.0]), np.array([4.0]), 7, order)
    assert knots.shape == (1, 7 + 2 * order + 1)
    assert knots[0, order] == -3.0
    assert knots[0, order + 7] == pytest.approx(4.0, abs=1e-15)
    assert np.allclose(np.diff(knots), 1.0, atol=1e-14, rtol=0)
    assert np.abs(open_knots(breakpoints(knots, order), order) - knots).max() <= 1e-13

"""sinc and Bessel functions near 0 and far from it, with their slopes of first and second order."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kanlab.forms.special import j0, j0_torch, j1, j1_slope, j1_torch, sinc, sinc_slope, sinc_torch

POINTS = np.concatenate([[0.0], *(sign * np.geomspace(1e-12, 60, 90) for sign in (1, -1))])
TRUTHS = {
    "sinc": (mpmath.sinc, sinc, sinc_slope, sinc_torch),
    "J0": (lambda u: mpmath.besselj(0, u), j0, lambda u: -j1(u), j0_torch),
    "J1": (lambda u: mpmath.besselj(1, u), j1, j1_slope, j1_torch),
}
EVERY_TRUTH = pytest.mark.parametrize("name", TRUTHS)


def _exact(function: Callable[..., object], points: np.ndarray, order: int = 0) -> np.ndarray:
    with mpmath.workdps(40):
        return np.array([float(mpmath.diff(function, mpmath.mpf(float(u)), order)) for u in points])


@EVERY_TRUTH
def test_values_and_slopes_are_exact_to_rounding_also_at_zero(name: str) -> None:
    truth, value, slope, _ = TRUTHS[name]
    np.testing.assert_allclose(value(POINTS), _exact(truth, POINTS), rtol=0, atol=2e-15)
    np.testing.assert_allclose(slope(POINTS), _exact(truth, POINTS, 1), rtol=0, atol=4e-15)


@EVERY_TRUTH
def test_torch_has_the_same_values_and_slopes(name: str) -> None:
    _, value, slope, function = TRUTHS[name]
    u = torch.tensor(POINTS, requires_grad=True)
    out = function(u)
    np.testing.assert_allclose(out.numpy(force=True), value(POINTS), rtol=0, atol=2e-15)
    (first,) = torch.autograd.grad(out.sum(), u)
    np.testing.assert_allclose(first.numpy(force=True), slope(POINTS), rtol=0, atol=4e-15)


@EVERY_TRUTH
def test_second_derivatives_of_torch(name: str) -> None:
    truth, _, _, function = TRUTHS[name]
    points = np.linspace(-9, 9.5, 38)
    u = torch.tensor(points, requires_grad=True)
    (first,) = torch.autograd.grad(function(u).sum(), u, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), u)
    np.testing.assert_allclose(second.numpy(force=True), _exact(truth, points, 2), rtol=0, atol=1e-12)


@EVERY_TRUTH
@given(u=st.floats(-1e6, 1e6))
def test_bounded_everywhere(name: str, u: float) -> None:
    _, value, slope, _ = TRUTHS[name]
    assert abs(float(value(np.array(u)))) <= 1
    assert abs(float(slope(np.array(u)))) <= 1


def test_extended_precision_comes_back_as_such() -> None:
    wide = np.array([0.5, 2.0], dtype=np.longdouble)
    assert {f(wide).dtype for f in (j0, j1, sinc)} == {wide.dtype}

"""Safe variants: the form in its domain, finite and continuously differentiable everywhere."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab._typing import Array, BoolArray
from kanlab.forms import Form, all_forms, resolve, safe
from kanlab.forms.form import WHOLE_LINE

SINGULAR = [form for form in all_forms() if form.domain != WHOLE_LINE]
OWN = [resolve(text) for text in ("log(x)/x", "x*sqrt(x)*exp(-x)", "asin(x)**2")]
EVERY = pytest.mark.parametrize("form", [*SINGULAR, *OWN], ids=lambda form: form.name)
ARGUMENTS = st.lists(st.floats(-100, 100), min_size=1, max_size=40).map(np.array)
MARGIN = 1e-3


def regular(form: Form, u: Array, margin: float) -> BoolArray:
    """Arguments [N] that are in the domain, and the margin away from its ends."""
    if form.period is not None:
        u = np.mod(u + form.period / 2, form.period) - form.period / 2
    return np.any([(low + margin < u) & (u < high - margin) for low, high in form.domain], axis=0)


def ends(form: Form) -> list[float]:
    """Where continuations begin."""
    sides = [(end, side) for pair in form.domain for end, side in zip(pair, (1, -1), strict=True)]
    return [end + side * MARGIN for end, side in sides if np.isfinite(end)]


def test_most_forms_need_none() -> None:
    assert {form.name for form in SINGULAR} >= {
        "1/x",
        "1/x^2",
        "log",
        "sqrt",
        "tan",
        "arcsin",
        "arctanh",
        "arccosh",
    }
    for form in all_forms():
        assert (safe(form) is form) == (form not in SINGULAR)


@EVERY
@given(u=ARGUMENTS)
@settings(max_examples=20)
def test_it_is_the_form_in_its_domain(form: Form, u: Array) -> None:
    inside = u[regular(form, u, 1.001 * MARGIN)]
    made = safe(form, margin=MARGIN)
    # a whole turn is taken off an argument first, which rounds it
    rtol = 0.0 if form.period is None else 1e-9
    np.testing.assert_allclose(made.numpy(inside), form.numpy(inside), rtol=rtol)
    np.testing.assert_allclose(made.derivative(inside), form.derivative(inside), rtol=rtol)


@EVERY
@pytest.mark.parametrize("near", [None, 0.3, -40.0])
@given(u=ARGUMENTS)
@settings(max_examples=20)
def test_it_is_finite_everywhere(form: Form, near: float | None, u: Array) -> None:
    made = safe(form, margin=MARGIN, near=near)
    u = np.concatenate([u, ends(form), [0.0, 1.0, -1.0, np.pi / 2, -np.pi / 2]])
    for values in (made.numpy(u), made.derivative(u)):
        assert np.isfinite(values).all()


@EVERY
@pytest.mark.parametrize("near", [None, 0.3])
def test_its_slope_is_its_derivative_and_has_no_jump(form: Form, near: float | None) -> None:
    made = safe(form, margin=0.05, near=near)
    u = np.concatenate(
        [np.linspace(-2.9, 2.9, 401), *(end + np.linspace(-0.06, 0.06, 41) for end in ends(form))]
    )
    step = 1e-6
    slope = (made.numpy(u + step) - made.numpy(u - step)) / (2 * step)
    # the second derivative may jump: a difference over a corner of the slope errs by it times the step
    scale = 1 + np.abs(made.derivative(u)).max()
    np.testing.assert_allclose(made.derivative(u), slope, rtol=1e-4, atol=1e-5 * scale)


@EVERY
def test_torch_computes_and_differentiates_the_same(form: Form) -> None:
    made = safe(form, margin=0.05)
    u = torch.linspace(-3, 3, 203, dtype=torch.float64, requires_grad=True)
    values = made.torch(u)
    values.sum().backward()
    plain = u.detach().numpy()
    np.testing.assert_allclose(values.detach().numpy(), made.numpy(plain), rtol=1e-10, atol=1e-12)
    assert u.grad is not None
    np.testing.assert_allclose(u.grad.numpy(), made.derivative(plain), rtol=1e-9, atol=1e-10)


def test_a_side_is_continued_through_the_pole() -> None:
    made = safe(resolve("1/x"), margin=0.5, near=2.0)
    np.testing.assert_allclose(made.numpy(np.array([1.0, 0.5, 0.0, -1.0])), [1.0, 2.0, 4.0, 8.0])
    left = safe(resolve("1/x"), margin=0.5, near=-2.0)
    np.testing.assert_allclose(left.numpy(np.array([-1.0, 0.5])), [-1.0, -6.0])
    turned = safe(resolve("tan"), near=3.0)
    np.testing.assert_allclose(turned.numpy(np.array([2.5, 3.5])), np.tan([2.5, 3.5]))

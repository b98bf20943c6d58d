"""Each form against itself in every language, and its slope against finite differences of mpmath."""

from __future__ import annotations

from math import inf

import mpmath
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from kanlab.errors import FormError
from kanlab.forms import DEFAULT_NAMES, SUGGESTED_NAMES, Form, all_forms, get, grammar, resolve
from kanlab.forms.library import POWERS

FORMS = all_forms()
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])


def _inside(form: Form) -> np.ndarray:
    """Points well inside each interval of the domain."""
    pieces: list[np.ndarray] = []
    for low, high in form.domain:
        if low == -inf and high == inf:
            pieces.append(np.linspace(-3.1, 3.3, 42))
        elif low == -inf:
            pieces.append(high - np.geomspace(1e-2, 20, 21))
        elif high == inf:
            pieces.append(low + np.geomspace(1e-2, 20, 21))
        else:
            pieces.append(np.linspace(low, high, 33)[1:-1])
    return np.concatenate(pieces)


@EVERY_FORM
def test_numpy_torch_and_sympy_agree(form: Form) -> None:
    u = _inside(form)
    x = sympy.Symbol("x", real=True)
    expected = np.array(
        [float(form.sympy(x).subs(x, sympy.Float(float(value), 40)).evalf(30)) for value in u]
    )
    np.testing.assert_allclose(form.numpy(u), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(form.torch(torch.tensor(u)).numpy(), expected, rtol=1e-12, atol=1e-15)


@EVERY_FORM
def test_the_slope_is_the_derivative(form: Form) -> None:
    u = _inside(form)
    x = sympy.Symbol("x")
    function = sympy.lambdify(x, form.sympy(x), "mpmath")
    with mpmath.workdps(40):
        truth = [float(mpmath.diff(function, mpmath.mpf(float(value)))) for value in u]
    np.testing.assert_allclose(form.derivative(u), truth, rtol=1e-11, atol=1e-13)


@EVERY_FORM
def test_the_slope_is_what_torch_differentiates(form: Form) -> None:
    u = torch.tensor(_inside(form), requires_grad=True)
    if form.name == "0":
        return
    form.torch(u).sum().backward()
    assert u.grad is not None
    np.testing.assert_allclose(
        form.derivative(u.detach().numpy()), u.grad.numpy(force=True), rtol=1e-11, atol=1e-13
    )


@EVERY_FORM
def test_the_text_is_the_form_in_the_grammar(form: Form) -> None:
    u = _inside(form)
    tree = grammar.parse(form.render("2*t - 1"))
    np.testing.assert_allclose(
        grammar.evaluate(tree, {"t": (u + 1) / 2}), form.numpy(u), rtol=1e-11, atol=1e-12
    )


@EVERY_FORM
def test_parity_period_degree_and_mirror_are_true(form: Form) -> None:
    u = np.abs(_inside(form))
    value = form.numpy(u)
    signs = {"odd": -1.0, "even": 1.0}
    if form.parity is not None:
        np.testing.assert_allclose(form.numpy(-u), signs[form.parity] * value, rtol=1e-12, atol=1e-15)
    if form.mirrored:
        assert np.ptp(form.numpy(-u) + value) < 1e-12
    if form.period is not None:
        np.testing.assert_allclose(form.numpy(u + form.period), value, rtol=1e-10, atol=1e-10)
    if form.degree is not None:
        assert np.ptp(form.numpy(1.7 * u) - 1.7**form.degree * value) < 1e-9 * np.abs(value).max() + 1e-12


@EVERY_FORM
def test_the_domain_is_where_the_form_is_finite(form: Form) -> None:
    assert np.isfinite(form.numpy(_inside(form))).all()
    ends = np.array([end for interval in form.domain for end in interval if np.isfinite(end)])
    with np.errstate(all="ignore"):
        at_ends = form.numpy(ends)
    if form.period is None:
        assert np.isfinite(at_ends).all() == (form.closed or not len(ends))


@EVERY_FORM
def test_every_spelling_finds_the_form(form: Form) -> None:
    for spelling in (form.name, *form.aliases):
        assert get(spelling) is form
        assert get(f"  {spelling.upper()} ") is form
    assert resolve(form.name) is form


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("x**2", "x^2"),
        ("square", "x^2"),
        ("x ^ 2", "x^2"),
        ("sin(x)", "sin"),
        ("asin", "arcsin"),
        ("ln", "log"),
    ],
)
def test_common_spellings(spelling: str, name: str) -> None:
    assert get(spelling).name == name


def test_an_unknown_name_is_refused_with_its_neighbors() -> None:
    with pytest.raises(FormError, match=r"'sinn'.*'sin'"):
        get("sinn")
    with pytest.raises(FormError, match="choose one of 0, x"):
        get("zzzzzz")
    with pytest.raises(FormError, match="named by text"):
        get(3)  # pyright: ignore[reportArgumentType]


def test_names_are_unique_and_defaults_leave_the_step_out() -> None:
    spellings = [spelling for form in FORMS for spelling in (form.name, *form.aliases)]
    assert len(set(spellings)) == len(spellings)
    assert set(SUGGESTED_NAMES) == {form.name for form in FORMS} - {"sgn"}
    assert set(DEFAULT_NAMES) == {form.name for form in FORMS if not form.rare} - {"sgn"}
    assert len(FORMS) >= 45


@pytest.mark.parametrize(
    ("name", "low", "high", "inside"),
    [
        ("sqrt", 0, 1, True),
        ("log", 0, 1, False),
        ("1/x", -2, -1, True),
        ("1/x", -1, 1, False),
        ("arcsin", -1, 1, True),
        ("arctanh", -1, 0, False),
        ("tan", -1.5, 1.5, True),
        ("tan", 1.6, 4.7, True),
        ("tan", -7.8, -4.8, True),
        ("tan", 1, 2, False),
        ("exp", -1e9, 1e9, True),
        ("arccosh", 1, 5, True),
        ("arccosh", 0.9, 5, False),
        ("sqrt(1-x^2)", -1, 1, True),
        ("1/sqrt(1-x^2)", 0, 1, False),
        ("x^(1/3)", 0, 1, True),
        ("x^(2/3)", -1, 1, False),
        ("1/x^(3/2)", 0, 1, False),
    ],
)
def test_contains(name: str, low: float, high: float, inside: bool) -> None:
    assert get(name).contains(low, high) is inside


SCIPY = {
    "J0": lambda u: special.jv(0, u),
    "J1": lambda u: special.jv(1, u),
    "sinc": lambda u: special.spherical_jn(0, np.abs(u)),
    "erf": special.erf,
    "sigmoid": special.expit,
    "relu": lambda u: np.where(u > 0, u, 0.0),
}


@pytest.mark.parametrize("name", SCIPY)
@given(u=st.floats(-40, 40))
def test_values_are_those_of_scipy(name: str, u: float) -> None:
    form, point = get(name), np.array([u])
    wanted = SCIPY[name](point)
    np.testing.assert_allclose(form.numpy(point), wanted, rtol=0, atol=2e-15 * max(1, abs(u)))
    np.testing.assert_allclose(
        form.torch(torch.tensor(point)).numpy(), wanted, rtol=0, atol=2e-15 * max(1, abs(u))
    )


@EVERY_FORM
def test_lambdified_it_is_the_form(form: Form) -> None:
    x = sympy.Symbol("x", real=True)
    u = _inside(form)
    call = sympy.lambdify(x, form.sympy(x), "scipy")
    np.testing.assert_allclose(
        np.broadcast_to([call(float(value)) for value in u], u.shape), form.numpy(u), rtol=1e-12, atol=1e-14
    )


@EVERY_FORM
def test_float32_stays_float32(form: Form) -> None:
    u = torch.tensor(_inside(form), dtype=torch.float32)
    assert form.torch(u).dtype == torch.float32


def test_powers_are_found_by_their_exponent() -> None:
    u = np.linspace(0.3, 3, 20)
    for exponent, form in POWERS.items():
        np.testing.assert_allclose(form.numpy(u), u**exponent, rtol=1e-14)
    assert {-2.0, -1.0, -0.5, 1 / 3, 0.5, 1.0, 1.5, 2.0, 5.0} <= set(POWERS)

"""Forms that a person types."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, pi

import numpy as np
import pytest
import sympy
import torch
from scipy import special

from kanlab.errors import FormError, GrammarError
from kanlab.forms import add, grammar, resolve, univariate

Curve = Callable[[np.ndarray], np.ndarray]


@pytest.mark.parametrize(
    ("text", "truth", "slope"),
    [
        ("x*exp(-x)", lambda x: x * np.exp(-x), lambda x: (1 - x) * np.exp(-x)),
        ("x*log(x)", lambda x: x * np.log(x), lambda x: np.log(x) + 1),
        ("sin(3*x + 1)/x", lambda x: np.sin(3 * x + 1) / x, None),
        ("abs(x)*x", lambda x: np.abs(x) * x, lambda x: 2 * np.abs(x)),
        ("1/(1 + x^2)", lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
        ("sqrt(x**2 + 0.1)", lambda x: np.sqrt(x * x + 0.1), lambda x: x / np.sqrt(x * x + 0.1)),
        ("e^x + pi", lambda x: np.exp(x) + pi, np.exp),
        ("x*relu(x - 1)", lambda x: x * np.maximum(x - 1, 0), lambda x: np.where(x > 1, 2 * x - 1, 0.0)),
        ("x*J1(x)", lambda x: x * special.j1(x), lambda x: x * special.j0(x)),
        ("J1(2 - x)", lambda x: special.j1(2 - x), None),
        ("sinc(x)^2", lambda x: (np.sin(x) / x) ** 2, None),
        ("asinh(x)*x", lambda x: np.arcsinh(x) * x, None),
    ],
)
def test_an_own_form_is_its_formula_in_every_language(text: str, truth: Curve, slope: Curve | None) -> None:
    form = univariate(text)
    x = np.linspace(0.1, 3, 30)
    np.testing.assert_allclose(form.numpy(x), truth(x), rtol=1e-14)
    tensor = torch.tensor(x, requires_grad=True)
    value = form.torch(tensor)
    np.testing.assert_allclose(value.detach().numpy(), truth(x), rtol=1e-14)
    value.sum().backward()
    assert tensor.grad is not None
    np.testing.assert_allclose(form.derivative(x), tensor.grad.numpy(), rtol=1e-12, atol=1e-14)
    if slope is not None:
        np.testing.assert_allclose(form.derivative(x), slope(x), rtol=1e-13, atol=1e-15)
    s = sympy.Symbol("s")
    assert float(form.sympy(s + 1).subs(s, 0.5)) == pytest.approx(truth(1.5), rel=1e-14)
    rendered = grammar.parse(form.render("s + 1"))
    np.testing.assert_allclose(grammar.evaluate(rendered, {"s": x - 1}), truth(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sin(a*x + b)", "sin"),
        ("c*sin(a*x+b)+d", "sin"),
        ("d + sin(b + x*a)*c", "sin"),
        ("1/(a*x + b)", "1/x"),
        ("c*(a*x + b)^3 + d", "x^3"),
        ("exp(-(a*x + b)^2)", "gaussian"),
        ("1/(1 + exp(-x))", "sigmoid"),
        ("a*x + b", "x"),
        ("x^2", "x^2"),
        ("sqrt(x) + d", "sqrt"),
        ("x**1.5", "x**1.5"),
    ],
)
def test_free_letters_name_the_library_form(text: str, name: str) -> None:
    assert univariate(text).name == name


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("x*log(x)", ((0.0, inf),)),
        ("x*sqrt(1 - x)", ((-inf, 1.0),)),
        ("x/(x - 2)", ((-inf, 2.0), (2.0, inf))),
        ("x*asin(2*x)", ((-0.5, 0.5),)),
        ("log(x) + log(3 - x)", ((0.0, 3.0),)),
        ("log(1 + x**2)", ((-inf, inf),)),
        ("x**-2 + x", ((-inf, 0.0), (0.0, inf))),
        ("x + x**0.3", ((0.0, inf),)),
    ],
)
def test_the_domain_follows_from_the_formula(text: str, domain: object) -> None:
    assert univariate(text).domain == domain


def test_parity_is_seen() -> None:
    assert univariate("x*sin(x)").parity == "even"
    assert univariate("x*cos(x)").parity == "odd"
    assert univariate("x*exp(x)").parity is None


@pytest.mark.parametrize("text", ["a*x*exp(-x)", "t**2", "3", "pi*2", "sin(a*x*x)", "x.real", "", "x*"])
def test_what_is_no_form_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(GrammarError) as caught:
        univariate(text)
    assert "\n" not in str(caught.value)


def test_resolve_takes_names_and_formulas() -> None:
    assert resolve("square").name == "x^2"
    assert resolve("x*exp(-x)").name == "x*exp(-x)"
    assert resolve(resolve("x*exp( -x)").name).name == "x*exp( -x)"
    with pytest.raises(FormError, match="Did you mean 'sin'"):
        resolve("sinn")


def test_an_added_form_is_a_value_and_nothing_is_registered() -> None:
    form = add("x*exp(-x)")
    assert form.name == "x*exp(-x)"
    assert add("x*exp(-x)") is not form
    assert add("sin(x)/x") is resolve("sinc")
    assert add("1/(1 + x^2)") is resolve("lorentz")
    for text in ("import os", "sinn", "x.real", "a*x*exp(-x)"):
        with pytest.raises(FormError):
            add(text)


def test_a_bessel_function_of_high_order_has_no_text() -> None:
    x = sympy.Symbol("x", real=True)
    points = np.linspace(0.5, 9, 20)
    node = grammar.from_sympy(sympy.besselj(3, x))
    np.testing.assert_allclose(grammar.evaluate(node, {"x": points}), special.jv(3, points), atol=1e-12)
    for order in (6, sympy.Rational(1, 2), x):
        with pytest.raises(GrammarError, match="besselj"):
            grammar.from_sympy(sympy.besselj(order, x))

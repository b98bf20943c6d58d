"""The forms that kanlab knows by name: one row each.

Every form is matched as c f(a x + b) + d, so what these four constants make of a form is no form of its own:
1/(1 + x) is 1/x, exp(-x) is exp, log(1 + x) is log, 2^x is exp.
"""

from __future__ import annotations

from math import inf, pi
from typing import Any, Literal

import numpy as np
import sympy
import torch

from ..errors import FormError, did_you_mean
from .form import NOT_ZERO, POSITIVE, UNIT, Form
from .functions import erf, gaussian, relu, sigmoid, sympy_j1
from .special import j0, j0_torch, j1, j1_slope, j1_torch, sinc, sinc_slope, sinc_torch


def _power(degree: int, complexity: int, *aliases: str) -> Form:
    """u^degree for a whole degree of 2 and more."""
    parity: Literal["odd", "even"] = "odd" if degree % 2 else "even"
    return Form(
        name=f"x^{degree}",
        numpy=lambda u: u**degree,
        torch=lambda u: u**degree,
        derivative=lambda u: degree * u ** (degree - 1),
        sympy=lambda u: u**degree,
        text=f"({{}})**{degree}",
        complexity=complexity,
        parity=parity,
        degree=degree,
        aliases=(f"x**{degree}", f"x{degree}", *aliases),
    )


def _inverse(degree: int, complexity: int, *aliases: str, rare: bool = False) -> Form:
    """u^-degree for a whole degree of 1 and more."""
    parity: Literal["odd", "even"] = "odd" if degree % 2 else "even"
    tail = "" if degree == 1 else f"^{degree}"
    return Form(
        name=f"1/x{tail}",
        numpy=lambda u: 1 / u**degree,
        torch=lambda u: 1 / u**degree,
        derivative=lambda u: -degree / u ** (degree + 1),
        sympy=lambda u: 1 / u**degree,
        text=f"1/({{}}){tail.replace('^', '**')}",
        complexity=complexity,
        domain=NOT_ZERO,
        parity=parity,
        degree=-degree,
        rare=rare,
        aliases=(*((f"1/x**{degree}",) if tail else ()), f"x^-{degree}", f"x**-{degree}", *aliases),
    )


def _fraction(p: int, q: int, complexity: int) -> Form:
    """u^(p/q) for u > 0, as SymPy has it: its real branch for u < 0 is another function.

    For p < 0 it is called 1/x^(p/q) and is not defined at 0.
    """
    degree, size = p / q, f"({abs(p)}/{q})"
    return Form(
        name=f"x^{size}" if p > 0 else f"1/x^{size}",
        numpy=lambda u: u**degree,
        torch=lambda u: u**degree,
        derivative=lambda u: degree * u ** (degree - 1),
        sympy=lambda u: u ** sympy.Rational(p, q),
        text=f"({{}})**{size}" if p > 0 else f"1/({{}})**{size}",
        complexity=complexity,
        domain=POSITIVE,
        closed=p > 0,
        degree=degree,
        rare=True,
        aliases=(f"x**{size}",) if p > 0 else (f"1/x**{size}", f"x^(-{abs(p)}/{q})", f"x**(-{abs(p)}/{q})"),
    )


def _sympy_zero(_: Any) -> Any:
    return sympy.Integer(0)


def _arcsin_slope(u: Any) -> Any:
    return 1 / np.sqrt((1 - u) * (1 + u))


def _semicircle(u: Any) -> Any:
    return np.sqrt((1 - u) * (1 + u))


def _acosh_slope(u: Any) -> Any:
    return 1 / np.sqrt((u - 1) * (u + 1))


def _tan_slope(u: Any) -> Any:
    return 1 / np.cos(u) ** 2


def _tanh_slope(u: Any) -> Any:
    return 1 - np.tanh(u) ** 2


def _sigmoid_slope(u: Any) -> Any:
    return sigmoid(u) * sigmoid(-u)


# fmt: off
FORMS: tuple[Form, ...] = (
    Form("0", np.zeros_like, torch.zeros_like, np.zeros_like, _sympy_zero, "0", 0,
         parity="even", aliases=("zero", "constant", "const")),
    Form("x", np.array, torch.clone, np.ones_like, lambda u: u, "({})", 1,
         parity="odd", degree=1, aliases=("linear", "identity", "x^1", "x**1")),
    _power(2, 2, "square", "quadratic"),
    _power(3, 3, "cube", "cubic"),
    _power(4, 3, "quartic"),
    _power(5, 4, "quintic"),
    _inverse(1, 2, "inverse", "reciprocal", "inv"),
    _inverse(2, 3, "inverse square"),
    _inverse(3, 4, "inverse cube"),
    Form("sqrt", np.sqrt, torch.sqrt, lambda u: 0.5 / np.sqrt(u), sympy.sqrt, "sqrt({})", 2,
         POSITIVE, closed=True, degree=0.5, aliases=("x^0.5", "x**0.5", "x^(1/2)", "x**(1/2)", "squareroot")),
    Form("1/sqrt", lambda u: 1 / np.sqrt(u), torch.rsqrt, lambda u: -0.5 / (u * np.sqrt(u)),
         lambda u: 1 / sympy.sqrt(u), "1/sqrt({})", 3,
         POSITIVE, degree=-0.5, aliases=("1/sqrt(x)", "x^-0.5", "x**-0.5", "x^(-1/2)", "x**(-1/2)", "rsqrt")),
    Form("x^(3/2)", lambda u: u * np.sqrt(u), lambda u: u * torch.sqrt(u), lambda u: 1.5 * np.sqrt(u),
         lambda u: u ** sympy.Rational(3, 2), "({})**(3/2)", 4,
         POSITIVE, closed=True, degree=1.5, aliases=("x^1.5", "x**1.5", "x**(3/2)")),
    Form("exp", np.exp, torch.exp, np.exp, sympy.exp, "exp({})", 2, aliases=("e^x", "e**x", "exponential")),
    Form("log", np.log, torch.log, lambda u: 1 / u, sympy.log, "log({})", 2,
         POSITIVE, degree=0, aliases=("ln", "logarithm")),
    Form("abs", np.abs, torch.abs, np.sign, sympy.Abs, "abs({})", 3,
         parity="even", degree=1, aliases=("|x|", "Abs", "absolute")),
    Form("sin", np.sin, torch.sin, np.cos, sympy.sin, "sin({})", 2,
         parity="odd", period=2 * pi, aliases=("sine",)),
    Form("cos", np.cos, torch.cos, lambda u: -np.sin(u), sympy.cos, "cos({})", 2,
         parity="even", period=2 * pi, aliases=("cosine",)),
    Form("tan", np.tan, torch.tan, _tan_slope, sympy.tan, "tan({})", 3,
         ((-pi / 2, pi / 2),), parity="odd", period=pi, aliases=("tangent",)),
    Form("tanh", np.tanh, torch.tanh, _tanh_slope, sympy.tanh, "tanh({})", 3, parity="odd"),
    Form("sinh", np.sinh, torch.sinh, np.cosh, sympy.sinh, "sinh({})", 4, parity="odd"),
    Form("cosh", np.cosh, torch.cosh, np.sinh, sympy.cosh, "cosh({})", 4, parity="even"),
    Form("arcsin", np.arcsin, torch.arcsin, _arcsin_slope, sympy.asin, "asin({})", 4,
         UNIT, closed=True, parity="odd", aliases=("asin",)),
    Form("arccos", np.arccos, torch.arccos, lambda u: -_arcsin_slope(u), sympy.acos, "acos({})", 4,
         UNIT, closed=True, mirrored=True, aliases=("acos",)),
    Form("arctan", np.arctan, torch.arctan, lambda u: 1 / (1 + u * u), sympy.atan, "atan({})", 4,
         parity="odd", aliases=("atan",)),
    Form("arctanh", np.arctanh, torch.arctanh, lambda u: 1 / ((1 - u) * (1 + u)), sympy.atanh, "atanh({})", 4,
         UNIT, parity="odd", aliases=("atanh", "artanh")),
    Form("gaussian", gaussian, lambda u: torch.exp(-u.square()), lambda u: -2 * u * gaussian(u),
         lambda u: sympy.exp(-(u**2)), "exp(-({})**2)", 3,
         parity="even", aliases=("gauss", "exp(-x^2)", "exp(-x**2)", "normal", "bell")),
    Form("sigmoid", sigmoid, torch.sigmoid, _sigmoid_slope, lambda u: 1 / (1 + sympy.exp(-u)),
         "sigmoid({})", 3, mirrored=True, aliases=("logistic", "expit")),
    Form("erf", erf, torch.erf, lambda u: 2 / np.sqrt(pi) * gaussian(u), sympy.erf,
         "erf({})", 4, parity="odd"),
    _inverse(4, 5, rare=True),
    _inverse(5, 6, rare=True),
    _fraction(1, 3, 3),
    _fraction(2, 3, 4),
    _fraction(5, 2, 5),
    _fraction(-3, 2, 5),
    Form("relu", relu, torch.relu, lambda u: np.heaviside(u, 0.5), lambda u: sympy.Max(0, u), "relu({})", 3,
         degree=1, rare=True, aliases=("ramp", "hinge", "max(0,x)")),
    Form("1/(1+x^2)", lambda u: 1 / (1 + u * u), lambda u: 1 / (1 + u.square()), lambda u: -2 * u / (1 + u * u) ** 2,
         lambda u: 1 / (1 + u**2), "1/(1 + ({})**2)", 4,
         parity="even", rare=True, aliases=("1/(1+x**2)", "lorentz", "lorentzian", "cauchy")),
    Form("sqrt(1+x^2)", lambda u: np.hypot(1, u), lambda u: torch.sqrt(1 + u.square()), lambda u: u / np.hypot(1, u),
         lambda u: sympy.sqrt(1 + u**2), "sqrt(1 + ({})**2)", 5,
         parity="even", rare=True, aliases=("sqrt(1+x**2)", "hyperbola")),
    Form("1/sqrt(1+x^2)", lambda u: 1 / np.hypot(1, u), lambda u: torch.rsqrt(1 + u.square()),
         lambda u: -u / np.hypot(1, u) ** 3, lambda u: 1 / sympy.sqrt(1 + u**2), "1/sqrt(1 + ({})**2)", 5,
         parity="even", rare=True, aliases=("1/sqrt(1+x**2)",)),
    Form("sqrt(1-x^2)", _semicircle, lambda u: torch.sqrt((1 - u) * (1 + u)), lambda u: -u / _semicircle(u),
         lambda u: sympy.sqrt(1 - u**2), "sqrt(1 - ({})**2)", 5,
         UNIT, closed=True, parity="even", rare=True, aliases=("sqrt(1-x**2)", "semicircle")),
    Form("1/sqrt(1-x^2)", _arcsin_slope, lambda u: torch.rsqrt((1 - u) * (1 + u)), lambda u: u * _arcsin_slope(u) ** 3,
         lambda u: 1 / sympy.sqrt(1 - u**2), "1/sqrt(1 - ({})**2)", 6,
         UNIT, parity="even", rare=True, aliases=("1/sqrt(1-x**2)", "lorentz factor")),
    Form("arcsinh", np.arcsinh, torch.arcsinh, lambda u: 1 / np.hypot(1, u), sympy.asinh, "asinh({})", 4,
         parity="odd", rare=True, aliases=("asinh", "arsinh")),
    Form("arccosh", np.arccosh, torch.arccosh, _acosh_slope, sympy.acosh, "acosh({})", 5,
         ((1.0, inf),), closed=True, rare=True, aliases=("acosh", "arcosh")),
    Form("sinc", sinc, sinc_torch, sinc_slope, sympy.sinc, "sinc({})", 5,
         parity="even", rare=True, aliases=("sin(x)/x",)),
    Form("J0", j0, j0_torch, lambda u: -j1(u), lambda u: sympy.besselj(0, u), "J0({})", 6,
         parity="even", rare=True, aliases=("besselj0", "bessel0")),
    Form("J1", j1, j1_torch, j1_slope, sympy_j1, "J1({})", 6,
         parity="odd", rare=True, aliases=("besselj1", "bessel1")),
    Form("sgn", np.sign, torch.sgn, np.zeros_like, sympy.sign, "sign({})", 3,
         parity="odd", degree=0, aliases=("sign", "step")),
)
# fmt: on

_NO_POWERS = ("log", "abs", "relu", "sgn")
POWERS: dict[float, Form] = {
    form.degree: form for form in FORMS if form.degree is not None and form.name not in _NO_POWERS
}
"""The forms u^p by their exponent p."""

_BY_NAME: dict[str, Form] = {name: form for form in FORMS for name in (form.name, *form.aliases)}

SUGGESTED_NAMES: tuple[str, ...] = tuple(form.name for form in FORMS if form.name != "sgn")
"""The forms that are offered for an edge: all but `sgn`, which has no slope to follow."""

DEFAULT_NAMES: tuple[str, ...] = tuple(form.name for form in FORMS if form.name != "sgn" and not form.rare)
"""The forms that a search tries when nobody says which: those offered, without the rare ones."""


def _plain(name: object) -> str:
    """A spelling without spaces, case and an argument: `" Sin(x) "` is `sin`."""
    if not isinstance(name, str):
        raise FormError(f"A form is named by text such as 'sin', but {name!r:.60} was given.")
    text = "".join(name.split()).lower()
    return text.removesuffix("(x)") if text.endswith("(x)") and text != "(x)" else text


_BY_PLAIN_NAME: dict[str, Form] = {_plain(name): form for name, form in _BY_NAME.items()}


def all_forms() -> tuple[Form, ...]:
    """Every form of the library, simplest families first."""
    return FORMS


def knows(name: str) -> bool:
    """Whether `get` finds a form for `name`."""
    return name in _BY_NAME or _plain(name) in _BY_PLAIN_NAME


def get(name: str) -> Form:
    """The form called `name`, by its name or by one of its other spellings (`"x**2"`, `"square"`, `"asin"`).

    Raises `FormError` with the nearest names when there is none.
    """
    plain = _plain(name)
    form = _BY_NAME.get(name) or _BY_PLAIN_NAME.get(plain)
    if form is None:
        near = did_you_mean(name[:40], _BY_NAME)
        hint = (
            f".{near}" if near else f"; choose one of {', '.join(SUGGESTED_NAMES)}, or write a formula in x."
        )
        raise FormError(f"There is no form called {name[:40]!r}{hint}")
    return form

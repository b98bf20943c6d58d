"""The forms that kanlab knows by name: one row each."""

from __future__ import annotations

from math import pi
from typing import Any, Literal

import numpy as np
import sympy
import torch

from ..errors import FormError, did_you_mean
from .form import NOT_ZERO, POSITIVE, UNIT, Form
from .functions import erf, gaussian, sigmoid


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


def _inverse(degree: int, complexity: int, *aliases: str) -> Form:
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
        aliases=(*((f"1/x**{degree}",) if tail else ()), f"x^-{degree}", f"x**-{degree}", *aliases),
    )


def _sympy_zero(_: Any) -> Any:
    return sympy.Integer(0)


def _arcsin_slope(u: Any) -> Any:
    return 1 / np.sqrt((1 - u) * (1 + u))


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
    Form("sgn", np.sign, torch.sgn, np.zeros_like, sympy.sign, "sign({})", 3,
         parity="odd", degree=0, aliases=("sign", "step")),
)
# fmt: on

_BY_NAME: dict[str, Form] = {name: form for form in FORMS for name in (form.name, *form.aliases)}

DEFAULT_NAMES: tuple[str, ...] = tuple(form.name for form in FORMS if form.name != "sgn")
"""The forms that are tried when nobody says which: all but `sgn`, which has no slope to follow."""


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
        hint = f".{near}" if near else f"; choose one of {', '.join(DEFAULT_NAMES)}, or write a formula in x."
        raise FormError(f"There is no form called {name[:40]!r}{hint}")
    return form

"""Rare forms are matched when they are true, and leave the common ones alone when they are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from kanlab.forms import SUGGESTED_NAMES, get
from kanlab.symbolic.match import match

Curve = Callable[[np.ndarray], np.ndarray]

X = np.linspace(-1, 1, 200)
CURVES: list[tuple[str, Curve]] = [
    ("relu", lambda x: np.maximum(0, x - 0.2)),
    ("relu", lambda x: 1 + 3 * np.maximum(0, -x - 0.2)),
    ("1/(1+x^2)", lambda x: 1 / (1 + (3 * x + 0.3) ** 2)),
    ("sqrt(1+x^2)", lambda x: np.sqrt(1 + (4 * x - 1) ** 2)),
    ("1/sqrt(1+x^2)", lambda x: 1 / np.sqrt(1 + (4 * x - 1) ** 2)),
    ("sqrt(1-x^2)", lambda x: np.sqrt(1 - (0.9 * x) ** 2)),
    ("sqrt(1-x^2)", lambda x: np.sqrt(1 - x**2)),
    ("1/sqrt(1-x^2)", lambda x: 1 / np.sqrt(1 - (0.9 * x) ** 2)),
    ("arcsinh", lambda x: np.arcsinh(6 * x + 1)),
    ("arccosh", lambda x: np.arccosh(2 * x + 3)),
    ("arccosh", lambda x: np.arccosh(3 * x + 4)),
    ("sinc", lambda x: special.spherical_jn(0, np.abs(8 * x - 1))),
    ("sinc", lambda x: special.spherical_jn(0, 15 * (x + 1))),
    ("J0", lambda x: special.j0(6 * (x + 1))),
    ("J0", lambda x: special.j0(15 * x + 2)),
    ("J1", lambda x: special.j1(5 * (x + 1))),
    ("J1", lambda x: special.j1(20 * (x + 1))),
    ("x^(1/3)", lambda x: np.cbrt(x + 1)),
    ("x^(2/3)", lambda x: np.cbrt(x + 1.2) ** 2),
    ("x^(5/2)", lambda x: (1 - x) ** 2.5),
    ("1/x^(3/2)", lambda x: (1.3 - x) ** -1.5),
    ("1/x^4", lambda x: (x + 1.4) ** -4.0),
    ("1/x^5", lambda x: (x - 1.4) ** -5.0),
]
EVERY_CURVE = pytest.mark.parametrize(
    ("name", "curve"), CURVES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CURVES)]
)
SCALES = {"as it is": (1.0, 0.0), "small": (1e-6, 0.0), "large and far": (1e6, 5e6), "backwards": (-1.0, 0.0)}


def test_every_rare_form_has_a_curve_here() -> None:
    assert {name for name, _ in CURVES} == {name for name in SUGGESTED_NAMES if get(name).rare}


@pytest.mark.parametrize("scale", SCALES)
@EVERY_CURVE
def test_exact_curves_are_recovered_among_all_forms(name: str, curve: Curve, scale: str) -> None:
    factor, shift = SCALES[scale]
    best = match(factor * X + shift, curve(X), forms=SUGGESTED_NAMES, keep=1)[0]
    assert (best.form, best.residual < 1e-18) == (name, True)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("sin", lambda x: np.sin(3.7 * x + 0.4)),
        ("exp", lambda x: np.exp(-2.5 * x)),
        ("log", lambda x: np.log(3 * x + 4)),
        ("sqrt", lambda x: np.sqrt(x + 1)),
        ("1/x", lambda x: 1 / (x + 1.3)),
        ("tanh", lambda x: np.tanh(2 * x - 0.3)),
        ("x", lambda x: 3 * x - 2),
        ("x^2", lambda x: x**2),
        ("x^3", lambda x: (x - 0.3) ** 3),
        ("gaussian", lambda x: np.exp(-((3 * x + 0.2) ** 2))),
        ("abs", lambda x: np.abs(x - 0.123)),
    ],
)
def test_common_forms_win_their_own_curves_against_all_others(name: str, curve: Curve) -> None:
    rng = np.random.default_rng(7)
    x = np.sort(rng.uniform(-1, 1, 1000))
    y = curve(x)
    noisy = y + 0.01 * y.std() * rng.normal(size=len(x))
    assert match(x, y, forms=SUGGESTED_NAMES, keep=1)[0].form == name
    assert match(x, noisy, forms=SUGGESTED_NAMES, keep=1)[0].form == name

"""What is said of singularities is where they are, by closed forms and by asking the law there."""

from __future__ import annotations

import re

import numpy as np
import pytest
import sympy

from kanlab.symbolic.printing import Printed
from kanlab.symbolic.singularities import singularities
from kanlab.symbolic.validity import Column


def said(text: str, **ranges: tuple[float, float]) -> list[str]:
    columns = [Column(name, name, None, *ends) for name, ends in ranges.items()]
    return list(singularities(Printed(text, sympy.Integer(0), tuple(ranges)), columns))


@pytest.mark.parametrize(
    ("text", "ranges", "wanted"),
    [
        ("2*log(a) + b", {"a": (1, 3), "b": (0, 1)}, ["log(a) is not defined for a <= 0"]),
        ("sqrt(2 - a)", {"a": (0, 1)}, ["sqrt(2 - a) is not defined for a > 2"]),
        ("sqrt(a)", {"a": (10, 11)}, []),
        ("1/(a - 3)", {"a": (0, 2)}, ["1/(a - 3) has a pole at a = 3"]),
        ("1/(a - 3)**2", {"a": (0, 2)}, ["(a - 3)**(-2) has a pole at a = 3"]),
        ("5/a**2", {"a": (1, 2)}, ["a**(-2) has a pole at a = 0"]),
        ("a**-3", {"a": (1, 2)}, ["a**(-3) has a pole at a = 0"]),
        (
            "a**1.5 + a**-1.5",
            {"a": (1, 2)},
            ["a**1.5 is not defined for a < 0", "a**(-1.5) is not defined for a <= 0"],
        ),
        ("asin(a)", {"a": (0.2, 1)}, ["asin(a) is not defined for a > 1"]),
        ("asin(a)", {"a": (-1, 1)}, ["asin(a) is not defined for a < -1 or a > 1"]),
        ("acosh(a)", {"a": (2, 3)}, ["acosh(a) is not defined for a < 1"]),
        ("atanh(a)", {"a": (0, 0.5)}, ["atanh(a) is not defined for a >= 1"]),
        ("log(a**2 - 1)", {"a": (-3, 3)}, ["log(a**2 - 1) is not defined for -1 <= a <= 1"]),
        ("log((a - 0.3)**2)", {"a": (-3, 3)}, ["log((a - 0.3)**2) is not defined for a = 0.3"]),
        (
            "log(1/a - 1)",
            {"a": (0.1, 0.8)},
            ["log(-1 + 1/a) is not defined for a <= 0 or a >= 1", "1/a has a pole at a = 0"],
        ),
        (
            "log(sqrt(a) - 1)",
            {"a": (1.5, 9)},
            ["log(sqrt(a) - 1) is not defined for 0 <= a <= 1", "sqrt(a) is not defined for a < 0"],
        ),
        ("tan(a)", {"a": (0, 1)}, ["tan(a) has a pole at a = 1.5708"]),
        (
            "tan(a)",
            {"a": (0, 20)},
            ["tan(a) has a pole at a = -17.2788, -14.1372, -10.9956, -7.85398 and 15 more"],
        ),
        ("exp(a)", {"a": (0, 600)}, ["exp(a) overflows for a > 709.78"]),
        ("sin(a)*exp(-a**2) + tanh(a)/cosh(a)", {"a": (0, 5)}, []),
        ("exp(-a)/(exp(a) + 1)", {"a": (0, 5)}, []),
        ("1/(exp(a) - 1)", {"a": (1, 5)}, ["1/(exp(a) - 1) has a pole at a = 0"]),
        (
            "1/(1 - n*a/3)",
            {"n": (0, 1), "a": (0, 2)},
            ["1/(-a*n/3 + 1) has a pole where -a*n/3 + 1 = 0, beyond the range of the data"],
        ),
        (
            "1/(a - b)",
            {"a": (0, 1), "b": (0, 1)},
            ["1/(a - b) has a pole where a - b = 0, inside the range of the data"],
        ),
        (
            "1/(a - b)**2",
            {"a": (0, 1), "b": (0, 1)},
            ["(a - b)**(-2) has a pole where a - b = 0, inside the range of the data"],
        ),
        (
            "1/(a**2 + b**2)",
            {"a": (1, 2), "b": (1, 2)},
            ["1/(a**2 + b**2) has a pole where a**2 + b**2 = 0, beyond the range of the data"],
        ),
        ("1/(a**2 + b**2 + 1)", {"a": (1, 2), "b": (1, 2)}, []),
        (
            "1/(1 + 1/(a*b))",
            {"a": (0.5, 2), "b": (0.5, 3)},
            [
                "1/(1 + 1/(a*b)) has a pole where 1 + 1/(a*b) = 0, beyond the range of the data",
                "1/(a*b) has a pole at a = 0",
                "1/(a*b) has a pole at b = 0",
            ],
        ),
        # here the sign of 1 + 1/(a*b) changes at its own pole only
        ("1/(1 + 1/(a*b))", {"a": (1, 2), "b": (3, 3.5)}, ["1/(a*b) has a pole at a = 0"]),
        (
            "log(a - b)",
            {"a": (3, 4), "b": (0, 1)},
            ["log(a - b) is not defined where a - b <= 0, beyond the range of the data"],
        ),
        ("a*b/c", {"a": (0, 1), "b": (0, 1), "c": (5, 6)}, []),
        ("a**b", {"a": (1, 2), "b": (0, 1)}, ["a**b is not defined for a <= 0"]),
        ("3.5", {"a": (0, 1)}, []),
        ("1/(a - 5)", {"a": (5, 5)}, ["1/(a - 5) has a pole at a = 5"]),
    ],
)
def test_statements(text: str, ranges: dict[str, tuple[float, float]], wanted: list[str]) -> None:
    assert said(text, **ranges) == wanted


def test_the_law_is_nan_where_it_is_said_not_to_be_defined() -> None:
    text = "sqrt(cos(3*a) + 0.2)"
    (sentence,) = said(text, a=(0.0, 2.0))
    pieces = np.array(re.findall(r"(-?[\d.]+) < a < (-?[\d.]+)", sentence), dtype=float)
    # cos(3 a) = -0.2 between -2 and 4
    turn = np.arccos(-0.2)
    np.testing.assert_allclose(
        pieces, [(k * 2 * np.pi + np.array([turn, 2 * np.pi - turn])) / 3 for k in (-1, 0, 1)], rtol=1e-5
    )
    law = Printed(text, sympy.Integer(0), ("a",))
    for low, high in pieces:
        inside = np.linspace(low + 1e-4, high - 1e-4, 50)[:, None]
        assert np.isnan(law(inside)).all()
        assert np.isfinite(law(np.array([[low - 1e-4], [high + 1e-4]]))).all()


def test_long_parts_are_not_written_out() -> None:
    long = " + ".join(f"sin({k}*a)" for k in range(2, 20))
    (sentence,) = said(f"log({long})", a=(1.0, 1.2))
    assert sentence.startswith("The law is not defined for ")
    (sentence,) = said(f"log({long} + b)", a=(1.0, 1.2), b=(-1.0, 0.0))
    assert sentence.startswith("The law is not defined where its argument <= 0")

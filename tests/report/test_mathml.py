"""Formulas as MathML: well formed, escaped, and saying what the expression says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from kanlab.report.mathml import mathml, name_mathml, number_mathml
from tests.report.formulas import read_equation

x1, x2, x10, T, axis = (
    sympy.Symbol(name, real=True) for name in ("x1", "x2", "x10", "T_ref", "semi_major_axis")
)
spline = sympy.Function("phi_0_1_2")
SYMBOLS = {"x_1": x1, "x_2": x2, "x_10": x10, "T_ref": T, "semi_major_axis": axis}


def words(markup: str) -> str:
    """The formula as plain text: the contents of its elements one after the other."""
    return re.sub(r"[\u2061\u2062]", "", "".join(ET.fromstring(markup).itertext()))


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (sympy.exp(sympy.sin(sympy.pi * x1) + x2**2), "y=exp(sin(πx1)+x22)"),
        (1 - x1, "y=1−x1"),
        (x2 - x1, "y=x2−x1"),
        (-x1 - x2, "y=−x1−x2"),
        (x10 + x2 + x1 + 3, "y=x1+x2+x10+3"),
        (-x10 * (x1 + x2), "y=−x10(x1+x2)"),
        (sympy.Float(1.5e-7) * x1, "y=1.5×10−7x1"),
        (sympy.Float(0.25) * axis**2, "y=0.25(semi major axis)2"),
        (axis * sympy.Symbol("orbital_period"), "y=orbital period⋅semi major axis"),
        (x1 / (x2 + 1), "y=x1x2+1"),
        (sympy.sin(x1) ** 2, "y=sin2(x1)"),
        (sympy.asin(x1), "y=arcsin(x1)"),
        (sympy.besselj(0, x1) + 1, "y=J0(x1)+1"),
        (3 * sympy.besselj(1, x1) ** 2, "y=3J12(x1)"),
        (sympy.sinc(2 * x1), "y=sinc(2x1)"),
        (sympy.Max(0, x1 - 1) ** 2, "y=max(0,x1−1)2"),
        (sympy.asinh(x1) / sympy.acosh(x2), "y=arsinh(x1)arcosh(x2)"),
        (sympy.Abs(x1 - x2), "y=|x1−x2|"),
        (sympy.Float(1e-5) ** x1, "y=(10−5)x1"),
        (2 * sympy.Float(3.5) ** x1, "y=2⋅3.5x1"),
        (spline(x1) + sympy.Float(0.123456789), "y=φ~0,1,2(x1)+0.12346"),
        (sympy.exp(sympy.UnevaluatedExpr(x1 - 500.0)), "y=exp(x1−500)"),
        (sympy.Integer(-3), "y=−3"),
        (sympy.Float(-0.5), "y=−0.5"),
        (sympy.oo, "y=oo"),
    ],
)
def test_what_is_shown(expression: sympy.Expr, shown: str) -> None:
    assert words(mathml(expression, target="y")) == shown


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        (x2**2, "<msubsup><mi>x</mi><mn>2</mn><mn>2</mn></msubsup>"),
        (sympy.sqrt(x1), "<msqrt><msub><mi>x</mi><mn>1</mn></msub></msqrt>"),
        (x1 ** sympy.Rational(1, 3), "<mroot><msub><mi>x</mi><mn>1</mn></msub><mn>3</mn></mroot>"),
        (sympy.Rational(3, 4), "<mfrac><mn>3</mn><mn>4</mn></mfrac>"),
        (T, "<msub><mi>T</mi><mi>ref</mi></msub>"),
        (axis, "<mi>semi major axis</mi>"),
        (spline(x1), '<mover accent="true"><mi>φ</mi><mo>~</mo></mover>'),
    ],
)
def test_how_it_is_built(expression: sympy.Expr, part: str) -> None:
    assert part in mathml(expression, target="y")


@pytest.mark.parametrize("name", ["a<b", 'say "so"', "R&D", "</math><script>alert(1)</script>", "a>b1"])
def test_names_are_escaped(name: str) -> None:
    markup = mathml(sympy.Symbol(name) + 1, target=name)
    root = ET.fromstring(markup)
    assert not list(root.iter("script"))
    assert "<script" not in markup
    assert "".join(root.itertext()).count(name[:3]) == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (2.0, "2"),
        (0.1, "0.1"),
        (3.25, "3.25"),
        (0.00025, "0.00025"),
        (1.5e-7, "1.5×10−7"),
        (1e-5, "10−5"),
        (1e22, "1022"),
        (1234567.0, "1234567"),
        (123456789.0, "1.23456789×108"),
        (100000000.0, "108"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert words(f"<mrow>{number_mathml(value)}</mrow>") == shown


@given(st.floats(0, 1e300))
def test_a_printed_number_reads_back_unchanged(value: float) -> None:
    assert read_equation(mathml(sympy.Float(value, 17), target="y"), {}) == pytest.approx(value, rel=1e-15)


def test_fewer_digits() -> None:
    assert words(f"<mrow>{number_mathml(3.14159265, digits=3)}</mrow>") == "3.14"
    assert words(mathml(sympy.Float(3.14159265) * x1, target="y", digits=3)) == "y=3.14x1"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
def test_any_name_is_well_formed(name: str) -> None:
    assert ET.fromstring(f"<mrow>{name_mathml(name)}</mrow>") is not None


LEAVES = st.one_of(
    st.sampled_from([x1, x2, T, axis, sympy.pi]),
    st.integers(-9, 9).map(sympy.Integer),
    st.fractions(-3, 3, max_denominator=7).map(lambda f: sympy.Rational(f.numerator, f.denominator)),
    st.floats(-1e3, 1e3, allow_nan=False).map(lambda value: sympy.Float(round(value, 4), 17)),
)
POWERS = st.sampled_from([2, 3, -1, -2, sympy.Rational(1, 2), sympy.Rational(-1, 2), sympy.Rational(3, 2)])
FUNCTIONS = st.sampled_from([sympy.sin, sympy.exp, sympy.Abs, sympy.tanh, sympy.log])


def _grow(inner: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    return st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, p: a**p, inner, POWERS),
        st.builds(lambda f, a: f(a), FUNCTIONS, inner),
    )


@given(st.recursive(LEAVES, _grow, max_leaves=8))
def test_the_formula_says_what_the_expression_says(expression: sympy.Expr) -> None:
    assume(not expression.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I))
    point = {
        x1: sympy.Rational(7, 10),
        x2: sympy.Rational(13, 10),
        T: sympy.Rational(3, 7),
        axis: sympy.Rational(11, 9),
    }
    try:
        wanted = complex(expression.subs(point).evalf())
    except (TypeError, OverflowError):
        assume(False)
        return
    assume(1e-9 < abs(wanted) < 1e9)
    got = complex(read_equation(mathml(expression, target="y"), SYMBOLS).subs(point).evalf())
    assert abs(got - wanted) <= 1e-6 * abs(wanted)

"""Laws of textbooks and the units of their constants; and that units and constants change together."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Unit, parse_unit
from kanlab.forms import get
from kanlab.symbolic.dimensions import DimensionReport, check_dimensions, may_carry
from kanlab.symbolic.simplify import add, affine, apply, constant, multiply, variable
from kanlab.symbolic.tree import (
    ONE,
    ZERO,
    Apply,
    Power,
    Product,
    Sum,
    Variable,
    evaluate,
    free_values,
    with_free,
)
from tests.symbolic.trees import TREES


def check(tree: Sum, units: str, target: str) -> DimensionReport:
    """`units` are separated by commas; inputs are called x, z, w."""
    inputs = [parse_unit(text) for text in units.split(",")]
    return check_dimensions(tree, inputs, parse_unit(target), names=("x", "z", "w"), target_name="y")


def power(base: Sum, exponent: float) -> Sum:
    return Sum(ZERO, ((ONE, Power(base, exponent)),))


def scaled(scale: float, tree: Sum) -> Sum:
    return affine(scale, tree, 0.0)


X, Z, W = (variable(number) for number in range(3))
FALL = add([scaled(4.905, apply(get("x^2"), X)), scaled(1.7, X), constant(0.3)])
CONSISTENT = {
    "Kepler": (scaled(0.2, power(X, 1.5)), "Gm", "d", "units: consistent, c1 in d/Gm^(3/2)"),
    "Kepler, snapped": (power(X, 1.5), "au", "yr", "units: consistent, the 1 in front in yr/au^(3/2)"),
    "free fall": (FALL, "s", "m", "units: consistent, c1 in m, c2 in m/s^2, c3 in m/s"),
    "pendulum": (
        scaled(6.28, multiply([power(X, 0.5), power(Z, -0.5)])),
        "m,m/s^2",
        "s",
        "units: consistent",
    ),
    "ideal gas": (
        scaled(8.314, multiply([X, Z, apply(get("1/x"), W)])),
        "mol,K,L",
        "kPa",
        "units: consistent, c1 in kPa*L/(K*mol)",
    ),
    "decay": (
        scaled(3.3, apply(get("exp"), scaled(-0.7, X))),
        "h",
        "Bq",
        "units: consistent, c1 in Bq, c2 in 1/h",
    ),
    "Arrhenius": (
        scaled(3.3, apply(get("exp"), scaled(-0.7, apply(get("1/x"), X)))),
        "K",
        "1/s",
        "units: consistent, c1 in 1/s, c2 in K",
    ),
    "wave": (
        scaled(2.5, apply(get("sin"), affine(0.7, X, 0.4))),
        "s",
        "m",
        "units: consistent, c1 in m, c3 in 1/s",
    ),
    "log with a constant": (
        affine(2.5, apply(get("log"), X), 0.4),
        "m",
        "s",
        "units: consistent, c1 in s, c2 in s",
    ),
    "saturation": (
        scaled(2.5, multiply([X, apply(get("1/x"), affine(1.0, X, 0.7))])),
        "mol/L",
        "m/s",
        "units: consistent, c1 in m/s, c2 in mol/L",
    ),
    "two units of one kind": (add([X, scaled(1000.5, Z)]), "m,km", "m", "units: consistent, c1 in m/km"),
    "1 + x/c": (Sum(ONE, ((0.5, Variable(0)),)), "m", "", "units: consistent, c1 in 1/m"),
    "decimal": (
        Sum(ZERO, ((sympy.Rational(981, 100), Variable(0)),)),
        "s",
        "m/s",
        "units: consistent, 981/100 in m/s^2",
    ),
    "logs whose units cancel": (
        Sum(ZERO, ((ONE, Apply(get("log"), X)), (-ONE, Apply(get("log"), Z)))),
        "m,m",
        "",
        "units: consistent",
    ),
    "a speed of an unknown unit": (scaled(1.5, X), "furlong", "m", "units: consistent, c1 in m/furlong"),
}
INCONSISTENT = {
    "m + s": (add([X, Z]), "m,s", "m", "x (in m) and z (in s) are added and differ in dimension"),
    "m + km": (add([X, Z]), "m,km", "m", "x (in m) and z (in km) are added without a factor"),
    "1 + m": (Sum(ONE, X.terms), "m", "m", "the number 1 (a pure number) and x (in m) are added"),
    "exp of m": (Sum(ZERO, ((2.5, Apply(get("exp"), X)),)), "m", "m", "exp is taken of a term in x (in m)"),
    "sin of degrees": (apply(get("sin"), X), "deg", "", "sin is taken of a term in x (in deg)"),
    "log alone": (Sum(ZERO, ((2.5, Apply(get("log"), X)),)), "m", "", "log is taken of something in m"),
    "log in a product": (
        Sum(0.5, ((2.5, Product((Variable(1), Apply(get("log"), X)))),)),
        "m,s",
        "s",
        "log is taken of something in m",
    ),
    "other target": (add([X, Z]), "m,m", "s", "the right-hand side is in m, which is of another dimension"),
    "other unit": (add([X, Z]), "m,m", "km", "the right-hand side is in m, which is of another unit"),
    "unknown units": (add([X, Z]), "furlong,rod", "furlong", "furlong"),
}


@pytest.mark.parametrize("name", CONSISTENT)
def test_consistent(name: str) -> None:
    tree, units, target, wanted = CONSISTENT[name]
    report = check(tree, units, target)
    assert report.consistent, report.reason
    assert str(report) == wanted


@pytest.mark.parametrize("name", INCONSISTENT)
def test_inconsistent(name: str) -> None:
    tree, units, target, reason = INCONSISTENT[name]
    report = check(tree, units, target)
    assert not report.consistent
    assert reason in report.reason
    assert report.constants == ()
    assert str(report).startswith("units: inconsistent, ")


def test_numbers_that_may_carry_a_unit() -> None:
    free = [0.5, sympy.pi, sympy.Rational(981, 100), sympy.Integer(300), sympy.sqrt(2)]
    pure = [ONE, ZERO, sympy.Rational(1, 2), sympy.Rational(-4, 3), sympy.Integer(20)]
    assert all(may_carry(number) for number in free)
    assert not any(may_carry(number) for number in pure)


LENGTHS = st.sampled_from(["m", "km", "cm", "ft", "au"])
TIMES = st.sampled_from(["s", "h", "yr", "ms"])


def converted(tree: Sum, units: str, target: str, other: str, other_target: str) -> Sum:
    """The tree with its constants in the units that they have between other columns."""
    here, there = check(tree, units, target), check(tree, other, other_target)
    assert here.consistent
    assert there.consistent
    sizes = {held.name: held.unit.factor for held in here.constants}
    others = {held.name: held.unit.factor for held in there.constants}
    factors = [
        sizes.get(name, 1.0) / others.get(name, 1.0)
        for name in (f"c{number + 1}" for number in range(len(free_values(tree))))
    ]
    return with_free(tree, free_values(tree) * np.array(factors))


@given(TIMES, TIMES, LENGTHS, LENGTHS, st.sampled_from(["fall", "wave", "rational", "log-free"]))
def test_units_of_columns_and_constants_change_together(
    time: str, other_time: str, length: str, other_length: str, name: str
) -> None:
    trees = {
        "fall": FALL,
        "wave": scaled(2.5, apply(get("sin"), affine(0.7, X, 0.4))),
        "rational": scaled(2.5, multiply([X, apply(get("1/x"), affine(1.0, X, 0.7))])),
        "log-free": scaled(
            2.5, multiply([power(affine(1.0, X, 0.7), 0.5), apply(get("exp"), scaled(0.3, X))])
        ),
    }
    tree = trees[name]
    changed = converted(tree, time, length, other_time, other_length)
    seconds, meters = parse_unit(time).factor, parse_unit(length).factor
    values = np.linspace(0.5, 1.5, 7)[:, None]
    # the same moments and the same distances, told in both units
    moments = values * seconds / parse_unit(other_time).factor
    distances = evaluate(tree, values) * meters / parse_unit(other_length).factor
    np.testing.assert_allclose(evaluate(changed, moments), distances, rtol=1e-9)


@given(TREES)
def test_pure_numbers_fit_every_law(tree: Sum) -> None:
    report = check_dimensions(tree, [Unit(), Unit()], Unit())
    assert report.consistent
    assert report.constants == ()


@given(TREES, st.sampled_from(["m", "s^2", "kg/m"]), st.sampled_from(["1", "m", "K"]))
def test_every_law_has_an_answer(tree: Sum, unit: str, target: str) -> None:
    report = check_dimensions(tree, [parse_unit(unit), parse_unit("s")], parse_unit(target))
    assert report.consistent == (not report.reason)
    numbers = [int(held.name[1:]) for held in report.constants if held.name.startswith("c")]
    assert numbers == sorted(set(numbers))
    assert not numbers or numbers[-1] <= len(free_values(tree))

"""Exact numbers only where the data allow them."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from kanlab.forms import get
from kanlab.symbolic.polish import Polished, Table, polish
from kanlab.symbolic.simplify import add, affine, apply, variable
from kanlab.symbolic.snap import snap
from kanlab.symbolic.tree import ONE, ZERO, Apply, Power, Sum, Variable, evaluate, free_values, scalars

ROWS = 400
X = np.random.default_rng(0).uniform(-1, 1, (ROWS, 2))


def line(slope: float) -> Sum:
    return Sum(ZERO, ((slope, Variable(0)),))


def measured(slope: float, error: float, seed: int = 0) -> tuple[Polished, Table]:
    """slope * x with noise that leaves exactly this slope and exactly this standard error."""
    x = X[:, 0]
    noise = np.random.default_rng([7, seed]).normal(size=ROWS)
    noise -= x * (x @ noise) / (x @ x)
    noise *= error * np.sqrt((x @ x) * (ROWS - 1) / (noise @ noise))
    table = Table(X, slope * x + noise)
    done = polish(line(slope * 1.1 + 0.01), table)
    assert free_values(done.tree) == pytest.approx([slope], rel=1e-9)
    assert done.standard_errors == pytest.approx([error], rel=1e-6)
    return done, table


def snapped_slope(slope: float, error: float, seed: int = 0) -> sympy.Expr | float:
    best, _ = snap(*measured(slope, error, seed))
    return best.tree.terms[0][0] if best.tree.terms else ZERO


EXACT: list[sympy.Expr] = [
    sympy.Integer(2), sympy.Integer(-7), sympy.Rational(3, 2), sympy.Rational(1, 3), sympy.Rational(-5, 4),
    sympy.Rational(1, 10), sympy.pi, -sympy.pi / 2, 2 * sympy.pi, sympy.sqrt(2), sympy.E, 1 / sympy.pi,
    1 / sympy.sqrt(2 * sympy.pi), sympy.Rational(7, 100),
]  # fmt: skip


@pytest.mark.parametrize("exact", EXACT, ids=str)
def test_exact_constants_are_found_in_exact_data(exact: sympy.Expr) -> None:
    table = Table(X, float(exact) * X[:, 0])
    best, what = snap(polish(line(float(exact) * 1.2), table), table)
    assert best.tree.terms[0][0] == exact
    assert [one.exact for one in what] == [exact]
    assert what[0].value == pytest.approx(float(exact), rel=1e-12)
    assert len(best.standard_errors) == 0


@pytest.mark.parametrize(
    ("value", "error", "wanted"),
    [
        (1.4998, 0.001, sympy.Rational(3, 2)),
        (1.4998, 0.005, sympy.Rational(3, 2)),
        (2.003, 0.01, sympy.Integer(2)),
        (-0.9995, 0.001, -ONE),
        (3.1412, 0.0005, sympy.pi),
        (0.3334, 0.0005, sympy.Rational(1, 3)),
    ],
)
def test_noisy_constants_become_the_simple_number_they_are(
    value: float, error: float, wanted: sympy.Expr
) -> None:
    assert snapped_slope(value, error) == wanted


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1.4998, 0.1),  # as near to 3/2 as above, but so is everything
        (3.1412, 0.05),  # pi is one of too many numbers that would do
        (1.49, 0.001),  # ten standard errors away
        (3.13, 0.002),
        (2.7, 0.2),
        (1.2345678, 1e-9),  # exact data that are no simple number
    ],
)
def test_constants_that_the_data_do_not_tell_stay_measured(value: float, error: float) -> None:
    assert snapped_slope(value, error) == pytest.approx(value, rel=1e-6)


def test_a_term_that_is_not_there_goes() -> None:
    generator = np.random.default_rng(3)
    table = Table(X, 2 * X[:, 0] + 0.05 * generator.normal(size=ROWS))
    tree = add([affine(1.5, variable(0), 0.1), affine(0.2, apply(get("sin"), variable(1)), 0.0)])
    best, _ = snap(polish(tree, table), table)
    assert best.tree == Sum(ZERO, ((sympy.Integer(2), Variable(0)),))


def test_noise_does_not_produce_pi() -> None:
    generator = np.random.default_rng(11)
    hits = 0
    for seed in range(60):
        got = snapped_slope(float(generator.uniform(0.5, 15)), 0.005, seed)
        hits += isinstance(got, sympy.Expr) and got.has(sympy.pi)
    # a chance hit within three standard errors of a multiple of pi/2 has probability 0.03 / 1.57; measured 0
    assert hits <= 4


def test_noise_alone_is_zero() -> None:
    generator = np.random.default_rng(4)
    kept = 0
    for _ in range(40):
        table = Table(X, generator.normal(size=ROWS))
        best, _ = snap(polish(line(0.3), table), table)
        kept += bool(best.tree.terms)
    assert kept <= 3  # beyond three standard errors or BIC: 1 % each; measured 1


def test_junk_that_moves_nothing_goes_whatever_its_error() -> None:
    x = Variable(0)
    inside = Sum(ZERO, ((ONE, x), (3e-13, Variable(1))))
    tree = Sum(2e-14, ((1.5, Apply(get("sin"), inside)),))
    table = Table(X, 1.5 * np.sin(X[:, 0]))
    # fitted, but its standard errors are not known
    start = Polished(tree, 1e-27, np.zeros(3))
    best, _ = snap(start, table)
    assert best.tree == Sum(ZERO, ((sympy.Rational(3, 2), Apply(get("sin"), variable(0))),))


def test_a_small_unit_is_no_junk() -> None:
    table = Table(X * 1e12, 6.674e-11 * (X[:, 0] * 1e12))
    best, _ = snap(polish(line(6e-11), table), table)
    assert free_values(best.tree) == pytest.approx([6.674e-11], rel=1e-12)


def test_snapping_keeps_what_the_law_says() -> None:
    generator = np.random.default_rng(6)
    x = X[:, 0]
    y = 0.5 * np.sin(np.pi * x + 0.3) + 1.25 + 0.02 * generator.normal(size=ROWS)
    table = Table(X, y)
    tree = add([affine(0.45, apply(get("sin"), affine(3.0, variable(0), 0.25)), 1.2)])
    start = polish(tree, table)
    best, what = snap(start, table)
    assert best.error <= start.error * ROWS ** (4 / ROWS)  # BIC: log N for each of four constants
    assert np.abs(evaluate(best.tree, X) - evaluate(start.tree, X)).max() <= 0.02
    assert len(what) == sum(
        1 for value in scalars(best.tree) if value not in (ZERO, ONE) and not isinstance(value, float)
    )


def test_measured_values_are_those_of_the_final_form() -> None:
    generator = np.random.default_rng(12)
    x = generator.uniform(1, 3, (200, 1))
    y = x[:, 0] ** 1.5 + 0.01 * generator.normal(size=200)
    table = Table(x, y)
    power = Sum(0.02, ((1.01, Power(variable(0), 1.49)),))
    best, what = snap(polish(power, table), table)
    assert str(best.tree.terms[0][1].exponent) == "3/2"  # type: ignore[union-attr]
    fitted = polish(Sum(ZERO, ((1.0, Power(variable(0), 1.5)),)), table)
    values = dict(
        zip(
            ("scale", "power"),
            zip(free_values(fitted.tree), fitted.standard_errors, strict=True),
            strict=True,
        )
    )
    held = {str(one.exact): (one.value, one.standard_error) for one in what}
    assert held["3/2"] == pytest.approx(values["power"], rel=1e-6)
    assert held["1"] == pytest.approx(values["scale"], rel=1e-6)

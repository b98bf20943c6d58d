"""Law trees against SymPy and against finite differences."""

from __future__ import annotations

import numpy as np
import sympy
from hypothesis import given, settings

from kanlab.forms import get
from kanlab.forms.grammar import evaluate as evaluate_text
from kanlab.forms.grammar import parse
from kanlab.symbolic.printing import law_text
from kanlab.symbolic.simplify import affine, apply, variable
from kanlab.symbolic.tree import (
    ONE,
    ZERO,
    Apply,
    Power,
    Sum,
    Variable,
    complexity,
    evaluate,
    free_values,
    scalars,
    to_sympy,
    value_and_slopes,
    with_free,
)
from tests.symbolic.trees import INPUTS, TREES

SYMBOLS = sympy.symbols("x1 x2", real=True)


@given(TREES)
@settings(max_examples=60)
def test_values_equal_those_of_sympy(tree: Sum) -> None:
    expression = to_sympy(tree, SYMBOLS)
    function = sympy.lambdify(SYMBOLS, expression, modules=["scipy", "numpy"])
    wanted = np.broadcast_to(function(INPUTS[:, 0], INPUTS[:, 1]), len(INPUTS))
    got = evaluate(tree, INPUTS)
    # SymPy sorts and collects; nested powers multiply what rounding leaves
    assert np.abs(got - wanted).max() <= 1e-10 * max(1.0, np.abs(wanted).max())


@given(TREES)
@settings(max_examples=60)
def test_slopes_equal_finite_differences(tree: Sum) -> None:
    value, slopes = value_and_slopes(tree, INPUTS)
    assert np.abs(value - evaluate(tree, INPUTS)).max() <= 1e-14 * max(1.0, np.abs(value).max())
    theta = free_values(tree)
    assert slopes.shape == (len(INPUTS), len(theta))
    for place in range(len(theta)):
        step = np.zeros_like(theta)
        step[place] = 1e-5
        ahead, behind = (evaluate(with_free(tree, theta + sign * step), INPUTS) for sign in (1, -1))
        wanted = (ahead - behind) / 2e-5
        size = max(1.0, float(np.abs(wanted).max()), float(np.abs(value).max()))
        # step^2 times third derivatives, and rounding of the values by the step
        assert np.abs(slopes[:, place] - wanted).max() <= 1e-5 * size


@given(TREES)
def test_constants_come_out_in_the_order_in_which_they_go_in(tree: Sum) -> None:
    theta = free_values(tree)
    assert with_free(tree, theta) == tree
    other = np.arange(len(theta)) + 0.5
    assert np.array_equal(free_values(with_free(tree, other)), other)
    assert [value for value in scalars(tree) if not isinstance(value, float)] == [
        value for value in scalars(with_free(tree, other)) if not isinstance(value, float)
    ]


def test_slopes_where_a_form_is_vertical_are_not_lost() -> None:
    zero = np.zeros((1, 1))
    root = Sum(0.5, ((2.0, Apply(get("sqrt"), Sum(ZERO, ((ONE, Variable(0)),)))),))
    assert value_and_slopes(root, zero)[1].tolist() == [[1.0, 0.0]]
    power = Sum(0.5, ((2.0, Power(Sum(ZERO, ((ONE, Variable(0)),)), 0.5)),))
    assert value_and_slopes(power, zero)[1].tolist() == [[1.0, 0.0, 0.0]]


def test_complexity_counts_what_a_reader_reads() -> None:
    x = Variable(0)
    assert complexity(Sum(ZERO, ((ONE, x),))) == 1
    assert complexity(Sum(ZERO, ((2.0, x),))) == 3
    assert complexity(Sum(ZERO, ((sympy.Integer(2), x),))) == 2
    assert complexity(Sum(1.5, ((2.0, x),))) == 6
    wave = Apply(get("sin"), Sum(ZERO, ((sympy.pi, x),)))
    assert complexity(Sum(ZERO, ((ONE, wave),))) == get("sin").complexity + 2


def test_a_shift_that_is_too_large_to_be_a_factor_stays_in_the_exponent() -> None:
    # e^-5000 is zero as a double, and SymPy would pull it in front
    argument = affine(5000.0, apply(get("cosh"), variable(0)), -5000.0)
    tree = affine(0.5, apply(get("exp"), argument), 0.0)
    text = law_text(to_sympy(tree, (sympy.Symbol("x", real=True),)))
    rows = np.linspace(-0.01, 0.01, 5)[:, None]
    found = evaluate_text(parse(text, variables=("x",)), {"x": rows[:, 0]})
    np.testing.assert_allclose(found, 0.5 * np.exp(5000 * (np.cosh(rows[:, 0]) - 1)), rtol=1e-9)

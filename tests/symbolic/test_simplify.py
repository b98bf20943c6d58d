"""Rewriting keeps values, and leaves no constant twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.forms import all_forms, get
from kanlab.symbolic.simplify import add, affine, apply, constant, multiply, variable
from kanlab.symbolic.tree import (
    ONE,
    ZERO,
    Apply,
    Power,
    Product,
    Scalar,
    Sum,
    Variable,
    evaluate,
    free_values,
    to_sympy,
)
from kanlab.symbolic.zeros import drop_zeros

X = np.random.default_rng(1).uniform(-2, 2, (40, 2))
EPS = 1e-15
SCALES = st.floats(-3, 3).filter(lambda value: abs(value) > 1e-2)


@dataclass(frozen=True)
class Known:
    """A tree, the values it must have on X, and what rounding may do to them."""

    tree: Sum
    value: np.ndarray
    rounding: np.ndarray


def known_variable(index: int) -> Known:
    return Known(variable(index), X[:, index], np.zeros(len(X)))


def known_affine(scale: float, known: Known, shift: float) -> Known:
    value = scale * known.value
    rounding = abs(scale) * known.rounding + EPS * (np.abs(value) + abs(shift))
    return Known(affine(scale, known.tree, shift), value + shift, rounding)


def known_apply(name: str, known: Known) -> Known:
    form, u = get(name), known.value
    with np.errstate(all="ignore"):
        value = form.numpy(u)
        around = [form.numpy(u + sign * (known.rounding + EPS * np.abs(u))) for sign in (1, -1)]
        rounding = np.max([np.abs(near - value) for near in around], axis=0) + EPS * np.abs(value)
    return Known(apply(form, known.tree), value, rounding)


def known_add(parts: list[Known]) -> Known:
    value = np.sum([part.value for part in parts], axis=0)
    rounding = np.sum([part.rounding + EPS * np.abs(part.value) for part in parts], axis=0)
    return Known(add([part.tree for part in parts]), value, rounding)


def known_multiply(parts: list[Known]) -> Known:
    with np.errstate(all="ignore"):
        value = np.prod([part.value for part in parts], axis=0)
        wide = np.prod([np.abs(part.value) + part.rounding + EPS for part in parts], axis=0)
    return Known(multiply([part.tree for part in parts]), value, wide - np.abs(value) + EPS * np.abs(value))


def grow(inner: st.SearchStrategy[Known]) -> st.SearchStrategy[Known]:
    several = st.lists(inner, min_size=2, max_size=3)
    moved = st.builds(known_affine, SCALES, inner, st.one_of(st.just(0.0), SCALES))
    names = st.sampled_from([form.name for form in all_forms()])
    return st.one_of(
        st.builds(known_apply, names, moved),
        st.builds(known_add, several),
        st.builds(known_multiply, several),
        moved,
    )


KNOWN = st.recursive(st.builds(known_variable, st.integers(0, 1)), grow, max_leaves=6)


@given(KNOWN)
@settings(max_examples=500)
def test_values_are_kept_wherever_there_are_any(known: Known) -> None:
    got = evaluate(known.tree, X)
    with np.errstate(all="ignore"):
        there = np.isfinite(known.value) & np.isfinite(known.rounding)
        there &= (np.abs(known.value) < 1e30) & (known.rounding < 1e-3 * (1 + np.abs(known.value)))
        # (a x + b)^n may be written out while b^n <= 1e4, and then cancels
        slack = 1e3 * known.rounding + 1e-9 * (1 + np.abs(known.value))
        wrong = there & ~(np.abs(got - known.value) <= slack)
    assert not wrong.any(), (got[wrong], known.value[wrong])


@given(
    name=st.sampled_from([form.name for form in all_forms()]),
    scale=SCALES,
    shift=st.floats(-3, 3),
    other=st.floats(-2, 2),
)
@settings(max_examples=300)
def test_a_form_of_a_sum_keeps_its_values(name: str, scale: float, shift: float, other: float) -> None:
    tree = add([affine(scale, variable(0), shift), affine(other, variable(1), 0.0)])
    u = scale * X[:, 0] + shift + other * X[:, 1]
    with np.errstate(all="ignore"):
        wanted = get(name).numpy(u)
    got = evaluate(apply(get(name), tree), X)
    good = (
        np.isfinite(wanted) & (np.abs(u) > 1e-3) & (np.abs(np.abs(u) - 1) > 1e-3) & (np.abs(np.cos(u)) > 1e-3)
    )
    assert np.abs(got - wanted)[good] == pytest.approx(
        0, abs=1e-8 * max(1.0, np.abs(wanted[good]).max(initial=0))
    )


def pair(first: float, second: float, third: float) -> Sum:
    x, y = Variable(0), Variable(1)
    square = get("x^2")
    terms = ((first, Apply(square, variable(0))), (second, x), (third, Apply(square, Sum(ZERO, ((ONE, y),)))))
    return Sum(ZERO, terms)


def test_the_largest_coefficient_sets_the_scale() -> None:
    held = apply(get("sqrt"), pair(5.15e15, 1.0, 5.15e15))
    held = affine(1.39e-8, held, 0.0)
    ((scale, term),) = held.terms
    assert scale == pytest.approx(1.39e-8 * np.sqrt(5.15e15))
    assert isinstance(term, Apply)
    assert [value for value, _ in term.argument.terms] == [ONE, 1 / 5.15e15, ONE]
    junk_first = apply(get("sqrt"), pair(1e-14, 2.0, 4.0))
    argument = junk_first.terms[0][1].argument  # type: ignore[union-attr]
    assert [value for value, _ in argument.terms] == [1e-14 / 4, 0.5, ONE]
    assert argument.terms[2][0] is ONE


def test_only_the_size_is_pulled_out_where_the_sign_matters() -> None:
    held = apply(get("sqrt"), Sum(9.0, ((0.5, Variable(1)), (-4.0, Variable(0)))))
    ((scale, term),) = held.terms
    assert scale == 2.0
    assert isinstance(term, Apply)
    assert [value for value, _ in term.argument.terms] == [0.125, -ONE]
    assert term.argument.constant == 2.25


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (apply(get("exp"), affine(2.0, variable(0), 1.0)), "2.718281828459045*exp(2.0*x)"),
        (apply(get("log"), affine(3.0, variable(0), 0.0)), "log(x) + 1.0986122886681098"),
        (apply(get("abs"), affine(-2.0, variable(0), 0.0)), "2.0*abs(x)"),
        (apply(get("1/x"), affine(-4.0, variable(0), 0.0)), "-0.25/x"),
        (apply(get("sin"), affine(-2.0, variable(0), np.pi)), "sin(2.0*x)"),
        (apply(get("tanh"), affine(-2.0, variable(0), 0.0)), "-tanh(2.0*x)"),
        (multiply([affine(2.0, variable(0), 0.0), affine(3.0, variable(0), 0.0)]), "6.0*x**2"),
        (add([variable(0), affine(-1.0, variable(0), 0.0)]), "0"),
        (apply(get("log"), apply(get("exp"), affine(2.0, variable(0), 1.0))), "2.0*x + 1.0"),
        (apply(get("x^2"), affine(1.0, variable(0), 3.0)), "x**2 + 6.0*x + 9.0"),
    ],
)
def test_each_constant_is_said_once(tree: Sum, text: str) -> None:
    x = sympy.Symbol("x", real=True)
    got = to_sympy(tree, (x,))
    wanted = sympy.sympify(text, locals={"x": x, "abs": sympy.Abs})
    assert abs(complex((got - wanted).subs(x, 0.7).evalf())) <= 1e-14
    assert len(free_values(tree)) == sum(1 for value in wanted.atoms(sympy.Float))


def test_a_power_far_from_its_center_is_not_written_out() -> None:
    # (x - 1e6)^2 near x = 1e6: x^2 - 2e6 x + 1e12 would keep four digits of sixteen
    inputs = 1e6 + np.linspace(-1, 1, 11)[:, None]
    tree = apply(get("x^2"), affine(1.0, variable(0), -1e6))
    assert np.abs(evaluate(tree, inputs) - np.linspace(-1, 1, 11) ** 2).max() <= 1e-9


def test_the_log_of_a_product_lives_where_its_factors_are_both_negative() -> None:
    x, y = variable(0), affine(2.0, variable(1), 0.0)
    inputs = np.array([[-1.0, -2.0], [3.0, 0.5]])
    assert np.allclose(evaluate(apply(get("log"), multiply([x, y])), inputs), np.log([4.0, 3.0]), rtol=1e-15)
    grown = multiply([x, y, apply(get("exp"), x)])
    wanted = np.log([4.0, 3.0]) + inputs[:, 0]
    assert np.allclose(evaluate(apply(get("log"), grown), inputs), wanted, rtol=1e-15)


def test_zero_terms_go_and_equal_terms_become_one() -> None:
    x, y = Variable(0), Variable(1)
    third = sympy.Rational(1, 3)
    tree = Sum(1.5, ((third, x), (ZERO, y), (third, x), (0.25, y), (0.5, y)))
    assert drop_zeros(tree) == Sum(1.5, ((2 * third, x), (0.75, y)))
    assert drop_zeros(Sum(ZERO, ((ONE, x), (-ONE, x)))) == Sum(ZERO, ())


def test_what_becomes_constant_is_folded_in() -> None:
    gone = Apply(get("exp"), Sum(ZERO, ((ZERO, Variable(0)),)))
    assert drop_zeros(Sum(2.0, ((3.0, gone), (ONE, Variable(1))))) == Sum(5.0, ((ONE, Variable(1)),))
    nested = Product((Variable(0), Sum(ONE, ((ZERO, Variable(1)),))))
    assert drop_zeros(Sum(ZERO, ((2.0, nested),))) == Sum(ZERO, ((2.0, Variable(0)),))
    flat = Power(Sum(4.0, ((ZERO, Variable(0)),)), 0.5)
    assert drop_zeros(Sum(ZERO, ((3.0, flat),))) == Sum(6.0, ())
    one = Power(Sum(1.0, ((2.0, Variable(0)),)), ONE)
    assert drop_zeros(Sum(ZERO, ((3.0, one),))) == Sum(3.0, ((6.0, Variable(0)),))


def test_what_is_no_number_any_more_is_no_crash() -> None:
    lost = Power(Sum(ZERO, ((ZERO, Variable(0)),)), -1.0)
    assert not np.isfinite(float(drop_zeros(Sum(ZERO, ((ONE, lost),))).constant))


@given(st.lists(st.tuples(st.sampled_from([ZERO, ONE, -ONE, 0.5, -0.5]), st.integers(0, 1)), max_size=6))
def test_dropping_zeros_keeps_values(rows: list[tuple[Scalar, int]]) -> None:
    terms = tuple((value, Variable(index)) for value, index in rows)
    tree = Sum(constant(0.5).constant, ((2.0, Apply(get("tanh"), Sum(0.25, terms))), *terms))
    cleared = drop_zeros(tree)
    assert np.abs(evaluate(cleared, X) - evaluate(tree, X)).max() <= 1e-14
    assert len({term for _, term in cleared.terms}) == len(cleared.terms)
    assert all(value != 0 for value, _ in cleared.terms)

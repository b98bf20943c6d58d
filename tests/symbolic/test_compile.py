"""A compiled law is the law: its network predicts it, and reading that off gives it back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings

from kanlab.errors import FormError, ShapeError
from kanlab.forms import all_forms, get
from kanlab.symbolic.compile import compile_tree
from kanlab.symbolic.read_off import has_splines, read_off
from kanlab.symbolic.tree import ONE, ZERO, Apply, Power, Product, Sum, Term, Variable, evaluate, scalars
from tests.networks import miss, random_network
from tests.symbolic.trees import INPUTS, TREES

X, Y, Z = Variable(0), Variable(1), Variable(2)
ROWS = np.random.default_rng(1).uniform([0.2, 1.0, 50.0], [0.9, 2.0, 60.0], (60, 3))


def plain(*terms: Term, constant: float = 0.0) -> Sum:
    return Sum(constant or ZERO, tuple((ONE, term) for term in terms))


def check(tree: Sum, rows: np.ndarray, shape: list[Any] | None = None) -> None:
    wanted = evaluate(tree, rows)
    network = compile_tree(tree, rows, wanted[:, None])
    assert not has_splines(network)
    assert miss(network.predict(rows)[:, 0], wanted) <= 1e-12
    assert miss(evaluate(read_off(network)[0], rows), wanted) <= 1e-12
    if shape is not None:
        widths = [[width.sums, list(width.products)] for width in network.spec.widths]
        assert widths == [entry if isinstance(entry, list) else [entry, []] for entry in shape]


@given(TREES)
@settings(max_examples=60, deadline=None)
def test_network_and_law_say_the_same(tree: Sum) -> None:
    wanted = evaluate(tree, INPUTS)
    # reading off divides by the largest coefficient, which a denormal number does not survive
    assume(
        np.isfinite(wanted).all() and all(abs(float(value)) > 1e-9 or value == 0 for value in scalars(tree))
    )
    assume(np.abs(wanted).max() < 1e100)
    check(tree, INPUTS)


@pytest.mark.parametrize("form", all_forms(), ids=[form.name for form in all_forms()])
def test_every_form_compiles(form: Any) -> None:
    rows = ROWS + (1 if form.name == "arccosh" else 0)
    check(Sum(0.3, ((2.0, Apply(form, Sum(0.02, ((1.05, X),)))), (1.0, Y))), rows)


SIN_X, LOG_Y = Apply(get("sin"), plain(X)), Apply(get("log"), plain(Y))
SHAPES: list[tuple[str, Sum, list[Any]]] = [
    ("a sum", plain(SIN_X, Y, constant=2.0), [3, 1]),
    ("a product", plain(Product((SIN_X, Y, Z))), [3, [0, [3]]]),
    ("a product and a constant", plain(Product((X, Y)), constant=1.0), [3, [0, [2]], 1]),
    ("a product beside a column", plain(Product((SIN_X, Y)), Z), [3, [1, [2]], 1]),
    ("two curves of one column", plain(SIN_X, X), [3, 2, 1]),
    ("a product of equal columns", plain(Product((X, X))), [3, [0, [2]]]),
    ("a power with a form", plain(Power(plain(X), 1.5)), [3, 1]),
    ("a power without one", plain(Power(plain(X), 1.37)), [3, 1, 1]),
    ("a whole power without one", plain(Power(Sum(-0.5, ((1.0, X),)), 7.0)), [3, 1]),
    ("a curve of a sum", plain(Apply(get("exp"), plain(X, LOG_Y))), [3, 1, 1]),
    ("a product of sums", plain(Product((plain(X, Y), plain(LOG_Y, Z, constant=-3.0)))), [3, [0, [2]]]),
    ("nothing but a number", plain(constant=4.0), [3, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "shape"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_networks_are_as_small_as_the_law(tree: Sum, shape: list[Any]) -> None:
    check(tree, ROWS, shape)


@pytest.mark.parametrize("sizes", [(1e-9, 1e6, 1.0), (1e12, 1e-12, 1e3)])
def test_units_of_any_size(sizes: tuple[float, float, float]) -> None:
    rows = ROWS * sizes
    check(plain(Product((Apply(get("sqrt"), plain(X)), Y, Power(plain(Z), -2.0)))), rows)
    inner = Sum(1.0, ((1 / sizes[1], Y), (1 / sizes[0], X)))
    check(Sum(0.0, ((3e7, Apply(get("log"), inner)), (-1e4, Product((X, Y))))), rows)


def test_columns_over_many_decades_keep_their_digits() -> None:
    rows = np.geomspace(1e-6, 1e3, 40)[:, None]
    tree = plain(Apply(get("log"), plain(X)), Apply(get("1/x"), plain(X)))
    wanted = evaluate(tree, rows)
    got = compile_tree(tree, rows, wanted[:, None]).predict(rows)[:, 0]
    assert np.abs(got / wanted - 1).max() <= 1e-12


def test_exact_numbers_are_numbers() -> None:
    tree = Sum(sympy.Rational(1, 3), ((sympy.pi, Power(plain(X), sympy.Rational(1, 2))),))
    check(tree, ROWS, [3, 1])


def test_constants_come_back_as_they_were() -> None:
    rows = ROWS * (1e-5, 3.7e4, 1.0)
    tree = Sum(0.1, ((0.7, Apply(get("exp"), Sum(ZERO, ((0.3e-4, Y),)))), (1.3e5, X)))
    network = compile_tree(tree, rows, evaluate(tree, rows)[:, None])
    found = read_off(network)[0]
    assert sorted(float(value) for value in scalars(found)) == pytest.approx(
        sorted(float(value) for value in scalars(tree)), rel=1e-15
    )


def test_what_cannot_be_compiled_is_said_in_a_sentence() -> None:
    with pytest.raises(FormError, match=r"not a finite number on \d+ of 60 rows, first on row"):
        compile_tree(plain(Apply(get("log"), Sum(-0.5, ((1.0, X),)))), ROWS, ROWS[:, :1])
    with pytest.raises(ShapeError, match="column 4"):
        compile_tree(plain(Variable(3)), ROWS, ROWS[:, :1])
    with pytest.raises(FormError, match="spline phi_0_0_0"):
        compile_tree(read_off(random_network([1, 1], 0))[0], ROWS[:, :1], ROWS[:, :1])

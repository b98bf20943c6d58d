"""A law tree from text means what the text means, and only decimals are free."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from kanlab.errors import FormError, GrammarError
from kanlab.forms import grammar
from kanlab.network import KAN
from kanlab.symbolic.compile import compile_tree
from kanlab.symbolic.parse import tree_of_formula
from kanlab.symbolic.printing import law_text
from kanlab.symbolic.tree import Sum, evaluate, free_values, scalars, to_sympy
from tests.networks import miss
from tests.symbolic.trees import TREES

NAMES = ("a", "b", "c", "d")
ROWS = np.random.default_rng(3).uniform([0.5, 1.0, -2.0, 0.1], [2.0, 3.0, 2.0, 0.9], (50, 4))


def value(text: str) -> np.ndarray:
    return grammar.evaluate(grammar.parse(text, variables=NAMES), dict(zip(NAMES, ROWS.T, strict=True)))


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("a*sin(b) + c", []),
        ("0.7*a + 2.5", [2.5, 0.7]),
        ("a**1.37 - 1.5*exp(-0.3*b)", [1.37, -1.5, -0.3]),
        ("a**0.5 + b**2 + a**-1 + d**(1/3)", []),
        ("sqrt(2)*a/(2*pi) + (a - b)**6 + e**c", []),
        ("2.0**c + a**b", [float(np.log(2))]),
        ("(a + b)*(c - 1)/(d + 1)", []),
        ("-(a + 2*b)*3 + 1/2", []),
        ("1.5*2*a - 3*b + b", [3.0]),
        ("log10(a)*log2(b) + atan(c)", []),
        ("sin(1)*a + log(3)", []),
        ("y = a*b*c*d", []),
        ("0*a + 4", []),
    ],
)
def test_trees_mean_what_the_text_means(text: str, free: list[float]) -> None:
    tree = tree_of_formula(text, NAMES)
    wanted = value(text.removeprefix("y = "))
    assert miss(evaluate(tree, ROWS), wanted) <= 1e-13
    assert free_values(tree).tolist() == free
    assert miss(compile_tree(tree, ROWS, wanted[:, None]).predict(ROWS)[:, 0], wanted) <= 1e-12


def test_exact_numbers_stay_exact() -> None:
    tree = tree_of_formula("a/3 - 2*pi*b + 1/2", NAMES)
    assert list(scalars(tree)) == [sympy.Rational(1, 2), sympy.Rational(1, 3), -2 * sympy.pi]
    assert to_sympy(tree, sympy.symbols(NAMES)) == sympy.sympify("a/3 - 2*pi*b + 1/2")


@given(TREES)
@settings(max_examples=40, deadline=None)
def test_the_text_of_a_law_is_that_law(tree: Sum) -> None:
    inputs = np.random.default_rng(0).uniform(-1.5, 1.5, (10, 2))
    text = law_text(to_sympy(tree, sympy.symbols(("a", "b"), real=True)))
    wanted = evaluate(tree, inputs)
    # reordered sums lose what cancels
    size = 1e-10 * max(1.0, float(np.abs(wanted).max()))
    assert np.abs(evaluate(tree_of_formula(text, ("a", "b")), inputs) - wanted).max() <= size


def test_text_compiles_to_one_network_either_way() -> None:
    text = "a*exp(-b)*(c + d) + log(a)"
    wanted = value(text)
    tree = tree_of_formula(text, NAMES)
    one = compile_tree(tree, ROWS, wanted[:, None])
    assert one.spec == KAN.from_formula(text, ROWS, names=NAMES).spec


def test_refusals() -> None:
    with pytest.raises(GrammarError, match="no variable called 'q'"):
        tree_of_formula("a*q", NAMES)
    with pytest.raises(FormError, match="finite real number"):
        tree_of_formula("a + sqrt(-1)", NAMES)

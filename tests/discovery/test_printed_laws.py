"""A printed law has the error it claims, whoever reads it: the project's grammar, or SymPy."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
import sympy

from benchmarks.symbolic_laws import FEYNMAN, TrueLaw
from kanlab import discover
from kanlab._typing import Array
from kanlab.data import Dataset
from kanlab.forms import all_forms, get, grammar
from kanlab.symbolic.law import Law, law_from_tree
from kanlab.symbolic.simplify import add, affine, apply, constant, multiply, variable
from kanlab.symbolic.tree import Sum, evaluate

CHOSEN = (
    *("I.12.11", "I.13.12", "I.16.6", "I.26.2", "I.29.16", "I.30.5", "I.37.4"),
    *("I.40.1", "I.44.4", "I.50.26", "II.36.38", "III.9.52"),
)
FUNCTIONS = {
    "J0": lambda u: sympy.besselj(0, u),
    "J1": lambda u: sympy.besselj(1, u),
    "relu": lambda u: sympy.Max(0, u),
}


def by_grammar(text: str, names: tuple[str, ...], rows: Array) -> Array:
    """Values [N] of a text on rows [N, n], read by the project's grammar."""
    tree = grammar.parse(text, variables=names)
    return np.broadcast_to(grammar.evaluate(tree, dict(zip(names, rows.T, strict=True))), len(rows))


def by_sympy(text: str, names: tuple[str, ...], rows: Array) -> Array:
    """The same, read by SymPy, which knows nothing of kanlab."""
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    expression = sympy.parse_expr(text, local_dict={**FUNCTIONS, **symbols})
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # np.select weighs both branches of a maximum
        values = sympy.lambdify(list(symbols.values()), expression, ["scipy", "numpy"])(*rows.T)
    return np.broadcast_to(values, len(rows))


READERS: list[Callable[[str, tuple[str, ...], Array], Array]] = [by_grammar, by_sympy]


def check(law: Law, data: Dataset) -> None:
    """The error that both readers of the text leave on held-out rows is the one that is shown."""
    test = data.part("test")
    target = test.targets[:, 0]
    rounding = 1e-12 * max(float(np.abs(target).max()), 1e-300)
    for read in READERS:
        values = read(law.text, law.printed.names, test.inputs)
        error = float(np.sqrt(np.mean((values - target) ** 2)))
        assert error == pytest.approx(law.error, rel=1e-6, abs=rounding), (read.__name__, law.text)
        if law.error > 1e3 * rounding:
            assert f"{error:.3g}" == f"{law.error:.3g}"


def data_of(law: TrueLaw, noise: float) -> Dataset:
    """300 rows of a law, with noise of a share of its deviation."""
    rows = law.rows(300, seed=3)
    values = by_grammar(law.text, law.columns, rows).copy()
    values += noise * values.std() * np.random.default_rng(4).normal(size=len(values))
    return Dataset.from_arrays(rows, values, names=law.columns)


@pytest.mark.parametrize("law", [law for law in FEYNMAN if law.name in CHOSEN], ids=lambda law: law.name)
def test_every_law_of_a_shelf(law: TrueLaw) -> None:
    # whatever is on the shelf when the clock ends the search has to be what it says
    data = data_of(law, 0.02)
    for found in discover(data, time_limit=0.5, seed=0).laws:
        check(found, data)


@pytest.mark.parametrize("name", [form.name for form in all_forms() if form.name != "0"])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_a_law_of_every_form(name: str, noise: float) -> None:
    form = get(name)
    low, high = (max(form.domain[-1][0], -2.0), min(form.domain[-1][1], 2.5))
    tree = affine(1.7, apply(form, affine(0.83, variable(0), 0.0431)), -0.2913)
    margin = 0.08 * (high - low)
    ends = (np.array([low + margin, high - margin]) - 0.0431) / 0.83
    rows = np.random.default_rng(1).uniform(ends[0], ends[1], (200, 1))
    values = evaluate(tree, rows)
    values = values + noise * values.std() * np.random.default_rng(2).normal(size=len(values))
    data = Dataset.from_arrays(rows, values, names=["velocity"])
    check(law_from_tree(tree, data), data)


BY_HAND: dict[str, Sum] = {
    "a quotient of sums": multiply(
        [
            add([variable(0), affine(2.5, variable(1), 0.7)]),
            apply(get("1/x"), affine(0.3, apply(get("x^2"), variable(1)), 4.0)),
        ]
    ),
    "nested": apply(get("sin"), affine(1.3, apply(get("exp"), affine(-0.7, variable(0), 0.2)), 0.1)),
    "small beside large": add([affine(1e-4, variable(0), 0.0), affine(1e5, variable(1), 3.0)]),
    "a difference that cancels": add(
        [affine(1e3, apply(get("cos"), affine(0.01, variable(0), 0.0)), 0.0), constant(-1e3)]
    ),
    "a product of forms": multiply(
        [
            apply(get("gaussian"), affine(0.8, variable(0), 0.3)),
            apply(get("tanh"), affine(2.0, variable(1), -0.1)),
        ]
    ),
    "a straight line": add([affine(-1.25, variable(0), 0.5), affine(1 / 3, variable(1), 0.0)]),
}


@pytest.mark.parametrize("noise", [0.0, 1e-6, 0.1])
@pytest.mark.parametrize("tree", BY_HAND.values(), ids=list(BY_HAND))
def test_laws_made_by_hand(tree: Sum, noise: float) -> None:
    rows = np.random.default_rng(8).uniform(-1.5, 1.5, (200, 2))
    values = evaluate(tree, rows)
    values = values + noise * values.std() * np.random.default_rng(9).normal(size=len(values))
    data = Dataset.from_arrays(rows, values)
    check(law_from_tree(tree, data), data)

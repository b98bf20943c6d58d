"""A printed law has the error it claims, whoever reads it: the project's grammar, or SymPy."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.first_path import table
from benchmarks.symbolic_laws import FEYNMAN, TrueLaw
from kanlab import discover
from kanlab.data import Dataset
from kanlab.forms import all_forms, get
from kanlab.symbolic.law import law_from_tree
from kanlab.symbolic.simplify import add, affine, apply, constant, multiply, variable
from kanlab.symbolic.tree import Sum, evaluate
from tests.readers import by_grammar, check

CHOSEN = (
    *("I.12.11", "I.13.12", "I.16.6", "I.26.2", "I.29.16", "I.30.5", "I.37.4"),
    *("I.40.1", "I.44.4", "I.50.26", "II.36.38", "III.9.52"),
)


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


@pytest.mark.parametrize("seed", range(10))
def test_the_first_example_of_the_paper(seed: int) -> None:
    data = Dataset.from_arrays(*table(100 + seed, 1000))
    shelf = discover(data, time_limit=None, seed=seed)
    assert shelf.best is not None
    assert shelf.best.text == "exp(x2**2 + sin(pi*x1))"
    for found in shelf.laws:
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

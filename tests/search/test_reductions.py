"""Steps to fewer columns, read off functions whose structure is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kanlab.search.problem import Problem
from kanlab.search.reductions import reductions
from kanlab.symbolic.simplify import variable
from kanlab.symbolic.surrogate import Surrogate
from kanlab.symbolic.tree import evaluate

ROWS = np.random.default_rng(0).uniform(0.5, 2, (200, 3))
Law = Callable[..., np.ndarray]
LAWS: dict[str, tuple[Law, set[str]]] = {
    "scaling": (lambda a, b, c: a**2 * np.exp(b * np.sin(c)), {"target / column 1^2"}),
    "measured scaling": (lambda a, b, c: a**1.3 * np.exp(b * np.sin(c)), {"target / column 1^1.3"}),
    "inverse scaling": (lambda a, b, c: np.cos(a + b**2) / np.sqrt(c), {"target / column 3^-0.5"}),
    "difference": (lambda a, b, c: np.sin(a - b) + c**3, {"a - b"}),
    "sum": (lambda a, b, c: c * np.exp(a + b), {"a + b", "target / column 3^1"}),
    "product": (lambda a, b, c: np.sin(a * b) + c, {"a * b"}),
    "ratio": (lambda a, b, c: np.exp(-a / b) + c, {"a / b"}),
    "circle": (lambda a, b, c: np.exp(a**2 + b**2) + c, {"a^2 + b^2"}),
    "nothing": (lambda a, b, c: np.sin(a * b + c) + a * c**2 + b / c, set()),
}


@pytest.mark.parametrize("name", LAWS)
def test_the_steps_of_a_known_structure_are_found(name: str) -> None:
    law, wanted = LAWS[name]
    surrogate = Surrogate.of_function(law, [(0.5, 2.0)] * 3, names=["a", "b", "c"])
    problem = Problem.of(ROWS, law(*ROWS.T))
    found = {one.steps[-1] for _, one in reductions(problem, surrogate)}
    assert wanted <= found
    assert wanted or not found


@pytest.mark.parametrize("name", [name for name in LAWS if LAWS[name][1]])
def test_a_smaller_problem_has_a_column_less_and_leads_back(name: str) -> None:
    law, _ = LAWS[name]
    surrogate = Surrogate.of_function(law, [(0.5, 2.0)] * 3, names=["a", "b", "c"])
    target = law(*ROWS.T)
    for _, one in reductions(Problem.of(ROWS, target), surrogate):
        assert len(one.columns) == 2
        for column in one.columns:
            np.testing.assert_allclose(column.values, evaluate(column.tree, ROWS), rtol=1e-12)
        # the target of the smaller problem, carried back, is the target times its own part over it
        back = evaluate(one.finish(variable(0)), ROWS)
        np.testing.assert_allclose(back * one.target, target * ROWS[:, 0], rtol=1e-9)


def test_columns_that_do_not_vary_are_no_part_of_a_problem() -> None:
    rows = ROWS.copy()
    rows[:, 1] = 3.0
    problem = Problem.of(rows, rows[:, 0])
    assert [column.inputs for column in problem.columns] == [{0}, {2}]

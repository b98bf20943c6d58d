"""Candidates are the right ones in any order, and are shown as what they are."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import special

import kanlab as kl
from kanlab.forms import grammar

EDGES = ((0, 0, 0), (0, 1, 0), (1, 0, 0))


@pytest.fixture(scope="module")
def skeleton() -> kl.Session:
    session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0)
    return session.fit(wait=True).prune()


@pytest.mark.parametrize("order", list(permutations(EDGES)), ids=str)
def test_the_first_candidates_make_the_law_in_any_order(
    skeleton: kl.Session, order: tuple[tuple[int, int, int], ...]
) -> None:
    skeleton.go(2)
    for edge in order:
        skeleton.fix(edge, skeleton.suggest(edge)[0].form)
    assert str(skeleton.law()) == "y = exp(x2**2 + sin(pi*x1))"


def test_rare_forms_and_own_forms_are_suggested() -> None:
    x = np.linspace(0, 12, 200)
    session = kl.Session(kl.Dataset.from_arrays(x[:, None], special.j0(x)), [1, 1])
    session.fit(grids=(20, 60), wait=True)
    assert session.suggest((0, 0, 0))[0].form == "J0"
    own = kl.forms.add("x*exp(-x)")
    offered = session.suggest((0, 0, 0), forms=[own, "sin"])
    assert {one.form for one in offered} == {"x*exp(-x)", "sin"}
    assert str(session.fix((0, 0, 0), "J0").law()) == "y = J0(x1)"


def test_the_text_of_a_candidate_draws_its_curve_on_columns_far_from_one() -> None:
    x = np.linspace(9_000, 11_000, 60)
    session = kl.Session(kl.Dataset.from_arrays(x[:, None], (x - 10_000) ** 2), [1, 1])
    session.fit(steps=10, sparsity=0, wait=True)
    (square,) = session.suggest((0, 0, 0), forms=["x^2"])
    drawn = grammar.evaluate(grammar.parse(square.text, variables=["x"]), {"x": x})
    assert abs(np.corrcoef(drawn, (x - 10_000) ** 2)[0, 1]) > 0.999

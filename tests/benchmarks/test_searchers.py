"""Tools run apart, and what they found comes back as text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.rivals.genetic import infix
from benchmarks.rivals.searchers import SEARCHERS, SearchTask, search_apart
from kanlab.forms.grammar import evaluate, parse

RNG = np.random.default_rng(5)
INPUTS = RNG.uniform(0.5, 2, (120, 2))
TASK = SearchTask(
    ("u", "v"),
    INPUTS.tolist(),
    (2 * INPUTS[:, 0] + INPUTS[:, 1]).tolist(),
    noise=0.0,
    seed=0,
    budget=5.0,
)


@dataclass(frozen=True)
class Named:
    name: str
    arity: int


def test_a_program_is_read_as_it_computes() -> None:
    divided, square, root = Named("div", 2), Named("square", 1), Named("sqrt", 1)
    text = infix([divided, Named("sub", 2), square, 0, -1.5, root, 1], ["u", "v"])
    u, v = INPUTS.T
    np.testing.assert_allclose(evaluate(parse(text), {"u": u, "v": v}), (u**2 + 1.5) / np.sqrt(v))


def test_kanlab_searches_in_a_process_of_its_own() -> None:
    found = search_apart("kanlab", TASK)
    u, v = INPUTS.T
    np.testing.assert_allclose(evaluate(parse(found.law), {"u": u, "v": v}), TASK.targets, rtol=1e-9)
    assert found.law in found.front
    assert 0 < found.cpu_s < 60


def test_a_tool_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="nobody: KeyError: 'nobody'"):
        search_apart("nobody", TASK)


@pytest.mark.parametrize("name", SEARCHERS)
def test_each_tool_has_a_search(name: str) -> None:
    assert callable(SEARCHERS[name].search)

"""Actions are data: to JSON and back, to a line of Python and back, and nothing malformed among them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab import Session
from kanlab.discovery import Action
from kanlab.discovery.actions import (
    KINDS,
    Discover,
    Fit,
    Fix,
    Lock,
    Merge,
    Prune,
    Refine,
    Release,
    RemoveEdge,
    RemoveNode,
    Share,
    Unlock,
    from_json,
    to_json,
)
from kanlab.errors import FileError, KanlabError
from kanlab.forms import SUGGESTED_NAMES, add
from kanlab.network import EdgeId, NodeId
from tests.sentences import refused
from tests.tables import small

EDGES = st.builds(EdgeId, *(st.integers(0, 9),) * 3)
SIZES = st.floats(0, 1e3)
FORMS = st.sampled_from([*SUGGESTED_NAMES, "x*exp(-x)", "sin(a*x + b)", "(x + 1)**2 / 3", "x ^ 2"])
ACTIONS = st.one_of(
    st.builds(
        Fit,
        steps=st.integers(1, 10**6),
        sparsity=SIZES,
        grids=st.lists(st.integers(1, 100), max_size=3).map(tuple),
        smoothness=SIZES,
        optimizer=st.sampled_from(["lm", "lbfgs", "adam"]),
        stop_after=st.none() | st.integers(1, 99),
        grid_blend=st.floats(0, 1),
    ),
    st.builds(Prune, st.floats(0, 1, exclude_max=True)),
    st.builds(Merge, st.floats(0, 1, exclude_max=True)),
    st.builds(Refine, st.integers(1, 5000)),
    st.builds(RemoveEdge, EDGES),
    st.builds(RemoveNode, st.builds(NodeId, st.integers(0, 9), st.integers(0, 9))),
    st.builds(Fix, EDGES, FORMS),
    st.builds(Release, EDGES),
    st.builds(Lock, EDGES),
    st.builds(Unlock, EDGES),
    st.builds(Share, st.lists(EDGES, max_size=4).map(tuple)),
    st.builds(
        Discover,
        st.integers(0, 10**9),
        st.none() | st.integers(1, 50),
        st.lists(FORMS, max_size=3).map(tuple),
    ),
)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=8), st.lists(st.integers())
)


class Recorder(Session):
    """A session that notes what it would do."""

    seen: Action | None = None

    def _do(self, action: Action, *, wait: bool | None) -> Session:
        self.seen = action
        return self


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder(small(), shape=[2, 2, 1])


@given(action=ACTIONS)
@settings(max_examples=200)
def test_json_there_and_back(action: Action) -> None:
    assert from_json(json.loads(json.dumps(to_json(action)))) == action


@given(action=ACTIONS)
@settings(max_examples=200)
def test_the_line_of_python_does_the_same(action: Action, recorder: Recorder) -> None:
    exec(f"session.{action.code()}", {"session": recorder})
    assert recorder.seen == action


def test_a_fit_without_sparsity_says_so(recorder: Recorder) -> None:
    # a session would choose a sparsity for a network that is still whole
    assert Fit().code() == "fit(sparsity=0)"
    recorder.fit()
    assert recorder.seen == Fit(sparsity=0.02)


def test_numbers_of_other_types_are_the_same_action() -> None:
    assert Fit(steps=np.int64(3), sparsity=np.float64(0.5), grids=[5]) == Fit(3, 0.5, (5,))
    assert Prune(np.float32(0.5)) == Prune(0.5)
    assert Prune(0) == Prune(0.0)
    assert Prune(-0.0).code() == "prune(0)"


def test_a_form_of_ones_own_is_recorded_as_its_text(recorder: Recorder) -> None:
    form = add("x*exp(-x)")
    recorder.fix((0, 0, 0), form)
    assert recorder.seen == Fix(EdgeId(0, 0, 0), "x*exp(-x)")
    recorder.discover(forms=[form, "J0"])
    assert recorder.seen == Discover(forms=("x*exp(-x)", "J0"))
    assert Discover(forms=[form]).code() == "discover(forms=('x*exp(-x)',))"


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (Fit, {"steps": 0}, "number of steps is 0"),
        (Fit, {"steps": 2.5}, "2.5"),
        (Fit, {"steps": True}, "True"),
        (Fit, {"sparsity": -1}, "sparsity is -1"),
        (Fit, {"sparsity": float("nan")}, "nan"),
        (Fit, {"smoothness": "much"}, "'much'"),
        (Fit, {"grids": "5"}, "grids"),
        (Fit, {"grids": 5}, "grids"),
        (Fit, {"grids": (0,)}, "interval count is 0"),
        (Fit, {"optimizer": "Adamm"}, "Did you mean 'adam'"),
        (Fit, {"grid_blend": 1.5}, "grid blend is 1.5"),
        (Fit, {"grid_blend": "half"}, "'half'"),
        (Fit, {"stop_after": 0}, "stop after is 0"),
        (Prune, {"threshold": 1.0}, "threshold is 1"),
        (Merge, {"tolerance": 1.0}, "tolerance is 1"),
        (Prune, {"threshold": float("inf")}, "inf"),
        (Refine, {"intervals": "ten"}, "'ten'"),
        (Fix, {"edge": EdgeId(0, 0, 0), "form": "sinn"}, "Did you mean 'sin'"),
        (Fix, {"edge": EdgeId(0, 0, 0), "form": 3}, "form is 3"),
        (Share, {"edges": 3}, "edges are 3"),
        (Share, {"edges": [(0, 0)]}, "edge is (0, 0)"),
        (Discover, {"seed": -1}, "seed is -1"),
        (Discover, {"trials": 0}, "trials is 0"),
        (Discover, {"forms": "J0"}, "forms are 'J0'"),
        (Discover, {"forms": 3}, "forms are 3"),
        (Discover, {"forms": ["J0", "sinn"]}, "Did you mean 'sin'"),
        (Discover, {"forms": ["x*exp("]}, "formula ends"),
    ],
)
def test_a_malformed_action_cannot_be_made(kind: Any, values: dict[str, Any], words: str) -> None:
    refused(lambda: kind(**values), words)
    record = {"action": kind.name, **dict(values.items())}
    if "edge" in record:
        record["edge"] = list(record["edge"])
    refused(lambda: from_json(record), words, kind=FileError)


@given(
    name=st.sampled_from([*KINDS, "launch"]),
    values=st.dictionaries(
        st.sampled_from(
            ["edge", "node", "form", "steps", "grids", "threshold", "intervals", "seed", "extra"]
        ),
        JUNK,
    ),
)
@settings(max_examples=300)
def test_junk_from_a_file_is_an_action_or_refused(name: str, values: dict[str, Any]) -> None:
    try:
        made = from_json({"action": name, **values})
    except KanlabError as problem:
        assert isinstance(problem, FileError)
        return
    assert from_json(to_json(made)) == made
    assert "\n" not in made.code()


def test_text_in_a_file_cannot_become_code() -> None:
    evil = 'sin"); import os; os.abort(); ("'
    for record in (
        {"action": "fix", "edge": [0, 0, 0], "form": evil},
        {"action": "fit", "optimizer": evil},
        {"action": "prune", "threshold": evil},
        {"action": "refine", "intervals": evil},
        {"action": "discover", "seed": evil},
        {"action": "lock", "edge": [0, 0, evil]},
        {"action": "remove_node", "node": [0, evil]},
    ):
        refused(lambda record=record: from_json(record), kind=FileError)

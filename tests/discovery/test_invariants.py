"""What holds for every sequence of actions, refused ones included."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.discovery import Investigation
from kanlab.discovery.actions import (
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
)
from kanlab.errors import KanlabError
from kanlab.network import EdgeId, NodeId
from tests.tables import print_of, started

EDGES = st.builds(EdgeId, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
TWO_OR_THREE = st.integers(0, 1).flatmap(
    lambda layer: st.lists(
        st.builds(EdgeId, st.just(layer), st.integers(0, 1), st.integers(0, 1 - layer)),
        min_size=2,
        max_size=3,
    )
)
DOINGS = st.one_of(
    st.builds(
        Fit,
        steps=st.integers(1, 2),
        sparsity=st.sampled_from([0.0]),
        optimizer=st.sampled_from(["lm", "lbfgs", "adam"]),
        stop_after=st.sampled_from([None, 1]),
    ),
    st.builds(Fit, steps=st.just(2), sparsity=st.just(0.02), stop_after=st.just(3)),
    st.builds(Prune, st.sampled_from([0.0, 0.05, 0.5])),
    st.builds(Merge, st.sampled_from([0.001, 0.9])),
    st.builds(Refine, st.integers(2, 6)),
    st.builds(RemoveEdge, EDGES),
    st.builds(RemoveNode, st.builds(NodeId, st.integers(0, 2), st.integers(0, 2))),
    st.builds(Fix, EDGES, st.sampled_from(["sin", "x^2", "exp", "log", "x*exp(-x)"])),
    st.builds(Release, EDGES),
    st.builds(Lock, EDGES),
    st.builds(Unlock, EDGES),
    st.builds(Fit, steps=st.just(2), sparsity=st.just(0.0), grid_blend=st.just(0.5)),
    st.builds(Share, TWO_OR_THREE),
)
MOVES = st.sampled_from(["undo", "redo", "go"])
STEPS = st.lists(st.one_of(DOINGS, DOINGS, MOVES), min_size=1, max_size=7)


def walk(held: Investigation, steps: list[object], check: Callable[[Investigation], None]) -> int:
    """Do all that can be done; the number of what was refused."""
    refused = 0
    for number, step in enumerate(steps):
        before = held.history
        try:
            if isinstance(step, str):
                {"undo": held.undo, "redo": held.redo, "go": lambda n=number: held.go(n // 2)}[step]()
            else:
                held.do(step)  # type: ignore[arg-type]
                assert held.undo() is before.state
                assert held.redo().number == len(before.states)
        except KanlabError:
            refused += 1
            assert held.history is before
        check(held)
    return refused


@given(steps=STEPS)
@settings(max_examples=40)
def test_no_action_changes_an_earlier_state(steps: list[object]) -> None:
    held = started()
    prints = [print_of(held.state)]

    def check(now: Investigation) -> None:
        states = now.history.states
        assert [print_of(state) for state in states[: len(prints)]] == prints
        prints.extend(print_of(state) for state in states[len(prints) :])

    walk(held, steps, check)


@given(steps=STEPS)
@settings(max_examples=25)
def test_replay_and_file_give_the_same(steps: list[object]) -> None:
    held = started()
    walk(held, steps, lambda _: None)
    again = held.replay(held.actions)
    assert again.actions == held.actions
    assert again.state.same_as(held.state)
    assert again.state.metrics == held.state.metrics
    with tempfile.TemporaryDirectory() as folder:
        back = Investigation.open(held.save(Path(folder) / "a.kanlab"))
    assert back.same_as(held)
    assert [print_of(state) for state in back.history.states] == [
        print_of(state) for state in held.history.states
    ]
    assert back.history.undone == held.history.undone


def test_the_walks_above_do_act_and_are_refused() -> None:
    held = started()
    steps: list[object] = ["undo", Fit(steps=1), RemoveEdge(EdgeId(0, 2, 2)), Fix(EdgeId(0, 0, 0), "sin")]
    assert walk(held, steps, lambda _: None) == 2
    assert len(held.history.states) == 3


def test_nothing_global_is_touched() -> None:
    kept, places = np.random.get_state(), torch.get_rng_state()  # noqa: NPY002  it must stay what it was
    held = started()
    held.do(Fit(steps=3, sparsity=0.02))
    held.do(Fix(EdgeId(0, 0, 0), "sin"))
    held.suggest(EdgeId(0, 1, 0))
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(one, other) for one, other in zip(kept, after, strict=True))
    assert torch.equal(places, torch.get_rng_state())
    assert torch.get_default_dtype() == torch.float32
    assert held.network.dtype == torch.float64


def test_the_seed_decides_the_network() -> None:
    assert started(seed=1).state.same_as(started(seed=1).state)
    assert not started(seed=1).state.same_as(started(seed=2).state)

"""The tree of states: nothing is lost, and one can go everywhere."""

from __future__ import annotations

import pytest

from kanlab.discovery import Investigation
from kanlab.discovery.actions import Lock, Prune, Refine
from kanlab.errors import ActionError
from kanlab.network import EdgeId
from tests.sentences import refused
from tests.tables import started


@pytest.fixture
def held() -> Investigation:
    """Two branches: 0 - 1 - 2 and 0 - 1 - 3 - 4; standing at 4."""
    made = started()
    made.do(Refine(5))
    made.do(Refine(7))
    made.undo()
    made.do(Lock(EdgeId(0, 0, 0)))
    made.do(Refine(9))
    return made


def test_the_first_state_has_nothing_before_it() -> None:
    fresh = started()
    refused(fresh.undo, "nothing to undo", kind=ActionError)
    refused(fresh.redo, "nothing to redo", kind=ActionError)
    assert fresh.history.current == 0


def test_redo_ends_where_undo_began(held: Investigation) -> None:
    states = held.history.states
    held.undo()
    held.undo()
    assert held.state is states[1]
    assert held.redo() is states[3]
    assert held.redo() is states[4]
    refused(held.redo, "nothing to redo", kind=ActionError)
    assert held.state is states[4]


def test_branches_are_kept(held: Investigation) -> None:
    assert [state.parent for state in held.history.states] == [None, 0, 1, 1, 3]
    assert [state.number for state in held.history.path] == [0, 1, 3, 4]
    assert held.actions == (Refine(5), Lock(EdgeId(0, 0, 0)), Refine(9))
    held.go(2)
    assert held.actions == (Refine(5), Refine(7))


def test_a_new_action_ends_redo_but_not_the_branch(held: Investigation) -> None:
    held.undo()
    held.do(Prune(0.0))
    assert not held.history.can_redo
    assert held.history.states[4].action == Refine(9)


def test_go_back_can_be_redone(held: Investigation) -> None:
    held.go(1)
    assert held.redo().number == 3
    assert held.redo().number == 4


def test_go_to_another_branch_has_nothing_to_redo(held: Investigation) -> None:
    held.go(2)
    assert not held.history.can_redo


@pytest.mark.parametrize("number", [-1, 5, 10**30, 1.5, "1", None])
def test_go_nowhere(held: Investigation, number: object) -> None:
    before = held.history
    refused(lambda: held.go(number), "There is no state", kind=ActionError)  # type: ignore[arg-type]
    assert held.history is before

"""Messages from the browser: each becomes one action or one sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.discovery.actions import (
    Discover,
    Fit,
    Fix,
    Lock,
    Prune,
    Refine,
    Release,
    RemoveEdge,
    RemoveNode,
    Unlock,
)
from kanlab.errors import ActionError, KanlabError
from kanlab.network import EdgeId, NodeId
from kanlab.widgets.protocol import FIELDS, READERS, action_of, edge_from, read_message, seq_of
from tests.sentences import is_one_sentence, refused

EDGE = EdgeId(0, 1, 0)
RIGHT: list[tuple[dict[str, Any], Any]] = [
    ({"type": "fit"}, Fit(sparsity=0.5)),
    ({"type": "prune", "threshold": 0.25}, Prune(0.25)),
    ({"type": "prune", "threshold": 0}, Prune(0.0)),
    ({"type": "refine", "intervals": 10}, Refine(10)),
    ({"type": "refine", "intervals": 10.0}, Refine(10)),
    ({"type": "fix", "edge": "0.1.0", "form": " sin "}, Fix(EDGE, "sin")),
    ({"type": "fix", "edge": "0.1.0", "form": "x*exp(-x)"}, Fix(EDGE, "x*exp(-x)")),
    ({"type": "release", "edge": "0.1.0"}, Release(EDGE)),
    ({"type": "lock", "edge": "0.1.0"}, Lock(EDGE)),
    ({"type": "unlock", "edge": "0.1.0"}, Unlock(EDGE)),
    ({"type": "remove", "edge": "0.1.0"}, RemoveEdge(EDGE)),
    ({"type": "remove_node", "node": "1.2"}, RemoveNode(NodeId(1, 2))),
    ({"type": "discover"}, Discover()),
]
OTHERS: list[dict[str, Any]] = [
    {"type": "hello"},
    {"type": "stop"},
    {"type": "undo"},
    {"type": "redo"},
    {"type": "go", "state": 3},
    {"type": "select", "edge": "0.1.0"},
    {"type": "select", "edge": ""},
    {"type": "preview_prune", "threshold": 0.1},
    {"type": "compare", "edge": "0.1.0", "form": "sin(x)/x"},
    {"type": "export", "kind": "script"},
    {"type": "drawn", "drawn": 7},
]
WRONG: list[Any] = [
    None,
    3,
    "fit",
    [],
    {},
    {"type": None},
    {"type": []},
    {"type": "launch"},
    {"type": "__class__"},
    {"type": "prune"},
    {"type": "prune", "threshold": "0.1"},
    {"type": "prune", "threshold": True},
    {"type": "prune", "threshold": float("nan")},
    {"type": "prune", "threshold": 10**400},
    {"type": "refine", "intervals": 2.5},
    {"type": "refine", "intervals": 1e12},
    {"type": "go", "state": None},
    {"type": "go", "state": float("inf")},
    {"type": "remove", "edge": None},
    {"type": "remove", "edge": ""},
    {"type": "remove", "edge": "0.1"},
    {"type": "remove", "edge": "0.1.0.0"},
    {"type": "remove", "edge": "0.-1.0"},
    {"type": "remove", "edge": "0.1.999999999999"},
    {"type": "remove", "edge": ["0", "1", "0"]},
    {"type": "remove_node", "node": "1"},
    {"type": "remove_node", "node": "a.b"},
    {"type": "fix", "edge": "0.1.0"},
    {"type": "fix", "edge": "0.1.0", "form": ""},
    {"type": "fix", "edge": "0.1.0", "form": 3},
    {"type": "fix", "edge": "0.1.0", "form": "x" * 3000},
    {"type": "compare", "edge": "0.1.0"},
    {"type": "compare", "edge": "0.1.0", "form": " "},
    {"type": "compare", "edge": "0", "form": "sin(x)/x"},
    {"type": "select", "edge": "nowhere"},
    {"type": "select", "edge": 7},
    {"type": "export", "kind": "pickle"},
    {"type": "export", "kind": ["script"]},
    {"type": "drawn"},
]
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.integers())


@pytest.mark.parametrize(("content", "action"), RIGHT)
def test_a_message_becomes_an_action(content: dict[str, Any], action: Any) -> None:
    message = read_message({**content, "seq": 4})
    assert message.seq == 4
    assert action_of(message, Fit(sparsity=0.5)) == action


@pytest.mark.parametrize("content", OTHERS)
def test_a_message_that_asks_for_no_action(content: dict[str, Any]) -> None:
    assert action_of(read_message(content)) is None


def test_every_kind_of_message_is_tried_above() -> None:
    assert {content["type"] for content in [*(one for one, _ in RIGHT), *OTHERS]} == set(FIELDS)
    assert {name for names in FIELDS.values() for name in names} == set(READERS)


@pytest.mark.parametrize("content", WRONG, ids=range(len(WRONG)))
def test_a_malformed_message_is_refused(content: Any) -> None:
    refused(lambda: read_message(content), kind=ActionError)


def test_a_form_that_is_none_is_refused_before_it_starts() -> None:
    message = read_message({"type": "fix", "edge": "0.1.0", "form": "__import__('os')"})
    refused(lambda: action_of(message))


@given(
    kind=st.sampled_from(list(FIELDS)) | JUNK,
    values=st.dictionaries(st.sampled_from([*READERS, "seq", "other"]), JUNK),
)
@settings(max_examples=300)
def test_any_message_is_read_or_refused(kind: Any, values: dict[str, Any]) -> None:
    try:
        message = read_message({"type": kind, **values})
        action_of(message)
    except KanlabError as problem:
        assert is_one_sentence(str(problem)), problem
        return
    assert isinstance(message.seq, int)


@pytest.mark.parametrize("seq", [None, "3", True, -1, 2**60, 1.5, []])
def test_a_number_that_is_none_counts_as_zero(seq: Any) -> None:
    assert seq_of({"type": "undo", "seq": seq}) == 0
    assert seq_of(None) == 0
    assert seq_of({"seq": 3}) == 3


def test_edge_from_is_the_inverse_of_its_name() -> None:
    assert edge_from("0.12.3") == EdgeId(0, 12, 3)

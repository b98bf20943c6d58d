"""The workbench without a browser: messages in, traits out."""

from __future__ import annotations

import gc
import json
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from kanlab import Session
from kanlab.discovery import Investigation, Runner
from kanlab.discovery.actions import Fit, Prune, Refine
from kanlab.network import EdgeId
from kanlab.widgets import Workbench
from kanlab.widgets.inspection import Inspection
from tests.sentences import is_one_sentence
from tests.tables import small, started
from tests.widgets.test_protocol import WRONG

TRAITS = [
    "dataset",
    "graph",
    "curves",
    "selection",
    "inspector",
    "law",
    "history",
    "training",
    "loss",
    "preview",
    "mode",
    "readonly",
    "protocol",
]


class Bench:
    """A workbench and a browser that only sends."""

    def __init__(self) -> None:
        self.held = started()
        self.runner = Runner(self.held)
        self.view = Workbench(self.held, self.runner)
        self.sent: list[dict[str, Any]] = []
        self.view.send = lambda content, buffers=None: self.sent.append(content)
        self.seq = 0

    def say(self, kind: Any, /, **values: Any) -> None:
        self.seq += 1
        self.view._receive(None, {"type": kind, "seq": self.seq, **values}, [])

    def done(self) -> None:
        """Wait until nothing runs and everything was shown."""
        if self.runner.work is not None:
            assert self.runner.work.wait(20)
        until(lambda: not self.view.training["running"] and not busy())

    def traits(self) -> dict[str, Any]:
        return {name: getattr(self.view, name) for name in TRAITS}


def busy() -> bool:
    return any(thread.name in ("kanlab-work", "kanlab-inspect") for thread in threading.enumerate())


def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.runner.stop()
    made.done()
    made.view.close()


def test_all_is_json_and_shown_from_the_start(bench: Bench) -> None:
    for name, value in bench.traits().items():
        assert isinstance(value, bytes) or json.dumps(value, allow_nan=False), name
    assert bench.view.graph["shape"] == "[2, 2, 1]"
    assert bench.view.history["nodes"][0]["code"] == "Session(shape=[2, 2, 1])"
    assert bench.view.law is None


@pytest.mark.parametrize("content", WRONG, ids=range(len(WRONG)))
def test_a_malformed_message_is_told_and_changes_nothing(bench: Bench, content: Any) -> None:
    before, history = bench.traits(), bench.held.history
    if isinstance(content, dict):
        content = {**content, "seq": 5}
    bench.view._receive(None, content, [])
    assert bench.view.message["kind"] == "error"
    assert is_one_sentence(bench.view.message["text"])
    assert bench.traits() == before
    assert bench.held.history is history
    assert not bench.runner.running
    # the browser must not wait for ever for an answer to a message that was refused
    assert bench.view.ack == (5 if isinstance(content, dict) else 0)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("undo", {}),
        ("redo", {}),
        ("go", {"state": 9}),
        ("select", {"edge": "5.0.0"}),
        ("preview_prune", {"threshold": 3.0}),
        ("export", {"kind": "latex"}),
        ("remove", {"edge": "0.9.0"}),
        ("fix", {"edge": "0.0.0", "form": "sinn"}),
        ("compare", {"edge": "0.0.0", "form": "sinn(x)"}),
        ("compare", {"edge": "0.0.0", "form": "__import__('os')"}),
        ("compare", {"edge": "0.9.0", "form": "x*exp(-x)"}),
        ("refine", {"intervals": 1}),
        ("prune", {"threshold": -1}),
        ("release", {"edge": "0.0.0"}),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(
    bench: Bench, kind: str, values: dict[str, Any]
) -> None:
    before, history = bench.traits(), bench.held.history
    bench.say(kind, **values)
    bench.done()
    until(lambda: bench.view.message is not None)
    assert is_one_sentence(bench.view.message["text"])
    assert bench.held.history is history
    after = bench.traits()
    assert {name for name in TRAITS if after[name] != before[name]} <= {"training"}
    assert bench.view.ack == bench.seq


def test_every_push_counts_and_the_newest_message_is_acknowledged(bench: Bench) -> None:
    seen: list[int] = []
    bench.view.observe(lambda change: seen.append(change["new"]), "seq")
    bench.say("select", edge="0.0.0")
    bench.say("select", edge="")
    assert seen == sorted(set(seen))
    assert len(seen) >= 2
    assert bench.view.ack == 2
    bench.seq = 0
    bench.say("hello")
    assert bench.view.ack == 2


def test_clicks_become_actions_and_are_shown(bench: Bench) -> None:
    bench.say("lock", edge="0.0.0")
    bench.done()
    bench.say("refine", intervals=5)
    bench.done()
    assert [action.name for action in bench.held.actions] == ["lock", "refine"]
    assert bench.view.graph["intervals"] == 5
    assert next(edge for edge in bench.view.graph["edges"] if edge["id"] == "0.0.0")["locked"]
    bench.say("undo")
    assert bench.view.history["current"] == 1
    assert bench.view.history["can_redo"]
    bench.say("redo")
    bench.say("go", state=0)
    assert bench.view.history["current"] == 0
    assert bench.view.graph["intervals"] == 3


def test_what_is_done_in_python_is_shown(bench: Bench) -> None:
    bench.held.do(Refine(6))
    assert bench.view.graph["intervals"] == 6


def test_a_fit_is_shown_as_it_goes_and_stops_through_the_control(bench: Bench) -> None:
    shown: list[dict[str, Any]] = []
    curves: list[bytes] = []
    bench.view.observe(lambda change: shown.append(change["new"]), "training")
    bench.view.observe(lambda change: curves.append(change["new"]), "curves")
    work = bench.view.start(Fit(steps=10**6, optimizer="adam"))
    until(lambda: len(work.losses) > 30 and len(shown) > 2)
    bench.say("fit")
    assert "still running" in bench.view.message["text"]
    bench.say("undo")
    assert "still running" in bench.view.message["text"]
    assert bench.held.history.current == 0
    bench.view._control._receive(None, {"type": "stop", "seq": 1}, [])
    bench.done()
    running = [one for one in shown if one["running"] and one["step"]]
    assert running
    assert all(one["label"] == "fit" and one["steps"] == 10**6 for one in running)
    assert [one["step"] for one in running] == sorted(one["step"] for one in running)
    assert all(one["rmse"] > 0 for one in running)
    assert any(one["stopping"] for one in shown)
    assert len(curves) > 1
    assert not bench.view.training["running"]
    tail = np.frombuffer(bench.view.loss, dtype="<f4").reshape(-1, 2)
    assert len(tail) == min(len(work.losses), 400)
    assert tail[-1] == pytest.approx(work.losses[-1], rel=1e-6)
    assert bench.view.history["nodes"][-1]["code"].endswith(f"stop_after={len(work.losses)})")


def test_stop_on_the_main_model_and_with_nothing_to_stop(bench: Bench) -> None:
    bench.say("stop")
    assert bench.view.message is None
    bench.say("fit")
    bench.say("stop")
    bench.done()
    assert bench.held.history.current == 1
    assert bench.view.ack == 3


def test_a_greeting_of_the_control_is_answered_each_time(bench: Bench) -> None:
    answers: list[dict[str, Any]] = []
    bench.view._control.send = answers.append
    for content in ({"type": "hello"}, {"type": "hello"}, {"type": "launch"}, None, [], {"type": []}):
        bench.view._control._receive(None, content, [])
    assert answers == [{"type": "hello"}] * 2
    assert bench.view.control == (bench.view._control.model_id or "")


def test_selecting_shows_the_curve_at_once_and_candidates_later(bench: Bench) -> None:
    seen: list[Any] = []
    bench.view.observe(lambda change: seen.append(change["new"]), "inspector")
    bench.say("select", edge="0.1.0")
    assert seen[0]["edge"] == "0.1.0"
    assert seen[0]["candidates"] is None
    bench.done()
    assert len(bench.view.inspector["candidates"]) >= 3
    json.dumps(bench.view.inspector, allow_nan=False)
    bench.say("fix", edge="0.1.0", form=bench.view.inspector["candidates"][0]["form"])
    bench.done()
    assert bench.view.inspector["status"] == "form"
    assert sum(one["current"] for one in bench.view.inspector["candidates"]) == 1
    assert bench.view.law is not None
    assert not bench.view.law["complete"]


def test_a_typed_formula_is_ranked_with_the_others(bench: Bench) -> None:
    bench.say("compare", edge="0.1.0", form="x*exp( -x )")
    assert bench.view.selection == "0.1.0"
    bench.done()
    assert bench.view.message is None
    found = bench.view.inspector["candidates"]
    assert [one["typed"] for one in found if one["typed"]] == ["x*exp( -x )"]
    mine = next(one for one in found if one["typed"])
    truth = bench.held.suggest(EdgeId(0, 1, 0), forms=["x*exp(-x)"])[0]
    assert mine["rmse"] == pytest.approx(truth.rmse)
    others = {one.form: one.score for one in bench.held.suggest(EdgeId(0, 1, 0))}
    worse = [form for form, score in others.items() if score > truth.score]
    assert [one["form"] for one in found][found.index(mine) + 1 :] == worse
    bench.say("select", edge="0.0.0")
    bench.done()
    assert any(one["typed"] for one in bench.view.inspector["candidates"])
    bench.say("fix", edge="0.0.0", form=mine["form"])
    bench.done()
    assert next(one for one in bench.view.inspector["candidates"] if one["typed"])["current"]
    bench.say("compare", edge="0.0.0", form="sin(x)/x")
    bench.done()
    assert {one["form"] for one in bench.view.inspector["candidates"] if one["typed"]} >= {"sinc"}


def test_a_typed_formula_that_cannot_be_there_is_told(bench: Bench) -> None:
    bench.say("compare", edge="0.0.0", form="1/(x**2 - x**2)")
    bench.done()
    assert is_one_sentence(bench.view.message["text"])
    assert not any(one["typed"] for one in bench.view.inspector["candidates"])
    bench.say("remove", edge="0.0.0")
    bench.done()
    bench.say("compare", edge="0.0.0", form="x*exp(-x)")
    assert "removed" in bench.view.message["text"]
    assert is_one_sentence(bench.view.message["text"])


def test_a_selected_edge_that_goes_is_let_go(bench: Bench) -> None:
    bench.say("select", edge="0.0.1")
    bench.done()
    bench.say("remove_node", node="1.1")
    bench.done()
    assert bench.view.selection == ""
    assert bench.view.inspector is None


def test_a_preview_changes_nothing(bench: Bench) -> None:
    history = bench.held.history
    bench.say("preview_prune", threshold=0.5)
    shown = bench.view.preview
    assert shown["edges"] > 0
    assert shown["before"] == pytest.approx(bench.held.state.metrics.shown)
    assert bench.held.history is history
    assert bench.held.replay([Prune(0.5)]).state.metrics.shown == pytest.approx(shown["after"])


def test_an_export_is_sent(bench: Bench) -> None:
    bench.say("export", kind="script")
    assert bench.sent[0]["filename"].endswith(".py")
    assert "import kanlab as kl" in bench.sent[0]["text"]
    assert {"type", "kind", "filename", "mime", "text"} == set(bench.sent[0])


def test_a_failure_is_told_and_acknowledged(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bench.view, "_handle", lambda message: 1 / 0)
    with caplog.at_level(logging.ERROR, logger="kanlab.widgets"):
        bench.say("undo")
    assert "Something went wrong" in bench.view.message["text"]
    assert bench.view.ack == 1
    assert "ZeroDivisionError" in caplog.text


def test_only_the_newest_wish_is_inspected() -> None:
    begun, go_on = threading.Event(), threading.Event()
    asked: list[EdgeId] = []
    answered: list[EdgeId] = []

    class Slow:
        state = started().state

        def suggest(self, edge: EdgeId) -> tuple[()]:
            asked.append(edge)
            begun.set()
            assert go_on.wait(20)
            return ()

    edges = [EdgeId(0, 0, number) for number in range(4)]
    inspection = Inspection(Slow(), lambda state, edge, found: answered.append(edge))  # type: ignore[arg-type]
    inspection.ask(0, edges[0])
    assert begun.wait(20)
    for edge in edges[1:]:
        inspection.ask(0, edge)
    inspection.ask(7, edges[1])
    inspection.ask(0, edges[3])
    go_on.set()
    until(lambda: not busy())
    assert asked == answered == [edges[0], edges[3]]
    inspection.ask(7, edges[1])
    until(lambda: not busy())
    assert answered == [edges[0], edges[3]]


def test_an_inspection_survives_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    answered: list[int] = []

    class Broken:
        state = started().state

        def suggest(self, edge: EdgeId) -> tuple[()]:
            raise ZeroDivisionError

    inspection = Inspection(Broken(), lambda state, edge, found: answered.append(len(found)))  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, logger="kanlab.widgets"):
        for _ in range(2):
            inspection.ask(0, EdgeId(0, 0, 0))
            until(lambda: not busy())
    assert answered == [0, 0]
    assert "ZeroDivisionError" in caplog.text


def test_closing_lets_go_of_the_network() -> None:
    bench = Bench()
    bench.say("select", edge="0.0.0")
    bench.done()
    held: list[weakref.ref[Any]] = [
        weakref.ref(bench.held),
        weakref.ref(bench.held.network),
        weakref.ref(bench.view),
    ]
    bench.view.close()
    bench.view.close()
    del bench
    gc.collect()
    assert [one() for one in held] == [None] * 3


def test_an_investigation_outlives_its_view() -> None:
    bench = Bench()
    bench.view.close()
    seq = bench.view.seq
    bench.held.do(Refine(5))
    assert bench.view.seq == seq


def test_a_session_makes_a_new_view_when_the_old_was_closed() -> None:
    session = Session(small(), shape=[2, 2, 1])
    first = session.workbench
    assert session.workbench is first
    first.close()
    session.lock((0, 0, 0))
    assert session.workbench is not first
    assert session.workbench.history["current"] == 1
    session.refine(9)
    assert session.workbench.graph["intervals"] == 9
    session.workbench.close()


def test_typed_formulas_are_kept_when_the_view_is_made_anew() -> None:
    session = Session(small(), shape=[2, 2, 1])
    ask = {"type": "compare", "seq": 1, "edge": "0.1.0", "form": "x*exp( -x )"}
    session.workbench._receive(None, ask, [])
    until(lambda: not busy())
    session.workbench.close()
    session.workbench._receive(None, {"type": "select", "seq": 1, "edge": "0.0.0"}, [])
    until(lambda: not busy())
    shown = session.workbench.inspector["candidates"]
    assert [one["typed"] for one in shown if one["typed"]] == ["x*exp( -x )"]
    session.workbench.close()


def test_two_views_show_the_same(bench: Bench) -> None:
    other = Workbench(bench.held, bench.runner)
    bench.say("lock", edge="0.0.0")
    bench.done()
    until(lambda: other.history == bench.view.history)
    assert other.graph == bench.view.graph
    other.close()


def test_a_view_of_an_investigation_that_was_opened(bench: Bench, tmp_path: Any) -> None:
    bench.held.do(Refine(5))
    back = Investigation.open(bench.held.save(tmp_path / "a.kanlab"))
    again = Workbench(back, Runner(back))
    assert again.graph == bench.view.graph
    assert again.curves == bench.view.curves
    again.close()

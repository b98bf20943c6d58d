"""Work in the background: one at a time, stopped without a loss, and recorded as it really was."""

from __future__ import annotations

import logging
import threading

import pytest

from kanlab.discovery import Investigation, Nobody, Report, Runner
from kanlab.discovery.actions import Fit, Prune, RemoveEdge
from kanlab.discovery.runner import Work
from kanlab.errors import ActionError, ShapeError
from kanlab.network import EdgeId
from tests.sentences import refused
from tests.tables import started


class StopAt(Nobody):
    """Stops when a step is reached."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.seen: list[Report] = []

    def report(self, report: Report) -> None:
        self.seen.append(report)

    def stopping(self) -> bool:
        return bool(self.seen) and self.seen[-1].step >= self.step


@pytest.mark.parametrize(
    "action",
    [
        Fit(steps=8),
        Fit(steps=8, sparsity=0.02),
        Fit(steps=8, optimizer="adam"),
        Fit(steps=4, grids=(3, 5), sparsity=0.01),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 5])
def test_a_stopped_fit_replays_to_the_same_bits(action: Fit, step: int) -> None:
    held = started()
    watcher = StopAt(step)
    state = held.do(action, watcher)
    assert isinstance(state.action, Fit)
    assert state.action.stop_after == step
    assert f"stop_after={step}" in state.action.code()
    assert held.replay(held.actions).state.same_as(state)
    assert state.metrics.train == pytest.approx(watcher.seen[-1].train, rel=1e-9)


def test_a_fit_that_ran_to_its_end_says_nothing_of_stopping() -> None:
    assert started().do(Fit(steps=2), StopAt(99)).action == Fit(steps=2)


def test_stopping_late_is_not_stopping() -> None:
    held = started()
    state = held.do(Fit(steps=2, stop_after=50))
    assert state.same_as(held.replay([Fit(steps=2, stop_after=50)]).state)


def test_one_thing_at_a_time_and_stop() -> None:
    held = started()
    runner = Runner(held)
    begun, ended = threading.Event(), threading.Event()
    work = runner.start(
        Fit(steps=10**6, optimizer="adam"), on_report=lambda _: begun.set(), on_end=lambda _: ended.set()
    )
    assert begun.wait(20)
    assert runner.running
    refused(lambda: runner.start(Prune()), "still running", kind=ActionError)
    runner.stop()
    assert work.wait(20)
    assert ended.wait(20)
    assert not runner.running
    assert work.error is None
    assert held.state is work.state
    assert isinstance(held.state.action, Fit)
    assert held.state.action.stop_after == len(work.losses)
    assert held.replay(held.actions).state.same_as(held.state)


def test_a_refused_action_is_told_and_changes_nothing() -> None:
    held = started()
    before = held.history
    work = Runner(held).start(RemoveEdge(EdgeId(7, 0, 0)))
    assert work.wait(20)
    assert isinstance(work.error, ShapeError)
    assert held.history is before


def test_a_failure_is_one_sentence_and_a_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    held = started()
    monkeypatch.setattr(held, "do", broken)
    ended = threading.Event()
    with caplog.at_level(logging.ERROR, logger="kanlab.runner"):
        work = Runner(held).start(Prune(), on_end=lambda _: ended.set())
        assert ended.wait(20)
    assert "prune(0.02) failed" in str(work.error)
    assert "ZeroDivisionError" in caplog.text


def test_listeners_hear_and_can_leave() -> None:
    held = started()
    heard: list[int] = []
    leave = held.listen(lambda now: heard.append(now.state.number))
    held.do(Prune(0.0))
    held.undo()
    leave()
    leave()
    held.redo()
    assert heard == [1, 0]


def test_two_threads_do_not_lose_an_action() -> None:
    held = started()
    threads = [threading.Thread(target=lambda: [held.do(Fit(steps=1)) for _ in range(5)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [state.parent for state in held.history.states[1:]] == list(range(15))


def test_halt_waits_for_work_that_was_never_begun() -> None:
    work = Work(Prune(), None)
    work.finish()
    work.halt()
    assert work.stop_asked
    assert not work.running


def test_the_law_needs_a_form() -> None:
    refused(Investigation.law.__get__(started()), "No edge is symbolic yet", "session.fix", kind=ActionError)

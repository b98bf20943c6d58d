"""Updates go out neither too often nor too far ahead of the browser."""

from __future__ import annotations

import pytest

from kanlab.widgets import streaming
from kanlab.widgets.streaming import AHEAD, INTERVAL, PATIENCE, Throttle


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(streaming, "time", made)
    return made


def test_at_most_ten_a_second(clock: Clock) -> None:
    throttle, sent = Throttle(), 0
    for _ in range(1000):
        if throttle.ready(sent):
            sent += 1
            throttle.drawn(sent)
        clock.now += 0.001
    assert sent == round(1 / INTERVAL)


def test_it_waits_for_a_slow_browser(clock: Clock) -> None:
    throttle, sent = Throttle(), 0
    for _ in range(int(0.9 / INTERVAL)):
        sent += throttle.ready(sent)
        clock.now += INTERVAL * 1.01
    assert sent == AHEAD
    throttle.drawn(sent)
    assert throttle.ready(sent)


def test_a_browser_that_never_reports_gets_one_a_second(clock: Clock) -> None:
    throttle, sent = Throttle(), AHEAD
    for _ in range(500):
        sent += throttle.ready(sent)
        clock.now += 0.01
    assert sent - AHEAD == pytest.approx(5 / PATIENCE, abs=1)


def test_an_old_report_does_not_go_back(clock: Clock) -> None:
    throttle = Throttle()
    throttle.drawn(10)
    throttle.drawn(2)
    assert throttle.ready(11)

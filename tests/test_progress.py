"""What a bar says."""

from __future__ import annotations

from io import StringIO
from typing import ClassVar

import pytest

from kanlab import discover
from kanlab.discovery import Report
from kanlab.progress import LAW_WIDTH, PATIENCE, Bar, told
from tests.tables import wavy


def test_a_search_tells_what_is_tried_the_law_and_its_error() -> None:
    report = Report("discover", "terms", 2, 9, 0.25, 0.125, text="y = x1", seconds=3.0)
    assert told(report) == "terms: y = x1, rmse 0.12"


def test_a_long_law_is_cut_and_a_fit_tells_its_error() -> None:
    long = told(Report("discover", "terms", 2, 9, 0.25, None, text="y" * 200))
    assert long == f"terms: {'y' * (LAW_WIDTH - 1)}…, rmse 0.25"
    assert told(Report("fit", "warm", 2, 9, 0.5, None, measure="huber")) == "huber 0.5"


class Recorded:
    """Stands in for tqdm, and writes down what becomes of it."""

    made: ClassVar[list[Recorded]] = []

    def __init__(self, *, total: int, desc: str, leave: bool) -> None:
        self.total, self.desc, self.leave = total, desc, leave
        self.n, self.start_t, self.said, self.closed_at = 0, 0.0, "", (-1, -1)
        self.made.append(self)

    def reset(self, total: int) -> None:
        self.total, self.n, self.start_t = total, 0, -1.0

    def set_postfix_str(self, text: str) -> None:
        self.said = text

    def close(self) -> None:
        self.closed_at = (self.n, self.total)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a bar reads, in a place where somebody sees it."""
    now = [100.0]
    monkeypatch.setattr(Recorded, "made", [])
    monkeypatch.setattr("kanlab.progress.tqdm", Recorded)
    monkeypatch.setattr("kanlab.progress.time", lambda: now[0])
    monkeypatch.setattr("kanlab.progress.in_notebook", lambda: True)
    return now


def test_short_work_shows_no_bar(clock: list[float]) -> None:
    with Bar("fit()") as bar:
        clock[0] += 0.9 * PATIENCE
        bar.show(Report("fit", "fit", 39, 40, 0.5, None))
    assert Recorded.made == []


def test_a_bar_counts_from_the_start_and_goes_when_the_work_ends_early(clock: list[float]) -> None:
    with Bar("fit()") as bar:
        bar.show(Report("fit", "fit", 1, 40, 0.5, None))
        clock[0] += 2 * PATIENCE
        bar.show(Report("fit", "fit", 20, 40, 0.25, None))
        (seen,) = Recorded.made
        assert (seen.n, seen.total, seen.start_t, seen.said) == (20, 40, 100.0, "rmse 0.25")
        bar.show(Report("fit", "fit", 21, 80, 0.25, None))
        assert (seen.n, seen.total, seen.start_t) == (21, 80, 100.0)
    # tqdm turns a bar red and leaves it when it is closed before its total
    assert seen.closed_at == (21, 21)
    assert not seen.leave


def test_nobody_sees_a_bar_in_a_script(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kanlab.progress.in_notebook", lambda: False)
    monkeypatch.setattr("sys.stderr", StringIO())
    with Bar("fit()") as bar:
        clock[0] += 2 * PATIENCE
        bar.show(Report("fit", "fit", 20, 40, 0.25, None))
    assert Recorded.made == []


def test_the_reports_of_a_search_hold_time_and_error() -> None:
    seen: list[Report] = []
    shelf = discover(wavy(), time_limit=0, progress=seen.append)
    assert shelf.laws
    assert all(report.seconds >= 0 and report.validation == report.train for report in seen)

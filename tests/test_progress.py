"""What a bar says."""

from __future__ import annotations

from kanlab import discover
from kanlab.discovery import Report
from kanlab.progress import LAW_WIDTH, told
from tests.tables import wavy


def test_a_search_tells_what_is_tried_the_law_and_its_error() -> None:
    report = Report("discover", "terms", 2, 9, 0.25, 0.125, text="y = x1", seconds=3.0)
    assert told(report) == "terms: y = x1, rmse 0.12"


def test_a_long_law_is_cut_and_a_fit_tells_its_error() -> None:
    long = told(Report("discover", "terms", 2, 9, 0.25, None, text="y" * 200))
    assert long == f"terms: {'y' * (LAW_WIDTH - 1)}…, rmse 0.25"
    assert told(Report("fit", "warm", 2, 9, 0.5, None, measure="huber")) == "huber 0.5"


def test_the_reports_of_a_search_hold_time_and_error() -> None:
    seen: list[Report] = []
    shelf = discover(wavy(), time_limit=0, progress=seen.append)
    assert shelf.laws
    assert all(report.seconds >= 0 and report.validation == report.train for report in seen)

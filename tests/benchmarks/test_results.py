"""Rows are kept when a run is stopped, and measured again only when they are old."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.results import Sheet, read


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree that is at the commit "abc", whose sources are those of "abc" only."""
    monkeypatch.setattr(results, "commit", lambda: "abc")
    monkeypatch.setattr(results, "same_sources", lambda known, _sources: known == "abc")


def test_a_row_is_written_at_once_and_kept(clean: None, tmp_path: Path) -> None:
    calls: list[int] = []

    def compute() -> dict[str, int]:
        calls.append(1)
        return {"figure": len(calls)}

    assert Sheet("b", (), folder=tmp_path).row("k", compute)["figure"] == 1
    assert read("b", tmp_path)["rows"]["k"]["commit"] == "abc"
    assert Sheet("b", (), folder=tmp_path).row("k", compute)["figure"] == 1
    assert Sheet("b", (), again=True, folder=tmp_path).row("k", compute)["figure"] == 2


def test_a_row_of_another_state_is_measured_again(
    clean: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sheet("b", (), folder=tmp_path).row("k", lambda: {"figure": 1})
    monkeypatch.setattr(results, "same_sources", lambda _known, _sources: False)
    assert Sheet("b", (), folder=tmp_path).row("k", lambda: {"figure": 2})["figure"] == 2


def test_rows_before_one_that_fails_are_kept(clean: None, tmp_path: Path) -> None:
    sheet = Sheet("b", (), folder=tmp_path)
    sheet.row("first", lambda: {"figure": 1})
    with pytest.raises(ZeroDivisionError):
        sheet.row("second", lambda: {"figure": 1 // 0})
    assert list(read("b", tmp_path)["rows"]) == ["first"]


def test_a_row_may_depend_on_less_than_its_bench(
    clean: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sheet("b", ("a", "b"), folder=tmp_path).row("k", lambda: {"figure": 1}, sources=("a",))
    monkeypatch.setattr(results, "same_sources", lambda _known, sources: sources == ("a",))
    assert (
        Sheet("b", ("a", "b"), folder=tmp_path).row("k", lambda: {"figure": 2}, sources=("a",))["figure"] == 1
    )
    assert Sheet("b", ("a", "b"), folder=tmp_path).row("k", lambda: {"figure": 2})["figure"] == 2


def test_more_figures_of_a_row_are_written(clean: None, tmp_path: Path) -> None:
    sheet = Sheet("b", (), folder=tmp_path)
    sheet.row("k", lambda: {"figure": 1})
    sheet.add("k", {"judged": True})
    assert read("b", tmp_path)["rows"]["k"]["judged"]

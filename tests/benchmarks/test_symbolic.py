"""What is given to the tools, what is kept of them, and how it is shown; the tools themselves are stood in for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import results, symbolic
from benchmarks.registry import Options
from benchmarks.results import Sheet
from benchmarks.rivals.searchers import SearchResult, SearchTask

ASKED = Options(
    only=("II.38.3", "I.40.1"), noise=(0.0, 0.01), tools=("pyoperon", "gplearn"), seeds=2, budget=5.0
)


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sheet:
    """A sheet of a tree that is at a commit."""
    for module in (results, symbolic):
        monkeypatch.setattr(module, "same_sources", lambda known, _sources: known == "abc")
    monkeypatch.setattr(results, "commit", lambda: "abc")
    return Sheet("symbolic", (), folder=tmp_path)


def answer(name: str, task: SearchTask) -> SearchResult:
    """pyoperon finds the quotient and has exp on its front; gplearn finds nothing."""
    if name == "gplearn":
        return SearchResult("", [], 1.0)
    quotient = task.names == ("a", "b")
    return (
        SearchResult("a/b", ["a", "a/b"], 2.0) if quotient else SearchResult("n0", ["n0", "n0*exp(-a)"], 4.0)
    )


def test_tools_take_turns_on_the_same_rows() -> None:
    asked = list(symbolic.trials(ASKED))
    assert len({trial.key for trial in asked}) == len(asked) == 16
    first, second = asked[:2]
    assert (first.equation, first.noise, first.seed) == (second.equation, second.noise, second.seed)
    assert (first.tool, second.tool) == ("pyoperon", "gplearn")
    assert first.task == second.task


def test_everything_is_tried_unless_less_is_asked_for() -> None:
    asked = list(symbolic.trials(Options()))
    assert len(asked) == 27 * 3 * 3 * 3
    assert {trial.budget for trial in asked} == {60.0}


@pytest.mark.parametrize("asked", [{"laws": "none"}, {"tools": ("nobody",)}, {"only": ("I.6.3",)}])
def test_what_is_not_there_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"There is no .*; there are "):
        next(symbolic.trials(Options(**asked)))


def test_noise_is_a_share_of_the_spread() -> None:
    plain, noisy = (
        next(symbolic.trials(Options(only=("III.10.19",), noise=(noise,)))).task for noise in (0.0, 0.1)
    )
    assert plain.inputs == noisy.inputs
    inputs, truth = plain.arrays
    np.testing.assert_allclose(truth, np.sqrt(1 + inputs[:, 0] ** 2 + inputs[:, 1] ** 2))
    assert np.std(noisy.arrays[1] - truth) / np.std(truth) == pytest.approx(0.1, rel=0.1)


def test_laws_are_judged_and_counted(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "search_apart", answer)
    symbolic.measure(sheet, ASKED)
    shown = "\n".join(symbolic.tables(sheet.record))
    assert "### feynman, noise 1 %, 5 CPU seconds" in shown
    assert "| pyoperon | 2 of 4 | 4 of 4 | 2 of 4 | 2 | 3.0 s | 4.0 s |" in shown
    assert "| gplearn | 0 of 4 | 0 of 4 | 0 of 4 | 2 | 1.0 s | 1.0 s |" in shown
    assert "| II.38.3 | 2/2 | 0.0e+00 | 0.0e+00 | 0/2 | ∞ | ∞ |" in shown


def test_a_kept_search_is_not_made_again(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(name: str, task: SearchTask) -> SearchResult:
        made.append(name)
        return answer(name, task)

    monkeypatch.setattr(symbolic, "search_apart", counted)
    asked = Options(only=("II.38.3",), noise=(0.0,), tools=("pyoperon",), seeds=1)
    for _ in range(2):
        symbolic.measure(sheet, asked)
    assert len(made) == 1
    (row,) = sheet.record["rows"].values()
    row["truth"] = "a - b"
    symbolic.measure(sheet, asked)
    assert len(made) == 2


def test_another_judge_judges_what_was_kept(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "search_apart", answer)
    asked = Options(only=("II.38.3",), noise=(0.0,), tools=("pyoperon",), seeds=1)
    symbolic.measure(sheet, asked)
    (row,) = sheet.record["rows"].values()
    row.update(judged="an older one", exact=False)
    monkeypatch.setattr(symbolic, "search_apart", None)
    symbolic.measure(sheet, asked)
    assert row["exact"]
    assert row["judged"] == "abc"


def test_a_tool_that_cannot_run_is_named_and_left_out(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(name: str, _task: SearchTask) -> SearchResult:
        if name == "gplearn":
            raise RuntimeError("gplearn: ModuleNotFoundError: No module named 'gplearn'")
        return answer(name, _task)

    monkeypatch.setattr(symbolic, "search_apart", refuse)
    symbolic.measure(sheet, ASKED)
    assert "No module named 'gplearn'" in capsys.readouterr().out
    kept: dict[str, Any] = sheet.record["rows"]
    assert {row["tool"] for row in kept.values()} == {"pyoperon"}


def test_a_tool_may_lack_equations(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "search_apart", answer)
    for tool, only in (("pyoperon", ("II.38.3", "I.40.1")), ("gplearn", ("II.38.3",))):
        symbolic.measure(sheet, Options(only=only, noise=(0.0,), tools=(tool,), seeds=1, budget=5.0))
    shown = "\n".join(symbolic.tables(sheet.record))
    assert "| - | - | - |\n| II.38.3 | 1/1 |" in shown

"""Carrying out a case: outcomes, verdicts, what is kept, and what the command line says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kanlab.cases import Scale, find
from kanlab.cases.record import Record, figures_of
from kanlab.cases.reproduce import reproduce
from kanlab.cases.running import Task, carry_out, outcome_of, plain, tasks_of
from kanlab.cases.verdict import Verdict, markdown, table
from kanlab.cli import main
from kanlab.errors import FileError
from tests.cases import example
from tests.sentences import is_one_sentence, refused

MINE = str(Path(example.__file__).resolve())
QUICK = Scale(quick=True)


def words(lines: list[Verdict]) -> dict[str, str]:
    return {line.claim: line.word for line in lines}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_claims_hold_fail_or_are_explained(here: Path) -> None:
    lines = reproduce([MINE], scale=Scale(), folder=here / "results")
    replayed = "Fit, prune, fix three forms: same bits elsewhere and from its file"
    assert words(lines) == {
        "twice 21": "holds",
        "in words": "holds",
        "less than it is": "does not hold",
        "cannot be measured": "FAILS",
        "runs": "holds",
        replayed: "holds",
    }
    notes = {line.claim: line.note for line in lines if line.note}
    assert notes == {
        "less than it is": "Two numbers are more than one.",
        "cannot be measured": "ValueError: The step has no figures.",
    }
    shown = table(lines)
    assert "4 of 6 claims hold, 1 does not, for the reason given, 1 fails." in shown
    assert "| twice 21 | 42 | 42 | ≥ 42 | holds |" in markdown(lines)


def test_a_run_goes_on_where_it_was_stopped(here: Path) -> None:
    folder = here / "results"
    case = find(MINE)
    record = Record(MINE, folder)
    outcomes = carry_out(
        [task for task in tasks_of(MINE, case, Scale()) if "replay" not in task.step], Scale()
    )
    for outcome in outcomes:
        record.add(outcome)
        if outcome.task.step == "marked":
            outcomes.close()  # type: ignore[attr-defined]
            break
    assert (here / "marks.txt").read_text() == "x"
    kept: list[str] = []
    lines = reproduce([MINE], folder=folder, tell=kept.append)
    assert (here / "marks.txt").read_text() == "x"
    assert f"{MINE} marked: kept" in kept
    assert f"{MINE} breaks: kept" not in kept
    assert words(lines)["runs"] == "holds"
    reproduce([MINE], folder=folder, again=True)
    assert (here / "marks.txt").read_text() == "xx"
    assert figures_of(folder / "example.json")["double"]["value"] == 42


def test_figures_do_not_depend_on_the_number_of_processes(here: Path) -> None:
    tasks = [Task(MINE, "double"), Task(MINE, "breaks"), Task("walkthrough", "walk")]
    alone = {outcome.task: (outcome.figures, outcome.problem) for outcome in carry_out(tasks, QUICK)}
    several = {
        outcome.task: (outcome.figures, outcome.problem) for outcome in carry_out(tasks, QUICK, cores=2)
    }
    assert alone == several
    assert here.is_dir()


def test_a_stopped_run_says_what_it_has(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(task: Task, scale: Scale) -> object:
        if task.step == "breaks":
            raise KeyboardInterrupt
        return outcome_of(task, scale)

    monkeypatch.setattr("kanlab.cases.running.outcome_of", interrupted)
    told: list[str] = []
    lines = reproduce([MINE], folder=here / "results", tell=told.append)
    assert told[-1] == "Stopped after 1 of 4 steps; what was measured is kept."
    assert words(lines)["twice 21"] == "holds"
    assert words(lines)["runs"] == "not measured"


def test_figures_are_plain_data() -> None:
    with pytest.raises(TypeError, match="not Scale"):
        plain({"value": Scale()})


def test_a_damaged_file_of_results_is_refused(tmp_path: Path) -> None:
    (tmp_path / "walkthrough.json").write_text("[]")
    refused(lambda: Record("walkthrough", tmp_path), "walkthrough.json", kind=FileError)


def test_the_command_line_says_and_writes_the_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", MINE, "--quick", "--cores", "1", "--json", "out.json"]) == 1
    said = capsys.readouterr()
    assert "twice 21" in said.out
    assert "example.py double ..." in said.err
    record = json.loads((here / "out.json").read_text())
    assert [line["holds"] for line in record if line["claim"] == "twice 21"] == [True]
    assert not (here / "kanlab-results").exists()


def test_the_command_line_refuses_an_unknown_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "absent"]) == 2
    assert is_one_sentence(capsys.readouterr().err.strip())

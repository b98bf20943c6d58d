"""`kanlab reproduce`: cases carried out, with their claims in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from . import catalog
from .case import Case, Scale
from .record import Record
from .running import Outcome, Task, carry_out, tasks_of
from .verdict import Verdict, markdown, verdicts

RESULTS = Path("benchmarks/results/cases")
ELSEWHERE = Path("kanlab-results")


def results_folder() -> Path:
    """Where full runs are kept: in a checkout beside the other figures, elsewhere in a folder of their own."""
    return RESULTS if RESULTS.parent.is_dir() else ELSEWHERE


def reproduce(
    names: Sequence[str] = (),
    *,
    scale: Scale = Scale(),  # noqa: B008  a frozen value
    cores: int = 1,
    folder: Path | None = None,
    again: bool = False,
    tell: Callable[[str], None] = lambda _line: None,
) -> list[Verdict]:
    """Carry out cases and say which of their claims hold.

    Args:
        names: cases by name, or files of users; none for all.
        scale: in full, or quickly.
        cores: processes that work at the same time; figures do not depend on it.
        folder: where outcomes are kept and resumed from; None keeps nothing.
        again: measure also what is kept.
        tell: called with a line of text when something begins or ends.

    Raises:
        KanlabError: there is no such case.
    """
    cases = {name: catalog.find(name) for name in names or catalog.names()}
    records = {name: Record(name, folder) for name in cases}
    outcomes: dict[Task, Outcome] = {}
    tasks = [task for name, case in cases.items() for task in tasks_of(name, case, scale)]
    for task in tasks:
        held = None if again else records[task.case].held(task)
        if held is not None:
            outcomes[task] = held
            tell(f"{task.case} {task.step}: kept")
    waiting = [task for task in tasks if task not in outcomes]
    count = len(waiting)
    done = 0
    try:
        for outcome in carry_out(
            waiting, scale, cores=cores, begun=lambda task: tell(f"{task.case} {task.step} ...")
        ):
            done += 1
            outcomes[outcome.task] = outcome
            records[outcome.task.case].add(outcome)
            said = outcome.problem or f"{outcome.seconds:.1f} s"
            tell(f"{outcome.task.case} {outcome.task.step}: {said} ({done} of {count})")
    except KeyboardInterrupt:
        tell(f"Stopped after {done} of {count} steps; what was measured is kept.")
    return [line for name, case in cases.items() for line in _lines(name, case, outcomes, scale)]


def write_page(lines: Sequence[Verdict], folder: Path) -> None:
    """`README.md` beside the results: the table of a full run of all cases."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "# What `kanlab reproduce` measured\n\nMade by the command; see the JSON files for machine and versions.\n\n"
    (folder / "README.md").write_text(text + markdown(lines), encoding="utf-8")


def _lines(name: str, case: Case, outcomes: dict[Task, Outcome], scale: Scale) -> list[Verdict]:
    own = {task.step: outcome for task, outcome in outcomes.items() if task.case == name}
    return verdicts(case, own, scale)

"""Whether claims hold, as a table: claim, the paper's figure, ours, what was asked, seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from .case import Case, Scale
from .claim import shown
from .running import Outcome, claims_of

HOLDS, FAILS, EXPLAINED, ABSENT = "holds", "FAILS", "does not hold", "not measured"
HEAD = ("claim", "paper", "ours", "asked", "", "s")


@dataclass(frozen=True)
class Verdict:
    """A line of the table.

    Attributes:
        case, claim, paper, asked: what was claimed, and what the figure is held to.
        value: our figure; None where it was not measured.
        word: "holds", "FAILS", "does not hold" (as the case says, with the reason) or "not measured".
        seconds: wall time of the step that measured it; None on further lines of the same step.
        note: why it does not hold, or why its step failed.
    """

    case: str
    claim: str
    paper: str
    asked: str
    value: Any
    word: str
    seconds: float | None
    note: str

    @property
    def fine(self) -> bool:
        """Whether it is as the case says."""
        return self.word in (HOLDS, EXPLAINED)


def verdicts(case: Case, outcomes: Mapping[str, Outcome], scale: Scale) -> list[Verdict]:
    """One line for each claim of a case, from the outcomes of its steps by name."""
    lines: list[Verdict] = []
    timed: set[str] = set()
    for claim in claims_of(case, scale):
        outcome = outcomes.get(claim.step)
        asked = claim.asked(quick=scale.quick)
        value = None if outcome is None else outcome.figures.get(claim.key)
        if outcome is None:
            word, note = ABSENT, ""
        elif asked.holds(value):
            word, note = HOLDS, ""
        elif claim.because and not outcome.problem:
            word, note = EXPLAINED, claim.because
        else:
            word, note = FAILS, outcome.problem
        seconds = outcome.seconds if outcome is not None and claim.step not in timed else None
        timed.add(claim.step)
        lines.append(Verdict(case.name, claim.text, claim.paper, str(asked), value, word, seconds, note))
    return lines


REST = MappingProxyType(
    {
        EXPLAINED: ("does not, for the reason given", "do not, for the reasons given"),
        FAILS: ("fails", "fail"),
        ABSENT: ("was not measured", "were not measured"),
    }
)
"""What is said of one and of several claims that do not hold."""


def summary(lines: Sequence[Verdict]) -> str:
    """How many hold."""
    count = {word: sum(line.word == word for line in lines) for word in (HOLDS, EXPLAINED, FAILS, ABSENT)}
    parts = [f"{count[HOLDS]} of {len(lines)} claims hold"]
    for word, (one, many) in REST.items():
        parts += [f"{count[word]} {one if count[word] == 1 else many}"] if count[word] else []
    return ", ".join(parts) + "."


def table(lines: Sequence[Verdict]) -> str:
    """The table as plain text, one block for each case; notes stand below their block."""
    blocks: list[str] = []
    for case in dict.fromkeys(line.case for line in lines):
        own = [line for line in lines if line.case == case]
        rows = [HEAD, *(_cells(line) for line in own)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
        text = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        notes = [f"  {line.claim}: {line.note}" for line in own if line.note]
        blocks.append("\n".join([case, *(f"  {line}" for line in text), *notes]))
    return "\n\n".join([*blocks, summary(lines)])


def markdown(lines: Sequence[Verdict]) -> str:
    """The same as Markdown."""
    parts: list[str] = []
    for case in dict.fromkeys(line.case for line in lines):
        own = [line for line in lines if line.case == case]
        parts += [f"## {case}", "", _row(HEAD), _row(("---",) * len(HEAD))]
        parts += [_row(_cells(line)) for line in own]
        parts += ["", *(f"- {line.claim}: {line.note}" for line in own if line.note), ""]
    return "\n".join([*parts, summary(lines), ""])


def record(lines: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [{**asdict(line), "holds": line.word == HOLDS} for line in lines]


def _cells(line: Verdict) -> tuple[str, ...]:
    seconds = "" if line.seconds is None else f"{line.seconds:.1f}"
    return line.claim, line.paper, shown(line.value), line.asked, line.word, seconds


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

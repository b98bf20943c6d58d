"""One step of `make test`: its commands, what they need, and what came of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from xml.etree import ElementTree as ET

from .npm import ROOT, environment

JUNIT = "{junit}"
"""Stands in a command for the file in which the program is to leave its JUnit report."""


@dataclass(frozen=True)
class Need:
    """Something that a step cannot do without: how to get it, and what to say when it is not to be had."""

    provide: Callable[[], str | None]
    otherwise: str


@dataclass(frozen=True)
class Step:
    name: str
    heading: str
    commands: tuple[tuple[str, ...], ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How many checks passed, failed and were skipped. A program that counts nothing is one check."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    seconds: float = 0.0

    @property
    def word(self) -> str:
        if self.failed:
            return "FAILED"
        return "passed" if self.passed else "skipped"

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            skipped=self.skipped + other.skipped,
            note="; ".join(filter(None, (self.note, other.note))),
            seconds=self.seconds + other.seconds,
        )


def run_step(step: Step, *, strict: bool) -> Outcome:
    """Run the commands of a step, the later ones even when an earlier one has failed.

    With `strict` nothing may be skipped: a missing need and a skipped test are failures.
    """
    start = perf_counter()
    missing = next((need for need in step.needs if not need.provide()), None)
    if missing is not None:
        outcome = Outcome(skipped=1, note=missing.otherwise)
    else:
        outcome = sum((_run(command) for command in step.commands), Outcome())
    if strict and outcome.skipped:
        note = outcome.note or "skipped tests"
        outcome = replace(
            outcome, failed=outcome.failed + outcome.skipped, skipped=0, note=f"{note} (CI=true)"
        )
    return replace(outcome, seconds=perf_counter() - start)


def _run(command: tuple[str, ...]) -> Outcome:
    """Run one program in the repository's root, and count what it did."""
    env = {"OMP_NUM_THREADS": "1", **environment()}
    if not sys.stdout.isatty():
        env["NO_COLOR"] = "1"
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="kanlab-check-") as folder:
        junit = Path(folder) / "junit.xml"
        words = [word.replace(JUNIT, str(junit)) for word in command]
        status = subprocess.run(words, cwd=ROOT, env=env, check=False, stdin=subprocess.DEVNULL).returncode
        outcome = _count(junit) if junit.exists() else Outcome(passed=int(status == 0))
    if status and not outcome.failed:
        return replace(outcome, failed=1, note=f"{_name(command)} ended with status {status}")
    return outcome


def _name(command: tuple[str, ...]) -> str:
    """What a reader calls a command: `pytest`, not the interpreter that runs it."""
    return next(word for word in command if word not in {sys.executable, "-m", "tools.npm"})


def _count(report: Path) -> Outcome:
    """Count the cases of a JUnit report. An expected failure is a test that passed."""
    cases = list(ET.parse(report).getroot().iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(any(mark.get("type") != "pytest.xfail" for mark in case.iter("skipped")) for case in cases)
    return Outcome(passed=len(cases) - failed - skipped, failed=failed, skipped=skipped)


def strict_run() -> bool:
    """Whether CI asked for everything."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}

"""Results of cases on disk: one JSON file for each case, written after every step, so that a stopped run goes on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..errors import FileError
from .catalog import file_of
from .running import Outcome, Task

PACKAGES = ("kanlab", "torch", "numpy", "numba", "scipy", "sympy")
PACKAGE = Path(__file__).resolve().parent.parent


class Record:
    """The outcomes of one case at one scale, as its file holds them.

    A step is kept while the code of its case, all of the file but the case itself with its claims, is the one with
    which it was measured. `folder` None keeps nothing.
    """

    def __init__(self, case: str, folder: Path | None) -> None:
        self._case = case
        self._path = None if folder is None else folder / f"{Path(case).stem}.json"
        self._steps: dict[str, dict[str, Any]] = read_steps(self._path)
        self._file, self._sources = _code_of(file_of(case)), sources()

    def held(self, task: Task) -> Outcome | None:
        """The outcome of a step that was measured with the present case file, or None."""
        step = self._steps.get(task.step)
        if step is None or step["problem"] or step["case_file"] != self._file:
            return None
        return _outcome(task, step)

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome and write the file."""
        self._steps[outcome.task.step] = {
            "figures": outcome.figures,
            "cpu_s": round(outcome.cpu_s, 2),
            "seconds": round(outcome.seconds, 2),
            "problem": outcome.problem,
            "case_file": self._file,
            "sources": self._sources,
            "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        }
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            record = {"case": self._case, "machine": machine(), "steps": self._steps}
            unfinished = self._path.with_suffix(".part")
            unfinished.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
            unfinished.replace(self._path)


def read_steps(path: Path | None) -> dict[str, dict[str, Any]]:
    """The steps that a file of results holds; none where there is no file.

    Raises:
        FileError: the file holds something else.
    """
    if path is None or not path.exists():
        return {}
    try:
        steps: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["steps"]
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(
            f"The file {path.name!r} holds no results of a case; move it away and run the case again."
        ) from error
    return steps


def outcomes_of(case: str, path: Path) -> dict[str, Outcome]:
    """The outcomes of a file of results, by step."""
    return {name: _outcome(Task(case, name), step) for name, step in read_steps(path).items()}


def figures_of(path: Path) -> dict[str, Mapping[str, Any]]:
    """The figures of a file of results, by step."""
    return {name: step["figures"] for name, step in read_steps(path).items()}


def sources() -> str:
    """A digest of the package: figures that were measured with another state of the code have another."""
    return _digest(sorted(PACKAGE.rglob("*.py")))


def machine() -> dict[str, Any]:
    """Processor, cores, interpreter and versions: what figures depend on."""
    found = {name: _version(name) for name in PACKAGES}
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": found,
    }


def _outcome(task: Task, step: Mapping[str, Any]) -> Outcome:
    return Outcome(task, step["figures"], step["cpu_s"], step["seconds"], step["problem"])


def _code_of(file: Path) -> str:
    """A digest of what is computed: claims may be worded anew without measuring again."""
    code, _, _ = file.read_text(encoding="utf-8").partition("\nCASE = ")
    return hashlib.sha256(code.encode()).hexdigest()[:12]


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()

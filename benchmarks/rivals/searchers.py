"""The tools that search for a law, each in a process of its own on one thread.

A new one is a row of `SEARCHERS` and a function from a task to what it found; it counts its own CPU time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..machine import ROOT
from ..one_thread import SETTINGS

SPARE_CPU_S = 120
"""CPU seconds beyond its budget, for imports and for what it does after the search, at which a tool is ended."""

OPERATORS = ("add", "sub", "mul", "div", "sin", "cos", "exp", "log", "sqrt", "square", "asin")
"""What the peers may build laws from: the operators of the 27 equations."""


@dataclass(frozen=True)
class SearchTask:
    """Rows, and what a tool is told.

    Attributes:
        names: of the columns.
        inputs: rows [rows][columns].
        targets: with noise.
        noise: the standard deviation of the noise, as a share of that of the targets without it.
        seed: for the tool.
        budget: CPU seconds.
    """

    names: Sequence[str]
    inputs: Sequence[Sequence[float]]
    targets: Sequence[float]
    noise: float
    seed: int
    budget: float

    @property
    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Inputs [rows, columns] and targets [rows]."""
        return np.array(self.inputs, dtype=np.float64), np.array(self.targets, dtype=np.float64)


@dataclass(frozen=True)
class SearchResult:
    """What a tool found.

    Attributes:
        law: the law that it chooses, or "".
        front: all laws that it offers.
        cpu_s: CPU seconds of its search, imports left out.
        claim: the root mean squared error that it says its law has on rows that it held out; None without such a word.
        front_claims: the same of the laws it offers, or empty.
    """

    law: str
    front: Sequence[str]
    cpu_s: float
    claim: float | None = None
    front_claims: Sequence[float] = ()


@dataclass(frozen=True)
class Searcher:
    """A row: the name as shown, "module:function" in this folder, what its results depend on, what to know of it."""

    name: str
    where: str
    sources: tuple[str, ...]
    note: str

    @property
    def search(self) -> Callable[[SearchTask], SearchResult]:
        module, function = self.where.split(":")
        return getattr(import_module(f"{__package__}.{module}"), function)


SEARCHERS: Mapping[str, Searcher] = MappingProxyType(
    {
        searcher.name: searcher
        for searcher in (
            Searcher(
                "kanlab",
                "discover:search",
                ("kanlab", "benchmarks/rivals/discover.py"),
                "`kl.discover`, all options as they come; it is not told the noise",
            ),
            Searcher(
                "pyoperon",
                "operon:search",
                ("benchmarks/rivals/operon.py",),
                "population 1000, length up to 30, 5 steps of Levenberg-Marquardt, objectives r2 and length; told the "
                "standard deviation of the noise (1e-6 of the spread where there is none); its law is the member of "
                "its front with the least description length",
            ),
            Searcher(
                "gplearn",
                "genetic:search",
                ("benchmarks/rivals/genetic.py",),
                "population 1000, parsimony 3e-4 of the spread; its operators are protected, and what is judged is "
                "the formula as it reads, at full precision",
            ),
        )
    }
)


def search_apart(name: str, task: SearchTask) -> SearchResult:
    """Run a tool on a task in a process of its own. Raises `RuntimeError` with the last line of what it said."""

    def limit() -> None:
        seconds = int(task.budget + SPARE_CPU_S)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))

    made = subprocess.run(
        [sys.executable, "-m", __name__, name],
        input=json.dumps(asdict(task)),
        cwd=ROOT,
        env={**os.environ, **SETTINGS},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        said = made.stderr.strip().splitlines() or [f"it ended with status {made.returncode}"]
        raise RuntimeError(f"{name}: {said[-1][:300]}")
    return SearchResult(**json.loads(made.stdout.strip().splitlines()[-1]))


def main(words: Sequence[str]) -> None:
    """What the process of a tool does: the task comes in as JSON, the result goes out as its last line."""
    given: dict[str, Any] = json.load(sys.stdin)
    result = SEARCHERS[words[0]].search(SearchTask(**given))
    print(json.dumps(asdict(result)))


if __name__ == "__main__":
    main(sys.argv[1:])

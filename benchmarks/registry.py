"""The benches. A new one is one row here and one module.

The module has two functions:

    measure(sheet, options)    computes rows and keeps each with `sheet.row(key, compute)`
    tables(record)             Markdown of a results file, as a list of blocks

and, if it draws, `figures(record, folder)`, which writes PNG files and gives back their names. A script that measures
all by itself and writes `results/<name>.json` (and `.png`) is a row as well, with `script=True`: see `script.py`. Its
`tables(record)` may be left out.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType, ModuleType

from .results import RESULTS, Sheet, read
from .script import run_script


@dataclass(frozen=True)
class Options:
    """What the command line asked for.

    Attributes:
        again: measure rows that were measured at this state of the code.
        full: slow rivals on every seed.
        budget: CPU seconds for each row of one of the paper's tables, and for each search of the bench `symbolic`;
            the bench's own where None.
        laws: the list of laws of the bench `symbolic`.
        only, noise, tools: which equations, shares of noise and tools of it; all where empty.
        seeds: how many seeds of it; its own number where None.
    """

    again: bool = False
    full: bool = False
    budget: float | None = None
    laws: str = "feynman"
    only: tuple[str, ...] = ()
    noise: tuple[float, ...] = ()
    tools: tuple[str, ...] = ()
    seeds: int | None = None


@dataclass(frozen=True)
class Bench:
    """A row of the registry.

    Attributes:
        name: how it is asked for; also the module `benchmarks.<name>` and the file `results/<name>.json`.
        heading: one line for people.
        sources: what its figures depend on besides its own module; a change there makes them old.
        script: whether the module is a script of its own.
        long: whether it takes hours, and so runs only when it is named.
    """

    name: str
    heading: str
    sources: tuple[str, ...] = ("kanlab", "benchmarks/rivals")
    script: bool = False
    long: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """All sources, its own module among them."""
        return (*self.sources, f"benchmarks/{self.name}.py")

    @property
    def module(self) -> ModuleType:
        return import_module(f"benchmarks.{self.name}")


SCRIPT = ("kanlab", "benchmarks/first_path.py")
SEARCH = ("kanlab", "benchmarks/rivals", "benchmarks/symbolic_laws.py", "benchmarks/symbolic_score.py")
RECIPE = ("kanlab", "benchmarks/tables.py", "benchmarks/mlp.py")

BENCHES: Mapping[str, Bench] = MappingProxyType(
    {
        bench.name: bench
        for bench in (
            Bench("layer", "one layer, forward and backward, against the peers and the machine's limit"),
            Bench("memory", "peak memory of forward and backward of a wide layer"),
            Bench("network", "loss and gradient of whole networks"),
            Bench("scaling", "test error against grid intervals: the paper's section 3.1", RECIPE),
            Bench(
                "main_job", "fitting exp(sin(pi x) + y^2) from start to end", ("kanlab", "benchmarks/mlp.py")
            ),
            Bench("special_functions", "the paper's Table 1: 15 special functions", RECIPE),
            Bench("feynman", "the paper's Table 2: 27 Feynman equations", RECIPE),
            Bench(
                "first_path", "from a table to a law: discovery, accuracy, edits", ("kanlab",), script=True
            ),
            Bench("poisson", "the paper's Poisson problem: section 3.4", SCRIPT, script=True),
            Bench("continual", "five peaks one after the other: section 3.5", SCRIPT, script=True),
            Bench("ensemble", "twenty seeds in one batched fit against one seed", SCRIPT, script=True),
            Bench("symbolic", "laws found: kanlab's search and symbolic regression", SEARCH, long=True),
            Bench("streaming", "memory and time of fits over many rows", ("kanlab",), script=True),
        )
    }
)


def run_bench(bench: Bench, options: Options) -> bool:
    """Measure what is missing; false when the bench failed. What was measured before that is kept."""
    print(f"== {bench.name}: {bench.heading}", flush=True)
    if bench.script:
        return run_script(bench.name, bench.files, read(bench.name), again=options.again)
    sheet = Sheet(bench.name, bench.files, again=options.again)
    try:
        bench.module.measure(sheet, options)
    except Exception:  # noqa: BLE001  one bench that fails must not take the others with it
        traceback.print_exc()
        return False
    draw = getattr(bench.module, "figures", None)
    if draw is not None:
        draw(read(bench.name), RESULTS)
    return True

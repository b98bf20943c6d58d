"""Laws found: kanlab's search and tools for symbolic regression, on known laws, with equal CPU time on one thread.

    make bench BENCH=symbolic
    make bench BENCH="symbolic --budget 20 --seeds 1 --noise 0 0.01 --tools pyoperon gplearn --only I.6.2"

runs it in whole, which takes hours and goes on where it was stopped, or in part.

A tool is given 1000 rows. Noise is normal, with a share of the spread of the true values as its standard deviation, and
is on these rows only: printed laws are judged against the truth without noise (`symbolic_score`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from statistics import median
from typing import Any

import numpy as np

from . import markdown
from .machine import same_sources
from .rivals.searchers import SEARCHERS, SearchResult, SearchTask, search_apart
from .symbolic_laws import LISTS, TrueLaw
from .symbolic_numeric import relative_error, values_of
from .symbolic_score import judge, read_or_none, symbols_of

ROWS, BUDGET, SEEDS = 1000, 60.0, 3
NOISES = (0.0, 0.01, 0.1)
JUDGES = ("benchmarks/symbolic_score.py", "benchmarks/symbolic_numeric.py")
FRONT_CPU_S = 1.0
FOUND = tuple(field.name for field in fields(SearchResult))
NOTE = (
    "Rows: 1000 are given, uniform in the box, with normal noise of the stated share of the spread; 1000 fresh ones "
    "without noise test the printed text. *exact*: the printed law is the true one, with noise up to the values of "
    "its constants. *on its front*: the law chosen or another that the tool offers is exact. *matched*: within 0.5 % "
    "of the spread on a box half as wide again. Errors are medians over seeds of root mean squares over the spread; "
    "*wide* is the box three times as wide, where ∞ says that the law has no real value somewhere that the truth has "
    "one. CPU time is that of the search; a tool may run past its budget."
)


@dataclass(frozen=True)
class Trial:
    """One search: of which law, under which noise and seed, by which tool, in how many CPU seconds."""

    laws: str
    equation: TrueLaw
    noise: float
    seed: int
    budget: float
    tool: str

    @property
    def key(self) -> str:
        return (
            f"{self.laws}, {self.budget:g} s, noise {self.noise:g}, {self.equation.name}, "
            f"seed {self.seed}, {self.tool}"
        )

    @property
    def setting(self) -> dict[str, Any]:
        """What the row says of itself; a kept row with another truth is measured again."""
        law = self.equation
        box = [list(interval) for interval in law.box]
        known = {
            "laws": self.laws,
            "equation": law.name,
            "truth": law.text,
            "columns": list(law.columns),
            "box": box,
        }
        return {**known, "noise": self.noise, "seed": self.seed, "budget_s": self.budget, "tool": self.tool}

    @property
    def task(self) -> SearchTask:
        """The rows that the tool is given: the same for all tools."""
        law = self.equation
        inputs = law.rows(ROWS, seed=1000 + self.seed)
        truth = values_of(law.expression, symbols_of(law), inputs)
        normal = np.random.default_rng(2000 + self.seed).standard_normal(ROWS)
        targets = truth + self.noise * float(np.std(truth)) * normal
        return SearchTask(law.columns, inputs.tolist(), targets.tolist(), self.noise, self.seed, self.budget)


def trials(options: Any) -> Iterator[Trial]:
    """All that was asked for; the tools take turns on each equation."""
    budget = BUDGET if options.budget is None else options.budget
    noises, tools = options.noise or NOISES, options.tools or tuple(SEARCHERS)
    check_known([options.laws], LISTS, "list of laws")
    check_known(tools, SEARCHERS, "tool")
    check_known(options.only, [law.name for law in LISTS[options.laws]], "equation")
    chosen = [law for law in LISTS[options.laws] if not options.only or law.name in options.only]
    for noise, seed, law, tool in product(noises, range(options.seeds or SEEDS), chosen, tools):
        yield Trial(options.laws, law, noise, seed, budget, tool)


def check_known(names: Iterable[str], known: Collection[str], kind: str) -> None:
    """Raises `ValueError` for the first name that is not known."""
    for name in names:
        if name not in known:
            raise ValueError(f"There is no {kind} {name!r}; there are {', '.join(known)}.")


def measure(sheet: Any, options: Any) -> None:
    """Search by search; a tool that is not installed is named and left out."""
    for trial in trials(options):
        held = sheet.record["rows"].get(trial.key)
        if held is not None and {name: held.get(name) for name in trial.setting} != trial.setting:
            del sheet.record["rows"][trial.key]

        def compute(trial: Trial = trial) -> dict[str, Any]:
            found = search_apart(trial.tool, trial.task)
            return {**trial.setting, **asdict(found)}

        try:
            row = sheet.row(trial.key, compute, sources=SEARCHERS[trial.tool].sources)
        except RuntimeError as problem:
            print(f"   {trial.key}: {problem}", flush=True)
            continue
        if not same_sources(row.get("judged", "unknown"), JUDGES):
            found = SearchResult(**{name: row[name] for name in FOUND if name in row})
            sheet.add(trial.key, {**verdict(trial, found), "judged": sheet.commit})


def verdict(trial: Trial, found: SearchResult) -> dict[str, Any]:
    """What the judge says of the law that the tool chose and of all that it offers; infinite errors are None."""
    law = judge(found.law, trial.equation, noise=trial.noise)
    others = [text for text in found.front if text != found.law]
    offered = law.exact or any(
        judge(text, trial.equation, noise=trial.noise, symbolic_cpu_s=FRONT_CPU_S).exact for text in others
    )
    plain = {name: None if value == float("inf") else value for name, value in asdict(law).items()}
    return {
        **plain,
        "front_exact": offered,
        "test_nrmse": _test_error(found.law, trial),
    }


def _test_error(text: str, trial: Trial) -> float | None:
    """On 1000 fresh rows without noise."""
    law = trial.equation
    expression = read_or_none(text, law)
    if expression is None:
        return None
    rows = law.rows(ROWS, seed=3000 + trial.seed)
    truth, made = (values_of(one, symbols_of(law), rows) for one in (law.expression, expression))
    error = relative_error(made, truth)
    return error if np.isfinite(error) else None


def tables(record: Mapping[str, Any]) -> list[str]:
    """For each list, budget and noise: the totals, and each equation."""
    rows = [row for row in record["rows"].values() if "judged" in row]
    blocks = [NOTE, "\n".join(f"- {one.name}: {one.note}." for one in SEARCHERS.values())]
    for laws, budget, noise in dict.fromkeys((row["laws"], row["budget_s"], row["noise"]) for row in rows):
        part = [row for row in rows if (row["laws"], row["budget_s"], row["noise"]) == (laws, budget, noise)]
        tools = [name for name in SEARCHERS if any(row["tool"] == name for row in part)]
        blocks += [
            f"### {laws}, noise {100 * noise:g} %, {budget:g} CPU seconds",
            totals(part, tools),
            by_equation(part, tools),
        ]
    return blocks


def totals(rows: Sequence[Mapping[str, Any]], tools: Sequence[str]) -> str:
    """One line for each tool."""
    lines: list[list[str]] = []
    for tool in tools:
        own = [row for row in rows if row["tool"] == tool]
        counts = [sum(row[name] for row in own) for name in ("exact", "front_exact", "matched")]
        seeds = len({row["seed"] for row in own})
        times = [row["cpu_s"] for row in own]
        lines.append(
            [
                tool,
                *(f"{count} of {len(own)}" for count in counts),
                str(seeds),
                *(f"{time:.1f} s" for time in (median(times), max(times))),
            ]
        )
    head = ["tool", "exact", "exact on its front", "matched", "seeds", "median CPU time", "most"]
    return markdown.table(head, lines)


def by_equation(rows: Sequence[Mapping[str, Any]], tools: Sequence[str]) -> str:
    """One line for each equation: how often exact, the error on fresh rows and on the wide box."""
    head = ["equation", *(f"{tool}: {what}" for tool in tools for what in ("exact", "test", "wide"))]
    lines: list[list[str]] = []
    for name in dict.fromkeys(row["equation"] for row in rows):
        cells: list[str] = []
        for tool in tools:
            own = [row for row in rows if row["tool"] == tool and row["equation"] == name]
            errors = [_middle([row[key] for row in own]) for key in ("test_nrmse", "nrmse_far")]
            cells += [f"{sum(row['exact'] for row in own)}/{len(own)}" if own else "-", *errors]
        lines.append([name, *cells])
    return markdown.table(head, lines)


def _middle(values: Sequence[float | None]) -> str:
    """The median, in which None is infinite; a dash for no values."""
    if not values:
        return "-"
    middle = median(float("inf") if value is None else value for value in values)
    return "∞" if middle == float("inf") else markdown.error(middle)

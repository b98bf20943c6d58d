"""The few figures that the project's README quotes, taken from the results, so that they are never typed.

They stand in README.md between two marks; `write_headlines` puts what the results say there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

from . import markdown
from .machine import ROOT
from .results import RESULTS, read
from .special_functions import by_domain
from .tables import below, factor_of

README = ROOT / "README.md"
BEGIN = "<!-- figures: written by `python -m benchmarks` from benchmarks/results, do not edit -->"
END = "<!-- end of figures -->"
Record = Mapping[str, Any]


def layers(record: Record) -> str:
    """kanlab's layer against pykan and against the fastest other KAN."""
    found = [row["cpu_s"] for row in record["rows"].values()]
    found = [seconds for seconds in found if {"kanlab", "pykan"} <= seconds.keys()]
    others = [
        min(value for name, value in seconds.items() if name not in ("kanlab", "MLP")) for seconds in found
    ]
    behind = [seconds["pykan"] / seconds["kanlab"] for seconds in found]
    ahead = [other / seconds["kanlab"] for other, seconds in zip(others, found, strict=True)]
    return (
        f"one layer, forward and backward: {_span(behind)} times as fast as pykan, {_span(ahead)} times as fast as the "
        "fastest other KAN;"
    )


def networks(record: Record) -> str:
    """Loss and gradient, which training calls."""
    found = [row["cpu_s"] for row in record["rows"].values()]
    factors = [
        seconds["pykan"] / seconds["kanlab, compiled"]
        for seconds in found
        if {"pykan", "kanlab, compiled"} <= seconds.keys()
    ]
    return f"loss and gradient of a network: {_span(factors)} times as fast as pykan;"


def example(record: Record) -> str:
    """The paper's example from start to end."""
    rows = list(record["rows"].values())
    own = [row for row in rows if row["rival"] == "kanlab"]
    pykan = [row for row in rows if row["rival"] == "pykan" and "stages" in row]
    text = f"the paper's example exp(sin πx + y²) from start to end: test RMSE {_reached(own)}"
    return f"{text}, pykan {_reached(pykan)};" if pykan else f"{text};"


def special(record: Record) -> str:
    """The paper's Table 1, on both sets of domains."""
    unit, wide = by_domain(record["rows"])
    text = f"the paper's special functions: {_paper(unit)}"
    if wide:
        text += f"; on wider domains on {below(map(factor_of, wide.values()))} of {len(wide)}"
    return f"{text} (the paper states no domains);"


def equations(record: Record) -> str:
    """The paper's Table 2."""
    return f"the paper's Feynman equations: {_paper(record['rows'])} (the paper states no domains)."


ROWS: Mapping[str, Callable[[Record], str]] = MappingProxyType(
    {
        "layer": layers,
        "network": networks,
        "main_job": example,
        "special_functions": special,
        "feynman": equations,
    }
)


def headlines(folder: Path = RESULTS) -> str:
    """A list in Markdown, one item for each of the benches that there are results of."""
    return "\n".join(_items(folder))


def write_headlines(readme: Path = README, folder: Path = RESULTS) -> None:
    """Put the list between the marks.

    Raises:
        ValueError: the file does not have both marks.
    """
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(
            f"{readme.name} has no place for figures; it needs a line {BEGIN!r} and a line {END!r}."
        )
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{headlines(folder)}\n{END}{after}", encoding="utf-8")


def _items(folder: Path) -> Iterator[str]:
    for name, write in ROWS.items():
        record = read(name, folder)
        if record["rows"]:
            yield f"- {write(record)}"


def _paper(rows: Mapping[str, Any]) -> str:
    factors = [factor_of(row) for row in rows.values()]
    return (
        f"below the lowest error that the paper prints on {below(factors)} of {len(rows)}, "
        f"with a median factor of {markdown.times(median(factors))} over all"
    )


def _span(values: list[float]) -> str:
    return f"{markdown.times(min(values))} to {markdown.times(max(values))}"


def _reached(rows: list[dict[str, Any]]) -> str:
    error = markdown.error(median(row["test_rmse"] for row in rows))
    seconds = markdown.seconds(median(row["cpu_s"] for row in rows))
    return f"{error} in {seconds} of CPU ({len(rows)} seed{'s' if len(rows) > 1 else ''})"

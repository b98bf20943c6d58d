"""All results as one page, `results/README.md`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .registry import BENCHES
from .results import RESULTS, read

INTRODUCTION = """# Measured figures

Written by `make bench` (`python -m benchmarks`); do not edit. One thread, CPU time, medians over blocks in which the
rivals take turns in one process. Every bench says at which commit it was measured; the JSON files beside this page
hold all figures, with machine and versions. Compare ratios within a table rather than times between tables: the
machine is shared with other work.
"""


def write_page(folder: Path = RESULTS) -> Path:
    """Write the page from the results that there are."""
    blocks = [INTRODUCTION]
    for bench in BENCHES.values():
        record = read(bench.name, folder)
        if record["rows"]:
            blocks += [f"## {bench.name}: {bench.heading}", origin(record), *bench.module.tables(record)]
    path = folder / "README.md"
    path.write_text("\n\n".join(block.strip() for block in blocks) + "\n", encoding="utf-8")
    return path


def origin(record: dict[str, Any]) -> str:
    """One line: machine, versions, commits."""
    machine, versions = record["machine"], record["versions"]
    commits = sorted({row["commit"] for row in record["rows"].values()})
    rivals = ", ".join(
        f"{name} {found}" for name, found in versions.items() if found != "not installed" and name != "kanlab"
    )
    return (
        f"Commit {', '.join(commits)}; {machine['processor']}, {machine['cores']} cores, one thread used; "
        f"Python {machine['python']}, {rivals}."
    )

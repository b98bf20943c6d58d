"""All results as one page, `results/README.md`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .registry import BENCHES
from .results import RESULTS, read
from .script import script_tables

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
        if (not record["rows"] and not bench.script) or "machine" not in record:
            continue
        made = getattr(bench.module, "tables", None)
        shown = made(record) if made is not None else script_tables(bench.name, record, folder)
        blocks += [f"## {bench.name}: {bench.heading}", origin(record), *shown]
    path = folder / "README.md"
    path.write_text("\n\n".join(block.strip() for block in blocks) + "\n", encoding="utf-8")
    return path


def origin(record: dict[str, Any]) -> str:
    """One line: machine, versions, commits."""
    machine = record["machine"]
    versions = record.get("versions") or machine.get("versions", {})
    commits = sorted({row["commit"] for row in record["rows"].values()}) or [machine["commit"]]
    found = ", ".join(
        f"{name} {version}"
        for name, version in versions.items()
        if version != "not installed" and name != "kanlab"
    )
    return (
        f"Commit {', '.join(commits)}; {machine['processor']}, {machine['cores']} cores, one thread used; "
        f"Python {machine['python']}, {found}."
    )

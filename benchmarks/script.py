"""Benches that are scripts of their own: `python -m benchmarks.<name>` measures all and writes `results/<name>.json`.

Their record is free in form, but for "machine", which `machine.stamp` makes and which names the commit. A script that
has `tables(record)` says how its figures are shown; of others all single figures are.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import markdown
from .machine import ROOT, same_sources

DEEPEST = 4


def run_script(name: str, sources: tuple[str, ...], record: Mapping[str, Any], *, again: bool) -> bool:
    """Run it in a process of its own, unless its results are of this state; false when it failed."""
    known = str(record.get("machine", {}).get("commit", "unknown"))
    if not again and same_sources(known, sources):
        print(f"   kept from {known}", flush=True)
        return True
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    return subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode == 0


def script_tables(name: str, record: Mapping[str, Any], folder: Path) -> list[str]:
    """All single figures of the record by name, and its picture if there is one."""
    shown = {key: value for key, value in record.items() if key not in ("machine", "rows", "bench")}
    blocks = [markdown.table(["figure", "value"], [[key, value] for key, value in figures_of(shown)])]
    if (folder / f"{name}.png").exists():
        blocks.append(f"![{name}]({name}.png)")
    return blocks


def figures_of(record: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(name, text) of the numbers and texts of a record; lists are left to the JSON file."""
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from figures_of(value, f"{name}: ", depth + 1)
        elif isinstance(value, bool | int | str):
            yield name, str(value)
        elif isinstance(value, float):
            yield name, f"{value:.4g}"

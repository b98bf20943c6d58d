"""Results on disk: one JSON file for each bench, written after every row, so that a stopped run keeps what it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from .machine import commit, machine, same_sources, versions

RESULTS = Path(__file__).parent / "results"


def read(name: str, folder: Path = RESULTS) -> dict[str, Any]:
    """The record of a bench; one without rows where nothing was measured yet."""
    path = folder / f"{name}.json"
    if not path.exists():
        return {"bench": name, "rows": {}}
    return {"rows": {}, **json.loads(path.read_text(encoding="utf-8"))}


class Sheet:
    """The rows of one bench while it runs.

    A row is kept with the commit at which it was measured. It is measured again when `kanlab` or the sources of the
    bench have changed since, or when that is asked for.
    """

    def __init__(
        self, name: str, sources: tuple[str, ...], *, again: bool = False, folder: Path = RESULTS
    ) -> None:
        self.name, self.sources, self.again, self.folder = name, sources, again, folder
        self.commit = commit()
        self.record = read(name, folder)
        self.record.update(bench=name, machine=machine(), versions=versions())
        self.record.setdefault("rows", {})

    def row(
        self, key: str, compute: Callable[[], dict[str, Any]], *, sources: tuple[str, ...] | None = None
    ) -> dict[str, Any]:
        """The row of this key: as it was measured at this state of the code, or else computed, shown and written.

        `sources` are what this row depends on, where that is not what the whole bench does.
        """
        held = self.record["rows"].get(key)
        if held is not None and not self.again and same_sources(held["commit"], sources or self.sources):
            print(f"   {key}: kept from {held['commit']}", flush=True)
            return held
        started = process_time()
        row = compute()
        row["commit"], row["date"] = self.commit, datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
        self.record["rows"].pop(key, None)
        self.record["rows"][key] = row
        self._write()
        print(f"   {key}: measured in {process_time() - started:.1f} CPU s", flush=True)
        return row

    def add(self, key: str, values: dict[str, Any]) -> None:
        """More figures of a row that is there."""
        self.record["rows"][key].update(values)
        self._write()

    def note(self, key: str, value: Any) -> None:
        """A figure that belongs to all rows."""
        self.record[key] = value
        self._write()

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.record, indent=1, default=float) + "\n"
        (self.folder / f"{self.name}.json").write_text(text, encoding="utf-8")

"""What is known of a table before it is opened: titles, columns and their parts, splits, checksum, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .table import Task

NEEDED = ("title", "file", "rows", "inputs", "target", "sha256", "source", "licence")


@dataclass(frozen=True)
class Record:
    """A table that has a name.

    Attributes:
        name, title, rows, source, licence: as shown in lists.
        inputs, target: the columns that are used when nothing else is asked for.
        units: unit of a column, by name.
        uncertainty: the column with the standard deviation of the target.
        task: of that target.
        seed: of all that is drawn by chance, when none is asked for.
        splits: the ways to divide the rows, by name, the default first; each is one row of `named_split.KINDS`
            with its options, as in `{"volume": {"groups": {"column": "volume", "digits": 4}}}`.
        mirror: columns that change their sign together when a row is replaced by its mirror image; each row is, or
            is not, by the toss of a coin.
        file, sha256: of a stored table.
    """

    name: str
    title: str
    rows: int
    inputs: tuple[str, ...]
    target: tuple[str, ...]
    source: str
    licence: str
    units: Mapping[str, str] = field(default_factory=dict)
    uncertainty: str | None = None
    task: Task = "regression"
    seed: int = 0
    splits: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"random": {"random": {}}})
    mirror: tuple[str, ...] = ()
    file: str = ""
    sha256: str = ""


def absent_keys(content: Mapping[str, Any]) -> list[str]:
    """What the JSON record of a stored table lacks."""
    return [key for key in NEEDED if key not in content]


def record_from_json(name: str, content: Mapping[str, Any]) -> Record:
    """The record of `dataset.json`, which has every key that is needed.

    `split` holds the ranges of the only split there is; `splits` the names of several; without either rows are
    divided by chance.
    """
    target = content["target"]
    optional = {key: content[key] for key in ("units", "uncertainty", "task", "seed") if key in content}
    if "split" in content:
        optional["splits"] = {"given": {"ranges": content["split"]}}
    if "splits" in content:
        optional["splits"] = content["splits"]
    return Record(
        name,
        content["title"],
        content["rows"],
        tuple(content["inputs"]),
        (target,) if isinstance(target, str) else tuple(target),
        content["source"],
        content["licence"],
        mirror=tuple(content.get("mirror", {}).get("columns", ())),
        file=content["file"],
        sha256=content["sha256"],
        **optional,
    )

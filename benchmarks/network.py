"""Loss and gradient of whole networks: what an optimizer pays for each evaluation."""

from __future__ import annotations

from typing import Any

from . import markdown
from .interleave import ROW_SECONDS, interleaved
from .rivals import RIVALS, build
from .rivals.work import NetworkShape

SHAPES = (NetworkShape((2, 5, 1), 5, 3, 1000), NetworkShape((4, 5, 5, 1), 10, 3, 3000))
DTYPE = "float64"


def measure(sheet: Any, _options: Any) -> None:
    """One row for each network; all rivals take turns in it."""
    for shape in SHAPES:
        sheet.row(str(shape), lambda shape=shape: _row(shape))


def _row(shape: NetworkShape) -> dict[str, Any]:
    works, failed = build("network", shape, DTYPE)
    return {
        "cpu_s": interleaved({name: work.call for name, work in works.items()}, seconds=ROW_SECONDS),
        "parameters": {name: work.parameters for name, work in works.items()},
        "failed": failed,
    }


def tables(record: dict[str, Any]) -> list[str]:
    """Times, with the factor to pykan's fastest mode in brackets."""
    rows = record["rows"]
    names = [name for name, rival in RIVALS.items() if rival.network]
    lines = [
        [f"{name} ({RIVALS[name].network_note})", *[_cell(row, name) for row in rows.values()]]
        for name in names
    ]
    failed = sorted({(name, why) for row in rows.values() for name, why in row["failed"].items()})
    return [
        markdown.table(["mean squared error and its gradient, float64", *rows], lines),
        (
            "In brackets, times faster than pykan with speed(). pykan's fit(lamb=0) runs in that mode, fit(lamb>0) "
            "with stored activations and the regularizer; the model as constructed also runs its symbolic branch."
        ),
        *[f"{name} failed: {why}" for name, why in failed],
    ]


def _cell(row: dict[str, Any], name: str) -> str:
    seconds = row["cpu_s"].get(name)
    if seconds is None:
        return "failed"
    reference = row["cpu_s"].get("pykan")
    factor = f" ({markdown.times(reference / seconds)})" if reference and name != "pykan" else ""
    return markdown.seconds(seconds) + factor

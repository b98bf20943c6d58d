"""Forward and backward of one layer: gradients of its input and of its parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import markdown
from .interleave import ROW_SECONDS, interleaved
from .rivals import RIVALS, build
from .roofline import LayerShape, limit, measured_rates

SHAPES = tuple(
    LayerShape(*numbers)
    for numbers in (
        (2, 5, 5, 3, 1000),
        (5, 5, 20, 3, 1000),
        (17, 14, 5, 3, 10000),
        (64, 64, 5, 3, 1024),
        (256, 256, 5, 3, 1024),
        (4, 4, 200, 3, 1000),
    )
)
WIDTHS = {"float32": 4, "float64": 8}
FLOAT64_SHAPES = tuple(shape for shape in SHAPES if shape.inputs < 256)
CASES = (("float32", SHAPES), ("float64", FLOAT64_SHAPES))


def measure(sheet: Any, _options: Any) -> None:
    """One row for each type and shape; all rivals take turns in it."""
    for dtype, shapes in CASES:
        for shape in shapes:
            sheet.row(f"{dtype} {shape}", lambda shape=shape, dtype=dtype: _row(shape, dtype))


def _row(shape: LayerShape, dtype: str) -> dict[str, Any]:
    rates = measured_rates(dtype)
    works, failed = build("layer", shape, dtype)
    seconds = interleaved({name: work.call for name, work in works.items()}, seconds=ROW_SECONDS)
    return {
        "dtype": dtype,
        "shape": str(shape),
        "cpu_s": seconds,
        "parameters": {name: work.parameters for name, work in works.items()},
        "failed": failed,
        "limit_s": limit(shape, rates, WIDTHS[dtype], backward=True),
        "rates": {
            "gflops": rates.flops / 1e9,
            "gb_s": rates.bytes / 1e9,
            "gsigmoid_s": rates.sigmoids / 1e9,
        },
    }


def figures(record: dict[str, Any], folder: Path) -> list[str]:
    """`speed.png`, from the rows in float32."""
    from .picture import speed_picture

    rows = [row for row in record["rows"].values() if row["dtype"] == "float32"]
    drawn = [{**row, "label": _label(LayerShape(*json.loads(f"[{row['shape'][1:-1]}]")))} for row in rows]
    if drawn:
        speed_picture(drawn, folder / "speed.png")
    return ["speed.png"] if drawn else []


def _label(shape: LayerShape) -> str:
    return f"{shape.inputs} → {shape.outputs}, G = {shape.intervals}\n{shape.batch} rows"


def tables(record: dict[str, Any]) -> list[str]:
    """For each type: times, with the factor to pykan in brackets, and the distance from the limit."""
    blocks: list[str] = ["![CPU time of one layer](speed.png)"]
    for dtype in WIDTHS:
        rows = [row for row in record["rows"].values() if row["dtype"] == dtype]
        if not rows:
            continue
        head = [f"{dtype}, forward + backward", *[row["shape"] for row in rows]]
        names = [name for name, rival in RIVALS.items() if rival.layer]
        lines = [[_shown(name), *[_cell(row, name) for row in rows]] for name in names]
        lines.append(["limit (roofline)", *[markdown.seconds(row["limit_s"]) for row in rows]])
        lines.append(["kanlab / limit", *[_distance(row, "kanlab") for row in rows]])
        lines.append(["pykan / limit", *[_distance(row, "pykan") for row in rows]])
        lines.append(["fastest other KAN / kanlab", *[_ahead(row) for row in rows]])
        rates = rows[-1]["rates"]
        blocks += [
            markdown.table(head, lines),
            (
                "Columns are (in, out, G, k, batch); in brackets, times faster than pykan in the same run. The limit "
                f"is the arithmetic of local support at this machine's rates: {rates['gflops']:.0f} GFLOP/s, "
                f"{rates['gb_s']:.0f} GB/s, {rates['gsigmoid_s']:.1f} G sigmoids/s, measured beside the last column."
            ),
        ]
        blocks += _reasons(rows)
    return blocks


def _shown(name: str) -> str:
    return f"{name} ({RIVALS[name].layer_note})" if RIVALS[name].layer_note else name


def _cell(row: dict[str, Any], name: str) -> str:
    seconds = row["cpu_s"].get(name)
    if seconds is None:
        return "failed" if name in row["failed"] else "-"
    reference = row["cpu_s"].get("pykan")
    factor = f" ({markdown.times(reference / seconds)})" if reference and name != "pykan" else ""
    return markdown.seconds(seconds) + factor


def _distance(row: dict[str, Any], name: str) -> str:
    seconds = row["cpu_s"].get(name)
    return "-" if seconds is None else markdown.times(seconds / row["limit_s"])


def _ahead(row: dict[str, Any]) -> str:
    others = [seconds for name, seconds in row["cpu_s"].items() if name not in ("kanlab", "MLP")]
    own = row["cpu_s"].get("kanlab")
    return "-" if own is None or not others else markdown.times(min(others) / own)


def _reasons(rows: list[dict[str, Any]]) -> list[str]:
    seen = {(name, why) for row in rows for name, why in row["failed"].items()}
    return [f"{name} failed: {why}" for name, why in sorted(seen)]

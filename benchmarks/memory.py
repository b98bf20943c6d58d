"""Peak memory of forward and backward of one wide layer, beyond what is there before the call.

Torch rivals: the profiler's allocations and frees, summed up in order. jaxkan: what XLA says of its program. kanlab
may also allocate NumPy arrays: tracemalloc counts them in a run of its own, and both peaks are added, which is an upper
bound. What Numba allocates inside kernels is seen by neither; the bench counts those allocations.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

from . import markdown
from .rivals import RIVALS, build
from .roofline import LayerShape

SHAPE = LayerShape(256, 256, 5, 3, 1024)
DTYPE = "float32"


def measure(sheet: Any, _options: Any) -> None:
    """One row for each rival that has a layer."""
    for rival in RIVALS.values():
        if rival.layer:
            sheet.row(rival.name, lambda rival=rival: _row(rival))


def _row(rival: Any) -> dict[str, Any]:
    works, failed = build("layer", SHAPE, DTYPE, [rival])
    if failed:
        return {"failed": failed[rival.name]}
    work = works[rival.name]
    work.call()
    if work.peak is not None:
        return {"bytes": work.peak(), "how": "XLA: temporary and output memory"}
    row: dict[str, Any] = {"bytes": torch_peak(work.call), "how": "torch profiler"}
    if rival.name.startswith("kanlab"):
        row["numpy_bytes"] = numpy_peak(work.call)
        row["numba_allocations"] = numba_allocations(work.call)
        row["how"] = "torch profiler plus tracemalloc"
    return row


def torch_peak(call: Callable[[], object]) -> float:
    """The most bytes that torch's CPU allocator held during a call, beyond those before it."""
    import torch

    gc.collect()
    with torch.profiler.profile(
        activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
    ) as profile:
        call()
    events = [event for event in profile.profiler.kineto_results.events() if event.name() == "[memory]"]
    held, most = 0, 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        most = max(most, held)
    return float(most)


def numpy_peak(call: Callable[[], object]) -> float:
    """The most bytes of Python and NumPy memory during a call, beyond those before it."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        call()
        return float(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()


def numba_allocations(call: Callable[[], object]) -> int | None:
    """How often compiled code allocated memory during a call; None where Numba does not count."""
    from numba.core.runtime import _nrt_python, rtsys

    switch = getattr(_nrt_python, "memsys_enable_stats", None)
    if switch is None:
        return None
    switch()
    before = rtsys.get_allocation_stats().alloc
    call()
    after = rtsys.get_allocation_stats().alloc
    _nrt_python.memsys_disable_stats()
    return after - before


def tables(record: dict[str, Any]) -> list[str]:
    """Megabytes, and times less than pykan."""
    rows = record["rows"]
    totals = {
        name: row["bytes"] + row.get("numpy_bytes", 0.0) for name, row in rows.items() if "bytes" in row
    }
    reference = totals.get("pykan")
    lines = []
    for name in (name for name in RIVALS if name in rows):
        row = rows[name]
        if name not in totals:
            lines.append([name, "failed", "-", row["failed"]])
            continue
        factor = markdown.times(reference / totals[name]) if reference else "-"
        lines.append([name, markdown.size(totals[name]), factor, _how(row)])
    head = ["rival", "peak memory", "times less than pykan", "how it was counted"]
    return [
        markdown.table(head, lines),
        f"One layer {SHAPE} (in, out, G, k, batch), {DTYPE}; gradients of input and parameters.",
    ]


def _how(row: dict[str, Any]) -> str:
    if "numpy_bytes" not in row:
        return row["how"]
    parts = f"{markdown.size(row['bytes'])} torch, {markdown.size(row['numpy_bytes'])} NumPy"
    count = row["numba_allocations"]
    return f"{row['how']}: {parts}; " + (f"{count} allocations in compiled code" if count is not None else "")

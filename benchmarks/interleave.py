"""CPU time of rivals, block by block in turn, so that what else the machine does hits all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

Call = Callable[[], object]
BLOCK = 0.04
MOST_CALLS = 400
MOST_BLOCKS = 45
ROW_SECONDS = 15.0
"""CPU seconds for a row of a table of ratios."""


def interleaved(
    calls: Mapping[str, Call], *, blocks: int = 7, block: float = BLOCK, seconds: float = 0.0
) -> dict[str, float]:
    """Median over blocks of the CPU seconds of one call.

    Each call is made twice to warm up; the second sets how many make a block of about `block` CPU seconds. Then
    every rival has one block in turn, `blocks` times over, or more often until `seconds` of CPU time are spent: on a
    shared machine the ratio of two calls of 0.1 and 2 ms moves by a tenth from block to block.
    """
    counts: dict[str, int] = {}
    for name, call in calls.items():
        call()
        took = _seconds(call, 1)
        counts[name] = min(MOST_CALLS, max(1, round(block / max(took, 1e-7))))
    seen: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    started = process_time()
    for turn in range(max(blocks, MOST_BLOCKS)):
        if turn >= blocks and process_time() - started > seconds:
            break
        for name, call in calls.items():
            seen[name].append(_seconds(call, counts[name]))
    return {name: median(values) for name, values in seen.items()}


def _seconds(call: Call, count: int) -> float:
    started = process_time()
    for _ in range(count):
        call()
    return (process_time() - started) / count

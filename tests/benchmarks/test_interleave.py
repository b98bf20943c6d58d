"""Rivals take turns, as often as asked, and longer while there is time."""

from __future__ import annotations

from time import process_time

from benchmarks.interleave import MOST_BLOCKS, interleaved


def busy(seconds: float) -> None:
    until = process_time() + seconds
    while process_time() < until:
        pass


def test_rivals_take_turns() -> None:
    order: list[str] = []

    def call(name: str, seconds: float) -> None:
        order.append(name)
        busy(seconds)

    found = interleaved(
        {"slow": lambda: call("slow", 0.004), "fast": lambda: call("fast", 0.002)}, blocks=3, block=0.004
    )
    turns = order[4:]
    assert turns[: len(turns) // 3] * 3 == turns
    assert found["slow"] > 1.5 * found["fast"] > 0.003


def test_there_are_more_blocks_while_seconds_are_left() -> None:
    calls = 0

    def call() -> None:
        nonlocal calls
        calls += 1
        busy(0.002)

    interleaved({"one": call}, blocks=2, block=0.002, seconds=0.03)
    assert 8 <= calls <= 2 + MOST_BLOCKS
    calls = 0
    interleaved({"one": call}, blocks=2, block=0.002, seconds=1e9)
    assert calls == 2 + MOST_BLOCKS

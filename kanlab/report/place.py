"""One-dimensional placement: the two small problems that every row of a diagram reduces to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class _Block:
    """Neighbors that touch: `sum` and `count` of the starts that they wish for, and their room."""

    sum: float
    count: int
    size: float

    @property
    def start(self) -> float:
        return self.sum / self.count


def spread(wishes: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Middles of slots in the given order, without overlap, as near to the wishes as least squares allows.

    Isotonic regression by pooling adjacent violators: slots that would overlap become one block, which goes
    to the mean of what its members wish.
    """
    blocks: list[_Block] = []
    members: list[int] = []
    for wish, size in zip(wishes, sizes, strict=True):
        block, held = _Block(wish - size / 2, 1, size), 1
        while blocks and blocks[-1].start + blocks[-1].size > block.start:
            before = blocks.pop()
            held += members.pop()
            total = before.sum + block.sum - before.size * block.count
            block = _Block(total, before.count + block.count, before.size + block.size)
        blocks.append(block)
        members.append(held)
    middles: list[float] = []
    rest = iter(sizes)
    for block, held in zip(blocks, members, strict=True):
        offset = block.start
        for _ in range(held):
            size = next(rest)
            middles.append(offset + size / 2)
            offset += size
    return middles


def share(weights: Sequence[float], length: float) -> list[float]:
    """Middles of consecutive intervals that share [0, length] in proportion to their weights."""
    unit = length / (sum(weights) or 1.0)
    middles: list[float] = []
    before = 0.0
    for weight in weights:
        middles.append(unit * (before + weight / 2))
        before += weight
    return middles

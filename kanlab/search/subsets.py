"""Small sets of terms that explain a target: a beam of orthogonal matching pursuits (Pati et al. 1993)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array

FLAT = 1e-9
FLOOR = 1e-24
SWAPS = 3
PAIRS = 1500
"""Every two of the first so many are tried."""


@dataclass(frozen=True)
class Subset:
    """Columns of the dictionary and the share of the variance that they leave."""

    members: tuple[int, ...]
    left: float
    score: float


@dataclass(eq=False)
class _State:
    members: tuple[int, ...]
    residual: Array
    open: Array
    price: float
    left: float


def subsets(
    terms: Array, target: Array, prices: Array, *, depth: int = 4, width: int = 12, keep: int = 6
) -> list[Subset]:
    """The best sets of each size up to `depth`.

    score = N/2 log(share of variance left) + (log N)/2 size + prices; low is good.

    Args:
        terms: [N, M], weighted.
        target: [N], weighted. Whatever is always part of the law (the constant) was projected out of both.
        prices: [M] in nats.
    """
    rows = len(target)
    sizes = np.sqrt(np.einsum("nm,nm->m", terms, terms))
    usable = sizes > 0
    unit = terms / np.where(usable, sizes, 1.0)
    total = float(target @ target)
    if total == 0:
        return []
    start = _State((), target, np.where(usable, 1.0, 0.0), 0.0, 1.0)
    found: list[Subset] = []
    alive = [start]
    first_pairs = _pairs(unit[:, :PAIRS], target, prices[:PAIRS], width)
    for size in range(1, depth + 1):
        grown = _grown(unit, alive, prices, total, rows, width)
        if size == 2:
            grown += _of_sets(unit, target, prices, list(first_pairs), total)
        alive = _best(grown, rows, width)
        for _ in range(SWAPS if size > 2 else 0):
            fewer = _dropped(unit, target, prices, alive[: width // 3], total)
            before = alive[0].left if alive else 0.0
            alive = _best([*alive, *_grown(unit, fewer, prices, total, rows, width)], rows, width)
            if not alive or alive[0].left >= before or alive[0].left < FLOOR:
                break
        found += [Subset(s.members, s.left, _score(s, rows)) for s in alive[:keep]]
        if not alive or alive[0].left < FLOOR:
            break
    return found


def _dropped(unit: Array, target: Array, prices: Array, states: list[_State], total: float) -> list[_State]:
    """The sets with one member fewer; what was chosen early may not be wanted beside what came later."""
    fewer = {
        tuple(sorted(m for m in state.members if m != gone)) for state in states for gone in state.members
    }
    return _of_sets(unit, target, prices, sorted(fewer), total)


def _score(state: _State, rows: int) -> float:
    return (
        0.5 * rows * float(np.log(max(state.left, 0.0) + FLOOR))
        + 0.5 * np.log(rows) * len(state.members)
        + state.price
    )


def _grown(
    unit: Array, alive: list[_State], prices: Array, total: float, rows: int, width: int
) -> list[_State]:
    grown: list[_State] = []
    if not alive:
        return grown
    pulls = unit.T @ np.stack([state.residual for state in alive], 1)
    seen: set[frozenset[int]] = set()
    for state, pull in zip(alive, pulls.T, strict=True):
        gain = np.where(state.open > FLAT, pull**2 / np.maximum(state.open, FLAT), 0.0) / total
        left = np.maximum(state.left - gain, 0.0)
        score = 0.5 * rows * np.log(left + FLOOR) + prices
        for index in np.argpartition(score, min(width, len(score) - 1))[:width]:
            members = (*state.members, int(index))
            if state.open[index] > FLAT and index not in state.members and frozenset(members) not in seen:
                seen.add(frozenset(members))
                grown.append(
                    _State(
                        members,
                        state.residual,
                        state.open,
                        state.price + float(prices[index]),
                        float(left[index]),
                    )
                )
    grown.sort(key=lambda s: 0.5 * rows * np.log(s.left + FLOOR) + s.price)
    wanted = grown[:width]
    if not wanted:
        return []
    bases = [np.linalg.qr(unit[:, list(state.members)])[0] for state in wanted]
    # all newest directions at once: one pass over the dictionary
    closed = np.square(np.stack([basis[:, -1] for basis in bases]) @ unit)
    return [
        _State(s.members, rest, s.open - gone, s.price, float(rest @ rest) / total)
        for s, basis, gone in zip(wanted, bases, closed, strict=True)
        for rest in (_rest(basis, s.residual),)
    ]


def _of_sets(
    unit: Array, target: Array, prices: Array, sets: list[tuple[int, ...]], total: float
) -> list[_State]:
    """The states of sets of one size."""
    if not sets:
        return []
    bases = [np.linalg.qr(unit[:, list(members)])[0] for members in sets]
    closed = np.square(np.concatenate(bases, 1).T @ unit).reshape(len(sets), -1, unit.shape[1]).sum(axis=1)
    return [
        _State(members, rest, 1.0 - gone, float(prices[list(members)].sum()), float(rest @ rest) / total)
        for members, basis, gone in zip(sets, bases, closed, strict=True)
        for rest in (_rest(basis, target),)
    ]


def _rest(basis: Array, residual: Array) -> Array:
    """What a basis leaves; twice, because rounding leaves some of it the first time."""
    rest = residual - basis @ (basis.T @ residual)
    return rest - basis @ (basis.T @ rest)


def _best(grown: list[_State], rows: int, width: int) -> list[_State]:
    kept: list[_State] = []
    seen: set[frozenset[int]] = set()
    for state in sorted(grown, key=lambda s: _score(s, rows)):
        if frozenset(state.members) not in seen:
            seen.add(frozenset(state.members))
            kept.append(state)
    return kept[:width]


def _pairs(unit: Array, target: Array, prices: Array, width: int) -> list[tuple[int, int]]:
    """The best pairs of all, from c_i^2 + c_j^2 - 2 c_i c_j g_ij over 1 - g_ij^2."""
    rows = len(target)
    total = float(target @ target)
    pull = unit.T @ target
    best: list[tuple[float, int, int]] = []
    block = 500
    for start in range(0, unit.shape[1], block):
        part = slice(start, start + block)
        gram = unit[:, part].T @ unit
        own = pull[part][:, None]
        open_ = 1 - gram**2
        gain = np.where(
            open_ > FLAT, (own**2 + pull**2 - 2 * own * pull * gram) / np.maximum(open_, FLAT), 0.0
        )
        left = np.maximum(1 - gain / total, 0.0)
        score = 0.5 * rows * np.log(left + FLOOR) + prices[part][:, None] + prices
        flat = score.ravel()
        for at in np.argpartition(flat, min(2 * width, len(flat) - 1))[: 2 * width]:
            i, j = divmod(int(at), unit.shape[1])
            best.append((float(flat[at]), start + i, j))
    best.sort()
    pairs = list(dict.fromkeys((min(i, j), max(i, j)) for _, i, j in best if i != j))
    return pairs[:width]

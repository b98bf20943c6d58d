"""The same search from other seeds, on rows that are dealt anew."""

from __future__ import annotations

from dataclasses import replace

from ..data import Dataset
from ..data.split import default_split
from ..symbolic.law import Law
from .discover import discover


def best_laws(
    data: Dataset, *, searches: int, seed: int, forms: tuple[str, ...], time_limit: float | None
) -> tuple[Law | None, ...]:
    """The best law of each search, or None where it found none.

    Search s starts from the seed `seed` + 1 + s, which also says which rows are fitted and which are held out.
    """
    found: list[Law | None] = []
    for number in range(seed + 1, seed + 1 + searches):
        dealt = replace(data, split=default_split(data.rows, seed=number))
        found.append(discover(dealt, seed=number, forms=forms, time_limit=time_limit).best)
    return tuple(found)

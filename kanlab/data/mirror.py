"""Rows replaced by their mirror images, by a coin: for a table that holds one of two images of each thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .cells import to_numbers

_COIN = 1
"""Second word of the seed, so that the coin and the split are drawn from different streams."""


def mirrored(columns: Mapping[str, Any], names: Iterable[str], *, seed: int) -> dict[str, Any]:
    """The columns, those of `names` with their sign changed in each row for which a fair coin says so.

    The coin of a row is the same for all columns and depends on seed and row number only.
    """
    found = dict(columns)
    rows = len(next(iter(found.values())))
    coin = np.random.default_rng((seed, _COIN)).integers(0, 2, rows).astype(np.bool_)
    for name in names:
        values = to_numbers(found[name], name=name)
        # Adding 0.0 turns -0.0, which would be another class than 0, into 0.0.
        found[name] = np.where(coin, -values, values) + 0.0
    return found

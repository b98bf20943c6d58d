"""How the rate of Adam changes: a factor as a function of the share of the updates that are done, from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

WARM, START, END = 0.3, 1 / 25, 1e-4


def _cosine(done: float) -> float:
    return float(0.5 * (1 + np.cos(np.pi * done)))


def _one_cycle(done: float) -> float:
    """Up along a cosine for 30 % of the updates, then down to nearly nothing (Smith and Topin 2019)."""
    if done < WARM:
        return START + (1 - START) * (1 - _cosine(done / WARM))
    return END + (1 - END) * _cosine((done - WARM) / (1 - WARM))


SCHEDULES: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {
        "constant": lambda _: 1.0,
        "cosine": _cosine,
        "step": lambda done: 0.1 ** float((done >= 0.5) + (done >= 0.75)),
        "one-cycle": _one_cycle,
    }
)

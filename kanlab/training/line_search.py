"""A step length that satisfies the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Array

FALLS, FLATTENS, EVALUATIONS = 1e-4, 0.9, 25


@dataclass(frozen=True, eq=False)
class Point:
    """A point of the line: length t, F there, its slope along the line, and the gradient."""

    t: float
    value: float
    slope: float
    gradient: Array


def wolfe(along: Callable[[float], Point], start: Point, first: float) -> Point | None:
    """A point that falls enough and is flat enough, or the lowest one seen that falls enough; None when there is none.

    Args:
        along: a point of the line by its length.
        start: t = 0; its slope must be negative.
        first: length to try first.
    """
    low, high, t = start, None, first
    for _ in range(EVALUATIONS):
        point = along(t)
        if not _falls(point, start) or (low is not start and point.value >= low.value):
            high = point
        elif abs(point.slope) <= FLATTENS * abs(start.slope):
            return point
        elif high is None:
            # until the minimum is bracketed, low is the point before
            low, high = (point, low) if point.slope >= 0 else (point, None)
        else:
            low, high = point, low if point.slope * (high.t - low.t) >= 0 else high
        if high is not None and abs(high.t - low.t) <= 1e-14 * max(abs(high.t), abs(low.t)):
            break
        t = 2 * low.t if high is None else _between(low, high)
    return None if low is start else low


def _falls(point: Point, start: Point) -> bool:
    finite = np.isfinite(point.value) and np.isfinite(point.slope)
    return bool(finite and point.value <= start.value + FALLS * point.t * start.slope)


def _between(low: Point, high: Point) -> float:
    """Minimum of the cubic through both values and slopes, kept off the ends; the middle where there is none."""
    middle = 0.5 * (low.t + high.t)
    if not (np.isfinite(high.value) and np.isfinite(high.slope)):
        return low.t + 0.1 * (high.t - low.t)
    width = high.t - low.t
    d1 = low.slope + high.slope - 3 * (high.value - low.value) / width
    inside = d1**2 - low.slope * high.slope
    if not inside >= 0:
        return middle
    d2 = np.sign(width) * np.sqrt(inside)
    bottom = high.slope - low.slope + 2 * d2
    if bottom == 0:
        return middle
    t = high.t - width * (high.slope + d2 - d1) / bottom
    edge = 0.1 * abs(width)
    least, most = min(low.t, high.t) + edge, max(low.t, high.t) - edge
    return float(np.clip(t, least, most)) if np.isfinite(t) else middle

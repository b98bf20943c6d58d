"""Forms with poles or branch points, continued beyond them: finite, with a finite slope, everywhere.

A fit that moves the argument of log below zero, or that of 1/x through it, gets no number back and no way home. The
safe variant equals the form in all of its domain but a margin before each end. Beyond, it goes on as a straight line
with the slope that it has there, and across a pole with both sides in the domain as the cubic that has the values and
slopes of both (Hermite's). So it is continuously differentiable. It is for fitting only: what is told is the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, isfinite

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from .form import WHOLE_LINE, Form, Interval

MARGIN = 1e-3
MOST_OF_PIECE = 0.25


@dataclass(frozen=True)
class _Bridge:
    """The cubic on [low, high] with values y0, y1 and slopes s0, s1 at its ends."""

    low: float
    high: float
    y0: float
    y1: float
    s0: float
    s1: float

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Of 1, t, t^2, t^3 with t = (u - low) / (high - low)."""
        width, rise = self.high - self.low, self.y1 - self.y0
        first, last = width * self.s0, width * self.s1
        return self.y0, first, 3 * rise - 2 * first - last, first + last - 2 * rise


@dataclass(frozen=True)
class _Continued:
    """A form on closed pieces of its domain, lines beyond them, cubics between them."""

    form: Form
    pieces: tuple[Interval, ...]
    bridges: tuple[_Bridge, ...]
    period: float | None

    def numpy(self, values: Array) -> Array:
        u = self._folded(np.asarray(values, dtype=np.float64))
        v = self._nearest(u)
        out = np.asarray(self.form.numpy(v))
        beyond = u != v
        if not beyond.any():
            return out
        out = np.where(beyond, out + self.form.derivative(v) * (u - v), out)
        for bridge in self.bridges:
            t = (u - bridge.low) / (bridge.high - bridge.low)
            p0, p1, p2, p3 = bridge.coefficients
            out = np.where((t > 0) & (t < 1), p0 + t * (p1 + t * (p2 + t * p3)), out)
        return out

    def derivative(self, values: Array) -> Array:
        u = self._folded(np.asarray(values, dtype=np.float64))
        out = np.asarray(self.form.derivative(self._nearest(u)))
        for bridge in self.bridges:
            width = bridge.high - bridge.low
            t = (u - bridge.low) / width
            _, p1, p2, p3 = bridge.coefficients
            out = np.where((t > 0) & (t < 1), (p1 + t * (2 * p2 + 3 * t * p3)) / width, out)
        return out

    def torch(self, values: Tensor) -> Tensor:
        plain = values.detach().cpu().numpy()
        moved = torch.as_tensor(self._folded(plain) - plain, dtype=values.dtype, device=values.device)
        u = values + moved
        nearest = self._nearest(u.detach().cpu().numpy())
        slope = torch.as_tensor(self.form.derivative(nearest), dtype=values.dtype, device=values.device)
        still = torch.as_tensor(nearest, dtype=values.dtype, device=values.device)
        v = torch.where(u.detach() == still, u, still)
        out = self.form.torch(v) + slope * (u - v)
        for bridge in self.bridges:
            t = (u - bridge.low) / (bridge.high - bridge.low)
            p0, p1, p2, p3 = bridge.coefficients
            out = torch.where((t > 0) & (t < 1), p0 + t * (p1 + t * (p2 + t * p3)), out)
        return out

    def _folded(self, u: Array) -> Array:
        """The argument moved by whole periods to where the pieces and the bridge after them are."""
        if self.period is None:
            return u
        turns = np.floor((u - self.pieces[0][0]) / self.period)
        return np.where(turns == 0, u, u - turns * self.period)

    def _nearest(self, u: Array) -> Array:
        """The point of the pieces that is nearest to each argument."""
        near = np.clip(u, *self.pieces[0])
        for piece in self.pieces[1:]:
            other = np.clip(u, *piece)
            near = np.where(np.abs(other - u) < np.abs(near - u), other, near)
        return near


def safe(form: Form, *, margin: float = MARGIN, near: float | None = None) -> Form:
    """The safe variant of a form; the form itself where it is defined on the whole line.

    Args:
        margin: how far before an end of the domain the continuation begins; at most a quarter of the interval.
        near: take only the interval of the domain that holds, or is next to, this argument, and continue it as a
            straight line on both sides: what was on the wrong side of a pole then has a way back.
    """
    if form.domain == WHOLE_LINE:
        return form
    pieces = tuple(_shrunk(interval, margin) for interval in sorted(form.domain))
    period = form.period
    if near is not None:
        pieces, period = (_holding(pieces, near, period),), None
    after = [] if period is None else [(pieces[0][0] + period, inf)]
    bridges = _bridges(form, [*pieces, *after])
    continued = _Continued(form, pieces, bridges, period)
    return replace(
        form,
        numpy=continued.numpy,
        torch=continued.torch,
        derivative=continued.derivative,
        domain=WHOLE_LINE,
        closed=False,
    )


def _shrunk(interval: Interval, margin: float) -> Interval:
    low, high = interval
    within = min(margin, MOST_OF_PIECE * (high - low))
    return (low + within if isfinite(low) else low, high - within if isfinite(high) else high)


def _holding(pieces: Sequence[Interval], near: float, period: float | None) -> Interval:
    def moved(piece: Interval) -> Interval:
        if period is None:
            return piece
        shift = period * round((near - sum(piece) / 2) / period)
        return piece[0] + shift, piece[1] + shift

    def apart(piece: Interval) -> float:
        return max(piece[0] - near, near - piece[1], 0.0)

    return min((moved(piece) for piece in pieces), key=apart)


def _bridges(form: Form, pieces: Sequence[Interval]) -> tuple[_Bridge, ...]:
    found: list[_Bridge] = []
    for (_, low), (high, _) in pairwise(pieces):
        ends = np.array([low, high])
        (y0, y1), (s0, s1) = form.numpy(ends), form.derivative(ends)
        found.append(_Bridge(low, high, float(y0), float(y1), float(s0), float(s1)))
    return tuple(found)

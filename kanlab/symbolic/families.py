"""How the argument a z + b of each form is parametrized while it is searched on z in [-1, 1].

A family maps free parameters p to (a, b) so that every p keeps a z + b in the form's domain, no parameter
is redundant, and Gauss-Newton steps are well scaled. Its starts cover the line in a fixed order, `group` of
them at a time belonging together, so that neighbors in the list are neighbors in shape.

power      x^n, |x|, relu      a = cos t, b = sin t: the scale is redundant, straight lines are at t = pi/2
side       sqrt, log, 1/x ...  a = +-1, b = 1 + gap: the singular point lies `gap` beyond one end of the data
growth     exp                 a free, b = -|a|: the offset is redundant, the largest value is 1
wave       sin                 a, b free; frequencies up to what the points resolve
bell       tanh, gaussian ...  a, b free; centers within and beyond the data, steepness 0.2 to 60
packet     sinc, J0, J1        a, b free; every oscillation near the data, frequencies up to about ten periods
ends       arcsin, tan, ...    the values of u at the two ends, each mapped from the line into the domain
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf, pi
from typing import TypeAlias

import numpy as np

from .._typing import Array
from ..forms import Form, Interval

Affine: TypeAlias = tuple[Array, Array, Array]
"""a [starts], b [starts] and d(a, b)/dp [starts, parameters, 2]."""

Ends: TypeAlias = Callable[[Array], tuple[Array, Array]]
"""From the line into an interval: h(t) and h'(t)."""


@dataclass(frozen=True)
class Family:
    """Starts [starts, parameters], the map from them to (a, b), and how many parameters are really free."""

    starts: Callable[[int], Array]
    affine: Callable[[Array], Affine]
    free: int
    group: int = 1


def _power_starts(_: int) -> Array:
    return np.linspace(-pi / 2, pi / 2, 65)[1:, None]


def _ramp_starts(_: int) -> Array:
    return np.linspace(-pi, pi, 129)[1:, None]


def _power_affine(p: Array) -> Affine:
    angle = p[:, 0]
    slope = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)[:, None]
    return np.cos(angle), np.sin(angle), slope


def _side_starts(_: int) -> Array:
    """Rows (log gap, side); a gap of 0, log gap = -inf, touches the end of the data."""
    gaps = np.concatenate([[-inf], np.linspace(np.log(1e-9), np.log(1e3), 45)])
    return np.array([(gap, side) for side in (1.0, -1.0) for gap in gaps])


def _side_affine(p: Array) -> Affine:
    gap = np.exp(p[:, 0])
    slope = np.zeros((len(p), 2, 2))
    slope[:, 0, 1] = gap
    return p[:, 1], 1 + gap, slope


def _growth_starts(_: int) -> Array:
    rates = np.geomspace(0.02, 300, 40)
    return np.concatenate([-rates[::-1], rates])[:, None]


def _growth_affine(p: Array) -> Affine:
    rate = p[:, 0]
    slope = np.stack([np.ones_like(rate), np.zeros_like(rate)], axis=-1)[:, None]
    return rate, -np.abs(rate), slope


def _wave_starts(points: int) -> Array:
    highest = min(100.0, 0.9 * pi * (points - 1) / 2)
    rates = np.concatenate([[0.1, 0.3], np.arange(0.6, max(highest, 2.0), 0.6)])
    return np.array([(rate, phase) for rate in rates for phase in (0.0, pi / 4, pi / 2, 3 * pi / 4)])


def _packet_starts(_: int) -> Array:
    """Rates and offsets so close that one of them shares the oscillation nearest to the middle of the data."""
    pairs: list[tuple[float, float]] = []
    for rate in np.concatenate([[0.3, 0.7], np.arange(1.2, 25, 1.2)]):
        count = 2 * int((1.3 * rate + 3) / 1.2) + 1
        pairs += [(rate, offset) for offset in np.linspace(-1.3 * rate - 3, 1.3 * rate + 3, count)]
    return np.array(pairs)


def _free_affine(p: Array) -> Affine:
    slope = np.zeros((len(p), 2, 2))
    slope[:, 0, 0] = slope[:, 1, 1] = 1
    return p[:, 0], p[:, 1], slope


_CENTERS = np.concatenate([[-6, -3.5, -2.2], np.linspace(-1.5, 1.5, 25), [2.2, 3.5, 6]])


def _bell_starts(_: int) -> Array:
    rates = np.geomspace(0.2, 60, 16)
    return np.array([(rate, -rate * center) for rate in rates for center in _CENTERS])


def _signed_bell_starts(points: int) -> Array:
    half = _bell_starts(points)
    return np.concatenate([half, -half])


def _hyperbola_starts(_: int) -> Array:
    rates = np.geomspace(0.2, 40, 12)
    return np.array([(rate, -rate * center) for rate in rates for center in _CENTERS])


def _ends_family(knots: Array, ends: Ends, *, mirrored: bool) -> Family:
    """The family of an interval; with `mirrored`, only rising arguments are started from."""

    def starts(_: int) -> Array:
        pairs = [(first, last) for first in knots for last in knots]
        return np.array([(t, s) for t, s in pairs if t < s or (t > s and not mirrored)])

    def affine(p: Array) -> Affine:
        value, rate = ends(p)
        slope = np.stack([-rate[:, 0] / 2, rate[:, 0] / 2, rate[:, 1] / 2, rate[:, 1] / 2], axis=-1)
        return (value[:, 1] - value[:, 0]) / 2, (value[:, 0] + value[:, 1]) / 2, slope.reshape(-1, 2, 2)

    return Family(starts, affine, 2)


def _sine_ends(t: Array) -> tuple[Array, Array]:
    return np.sin(t), np.cos(t)


def _tanh_ends(t: Array) -> tuple[Array, Array]:
    value = np.tanh(np.clip(t, -15, 15))
    return value, 1 - value**2


def _arctan_ends(t: Array) -> tuple[Array, Array]:
    return np.arctan(t), 1 / (1 + t * t)


def _interval_ends(interval: Interval) -> Ends:
    """Exponentials towards finite ends, which are approached but not reached."""
    low, high = interval

    def above(t: Array) -> tuple[Array, Array]:
        return low + np.exp(t), np.exp(t)

    def below(t: Array) -> tuple[Array, Array]:
        return high - np.exp(t), -np.exp(t)

    def between(t: Array) -> tuple[Array, Array]:
        value, rate = _tanh_ends(t)
        return low + (high - low) * (1 + value) / 2, (high - low) * rate / 2

    return between if low > -inf and high < inf else above if low > -inf else below


_POWER = Family(_power_starts, _power_affine, 1)
_SIDE = Family(_side_starts, _side_affine, 1)
_BELL = Family(_bell_starts, _free_affine, 2)
_HYPERBOLA = Family(_hyperbola_starts, _free_affine, 2)
_SINE_KNOTS = np.concatenate([[-pi / 2, -1.5], np.linspace(-1.4, 1.4, 13), [1.5, pi / 2]])
"""The ends themselves are starts, because no step leaves or reaches them: cos vanishes there."""
_SINES = _ends_family(_SINE_KNOTS, _sine_ends, mirrored=True)
_TANHS = _ends_family(np.linspace(-5, 5, 17), _tanh_ends, mirrored=True)
_ARCTANS = _ends_family(np.sinh(np.linspace(-4.5, 4.5, 17)), _arctan_ends, mirrored=True)

_FAR_KNOTS = np.concatenate([[-40.0], np.linspace(-6, 4, 18)])
"""1 + exp(-40) is 1: the end itself is a start."""
_ABOVE_ONE = _ends_family(_FAR_KNOTS, _interval_ends((1.0, inf)), mirrored=False)

FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("x^2", "x^3", "x^4", "x^5", "abs"), _POWER),
    **dict.fromkeys(("1/x", "1/x^2", "1/x^3", "1/x^4", "1/x^5", "sqrt", "1/sqrt", "log"), _SIDE),
    **dict.fromkeys(("x^(1/3)", "x^(2/3)", "x^(3/2)", "x^(5/2)", "1/x^(3/2)"), _SIDE),
    **dict.fromkeys(("tanh", "sigmoid", "arctan", "erf", "gaussian"), _BELL),
    **dict.fromkeys(("1/(1+x^2)", "1/sqrt(1+x^2)", "arcsinh"), _BELL),
    **dict.fromkeys(("sinh", "cosh", "sqrt(1+x^2)"), _HYPERBOLA),
    "relu": Family(_ramp_starts, _power_affine, 1),
    **dict.fromkeys(("sinc", "J0", "J1"), Family(_packet_starts, _free_affine, 2)),
    "exp": Family(_growth_starts, _growth_affine, 1),
    **dict.fromkeys(("sin", "cos"), Family(_wave_starts, _free_affine, 2, group=4)),
    **dict.fromkeys(("arcsin", "arccos", "sqrt(1-x^2)"), _SINES),
    **dict.fromkeys(("arctanh", "1/sqrt(1-x^2)"), _TANHS),
    "arccosh": _ABOVE_ONE,
    "tan": _ARCTANS,
}


def families(form: Form) -> tuple[Family, ...]:
    """The families to search for a form: its own row, or one for each interval of its domain."""
    known = FAMILIES.get(form.name)
    return (known,) if known else tuple(_family_of(interval) for interval in form.domain)


@lru_cache(maxsize=64)
def _family_of(interval: Interval) -> Family:
    if interval == (-inf, inf):
        return Family(_signed_bell_starts, _free_affine, 2)
    knots = np.linspace(-6, 4, 18) if inf in (interval[1], -interval[0]) else np.linspace(-4, 4, 15)
    return _ends_family(knots, _interval_ends(interval), mirrored=False)


@lru_cache(maxsize=256)
def starts(family: Family, points: int) -> Array:
    """The family's starts [starts, parameters], made once for each number of points; read-only."""
    table = family.starts(points)
    table.setflags(write=False)
    return table

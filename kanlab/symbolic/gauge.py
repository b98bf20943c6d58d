"""Which constants are written when several say the same, and what they leave unexplained.

Where constants of c f(a x + b) + d are redundant, one choice is made:
    x^n, 1/x, sqrt, log ...   a = 1 (a = -1 where the form only lives on the other side)
    exp                       b = 0, folded into c (kept when c would leave the range 1e-100 to 1e100)
    odd, even and mirrored    a > 0
    sin, cos                  b in (-pi, pi] and c > 0, but c < 0 when that brings b within 0.1 of zero
    tan                       b in (-pi/2, pi/2]
    x                         a = 1, b = 0;   0: only d is used
A gauge that would cost accuracy (powers of a huge or tiny scale) is not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, pi

import numpy as np

from ..forms import Form
from .sample import Sample

_EPSILON = float(np.finfo(np.float64).eps)
_LARGEST_FOLD = 230.0
"""exp(230) is 1e100: an offset of exp up to this is folded into c."""
_CLOSE_TO_ZERO = 0.1
_NUDGES = 8


@dataclass(frozen=True)
class Constants:
    """c f(a x + b) + d in the user's units, and the residual 1 - r2 of exactly these numbers."""

    a: float
    b: float
    c: float
    d: float
    residual: float


def free_constants(form: Form) -> int:
    """How many numbers besides the offset d choose a curve c f(a x + b) + d: 3, less those that are redundant."""
    if form.name in ("x", "0"):
        return int(form.name == "x")
    return 2 if form.degree is not None or form.name == "exp" else 3


def has_shift(form: Form) -> bool:
    """Whether b says something that no other constant says."""
    return form.name not in ("x", "0", "exp")


def canonical(form: Form, sample: Sample, standard: tuple[float, float]) -> Constants | None:
    """The constants for an argument a z + b in standard units, or None when f is not defined on the curve."""
    a, b = standard
    if (form.parity is not None or form.mirrored) and a < 0:
        a, b = -a, -b
    plain = _solve(form, sample, a / sample.half, b - a * (sample.middle / sample.half))
    chosen = _solve(form, sample, *_argument(form, sample, a, b))
    if chosen is None or (plain is not None and chosen.residual > 4 * plain.residual + sample.floor):
        return plain
    return _phase(form, sample, chosen)


def _argument(form: Form, sample: Sample, a: float, b: float) -> tuple[float, float]:
    """(a, b) in the user's units after every gauge that does not need c."""
    if form.name == "x":
        return 1.0, 0.0
    if form.degree is not None and a != 0:
        sign = 1.0 if a > 0 else -1.0
        return sign, _touching(sample, sign, b * (sample.half / abs(a)) - sign * sample.middle)
    a, b = a / sample.half, b - a * (sample.middle / sample.half)
    if form.name == "exp" and abs(b) < _LARGEST_FOLD:
        return a, 0.0
    return (a, _wrap(b, form.period)) if form.period is not None else (a, b)


def _touching(sample: Sample, sign: float, b: float) -> float:
    """b, made exact when the argument vanishes at an end of the data but for rounding."""
    for end in (sample.x[0], sample.x[-1]):
        if abs(sign * end + b) <= 8 * _EPSILON * (abs(end) + sample.half):
            return float(0.0 - sign * end)
    return b


def _wrap(b: float, period: float) -> float:
    """b in (-period/2, period/2], for what repeats itself after `period`."""
    return period / 2 - (period / 2 - b) % period


def _phase(form: Form, sample: Sample, constants: Constants) -> Constants:
    """The sign of c for forms that half a period turns over."""
    if form.period != 2 * pi:
        return constants
    turned = _wrap(constants.b + pi, 2 * pi)
    wanted = abs(turned) < _CLOSE_TO_ZERO if constants.c > 0 else abs(constants.b) >= _CLOSE_TO_ZERO
    other = _solve(form, sample, constants.a, turned) if wanted else None
    return other or constants


def _solve(form: Form, sample: Sample, a: float, b: float) -> Constants | None:
    """c, d and the residual for the argument a x + b, which is nudged into the domain if rounding left it."""
    inside = _into_domain(form, sample, a, b)
    if inside is None:
        return None
    a, b = inside
    values = form.numpy(a * sample.x + b)
    weights = sample.curve.weights
    mean = float(weights @ values)
    centered = values - mean
    spread = float(weights @ np.square(centered))
    if not isfinite(spread):
        return None
    c = float(weights @ (centered * sample.curve.y)) / spread * sample.deviation if spread > 0 else 0.0
    d = sample.mean - c * mean
    misfit = (sample.y - (c * values + d)) / sample.deviation
    residual = float(weights @ np.square(misfit))
    return Constants(a, b, c, d, residual) if isfinite(c) and isfinite(residual) else None


def _into_domain(form: Form, sample: Sample, a: float, b: float) -> tuple[float, float] | None:
    """(a, b) for which the argument lies in the domain on all of the data, at most some rounding away."""
    wide = 1.0
    for _ in range(_NUDGES):
        low, high = sorted((a * sample.x[0] + b, a * sample.x[-1] + b))
        if form.contains(low, high):
            return float(a), float(b)
        size = abs(a) * float(np.abs(sample.x[[0, -1]]).max()) + abs(b)
        start, end = min(form.domain, key=lambda interval: max(interval[0] - low, high - interval[1]))
        below, above = max(start - low, 0.0), max(high - end, 0.0)
        if max(below, above) > 64 * _EPSILON * size or inf in (below, above):
            return None
        b += wide * (below - above) if below == 0 or above == 0 else (below - above) / 2
        a *= 1 - wide * _EPSILON * (form.degree is None)
        wide *= 2
    return None

"""Which form fits a curve: y ~ c f(a x + b) + d for every form of the library, ranked.

The curve is brought to standard units first (x in [-1, 1], y of variance 1), thinned to about 200 points,
searched by variable projection (`families`, `projection`), and mapped back, so scale and offset of x and y
are irrelevant. Redundant constants are chosen as `gauge` says: a = 1 for powers, b = 0 for exp, and so on.
`score` says how the forms are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, pi
from typing import Any

import numpy as np

from ..errors import FormError
from ..forms import DEFAULT_NAMES, Form, resolve
from ..kernels import threads_for
from .families import families, starts
from .gauge import Constants, canonical
from .projection import Curve, polish, scan
from .sample import Sample, sample
from .score import evidence, score

_SCAN_POINTS = 64
_STARTS = 3
_TWINS: dict[str, tuple[str, float, float]] = {
    "cos": ("sin", 1.0, -pi / 2),
    "arccos": ("arcsin", 1.0, 0.0),
    "sigmoid": ("tanh", 2.0, 0.0),
}
"""Forms that fit whatever another fits: cos(u) = sin(u + pi/2); name, factor of (a, b), shift of b."""


@dataclass(frozen=True)
class Match:
    """c f(a x + b) + d on a curve, with f the form of that name or text.

    `residual` is 1 - r2 of exactly these constants, taken from the misfit itself, so that 1e-20 means 1e-20.
    `complexity` is the form's; `score` orders the matches of one curve, lower first.
    """

    form: str
    a: float
    b: float
    c: float
    d: float
    r2: float
    residual: float
    complexity: int
    score: float


@threads_for(0)
def match(
    x: Any,
    y: Any,
    *,
    forms: Iterable[str | Form] | None = None,
    weights: Any = None,
    points: int = 200,
    keep: int | None = None,
) -> tuple[Match, ...]:
    """The forms that fit y(x), best first; all of them, or the best `keep`.

    x, y and `weights` (not negative, optional) are [rows]. `forms` are names, formulas in x or `Form`s; the
    default is the library. `points` bounds the size of the sample. A constant y (or x) gives the single form
    "0". A form that is defined nowhere on the curve is left out. The argument never crosses a pole between
    rows: on an edge, there may always come a row between two others.
    Raises `DataError` for rows that cannot be used and `FormError` for an unknown form.
    """
    wanted = [_form(form) for form in (DEFAULT_NAMES if forms is None else forms)]
    curve = sample(x, y, weights, points)
    if curve.deviation == 0 or curve.half == 0:
        zero = resolve("0")
        return (_match(curve, zero, _constant(curve, zero), 1.0),)
    found: dict[str, tuple[float, float] | None] = {}
    for form in wanted:
        found[form.name] = _twin(form, found) or _search(curve, form)
    solved = [(form, _solve(curve, form, found[form.name])) for form in wanted]
    defined = [(form, constants) for form, constants in solved if constants is not None]
    worth = _worth(curve, defined)
    matches = [_match(curve, form, constants, worth) for form, constants in defined]
    # Scores that differ by rounding are equal: the order of the library decides.
    ranked = sorted(matches, key=lambda one: round(one.score, 3))
    return tuple(ranked[:keep])


@threads_for(0)
def fit_form(x: Any, y: Any, form: str | Form, *, weights: Any = None) -> Match:
    """The best c f(a x + b) + d for one form; `FormError` when the form cannot be defined on these rows."""
    wanted = _form(form)
    curve = sample(x, y, weights, 200)
    if curve.deviation == 0:
        constants = _constant(curve, wanted)
    else:
        constants = _solve(curve, wanted, _search(curve, wanted)) if curve.half > 0 else None
    if constants is None:
        raise FormError(
            f"The form {wanted.name!r} cannot be defined on this curve, whose inputs run from "
            f"{curve.x.min():.4g} to {curve.x.max():.4g}: choose another form."
        )
    return _match(curve, wanted, constants, _worth(curve, [(wanted, constants)]))


def _form(form: str | Form) -> Form:
    return form if isinstance(form, Form) else resolve(form)


def _search(curve: Sample, form: Form) -> tuple[float, float] | None:
    """The best (a, b) in standard units, or None when the form is defined nowhere on the curve."""
    if form.name in ("0", "x"):
        return 1.0, 0.0
    best, least = None, inf
    with np.errstate(all="ignore"):
        for family in families(form):
            table = starts(family, len(curve.x))
            rough = scan(_thinner(curve.curve), form, table, family, keep=_STARTS)
            parameters, residual = polish(curve.curve, form, family, rough)
            first = int(residual.argmin())
            if residual[first] < least:
                a, b, _ = family.affine(parameters[first : first + 1])
                best, least = (float(a[0]), float(b[0])), float(residual[first])
    return best


def _thinner(curve: Curve) -> Curve:
    """At most 64 points of the curve, both ends among them, on which starts are compared."""
    rows = np.unique(np.linspace(0, len(curve.z) - 1, _SCAN_POINTS).round().astype(int))
    weights = curve.weights[rows] / curve.weights[rows].sum()
    mean = weights @ curve.y[rows]
    return Curve(curve.z[rows], curve.y[rows] - mean, weights)


def _twin(form: Form, found: Mapping[str, tuple[float, float] | None]) -> tuple[float, float] | None:
    """(a, b) from a form that was searched already and fits the same curves."""
    name, factor, shift = _TWINS.get(form.name, ("", 1.0, 0.0))
    other = found.get(name)
    return None if other is None else (factor * other[0], factor * other[1] + shift)


def _solve(curve: Sample, form: Form, standard: tuple[float, float] | None) -> Constants | None:
    """The constants in the user's units, or None when the form is not defined on the curve."""
    if form.name == "0":
        return _constant(curve, form)
    if standard is None:
        return None
    with np.errstate(all="ignore"):
        return canonical(form, curve, standard)


def _constant(curve: Sample, form: Form) -> Constants:
    """The curve's mean: c = 0 and an argument inside the form's domain."""
    inside = 0.0 if form.contains(0.0, 0.0) else 0.5
    return Constants(0.0, inside, 0.0, curve.mean, 1.0 if curve.deviation > 0 else 0.0)


def _worth(curve: Sample, defined: list[tuple[Form, Constants]]) -> float:
    """What a halved residual is worth on this curve, judged by the misfit of the form that leaves least."""
    if not defined or curve.deviation == 0:
        return 1.0
    form, best = min(defined, key=lambda pair: pair[1].residual)
    return evidence(curve, form, best)


def _match(curve: Sample, form: Form, constants: Constants, worth: float) -> Match:
    fitted = {"0": 1, "x": 2}.get(form.name) or families(form)[0].free + 2
    return Match(
        form=form.name,
        a=constants.a,
        b=constants.b,
        c=constants.c,
        d=constants.d,
        r2=1 - constants.residual,
        residual=constants.residual,
        complexity=form.complexity,
        score=score(curve, form, constants, fitted=fitted, worth=worth),
    )

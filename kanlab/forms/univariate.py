"""A form typed by a person: a formula in x becomes a `Form`."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

import numpy as np
import sympy
import torch

from .._typing import Array
from ..errors import GrammarError
from .algebra import from_sympy, to_sympy
from .evaluate import evaluate, evaluate_torch
from .form import WHOLE_LINE, Form, Interval
from .library import FORMS, get, knows
from .nodes import Binary, Call, Node, Number, Unary, names, walk
from .parser import parse
from .tokens import tokenize

_LETTERS = ("a", "b", "c", "d")
_NEUTRAL = {"a": 1, "b": 0, "c": 1, "d": 0}
_HALF_LINES: dict[str, Interval] = {
    "log": (0.0, inf), "log2": (0.0, inf), "log10": (0.0, inf), "sqrt": (0.0, inf), "acosh": (1.0, inf),
    "asin": (-1.0, 1.0), "acos": (-1.0, 1.0), "atanh": (-1.0, 1.0),
}  # fmt: skip


def univariate(text: str) -> Form:
    """The form that a formula in x describes, such as `"x*exp(-x)"`.

    The letters a, b, c, d may stand only as in c*f(a*x + b) + d: they are what matching finds, so the
    library's f is returned. A formula that is a library form ("x**2", "1/(1 + exp(-x))") gives that form.
    The name of an own form is its text. Raises `GrammarError`, one sentence.
    """
    node = parse(text)
    others = [name for name in names(node) if name != "x"]
    strangers = [name for name in others if name not in _LETTERS]
    if strangers:
        raise GrammarError(
            f"A form is a formula in x only, but {strangers[0][:40]!r} was found: write x instead."
        )
    if "x" not in names(node):
        raise GrammarError(
            "A form is a formula in x, but x does not occur: write something such as x*exp(-x)."
        )
    known = _library_form(node, others)
    if known is not None:
        return known
    if others:
        raise GrammarError(
            f"The letters {', '.join(others)} are found by matching and stand only as in c*f(a*x + b) + d "
            "with f from the library: leave them out of an own form."
        )
    return _own_form(" ".join(text.split()), node)


def resolve(name: str) -> Form:
    """The library form called `name`, or else the own form that its text describes.

    Raises `FormError` for a plain word that is no form, `GrammarError` for a formula that is none.
    """
    word = isinstance(name, str) and (knows(name) or name.strip().isidentifier())
    return get(name) if word else univariate(name)


def add(text: str) -> Form:
    """A form of one's own: `kl.forms.add("x*exp(-x)")`.

    It is a value and nothing is registered, so two sessions never share it by accident: hand it on, as in
    `session.suggest(edge, forms=[form, "sin"])`, `session.fix(edge, form)` or `kl.discover(data, forms=[form])`.
    Its text goes into the script and the file, so replay needs nothing else. A formula that the library holds
    ("sin(x)/x") gives the library's form.

    Raises `FormError` for a plain word that is no form, `GrammarError` for a formula that is none.
    """
    return resolve(text)


def _library_form(node: Node, letters: list[str]) -> Form | None:
    """The library form f for which the formula is c*f(a*x + b) + d, each letter there or neutral."""
    expression = to_sympy(node)
    a, b, c, d = (
        sympy.Symbol(name) if name in letters else sympy.Integer(_NEUTRAL[name]) for name in _LETTERS
    )
    argument = a * sympy.Symbol("x") + b
    for form in FORMS[1:]:
        if expression == c * form.sympy(argument) + d:
            return form
    return None


def _own_form(name: str, node: Node) -> Form:
    x = sympy.Symbol("x", real=True)
    expression = to_sympy(node, symbols={"x": x})
    try:
        slope = from_sympy(sympy.diff(expression, x))
    except GrammarError as error:
        raise GrammarError(f"The form {name[:60]!r} has no slope that kanlab can write: {error}") from error
    argument = sympy.Dummy("u")
    return Form(
        name=name,
        numpy=lambda u: evaluate(node, {"x": u}),
        torch=lambda u: evaluate_torch(node, {"x": u}),
        derivative=lambda u: _slope(node, slope, u),
        sympy=lambda u: expression.subs(x, argument).subs(argument, u),
        text=_template(name),
        complexity=sum(1 for _ in walk(node)),
        domain=_domain(node),
        parity=_parity(expression, x),
    )


def _slope(node: Node, slope: Node, u: Array) -> Array:
    """The slope from its formula, or from torch where that divides by zero: as J0 - J1/x does, the slope of J1."""
    values = evaluate(slope, {"x": u})
    open_points = ~np.isfinite(values)
    if open_points.any():
        points = torch.tensor(np.asarray(u)[open_points].astype(np.float64), requires_grad=True)
        (gradient,) = torch.autograd.grad(evaluate_torch(node, {"x": points}).sum(), points)
        values[open_points] = gradient.numpy(force=True)
    return values


def _template(text: str) -> str:
    """The text with each x that is a whole name replaced by a place for the argument."""
    pieces: list[str] = []
    last = 0
    for token in tokenize(text):
        if token.text == "x":
            pieces.append(text[last : token.place] + "({0})")
            last = token.place + 1
    return "".join([*pieces, text[last:]])


def _parity(expression: Any, x: Any) -> Any:
    mirrored = expression.subs(x, -x)
    if mirrored == expression:
        return "even"
    return "odd" if mirrored == -expression else None


def _domain(node: Node) -> tuple[Interval, ...]:
    """Where a formula is defined, as far as the affine arguments of log, sqrt, 1/... tell."""
    intervals = list(WHOLE_LINE)
    for part in walk(node):
        for allowed, argument in _restrictions(part):
            line = _affine(argument)
            if line is not None and line[0] != 0:
                intervals = _intersect(intervals, [_preimage(line, interval) for interval in allowed])
    return tuple(intervals) or WHOLE_LINE


def _restrictions(part: Node) -> list[tuple[tuple[Interval, ...], Node]]:
    """The intervals in which a part's arguments must lie."""
    punctured: tuple[Interval, ...] = ((-inf, 0.0), (0.0, inf))
    match part:
        case Call(function, argument) if function in _HALF_LINES:
            return [((_HALF_LINES[function],), argument)]
        case Binary("/", _, Binary("**", base, _)):
            return [(punctured, base)]
        case Binary("/", _, divisor):
            return [(punctured, divisor)]
        case Binary("**", base, Unary(Number(value))) if isinstance(value, int):
            return [(punctured, base)]
        case Binary("**", base, Number(value)) if isinstance(value, int):
            return []
        case Binary("**", base, _):
            return [(((0.0, inf),), base)]
        case _:
            return []


def _affine(node: Node) -> tuple[float, float] | None:
    """(slope, offset) of a part that is a straight line in x, else None."""
    x = np.array([0.0, 1.0, -1.0, 7.25])
    at = evaluate(node, {"x": x})
    slope, offset = float(at[1] - at[0]), float(at[0])
    straight = isfinite(slope) and np.allclose(at, offset + slope * x, rtol=1e-12)
    return (slope, offset) if straight else None


def _preimage(line: tuple[float, float], interval: Interval) -> Interval:
    low, high = sorted((end - line[1]) / line[0] for end in interval)
    return low, high


def _intersect(first: list[Interval], second: list[Interval]) -> list[Interval]:
    pairs = ((max(p[0], q[0]), min(p[1], q[1])) for p in first for q in second)
    return sorted(pair for pair in pairs if pair[0] < pair[1])

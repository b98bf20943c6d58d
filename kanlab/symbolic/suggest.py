"""Candidates for an edge, judged by the error of the whole network after a short joint refit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy

from .._typing import Array
from ..errors import FormError, ShapeError
from ..forms import SUGGESTED_NAMES, Form, resolve
from ..network import KAN, EdgeId, set_form, trace
from ..network.edit import edge_status
from ..training import Rows
from .gauge import free_constants, has_shift
from .match import Match, fit_form, match
from .plain_argument import with_plain_argument
from .printing import law_text
from .refit import checked_error, constant_price, description_length, refit
from .simplify import affine, apply, variable
from .tree import ONE, ZERO, Sum, evaluate, free_values, to_sympy, with_free

SCREENED, SCREEN_STEPS, FIX_STEPS = 7, 8, 40
NEGLIGIBLE = 1e-3
STRAIGHT = 0.99
TWINS = (("sin", "cos"), ("tanh", "sigmoid"), ("arcsin", "arccos"))


@dataclass(frozen=True, eq=False)
class Candidate:
    """A form for an edge.

    Attributes:
        form: its name.
        text: the form with its constants, in the user's units for an edge that leaves an input.
        rmse: error of the whole network after a short joint refit, on validation rows where there are any.
        r2: fit to the curve of the edge alone.
        score: description length of the network, in nats; low is good.
        constants: how many of a, b and c are counted in it.
        network: the network after the refit.
    """

    form: str
    text: str
    rmse: float
    r2: float
    complexity: int
    score: float
    match: Match
    network: KAN
    constants: int = 3


def curve_of(network: KAN, edge: EdgeId, inputs: Array) -> tuple[Array, Array]:
    """What an edge saw and gave, [N] and [N], in the network's units."""
    seen = trace(network, inputs).layers[edge.layer]
    return seen.inputs[:, edge.source], seen.edges[:, edge.source, edge.target]


def suggest(
    network: KAN,
    edge: EdgeId,
    rows: Rows,
    *,
    forms: Sequence[str | Form] | None = None,
    keep: int = SCREENED,
) -> tuple[Candidate, ...]:
    """Ranked candidates for an edge.

    The forms that fit the curve best are put on the edge one at a time, and the network is fitted again each
    time. Constants that say nothing of their own are not counted: of a and c in c/(a x + b) one is enough. On an edge
    that leaves an input, a form that may come first is tried without its shift, f(a x) for f(a x + b), and keeps what
    makes the description shorter.

    Args:
        forms: names, formulas in x or forms to choose from; None for the whole library.
        keep: how many are refitted.

    Raises:
        FormError, GrammarError: a form is unknown.
        ShapeError: there is no such edge, or it was removed.
    """
    if edge_status(network, edge) == "removed":
        raise ShapeError(f"Edge {tuple(edge)} was removed, so there is no curve to match.")
    x, y = curve_of(network, edge, rows.inputs)
    matches = distinct(match(x, y, forms=SUGGESTED_NAMES if forms is None else forms))
    found = [candidate(network, edge, one, rows) for one in _tried(matches, keep)]
    if not found:
        return ()
    # as many splines are left in all of them
    price = constant_price(found[0].network, rows)
    found = [_counted(one, free_constants(resolve(one.form)), price) for one in found]
    if edge.layer == 0:
        within = min(one.score for one in found) + price
        found = [_plainer(one, edge, rows, price) if one.score < within else one for one in found]
    return tuple(sorted(found, key=lambda one: one.score))


def _tried(matches: Sequence[Match], keep: int) -> list[Match]:
    """The first ones, and a line where the curve is nearly one: forms that can bend fit its last digits better."""
    lines = [one for one in matches[keep:] if one.form == "x" and one.r2 > STRAIGHT]
    return [*matches[:keep], *lines]


def _counted(one: Candidate, constants: int, price: float) -> Candidate:
    return replace(one, constants=constants, score=one.score - (one.constants - constants) * price)


def _plainer(one: Candidate, edge: EdgeId, rows: Rows, price: float) -> Candidate:
    """The candidate without its shift, where that is shorter."""
    form = resolve(one.form)
    if not has_shift(form):
        return one
    network = with_plain_argument(one.network, edge, form, rows, steps=SCREEN_STEPS)
    plain = replace(
        one,
        text=edge_text(network, edge),
        rmse=checked_error(network, rows),
        score=description_length(network, rows) - (3 - one.constants) * price,
        network=network,
    )
    return min(one, _counted(plain, one.constants - 1, price), key=lambda held: held.score)


def distinct(matches: Sequence[Match]) -> list[Match]:
    """Without the second of two forms that draw the same curves, such as sin and cos."""
    names = {one.form for one in matches}
    second = {b for a, b in TWINS if a in names and b in names}
    return [one for one in matches if one.form not in second]


def candidate(
    network: KAN, edge: EdgeId, found: Match, rows: Rows, *, steps: int = SCREEN_STEPS
) -> Candidate:
    """One match on its edge after a joint refit."""
    placed = set_form(network, edge, resolve(found.form), (found.a, found.b, found.c, found.d))
    placed = refit(placed, rows, steps=steps)
    return Candidate(
        form=found.form,
        text=edge_text(placed, edge),
        rmse=checked_error(placed, rows),
        r2=found.r2,
        complexity=found.complexity,
        score=description_length(placed, rows),
        match=found,
        network=placed,
    )


def fix(network: KAN, edge: EdgeId, form: str, rows: Rows, *, steps: int = FIX_STEPS) -> KAN:
    """Put a form on an edge, start it at the best match with the curve, and fit all that is free together.

    Raises:
        FormError: the form is unknown or cannot be defined on what the edge sees.
    """
    if edge_status(network, edge) == "removed":
        raise ShapeError(f"Edge {tuple(edge)} was removed, so no form can be put on it.")
    wanted = resolve(form)
    x, y = curve_of(network, edge, rows.inputs)
    found = fit_form(x, y, wanted)
    placed = set_form(network, edge, wanted, (found.a, found.b, found.c, found.d))
    placed = refit(placed, rows, steps=steps, tolerance=1e-3)
    if not np.isfinite(checked_error(placed, rows)):
        raise FormError(
            f"The form {form!r} is not defined on all that edge {tuple(edge)} sees "
            "(validation rows included); choose another form."
        )
    return placed


def edge_text(network: KAN, edge: EdgeId) -> str:
    """f(a x + b) of a symbolic edge as text, without the outer scale and offset, to five digits.

    The variable is `x`, in the user's units, for an edge that leaves an input, and `u` for any other.
    """
    layer = network.arrays().layers[edge.layer]
    held = next((one for one in layer.forms if (one.source, one.target) == (edge.source, edge.target)), None)
    if held is None:
        return ""
    a, b = (float(value) for value in layer.affine[edge.source, edge.target, :2])
    argument = variable(0)
    if edge.layer == 0:
        scale = float(network.scaling.input_scale[edge.source])
        argument = affine(1 / scale, argument, -float(network.scaling.input_center[edge.source]) / scale)
    tree = apply(held.form, affine(a, argument, b))
    lead = max((abs(float(value)) for value, _ in tree.terms), default=1.0) or 1.0
    single = Sum(ZERO, tuple((ONE, term) for _, term in tree.terms))
    tree = affine(1 / lead, tree, 0.0) if len(tree.terms) > 1 else single
    rounded = _shown(tree, _seen(network, edge))
    symbol = sympy.Symbol("x" if edge.layer == 0 else "u", real=True)
    return law_text(to_sympy(rounded, (symbol,)))


def _seen(network: KAN, edge: EdgeId) -> Array:
    """Points [N, 1] over what the edge's grid covers, in the user's units for an edge that leaves an input."""
    layer = network.arrays().layers[edge.layer]
    knots = layer.knots[edge.source]
    points = np.linspace(knots[layer.order], knots[-layer.order - 1], 33)[:, None]
    if edge.layer == 0:
        points = network.scaling.input_center[edge.source] + network.scaling.input_scale[edge.source] * points
    return points


def _shown(tree: Sum, points: Array) -> Sum:
    """The tree with five digits, and without the numbers that hardly bend its curve on the points.

    A number is judged by what it does, not by its size: next to an offset of 10^4 a slope of 10^-3 is no rounding.
    """
    with np.errstate(all="ignore"):
        curve = evaluate(tree, points)
        spread = float(np.ptp(curve))
        values = free_values(tree)
        for index in range(len(values)):
            without = values.copy()
            without[index] = 0.0
            moved = evaluate(with_free(tree, without), points) - curve
            if float(np.ptp(moved)) < NEGLIGIBLE * spread:
                values = without
    return with_free(tree, np.array([float(f"{value:.4e}") for value in values]))

"""Laws of the form  y = g(f_1(x_1) + ... + f_n(x_n)),  found without splines.

With h the inverse of an outer form g, h(y) is a sum of univariate functions, which backfitting (Breiman and Friedman
1985) finds one at a time, each as a form. This needs few rows, and it covers power laws (g = exp, f = log).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .._typing import Array
from ..forms import resolve
from ..network import KAN, EdgeId, NetworkSpec, Scaling, set_form
from ..network.compact import cut
from ..symbolic.match import Match, match
from ..training import Rows

INNER = ("x", "x^2", "x^3", "1/x", "sqrt", "log", "exp", "sin", "tanh", "gaussian", "1/x^2", "abs", "arctan")
ROUNDS = 3
PRICE = 0.5


@dataclass(frozen=True)
class Outer:
    """An outer form g and its inverse on the targets; None where the targets do not allow it."""

    form: str
    inverse: Callable[[Array], Array | None]


def _log(y: Array) -> Array | None:
    return np.log(y) if y.min() > 0 else None


def _reciprocal(y: Array) -> Array | None:
    return 1 / y if y.min() > 0 or y.max() < 0 else None


def _square(y: Array) -> Array | None:
    return y**2 if y.min() >= 0 else None


def _root(y: Array) -> Array | None:
    return np.sqrt(y) if y.min() >= 0 else None


def _exp(y: Array) -> Array | None:
    return np.exp(y - y.max()) if np.ptp(y) < 30 else None


OUTERS: Mapping[str, Outer] = MappingProxyType(
    {
        outer.form: outer
        for outer in (
            Outer("x", lambda y: y),
            Outer("exp", _log),
            Outer("1/x", _reciprocal),
            Outer("sqrt", _square),
            Outer("x^2", _root),
            Outer("log", _exp),
        )
    }
)


def direct_networks(rows: Rows, *, forms: Sequence[str] = ()) -> Iterator[tuple[str, KAN]]:
    """For every outer form that the targets allow, the symbolic network that backfitting finds.

    Args:
        forms: names or formulas in x to try inside besides the usual ones.
    """
    scaling = Scaling.of(rows.inputs, rows.targets)
    inputs = scaling.scale_inputs(rows.inputs)
    target = rows.targets[:, 0]
    scale = float(np.abs(target).max()) or 1.0
    for name, outer in OUTERS.items():
        with np.errstate(all="ignore"):
            values = outer.inverse(target / scale)
        if values is None or not np.isfinite(values).all() or np.std(values) == 0:
            continue
        found = backfit(inputs, values, forms=forms)
        if found:
            yield f"{name} of a sum", _network(scaling, name, scale, found, inputs, values)


def backfit(inputs: Array, values: Array, *, forms: Sequence[str] = ()) -> dict[int, Match]:
    """Forms f_i with sum f_i(x_i) close to the values [N]; columns that explain nothing are left out."""
    rows, columns = inputs.shape
    wanted = tuple(dict.fromkeys((*INNER, *forms)))
    found: dict[int, Match] = {}
    parts = np.zeros((rows, columns))
    rest = values - values.mean()
    for _ in range(ROUNDS):
        before = float(np.mean(rest**2))
        for column in _by_strength(inputs, rest):
            target = rest + parts[:, column]
            if np.std(target) <= 1e-14 * np.std(values):
                continue
            best = match(inputs[:, column], target, forms=wanted, keep=1)[0]
            part = _curve(best, inputs[:, column])
            part -= part.mean()
            gain = float(np.mean(target**2)) / max(float(np.mean((target - part) ** 2)), 1e-300)
            if 0.5 * rows * np.log(gain) > PRICE * np.log(rows) * 3 + best.complexity:
                found[column] = best
                parts[:, column] = part
                rest = target - part
        if float(np.mean(rest**2)) > 0.9 * before:
            break
    return found


def _by_strength(inputs: Array, rest: Array) -> list[int]:
    """Columns, the one with the strongest monotone relation to the rest first (rank correlation)."""
    ranks = np.argsort(np.argsort(inputs, axis=0), axis=0)
    goal = np.argsort(np.argsort(rest))
    return sorted(range(inputs.shape[1]), key=lambda i: -abs(np.corrcoef(ranks[:, i], goal)[0, 1]))


def _curve(one: Match, x: Array) -> Array:
    return one.c * resolve(one.form).numpy(one.a * x + one.b) + one.d


def _network(
    scaling: Scaling, outer: str, scale: float, found: Mapping[int, Match], inputs: Array, values: Array
) -> KAN:
    """[n, 1, 1] with these forms; target / scale = g(sum of the parts)."""
    columns = inputs.shape[1]
    scaled = Scaling(scaling.input_center, scaling.input_scale, np.zeros(1), np.full(1, scale))
    network = KAN(NetworkSpec.of([columns, 1, 1], intervals=1), scaling=scaled)
    edges = {EdgeId(0, i, 0): 0.0 for i in range(columns)}
    network = network.replace(cut(network.arrays(), edges))
    shift = float(values.mean())
    for column, one in found.items():
        network = set_form(network, EdgeId(0, column, 0), resolve(one.form), (one.a, one.b, one.c, one.d))
        shift -= float(_curve(one, inputs[:, column]).mean())
    return set_form(network, EdgeId(1, 0, 0), resolve(outer), (1.0, shift, 1.0, 0.0))

"""Forms for a whole network: a beam search in which every candidate is judged in context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..forms import DEFAULT_NAMES
from ..kernels import NetworkArrays
from ..network import KAN, EdgeId, trace
from ..training import Rows
from .match import Match, match
from .refit import checked_error, description_length, refit
from .suggest import candidate, distinct

BEAM, CHOICES, FINAL_STEPS = 3, 4, 60


@dataclass(frozen=True, eq=False)
class Assignment:
    """A network whose edges are (partly) symbolic.

    Attributes:
        score: description length; low is good.
        rmse: whole-network error on validation rows.
    """

    network: KAN
    score: float
    rmse: float


def assign(
    network: KAN,
    rows: Rows,
    *,
    beam: int = BEAM,
    choices: int = CHOICES,
    forms: Sequence[str] = (),
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Assignment, ...]:
    """Turn all spline edges symbolic, the most certain first, keeping the best few assignments alive.

    In each round every assignment takes its edge whose best form leaves the smallest residual, tries the few
    best forms there with a joint refit, and the best assignments of all go on.

    Args:
        forms: names or formulas in x to try besides the usual forms.
        stop: asked between candidates; when true, what is there is returned.

    Returns:
        assignments without spline edges (or as far as it came), best first.
    """
    wanted = tuple(dict.fromkeys((*DEFAULT_NAMES, *forms)))
    alive = [Assignment(network, description_length(network, rows), checked_error(network, rows))]
    for _ in range(len(spline_edges(network.arrays()))):
        grown: list[Assignment] = []
        for one in alive:
            if stop():
                return _ranked([*grown, *alive], rows, beam)
            grown += _grow(one, rows, choices, wanted)
        if not grown:
            break
        grown.sort(key=lambda one: one.score)
        alive = _different(grown)[:beam]
    return _ranked(alive, rows, beam)


def spline_edges(arrays: NetworkArrays) -> list[EdgeId]:
    """Edges that are splines, not locked."""
    return [
        EdgeId(number, int(i), int(j))
        for number, layer in enumerate(arrays.layers)
        for i, j in np.argwhere(layer.splines & ~layer.locked)
    ]


def _grow(one: Assignment, rows: Rows, choices: int, forms: Sequence[str]) -> list[Assignment]:
    seen = trace(one.network, rows.inputs)
    best: tuple[float, EdgeId, list[Match]] | None = None
    for edge in spline_edges(one.network.arrays()):
        layer = seen.layers[edge.layer]
        x, y = layer.inputs[:, edge.source], layer.edges[:, edge.source, edge.target]
        found = distinct(match(x, y, forms=forms))
        if best is None or found[0].score < best[0]:
            best = found[0].score, edge, found
    if best is None:
        return []
    _, edge, found = best
    tried = [candidate(one.network, edge, choice, rows) for choice in found[:choices]]
    return [Assignment(t.network, t.score, t.rmse) for t in tried if np.isfinite(t.score)]


def _different(grown: list[Assignment]) -> list[Assignment]:
    """Without assignments that reached the same error with the same number of edges by another name."""
    kept: list[Assignment] = []
    for one in grown:
        if all(abs(one.score - other.score) > 1e-6 * (1 + abs(other.score)) for other in kept):
            kept.append(one)
    return kept


def _ranked(found: list[Assignment], rows: Rows, keep: int) -> tuple[Assignment, ...]:
    final: list[Assignment] = []
    for one in found[:keep]:
        network = refit(one.network, rows, steps=FINAL_STEPS, tolerance=1e-3)
        final.append(Assignment(network, description_length(network, rows), checked_error(network, rows)))
    return tuple(sorted(final, key=lambda one: one.score))

"""Forms for a whole network: a beam search in which every candidate is judged in context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..forms import DEFAULT_NAMES
from ..network import KAN, EdgeId, trace
from ..training import Rows
from .assignment import Assignment, AssignOptions, spline_edges
from .backtrack import backtrack
from .match import Match, match
from .refit import description_length, refit
from .suggest import candidate, distinct

FINAL_STEPS = 60
CLEARLY = 1.5
"""Factor by which every form has to raise the error, and make the description longer, for an edge to stay a spline."""


def assign(
    network: KAN,
    rows: Rows,
    options: AssignOptions | None = None,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Assignment, ...]:
    """Turn all spline edges symbolic, the most certain first, keeping the best few assignments alive.

    In each round every assignment takes its edge whose best form leaves the smallest residual, tries the few
    best forms there with a joint refit, and the best assignments of all go on. In the end the edges of the best one
    are opened again, one at a time.

    Args:
        stop: asked between candidates; when true, what is there is returned.

    Returns:
        assignments without spline edges (or as far as it came, and without those that `options.splines` lets stay),
        best first.
    """
    options = options or AssignOptions()
    wanted = tuple(dict.fromkeys((*DEFAULT_NAMES, *options.forms)))
    edges = spline_edges(network.arrays())
    alive = [Assignment.of(network, rows)]
    for _ in edges:
        grown: list[Assignment] = []
        for one in alive:
            if stop():
                return _ranked([*grown, *alive], rows, options)
            grown += _grow(one, rows, options, wanted)
        if not grown:
            break
        alive = _different(_sorted(grown, rows, options))[: options.beam]
    found = _ranked(alive, rows, options)
    mended = backtrack(found[0], edges, rows, options, stop)
    return found if mended is found[0] else _ranked([mended, *found], rows, options)


def _grow(one: Assignment, rows: Rows, options: AssignOptions, forms: Sequence[str]) -> list[Assignment]:
    seen = trace(one.network, rows.inputs)
    best: tuple[float, EdgeId, list[Match]] | None = None
    for edge in spline_edges(one.network.arrays()):
        if edge in one.kept:
            continue
        layer = seen.layers[edge.layer]
        x, y = layer.inputs[:, edge.source], layer.edges[:, edge.source, edge.target]
        found = distinct(match(x, y, forms=forms))
        if best is None or found[0].score < best[0]:
            best = found[0].score, edge, found
    if best is None:
        return [one] if one.kept else []
    _, edge, found = best
    tried = [candidate(one.network, edge, choice, rows) for choice in found[: options.choices]]
    grown = [Assignment(t.network, t.score, t.rmse, one.kept) for t in tried]
    if options.splines and not any(_described(other, one, rows) for other in grown):
        return [replace(one, kept=one.kept | {edge})]
    return [other for other in grown if np.isfinite(other.score)]


def _described(other: Assignment, one: Assignment, rows: Rows) -> bool:
    """Whether a form does about as well as the spline that it replaces."""
    if other.rmse <= CLEARLY * one.rmse:
        return True
    longer = description_length(other.network, rows, full=True) - description_length(
        one.network, rows, full=True
    )
    return longer <= 0


def _different(grown: list[Assignment]) -> list[Assignment]:
    """Without assignments that reached the same error with the same number of edges by another name."""
    kept: list[Assignment] = []
    for one in grown:
        if all(abs(one.score - other.score) > 1e-6 * (1 + abs(other.score)) for other in kept):
            kept.append(one)
    return kept


def _ranked(found: Sequence[Assignment], rows: Rows, options: AssignOptions) -> tuple[Assignment, ...]:
    final = [
        Assignment.of(refit(one.network, rows, steps=FINAL_STEPS, tolerance=1e-3), rows, one.kept)
        for one in found[: options.beam]
    ]
    return tuple(_sorted(final, rows, options))


def _sorted(found: Sequence[Assignment], rows: Rows, options: AssignOptions) -> list[Assignment]:
    """Best first: by the score, or by all rows where some may have more splines than others."""
    if options.splines:
        return sorted(found, key=lambda one: description_length(one.network, rows, full=True))
    return sorted(found, key=lambda one: one.score)

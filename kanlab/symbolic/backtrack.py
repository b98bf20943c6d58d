"""Second thoughts about an assignment: edges that got their form early are opened again where the rest is better."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..forms import DEFAULT_NAMES
from ..network import KAN, EdgeId, release_edge
from ..network.edit import edge_status
from ..training import Rows, follow_activations
from .assignment import Assignment, AssignOptions
from .match import match
from .refit import description_length, misfit, refit
from .suggest import candidate, curve_of, distinct

OPEN_STEPS, TRIED_STEPS = 12, 20
GAIN = 0.1
"""Nats by which a description has to become shorter."""
ROUNDING = 1e-24
"""Mean squared error, in the network's units, at which nothing is left to mend."""


def backtrack(
    found: Assignment, edges: Sequence[EdgeId], rows: Rows, options: AssignOptions, stop: Callable[[], bool]
) -> Assignment:
    """The assignment with other forms on some of the edges, where that makes the description shorter.

    One edge at a time becomes a spline again and is fitted together with all that is free; the forms that fit the
    curve it then has, other than the present one, are tried in its place. An edge that stayed a spline is tried again
    in the same way. At most `options.passes` * len(edges) edges are opened; a pass that changes nothing is the last,
    and an assignment that is exact to rounding is left alone.
    """
    wanted = tuple(dict.fromkeys((*DEFAULT_NAMES, *options.forms)))
    for _ in range(options.passes):
        before = found
        for edge in edges:
            if stop() or misfit(found.network, rows) <= ROUNDING:
                return found
            found = _reconsidered(found, edge, rows, (options.choices, wanted))
        if found is before:
            break
    return found


def _reconsidered(
    found: Assignment, edge: EdgeId, rows: Rows, tried: tuple[int, Sequence[str]]
) -> Assignment:
    status, (choices, forms) = edge_status(found.network, edge), tried
    if status == "removed":
        return found
    present = _form_on(found.network, edge) if status == "form" else ""
    opened = _opened(found.network, edge, rows)
    x, y = curve_of(opened, edge, rows.inputs)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return found
    others = [one for one in distinct(match(x, y, forms=forms)) if one.form != present]
    networks = [candidate(opened, edge, one, rows, steps=TRIED_STEPS).network for one in others[:choices]]
    scored = [(description_length(one, rows, full=True), one) for one in networks]
    least, best = min(scored, key=lambda one: one[0], default=(np.inf, None))
    if best is None or not least < description_length(found.network, rows, full=True) - GAIN:
        return found
    return Assignment.of(best, rows, found.kept - {edge})


def _opened(network: KAN, edge: EdgeId, rows: Rows) -> KAN:
    """The network with a spline on the edge, on a grid that covers what the edge sees, fitted again."""
    if edge_status(network, edge) == "form":
        network = release_edge(network, edge)
        inputs = network.scaling.scale_inputs(rows.inputs)
        network = network.replace(follow_activations(network.arrays(), inputs))
    return refit(network, rows, steps=OPEN_STEPS)


def _form_on(network: KAN, edge: EdgeId) -> str:
    forms = network.arrays().layers[edge.layer].forms
    return next(held.form.name for held in forms if (held.source, held.target) == (edge.source, edge.target))

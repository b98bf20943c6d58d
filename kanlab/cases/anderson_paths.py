"""The ways from a table of localized states to a law, as actions: the stories of the Anderson case.

All networks end in a sigmoid, as in the paper, or in two classes, which is the same with the likelihood as the
objective. What stands inside it is g; a state is localized where g > 0. The paper's networks have sums only and need a
layer of squares for a product; these have a product node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data import Dataset, load
from ..data.registry import columns
from ..data.split import split_by_group
from ..discovery import Action
from ..discovery.actions import Fit, Fix, Prune, RemoveEdge
from ..network import EdgeId
from ..session import Session
from .story import Story

SITES, STATES = 610, 10
SMALL_SITES, SMALL_ROWS = 233, 3000
"""Of the stories, which have to be quick."""

PRODUCT = (4, (1, 1), 1, 1)
"""Four inputs; a sum and a product of two sums; their sum g; the sigmoid."""

ENERGIES = (0.7, 2.4)
"""Where the edge of the mosaic model lies well within the strengths that are drawn."""

STRENGTHS = (0.5, 3.5)

PHASES = ("extended", "localized")


def states(model: str, *, rows: int, sites: int = SITES, seed: int = 0, margin: float = 0.0) -> Dataset:
    """A table of `anderson-MODEL` with the label 0 or 1 as a number, split by chain.

    `margin` 0.2 leaves out states that are neither localized nor extended.
    """
    options: dict[str, Any] = {"rows": rows, "sites": sites, "states": STATES, "margin": margin}
    return load(f"anderson-{model}", seed=seed, task="regression", **options)


def mosaic_states(*, rows: int, sites: int = SITES, seed: int = 0, box: int | None = None) -> Dataset:
    """|E| and strength of the states of `anderson-mm2` with |E| in ENERGIES, in two classes, split by chain.

    Energies E and -E are one: phi + pi and the sign of every second site turn them into each other. `box` is how many
    sites count as one in the fractal dimension: None for about as many as there are boxes, on a ring; 1 for the paper's
    dimension, on an open chain.
    """
    ring: dict[str, Any] = {"boundary": "periodic", "box": round(sites**0.5)} if box is None else {"box": box}
    held = columns("anderson-mm2", rows=rows, sites=sites, seed=seed, lam=STRENGTHS, **ring)
    size = np.abs(held["energy"])
    seen = (size > ENERGIES[0]) & (size < ENERGIES[1])
    phase = np.where(held["localized"] == 1, *PHASES[::-1])
    return Dataset.from_frame(
        {"abs_energy": size[seen], "lam": held["lam"][seen], "phase": phase[seen]},
        target="phase",
        task="classification",
        title="Mosaic model, kappa = 2: localized states",
        split=split_by_group(held["draw"][seen], seed=seed),
    )


def form(edge: tuple[int, int, int], name: str) -> Fix:
    """The action that puts a form on an edge."""
    return Fix(EdgeId(*edge), name)


TOP = (form((2, 0, 0), "sigmoid"), form((1, 0, 0), "x"), form((1, 1, 0), "x"))
"""The sigmoid; the sum and the product enter g as they are."""

TWO_CLASSES = (2, 1, 2)
"""g, and the logits of the two classes."""

MOSAIC: tuple[Action, ...] = (
    Fit(steps=20),
    form((1, 0, 0), "x"),
    form((1, 0, 1), "x"),
    form((0, 1, 0), "x"),
    Fit(steps=60, smoothness=1e-3),
)
"""g = lam - h(|E|), as in section 4.4 of the paper. Near the edge there are states in half of the energies only."""

SKELETON: tuple[Action, ...] = (Fit(sparsity=0.03), *TOP, Fit(sparsity=0.01), Prune(), Fit(steps=60))
"""Fit, fix the top, look for the skeleton."""

_KEPT = {(0, 0), (2, 0), (1, 1), (2, 2)}
"""Of MAAM: energy and p in the sum, lam times p in the product."""

REMOVED: tuple[Action, ...] = tuple(
    RemoveEdge(EdgeId(0, source, target))
    for source in range(4)
    for target in range(3)
    if (source, target) not in _KEPT
)
GUIDED: tuple[Action, ...] = (*REMOVED, Fit(), *TOP, Fit(steps=60))
LINEAR = (form((0, 0, 0), "x"), form((0, 1, 1), "x"))
COSH = (form((0, 2, 2), "cosh"), form((0, 2, 0), "exp"))
SQUARES = (form((0, 2, 2), "x^2"), form((0, 2, 0), "x^2"))


def played(data: Dataset, shape: Sequence[Any], actions: Sequence[Action], seed: int) -> Session:
    """A session in which the actions were done."""
    return Session(data, shape=list(shape), seed=seed).replay(actions)


STORIES = (
    Story(
        "mosaic",
        "Mosaic model: h(|E|) as a spline, then as a form",
        lambda: mosaic_states(rows=5000),
        TWO_CLASSES,
        (*MOSAIC, form((0, 0, 0), "1/x")),
    ),
    Story(
        "gaam",
        "Generalized Aubry-André model: a skeleton with a product, then lines",
        lambda: states("gaam", rows=SMALL_ROWS, sites=SMALL_SITES),
        PRODUCT,
        SKELETON,
        {"seed": 0},
    ),
    Story(
        "cosh",
        "Modified Aubry-André model, steps 1 to 4A: lines, then cosh and exp",
        lambda: states("maam", rows=SMALL_ROWS, sites=SMALL_SITES),
        PRODUCT,
        (*GUIDED, *LINEAR, *COSH),
        {"seed": 1},
    ),
    Story(
        "quadratic",
        "Modified Aubry-André model, steps 1 to 4B: lines, then squares",
        lambda: states("maam", rows=SMALL_ROWS, sites=SMALL_SITES),
        PRODUCT,
        (*GUIDED, *LINEAR, *SQUARES),
        {"seed": 1},
    ),
)

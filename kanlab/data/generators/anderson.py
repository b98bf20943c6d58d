"""Tables of localized and extended states of quasiperiodic chains: section 4.4 of the KAN paper.

The paper states neither the sizes nor the ranges that it used. Here they are options, with these values unless others
are asked for:

    rows=5000, states=50    50 states, chosen by chance, of each of 100 chains
    sites=610               N, a Fibonacci number as the potential likes it
    boundary="open"         or "periodic"
    box=1                   sites that count as one in the fractal dimension D = -log IPR / log(N / box)
    threshold=0.5           a state is localized where D is below
    margin=0.0              states with D nearer to the threshold than this are left out; 0.2 leaves out 5 to 8 %,
                            and 19 % of mm3
    lam, alpha, p           (low, high) from which the parameters of a chain are drawn, see `chains.MODELS`

phi is drawn from 0 to 2 pi. It does not matter for an endless chain, and stands among the inputs to show that. Of
`alpha` the values near 1 are left out, where energies become large and rare.

Columns are `energy`, the parameters and `phi` as inputs, `localized` (1 or 0) as the target, and `draw` (number of the
chain), `ipr` and `fractal_dimension`; the last is a target for a regression. All rows of one chain share its
parameters, so they are in one part of the split.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._typing import Array
from ...errors import DataError
from ..record import Record
from .chains import BOUNDARIES, MODELS, Model, Span, eigenstates
from .generator import LICENCE, Generator, choice, number, span, whole

ROWS, STATES, SITES = 5000, 50, 610
MOST_EMPTY = 100
"""Chains in a row without a state that may be chosen, before there is no hope of one."""

LIMITS = {"lam": (0.0, 100.0), "alpha": (-0.99, 0.99), "p": (0.1, 20.0)}
"""Beyond them the potential is infinite, or the hops are too long for the formula of the edge."""


def _table(  # noqa: PLR0913  options of the table
    model: Model,
    *,
    rows: int,
    seed: int,
    states: int,
    sites: int,
    boundary: str,
    box: int,
    threshold: float,
    margin: float,
    **ranges: Span,
) -> dict[str, Array]:
    names = ("energy", *model.parameters, "draw", "ipr", "fractal_dimension")
    pieces: list[Array] = []
    found = draw = empty = 0
    while found < rows:
        # A generator for each chain: a longer table begins with the rows of a shorter one.
        random = np.random.default_rng((seed, draw))
        drawn = {name: float(random.uniform(*ranges[name])) for name in model.ranges}
        drawn["phi"] = float(random.uniform(0.0, 2 * np.pi))
        all_states = eigenstates(model.name, drawn, sites=sites, boundary=boundary)
        ipr, dimension = all_states.ipr, all_states.dimension_of_boxes(box)
        clear = np.flatnonzero(np.abs(dimension - threshold) >= margin)
        chosen = np.sort(random.choice(clear, min(states, clear.size), replace=False))[: rows - found]
        shared = [np.full(chosen.size, value) for value in (*drawn.values(), float(draw))]
        pieces.append(np.column_stack([all_states.energy[chosen], *shared, ipr[chosen], dimension[chosen]]))
        found, draw, empty = found + chosen.size, draw + 1, 0 if chosen.size else empty + 1
        if empty > MOST_EMPTY:
            raise DataError(
                f"No state is at least {margin:g} away from the threshold {threshold:g}; give a smaller margin."
            )
    table = np.concatenate(pieces)
    columns = dict(zip(names, table.T, strict=True))
    return {**columns, "localized": (columns["fractal_dimension"] < threshold).astype(np.float64)}


def _generator(model: Model) -> Generator:
    def make(*, rows: int, seed: int, **options: Any) -> dict[str, Array]:
        return _table(model, rows=rows, seed=seed, **options)

    record = Record(
        f"anderson-{model.name}",
        f"{model.title}: localized states",
        ROWS,
        ("energy", *model.parameters),
        ("localized",),
        f"computed; section 4.4 of Liu et al., KAN: Kolmogorov-Arnold Networks, arXiv:2404.19756; {model.source}",
        LICENCE,
        task="classification",
        splits={"draw": {"groups": {"column": "draw"}}, "random": {"random": {}}},
    )
    options = {
        "states": whole(STATES, least=1, most=4000),
        "sites": whole(SITES, least=10, most=4000),
        "boundary": choice(*BOUNDARIES),
        "box": whole(1, least=1, most=1000),
        "threshold": number(0.5, least=0.0, most=1.0),
        "margin": number(0.0, least=0.0, most=0.5),
        **{
            name: span(usual, least=LIMITS[name][0], most=LIMITS[name][1])
            for name, usual in model.ranges.items()
        },
    }
    return Generator(record, make, options)


GENERATORS = tuple(_generator(model) for model in MODELS.values())
"""`kl.load("anderson-gaam", rows=1000, sites=144, seed=0)`."""

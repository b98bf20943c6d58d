"""Section 4.2: relations among six columns, found without a target.

x3 = exp(sin(pi x1) + x2^2), x5 = x4^3, x6 is free. The paper tells rows from rows with permuted columns by a network
whose last edge is a Gaussian, and finds one relation for each seed. A column may also be explained by the others, one
after the other: that finds all relations at once, with their laws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..data import Dataset
from ..data.generators.toys import contrast, related
from ..progress import discover
from ..session import Session
from .case import Case, Figures, Scale, Step
from .claim import YES, Claim, Equal, at_least
from .drawing import FAINT, OWN, drawn

COLUMNS = tuple(f"x{number}" for number in range(1, 7))
FIRST, SECOND = frozenset({"x1", "x2", "x3"}), frozenset({"x4", "x5"})
EXPLAINED, USED = 0.02, 0.1
LAWS = {"x3": "exp(x2**2 + sin(pi*x1))", "x5": "x4**3"}


def explained(scale: Scale) -> Figures:
    """What a quick network leaves of each column, and the law where it leaves little; for several tables."""
    left: list[dict[str, float]] = []
    laws: list[dict[str, str]] = []
    for seed in scale.seeds(5):
        table = related(seed=seed)
        left.append({})
        laws.append({})
        for place, column in enumerate(COLUMNS):
            others = [name for name in COLUMNS if name != column]
            data = Dataset.from_arrays(
                np.delete(table, place, axis=1), table[:, place], names=others, target_name=column
            )
            network = Session(data, shape=[5, 3, 1], seed=seed).fit(sparsity=0, wait=True)
            left[-1][column] = network.state.metrics.shown / float(table[:, place].std())
            if left[-1][column] < EXPLAINED:
                best = discover(data, time_limit=None, seed=seed).best
                laws[-1][column] = "" if best is None else best.text
    return {
        "left": left[0],
        "laws": laws,
        "share": sum(found == LAWS for found in laws) / len(laws),
        "free": min(one["x6"] for one in left),
        "first": laws[0].get("x3", ""),
        "second": laws[0].get("x5", ""),
    }


def contrasted(scale: Scale) -> Figures:
    """The paper's way: rows against permuted rows; which columns the network uses, for several seeds."""
    groups: list[frozenset[str]] = []
    for seed in scale.seeds(20, 8):
        effects: Mapping[str, Any] = (
            Session(contrast(related()), shape=[6, 1, 1], seed=seed)
            .fit(wait=True)
            .features()["effect"]
            .to_dict()
        )
        groups.append(frozenset(name for name, effect in effects.items() if effect > USED))
    return {
        "groups": [sorted(group) for group in groups],
        "first": sum(group == FIRST for group in groups),
        "second": sum(group == SECOND for group in groups),
        "both": FIRST in groups and SECOND in groups,
    }


def picture(figures: Mapping[str, Figures]) -> Figure:
    """What is left of each column when the others explain it."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        left = figures["explained"]["left"]
        axes.barh(list(left), [1] * len(left), color=FAINT, height=0.6)
        axes.barh(list(left), [min(value, 1) for value in left.values()], color=OWN, height=0.6)
        for height, name in enumerate(left):
            if name in LAWS:
                axes.annotate(f"{name} = {LAWS[name]}", (0.04, height), va="center", fontsize=8)
        axes.invert_yaxis()
        axes.grid(visible=False)
        axes.set_xlabel("part of the column that the others leave unexplained")

    return drawn(6.0, 2.6, draw)


CASE = Case(
    name="unsupervised-toy",
    title="Which columns of a table belong together, and how?",
    source="arXiv 2404.19756, section 4.2, figure 4.2",
    steps=(Step("explained", explained), Step("contrasted", contrasted)),
    claims=(
        Claim("x3 explained by the others", "explained.first", Equal(LAWS["x3"]), "{x1, x2, x3}"),
        Claim("x5 explained by the others", "explained.second", Equal(LAWS["x5"]), "{x4, x5}"),
        Claim("tables in which both laws and no other are found", "explained.share", at_least(0.8)),
        Claim("x6 stays unexplained: what is left of it, at least", "explained.free", at_least(0.8), "free"),
        Claim("the paper's way: seeds that find {x1, x2, x3}", "contrasted.first", at_least(1), "seed 0"),
        Claim("the paper's way: seeds that find {x4, x5}", "contrasted.second", at_least(1), "seed 2024"),
        Claim("the paper's way finds both groups, by seed", "contrasted.both", YES, "both"),
    ),
    headline="Without a target: x3 = {explained.first} and x5 = {explained.second}; x6 belongs to nothing.",
    law="explained.first",
    picture=picture,
)

"""Figure 2.3: finer grids, each fit beginning with the last, on exp(sin(pi x) + y^2); and a four-dimensional function.

The paper fits without a penalty on roughness, so that a grid with more coefficients than rows fits the rows and
nothing between them: the test error turns up. Both ways are measured: without a penalty as in the paper, and as kanlab
fits, with a roughness penalty that the evidence chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .._typing import Array
from .case import Case, Figures, Scale, Step
from .claim import Bound, Claim, around, at_most
from .drawing import INK, OTHER, OWN, drawn
from .refined_fits import exponent, lists, median_run, refined, uniform

GRIDS = (3, 5, 10, 20, 50, 100, 200)
QUICK_GRIDS = (3, 5, 10, 20, 50, 100)
STARTS = 4
COUNTS: Mapping[int, str] = {100: "3.07e-4", 300: "5.00e-6", 1000: "1.05e-5", 3000: "3.27e-8"}
"""Rows, and the least test error of the authors' tutorial with [2, 1, 1] over G = 5 ... 100."""


def two(x: Array) -> Array:
    """exp(sin(pi x) + y^2)."""
    return np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2)


def four(x: Array) -> Array:
    """exp((sin(pi (x1^2 + x2^2)) + sin(pi (x3^2 + x4^2))) / 2)."""
    first, second = x[:, 0] ** 2 + x[:, 1] ** 2, x[:, 2] ** 2 + x[:, 3] ** 2
    return np.exp((np.sin(np.pi * first) + np.sin(np.pi * second)) / 2)


def staircase(scale: Scale, *, shape: tuple[int, ...], smoothness: float | None) -> Figures:
    """1000 rows, all grids; the run with the median of the least test errors."""
    grids = scale.of(GRIDS, QUICK_GRIDS)
    runs = [
        refined(uniform(two, 2, 1000, seed), shape, grids, seed=seed, starts=STARTS, smoothness=smoothness)
        for seed in scale.seeds(3)
    ]
    run = median_run(runs, lambda points: min(point.test for point in points))
    tests = [point.test for point in run]
    falls = [later.train < earlier.train for earlier, later in pairwise(run)]
    return {
        **lists(run),
        "best": min(tests),
        "best_grid": run[int(np.argmin(tests))].intervals,
        "falls": sum(falls),
        "rise": tests[-1] / min(tests),
        "rise_100": tests[grids.index(100)] / min(tests),
    }


def rows(scale: Scale) -> Figures:
    """[2, 1, 1] with 100 to 3000 rows: the least test error over the grids, medians over seeds."""
    out: dict[str, Any] = {}
    for count in COUNTS:
        runs = [
            refined(uniform(two, 2, count, seed), (2, 1, 1), (5, 10, 20, 50, 100), seed=seed, starts=STARTS)
            for seed in scale.seeds(3)
        ]
        out[f"best_{count}"] = median(min(point.test for point in run) for run in runs)
        out[f"last_{count}"] = median(run[-1].test for run in runs)
        if count == max(COUNTS):
            out["exponent"] = median(exponent(run, 5, 100) for run in runs)
    return out


def deep(scale: Scale) -> Figures:
    """[4, 2, 1, 1], which holds the function, and [4, 9, 1], which is wide enough by the theorem but not smooth."""
    grids = scale.of((3, 5, 10, 20, 50), (3, 5, 10))
    out: dict[str, Any] = {}
    for name, shape, starts in (("deep", (4, 2, 1, 1), 24), ("wide", (4, 9, 1), 1)):
        runs = [
            refined(uniform(four, 4, 3000, seed), shape, grids, seed=seed, starts=starts)
            for seed in scale.seeds(3)
        ]
        out[name] = median(min(point.test for point in run) for run in runs)
    out["factor"] = out["wide"] / out["deep"]
    return out


def picture(figures: Mapping[str, Figures]) -> Figure:
    """Errors over grids, [2, 5, 1] and [2, 1, 1] side by side, as in figure 2.3."""

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, shape, title in zip(panels, ("wide", "narrow"), ("[2, 5, 1]", "[2, 1, 1]"), strict=True):
            for kind, color, label in (("", OWN, "kanlab"), ("-plain", OTHER, "without a roughness penalty")):
                held = figures[f"{shape}{kind}"]
                axes.loglog(held["intervals"], held["test"], "o-", color=color, ms=4, label=f"test, {label}")
                axes.loglog(held["intervals"], held["train"], ":", color=color, lw=1, label=f"train, {label}")
            axes.set_title(title)
            axes.set_xlabel("grid intervals G")
        panels[0].set_ylabel("root mean squared error")
        panels[0].axvline(67, color=INK, lw=0.8, ls="--")
        panels[0].annotate(
            "as many coefficients as rows", (62, 1e-15), fontsize=7, ha="right", va="bottom", rotation=90
        )
        panels[1].legend()

    return drawn(8.2, 3.4, draw)


CASE = Case(
    name="grid-extension",
    title="Does a finer grid make a network better without starting again?",
    source="arXiv 2404.19756, section 2.4, figure 2.3; the authors' tutorial for the numbers",
    steps=(
        Step("wide", partial(staircase, shape=(2, 5, 1), smoothness=None)),
        Step("wide-plain", partial(staircase, shape=(2, 5, 1), smoothness=0.0)),
        Step("narrow", partial(staircase, shape=(2, 1, 1), smoothness=None)),
        Step("narrow-plain", partial(staircase, shape=(2, 1, 1), smoothness=0.0), long=True),
        Step("rows", rows),
        Step("deep", deep),
    ),
    claims=(
        Claim(
            "[2, 5, 1] as in the paper turns up near as many coefficients as rows",
            "wide-plain.best_grid",
            Bound(10, 67),
            "G ~ 50",
            quick=Bound(10, 100),
        ),
        Claim(
            "... its test error beyond, over its least",
            "wide-plain.rise",
            Bound(low=5),
            "rises",
            quick=Bound(low=1),
        ),
        Claim(
            "[2, 1, 1] as in the paper: G with the least test error",
            "narrow-plain.best_grid",
            Bound(50, 333),
            "later",
        ),
        Claim(
            "[2, 5, 1] with a penalty chosen by the evidence: error at G = 100, over its least",
            "wide.rise_100",
            at_most(10),
        ),
        Claim("[2, 1, 1] with it: least test error", "narrow.best", at_most(1e-6), "lower"),
        Claim(
            "[2, 1, 1]: extensions that lower the training error",
            "narrow.falls",
            Bound(low=5),
            "all but the last",
            quick=Bound(low=4),
        ),
        *(
            Claim(
                f"[2, 1, 1], {count} rows: least test error",
                f"rows.best_{count}",
                at_most(float(value)),
                value,
            )
            for count, value in COUNTS.items()
        ),
        Claim("[2, 1, 1], 3000 rows: exponent from G = 5 to 100", "rows.exponent", around(4, 0.5), "4.1"),
        Claim(
            "four inputs, [4, 2, 1, 1]: least test error",
            "deep.deep",
            at_most(5.07e-7),
            "5.07e-7",
            quick=at_most(1e-3),
        ),
        Claim(
            "four inputs, [4, 9, 1]: least test error",
            "deep.wide",
            at_most(2.95e-3),
            "2.95e-3",
            because="one start of a shape that cannot hold the function smoothly, which is the point of the next row",
        ),
        Claim("... times that of [4, 2, 1, 1]", "deep.factor", Bound(low=1000), "5800", quick=Bound(low=1)),
    ),
    headline="The same network, refined: its error falls with the fourth power of the grid, and does not turn up.",
    picture=picture,
)

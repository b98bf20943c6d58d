"""Section 3.1, figure 3.1: test error against grid intervals for five functions.

Theory (theorem 2.1) gives RMSE ~ G^-4 for cubic splines when every edge function is smooth, for grids that resolve it.
The exponent is the slope of log RMSE against log G from G = 5 to 50 or the largest G, and for J0(20x), whose waves are
0.31 long, from G = 50 to 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy.special import j0

from .._typing import Array
from .case import Case, Figures, Scale, Step
from .claim import Bound, Claim, around
from .drawing import INK, OWN, drawn
from .grid_extension import four, two
from .refined_fits import exponent, lists, median_run, refined, uniform

ROWS = 3000
THEORY = 4.0


@dataclass(frozen=True)
class Target:
    """A function with the shape that holds it.

    Attributes:
        name: of its step.
        title: in the picture.
        function: of rows [N, n].
        shape: of the network.
        grids: G, from coarse to fine; `quick` those of a quick run.
        starts: networks of a seed that begin.
        between: the range in which the exponent is fitted.
    """

    name: str
    title: str
    function: Callable[[Array], Array]
    shape: tuple[int, ...]
    grids: tuple[int, ...] = (3, 5, 10, 20, 50, 100)
    quick: tuple[int, ...] = (3, 5, 10, 20, 50)
    starts: int = 4
    between: tuple[int, int] = (5, 50)


TARGETS = (
    Target(
        "bessel",
        "J₀(20x)",
        lambda x: j0(20 * x[:, 0]),
        (1, 1),
        (5, 10, 20, 50, 100, 200),
        (20, 50, 100, 200),
        1,
        (50, 200),
    ),
    Target("exp-sin", "exp(sin(πx) + y²)", two, (2, 1, 1)),
    Target("product", "xy", lambda x: x[:, 0] * x[:, 1], (2, 2, 1)),
    Target(
        "hundred",
        "exp(mean sin²(πxᵢ/2)), 100 inputs",
        lambda x: np.exp(np.mean(np.sin(np.pi * x / 2) ** 2, axis=1)),
        (100, 1, 1),
        (3, 5, 10),
        (3, 5),
        1,
    ),
    Target(
        "four",
        "exp(½(sin π(x₁²+x₂²) + sin π(x₃²+x₄²)))",
        four,
        (4, 2, 1, 1),
        (3, 5, 10, 20, 50),
        (3, 5, 10),
        24,
    ),
    Target(
        "four-later", "the same with [4, 2, 2, 1]", four, (4, 2, 2, 1), (3, 5, 10, 20, 50), (3, 5, 10), 16
    ),
    Target("four-paper", "the same with [4, 4, 2, 1]", four, (4, 4, 2, 1), (3, 5, 10, 20, 50), (3, 5, 10), 8),
)
LONG = frozenset({"hundred", "four-later", "four-paper"})
"""Left out of quick runs."""

SURPLUS = "nodes that the function does not need are not identified, and the least error hangs on the start"
UNDRAWN = frozenset({"four-later", "four-paper"})


def scaled(scale: Scale, *, target: Target) -> Figures:
    """Errors over grids; the run of the seed with the median exponent."""
    grids, (low, high) = scale.of(target.grids, target.quick), target.between
    runs = [
        refined(
            uniform(target.function, target.shape[0], ROWS, seed),
            target.shape,
            grids,
            seed=seed,
            starts=target.starts,
        )
        for seed in scale.seeds(3)
    ]
    run = median_run(runs, lambda points: exponent(points, low, high))
    return {
        **lists(run),
        "exponent": exponent(run, low, high),
        "exponents": [exponent(points, low, high) for points in runs],
        "least": min(point.test for point in run),
    }


def picture(figures: Mapping[str, Figures]) -> Figure:
    """A panel for each function, with the slope of theory, as in figure 3.1."""
    drawn_targets = [target for target in TARGETS if target.name in figures and target.name not in UNDRAWN]

    def draw(figure: Figure) -> None:
        panels: Any = figure.subplots(1, len(drawn_targets), sharey=True)
        for axes, target in zip(panels, drawn_targets, strict=True):
            held = figures[target.name]
            grids, errors = held["intervals"], held["test"]
            axes.loglog(grids, errors, "o-", color=OWN, ms=4)
            first = next(place for place, grid in enumerate(grids) if grid >= target.between[0])
            line = [errors[first] * (grid / grids[first]) ** -THEORY for grid in grids[first:]]
            axes.loglog(grids[first:], line, ":", color=INK, lw=1)
            axes.set_title(
                f"{target.title}\n{list(target.shape)}, exponent {held['exponent']:.1f}", fontsize=7
            )
            axes.set_xticks([3, 10, 30, 100], ["3", "10", "30", "100"])
            axes.set_xlim(2.5, 240)
            axes.minorticks_off()
            axes.set_xlabel("G")
        panels[0].set_ylabel("test error (RMSE)")

    return drawn(11.5, 2.9, draw)


CASE = Case(
    name="scaling",
    title="How fast does the error fall with the grid?",
    source="arXiv 2404.19756, section 3.1, figure 3.1",
    steps=tuple(
        Step(target.name, partial(scaled, target=target), long=target.name in LONG) for target in TARGETS
    ),
    claims=(
        *(
            Claim(
                f"{target.title}, {list(target.shape)}: exponent",
                f"{target.name}.exponent",
                around(THEORY, 0.5),
                "~4",
                quick=around(THEORY, 1),
            )
            for target in TARGETS
            if target.name not in UNDRAWN
        ),
        *(
            Claim(
                f"{target.title}: exponent",
                f"{target.name}.exponent",
                around(THEORY, 0.5),
                "~4",
                because=SURPLUS,
            )
            for target in TARGETS
            if target.name in UNDRAWN
        ),
        Claim("J₀(20x): least test error", "bessel.least", Bound(high=1e-6)),
        Claim(
            "exp(sin(πx) + y²): least test error",
            "exp-sin.least",
            Bound(high=1e-7),
            "~1e-7",
            quick=Bound(high=1e-6),
        ),
        Claim("xy: least test error", "product.least", Bound(high=1e-7), "~1e-7"),
    ),
    headline="Twice as fine is sixteen times as accurate, in one input as in a hundred.",
    picture=picture,
)

"""Appendix C: what strength of the penalty, its entropy part, the grid and the order do to the skeleton that is found.

The target is exp(sin(pi x) + y^2) with [2, 5, 1], which needs three of its fifteen edges. The paper's penalty is
lambda (L1 + mu entropy); that of a session is the sum of the edges' standard deviations. Both are measured: fitted,
pruned, and the edges that are left counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from matplotlib.figure import Figure

from ..data import load
from ..discovery.actions import THRESHOLD
from ..discovery.setup import first_network, rows_of
from ..sparsity import prune
from ..sparsity.paper import L1Entropy
from ..sparsity.penalties import GroupSparsity
from ..training import FitOptions, fit
from .case import Case, Figures, Scale, Step
from .claim import YES, Bound, Claim, at_least
from .drawing import FAINT, INK, OTHER, OWN, drawn

NEEDED, ALL, STEPS = 3, 15, 60
STRENGTHS = (0.0, 1e-3, 1e-2, 1e-1, 1.0)
ENTROPIES = (0.0, 1.0, 10.0)
GRIDS = (1, 3, 5, 10, 20)
ORDERS = (2, 3, 4, 5)


def edges_left(penalty: Any, *, seed: int = 0, intervals: int = 5, order: int = 3) -> int:
    """Edges of [2, 5, 1] that a fit with the penalty and pruning leave."""
    data = load("exp_sin")
    start = first_network(data, (2, 5, 1), seed=seed, intervals=intervals, order=order)
    network = fit(start, rows_of(data), FitOptions(steps=STEPS, penalties=(penalty,), smoothness=1e-7))
    left = prune(network, data.part("train").inputs, THRESHOLD)
    return sum(int(layer.splines.sum()) for layer in left.arrays().layers)


def swept(values: tuple[float, ...], seeds: range, count: Callable[[Any, int], int]) -> dict[str, Any]:
    """For each value the edges left for each seed, their median, and the share of seeds with the three."""
    counts = [[count(value, seed) for seed in seeds] for value in values]
    return {
        "values": list(values),
        "counts": counts,
        "medians": [median(row) for row in counts],
        "shares": [sum(left == NEEDED for left in row) / len(row) for row in counts],
    }


def strength(scale: Scale) -> Figures:
    """The paper's penalty with mu = 10, from none to strong."""
    found = swept(
        STRENGTHS, scale.seeds(10, 4), lambda value, seed: edges_left(L1Entropy(value, entropy=10), seed=seed)
    )
    return {
        **found,
        "none": found["medians"][0],
        "best": min(found["medians"][1:-1]),
        "strong": found["medians"][-1],
    }


def entropy(scale: Scale) -> Figures:
    """lambda = 1e-3 without and with the entropy part."""
    found = swept(
        ENTROPIES,
        scale.seeds(20, 6),
        lambda value, seed: edges_left(L1Entropy(1e-3, entropy=value), seed=seed),
    )
    shares = found["shares"]
    return {**found, "without": shares[0], "with": shares[-1], "helps": shares[-1] > shares[0]}


def own(scale: Scale) -> Figures:
    """The penalty of a session."""
    found = swept(
        (1e-3, 1e-2, 1e-1),
        scale.seeds(20, 6),
        lambda value, seed: edges_left(GroupSparsity(value), seed=seed),
    )
    return {**found, "share": found["shares"][1]}


def grid(scale: Scale) -> Figures:
    """Grids, with the penalty of a session."""
    found = swept(
        GRIDS,
        scale.seeds(10, 4),
        lambda value, seed: edges_left(GroupSparsity(1e-2), seed=seed, intervals=value),
    )
    return {**found, "coarsest": found["medians"][0], "usual": found["medians"][2]}


def order(scale: Scale) -> Figures:
    """Orders, with the penalty of a session."""
    found = swept(
        ORDERS,
        scale.seeds(10, 4),
        lambda value, seed: edges_left(GroupSparsity(1e-2), seed=seed, order=value),
    )
    return {**found, "least": min(found["shares"]), "most": max(found["medians"])}


def picture(figures: Mapping[str, Figures]) -> Figure:
    """Edges that are left over each setting, a dot for each seed."""
    panels = (
        ("strength", "strength λ, entropy 10", OTHER),
        ("entropy", "entropy μ, λ = 0.001", OTHER),
        ("own", "strength of kanlab's penalty", OWN),
        ("grid", "grid intervals G", OWN),
        ("order", "order k", OWN),
    )

    def draw(figure: Figure) -> None:
        for axes, (step, label, color) in zip(
            figure.subplots(1, len(panels), sharey=True), panels, strict=True
        ):
            held = figures[step]
            for place, counts in enumerate(held["counts"]):
                apart = [
                    place + 0.3 * (number / max(len(counts) - 1, 1) - 0.5) for number in range(len(counts))
                ]
                axes.plot(apart, counts, ".", color=color, ms=5, alpha=0.7)
            axes.plot(range(len(held["values"])), held["medians"], "_", color=INK, ms=16)
            axes.axhline(NEEDED, color=FAINT, lw=1)
            axes.set_xticks(range(len(held["values"])), [f"{value:g}" for value in held["values"]])
            axes.set_xlabel(label)
        figure.axes[0].set_ylabel("edges left of 15")

    return drawn(9.6, 2.8, draw)


CASE = Case(
    name="sparsity",
    title="When does a fit find the skeleton of a formula?",
    source="arXiv 2404.19756, appendix C, figure C.1",
    steps=(
        Step("strength", strength),
        Step("entropy", entropy),
        Step("own", own),
        Step("grid", grid),
        Step("order", order),
    ),
    claims=(
        Claim("without a penalty: edges left (median)", "strength.none", Bound(ALL - 1, ALL), "dense"),
        Claim(
            "with the paper's penalty, best strength: edges left (median)",
            "strength.best",
            Bound(NEEDED, 5),
            "3",
        ),
        Claim("too strong a penalty: edges left (median)", "strength.strong", Bound(high=NEEDED), "fewer"),
        Claim("the entropy part helps", "entropy.helps", YES, "needed"),
        Claim(
            "seeds with the three edges, kanlab's penalty", "own.share", at_least(0.9), quick=at_least(0.8)
        ),
        Claim("G = 1: edges left (median)", "grid.coarsest", Bound(low=4), "more than 3"),
        Claim("G = 5: edges left (median)", "grid.usual", Bound(NEEDED, NEEDED), "3"),
        Claim(
            "orders 2 to 5: edges left (median), the most",
            "order.most",
            Bound(NEEDED, NEEDED),
            "k matters little",
            quick=Bound(NEEDED, 5),
        ),
    ),
    headline="Three of fifteen edges are found in {own.share} of seeds; the paper's penalty needs its entropy part.",
    picture=picture,
)

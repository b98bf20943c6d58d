"""Section 4.1: six functions whose networks can be read, with the law that comes out without hands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..data import Dataset, load
from ..data.generators.toys import TOYS
from ..discovery.actions import Fit, Fix
from ..forms.grammar import evaluate, parse
from ..network import EdgeId, trace
from ..progress import discover
from ..session import Session
from .case import Case, Figures, Scale, Step
from .claim import YES, Claim, Equal, at_least, at_most
from .drawing import OWN, drawn
from .refined_fits import best_start, on_grid, rmse
from .story import Story

GRIDS = (5, 10, 20)
CHECKED = 500
SILENT = 0.03
POINTS = 100


def same(text: str, toy: str) -> bool:
    """Whether a law is the function of the toy, on rows that nobody has seen, to 1e-9 of its spread."""
    rows = TOYS[toy].inputs(CHECKED, seed=77)
    names = TOYS[toy].names
    found = evaluate(parse(text, variables=names), dict(zip(names, rows.T, strict=True)))
    truth = TOYS[toy].truth(rows)
    return bool(np.max(np.abs(found - truth)) <= 1e-9 * truth.std())


def searched(_scale: Scale, *, toy: str, forms: tuple[str, ...] = ()) -> Figures:
    """The law that `discover` finds."""
    best = discover(load(f"toy-{toy}"), forms=forms, time_limit=None, seed=0).best
    return {"law": "" if best is None else best.text, "same": best is not None and same(best.text, toy)}


READ: Mapping[str, tuple[Story, Mapping[EdgeId, str]]] = {
    "quotient": (
        Story(
            "quotient",
            "x/y: two logarithms under an exponential",
            lambda: load("toy-quotient"),
            (2, 1, 1),
            (
                Fit(grids=GRIDS),
                Fix(EdgeId(1, 0, 0), "exp"),
                Fix(EdgeId(0, 0, 0), "log"),
                Fix(EdgeId(0, 1, 0), "log"),
            ),
        ),
        {EdgeId(0, 0, 0): "log", EdgeId(0, 1, 0): "log", EdgeId(1, 0, 0): "exp"},
    ),
    "bessel": (
        Story(
            "bessel",
            "exp(J0(20x) + y²): a Bessel function as a curve, then by its name",
            lambda: load("toy-bessel"),
            (2, 1, 1),
            (
                Fit(grids=(5, 10, 20, 40)),
                Fix(EdgeId(1, 0, 0), "exp"),
                Fix(EdgeId(0, 1, 0), "x^2"),
                Fix(EdgeId(0, 0, 0), "J0"),
            ),
        ),
        {EdgeId(0, 0, 0): "J0", EdgeId(0, 1, 0): "x^2"},
    ),
    "transition": (
        Story(
            "transition",
            "tanh(5(x⁴ + y⁴ + z⁴ - 1)): three quartics under a tanh",
            lambda: load("toy-transition"),
            (3, 1, 1),
            (
                Fit(grids=GRIDS),
                Fix(EdgeId(1, 0, 0), "tanh"),
                *(Fix(EdgeId(0, source, 0), "x^4") for source in range(3)),
            ),
        ),
        {EdgeId(0, 0, 0): "x^4", EdgeId(1, 0, 0): "tanh"},
    ),
}
"""Toys with few enough nodes to be read off: the story, and the form that has to be offered first on its edges."""


def read(_scale: Scale, *, toy: str) -> Figures:
    """Fit the network, ask for forms, and carry out the story: which forms are offered first, and the law."""
    story, edges = READ[toy]
    session = story.play(until=1)
    offered = {edge: session.suggest(edge, forms=_forms(toy)) for edge in edges}
    session.replay(story.actions[1:])
    law = session.law()
    return {
        "first": all(offered[edge][0].form == form for edge, form in edges.items()),
        "law": law.text,
        "same": same(law.text, toy),
    }


def _forms(toy: str) -> list[str] | None:
    return ["J0", "sin", "sinc", "x^2", "cos", "exp"] if toy == "bessel" else None


def product(_scale: Scale) -> Figures:
    """xy with [2, 2, 1]: lines and squares, as 2xy = (x + y)^2 - (x^2 + y^2)."""
    data = load("toy-product")
    first, last = _layers(data, (2, 2, 1), GRIDS, starts=6)
    return {"error": first["error"], "least": min(first["square"], last["square"])}


def distance(_scale: Scale) -> Figures:
    """sqrt((x1 - x2)^2 + (x3 - x4)^2) with [4, 2, 1, 1]: lines, squares, a square root; and the law of the search."""
    first, middle, last = _layers(load("toy-distance"), (4, 2, 1, 1), (3, 5, 10), starts=24)
    return {
        **searched(Scale(), toy="distance"),
        "error": first["error"],
        "lines": first["line"],
        "squares": middle["square"],
        "root": last["root"],
    }


def _layers(
    data: Dataset, shape: tuple[int, ...], grids: tuple[int, ...], *, starts: int
) -> list[dict[str, float]]:
    """For each layer of the best of several networks the least R^2 of its edges as lines, squares and square roots.

    An edge counts with the rows that are fitted; one that is nearly constant does not count.
    """
    network = best_start(data, shape, grids[:2], range(starts))
    for grid in grids[1:]:
        network = on_grid(network, data, grid)
    seen, held = data.part("fit"), data.part("test")
    error = rmse(network, held.inputs, held.targets) / float(held.targets.std())
    out: list[dict[str, float]] = []
    for layer in trace(network, seen.inputs).layers:
        spread = layer.edges.std(axis=0)
        pairs = [
            (layer.inputs[:, i], layer.edges[:, i, j]) for i, j in np.argwhere(spread > SILENT * spread.max())
        ]
        out.append(
            {
                "error": error,
                "line": min(_explained(x, y, 1) for x, y in pairs),
                "square": min(_explained(x, y, 2) for x, y in pairs),
                # y = sqrt(a x + b) is x = (y^2 - b) / a
                "root": min(_explained(y, x, 2) for x, y in pairs),
            }
        )
    return out


def digits(_scale: Scale) -> Figures:
    """The first decimal digit: ten curves with a spike each, on fresh rows."""
    session = Session(load("toy-digits"), shape=[1, 10], intervals=20, seed=0).fit(
        sparsity=0, steps=60, wait=True
    )
    fresh = np.random.default_rng(5).uniform(0, 1, 2000)
    right = session.predict(fresh[:, None]) == np.floor(10 * fresh).astype(int).astype(str)
    line = np.linspace(0, 1, POINTS)
    chances = session.predict_proba(line[:, None])
    middles = session.predict_proba(np.arange(0.05, 1, 0.1)[:, None])
    return {
        "accuracy": float(right.mean()),
        "spikes": bool((middles.argmax(axis=1) == np.arange(10)).all()),
        "line": line,
        "chances": np.round(chances.T, 4),
    }


def _explained(x: Any, y: Any, degree: int) -> float:
    """Share of the variance of y that a polynomial of x explains."""
    left = y - np.polyval(np.polyfit(x, y, degree), x)
    return float(1 - left.var() / y.var())


def picture(figures: Mapping[str, Figures]) -> Figure:
    """The ten spikes."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        held = figures["digits"]
        for number, curve in enumerate(held["chances"]):
            axes.plot(held["line"], curve, color=OWN, alpha=0.45 + 0.05 * number)
            axes.annotate(str(number), (0.1 * number + 0.05, 1.02), ha="center", fontsize=8)
        axes.set_xlabel("x")
        axes.set_ylabel("probability of each first digit")

    return drawn(6.4, 2.4, draw)


CASE = Case(
    name="supervised-toys",
    title="Can the inside of a network be read?",
    source="arXiv 2404.19756, section 4.1, figure 4.1",
    steps=(
        Step("product", product),
        Step("product-law", partial(searched, toy="product")),
        Step("quotient", partial(read, toy="quotient")),
        Step("quotient-law", partial(searched, toy="quotient")),
        Step("digits", digits),
        Step("bessel", partial(read, toy="bessel")),
        Step("bessel-law", partial(searched, toy="bessel", forms=("J0",))),
        Step("transition", partial(read, toy="transition")),
        Step("transition-law", partial(searched, toy="transition"), long=True),
        Step("distance", distance),
    ),
    claims=(
        Claim(
            "xy, [2, 2, 1]: least R² of an edge as line or square",
            "product.least",
            at_least(0.99),
            "linear, quadratic",
        ),
        Claim("xy: law found without hands", "product-law.law", Equal("x1*x2"), "2xy = (x+y)² - (x²+y²)"),
        Claim("x/y: log, log, exp are offered first", "quotient.first", YES, "log, log, exp"),
        Claim("x/y: law read off is exact", "quotient.same", YES),
        Claim("x/y: law found without hands", "quotient-law.law", Equal("x1/x2")),
        Claim("first digit: accuracy on fresh rows", "digits.accuracy", at_least(0.95), "spikes"),
        Claim("first digit: each has its spike", "digits.spikes", YES, "spikes"),
        Claim(
            "exp(J0(20x) + y²): J0 and x² are offered first", "bessel.first", YES, "J0 learned numerically"
        ),
        Claim("exp(J0(20x) + y²): law read off is exact", "bessel.same", YES, "error 8.51e-4"),
        Claim("exp(J0(20x) + y²): found without hands when J0 is in the library", "bessel-law.same", YES),
        Claim(
            "tanh of quartics: x⁴ and tanh are offered first", "transition.first", YES, "quartics, then tanh"
        ),
        Claim("tanh of quartics: law read off is exact", "transition.same", YES),
        Claim("tanh of quartics: found without hands", "transition-law.same", YES),
        Claim("distance: law found without hands is exact", "distance.same", YES, "linear, square, sqrt"),
        Claim(
            "distance, [4, 2, 1, 1]: least R² of first edges as lines",
            "distance.lines",
            at_least(0.99),
            "linear",
        ),
        Claim("distance: least R² of second edges as squares", "distance.squares", at_least(0.99), "square"),
        Claim("distance: R² of the last edge as square root", "distance.root", at_least(0.99), "sqrt"),
        Claim("distance: error of the network, of the spread", "distance.error", at_most(0.02)),
    ),
    stories=tuple(story for story, _ in READ.values()),
    headline="Logarithms multiply, squares measure distance: {quotient.law}, {distance.law}.",
    law="bessel.law",
    picture=picture,
)

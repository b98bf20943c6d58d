"""Pictures of the Anderson case: two states, where states are localized, and the edges that were found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..data import Dataset
from .case import Figures
from .class_law import edge
from .drawing import INK, OTHER, OWN, WARM, drawn

COLD = "#9ec5ee"


def picture(figures: Mapping[str, Figures]) -> Figure:
    """The fractal dimension, and three phase diagrams with the edges of theory and of the law."""

    def draw(figure: Figure) -> None:
        first, *others = figure.subplots(1, 4)
        dimension(first, figures["physics"])
        titles = {"mosaic": "mosaic, κ = 2", "gaam": "GAAM", "maam": "MAAM"}
        for axes, (name, title) in zip(others, titles.items(), strict=True):
            phases(axes, figures[name])
            axes.set_title(title)
        mosaic_edges(others[0], figures["mosaic"]["curve"])
        for axes, name, label in (
            (others[1], "gaam", "1 - αE/2"),
            (others[2], "maam", "(E + e$^p$) / cosh p"),
        ):
            law_edges(axes, figures[name]["curve"])
            axes.set_xlabel(label)
        others[0].set_xlabel("|E|")
        others[0].legend(loc="lower center")

    return drawn(11.4, 3.0, draw)


def mobility_edge(data: Dataset, law: str) -> Figure:
    """The states of a GAAM table as dots over alpha * energy and lam, and the edge of the law."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        held = dict(zip(data.names, data.inputs.T, strict=True))
        localized = data.targets[:, 0] > 0.5
        for rows, color, label in ((localized, WARM, "stuck"), (~localized, COLD, "runs")):
            x = (held["alpha"] * held["energy"])[rows]
            axes.plot(x, held["lam"][rows], ".", ms=4, color=color, mew=0, label=label)
        ones, shown = np.ones(50), np.linspace(-1.2, 1.2, 50)
        line = edge(law, {"alpha": ones, "energy": shown, "phi": ones})
        axes.plot(shown, line, color=INK, lw=2, label="the law that was found")
        axes.set(xlim=(-1.2, 1.2), ylim=(0.5, 1.5))
        axes.set(xlabel="alpha times energy", ylabel="strength of the pattern, lam")
        figure.legend(loc="outside right upper", markerscale=2.5)

    return drawn(7.6, 3.6, draw)


def waves(axes: Axes, held: Mapping[str, Any]) -> None:
    """|u|^2 of a localized and an extended state over the sites."""
    for name, color in (("localized", WARM), ("extended", OWN)):
        axes.plot(
            np.square(held["waves"][name]), color=color, lw=1, label=f"{name}, D = {held['d_' + name]:.2f}"
        )
    axes.set_yscale("log")
    axes.set_ylim(1e-8, 2)
    axes.set_xlabel("site n")
    axes.set_ylabel("$|u_n|^2$")
    axes.legend(loc="upper right")


def dimension(axes: Axes, held: Mapping[str, Any]) -> None:
    """The fractal dimension of states over energy and strength, with theory's edge for alpha = 0.4."""
    axes.scatter(
        held["energy"], held["lam"], c=held["dimension"], s=5, cmap="RdBu", vmin=0, vmax=1, linewidths=0
    )
    lam = np.array([0.5, 1.5])
    low, high = min(held["energy"]), max(held["energy"])
    axes.plot((2 - 2 * lam) / 0.4, lam, color=INK, lw=1.2)
    axes.set_xlim(low - 0.2, high + 0.2)
    axes.set_xlabel("energy E")
    axes.set_ylabel("strength λ")
    axes.set_title("D at α = 0.4")


def phases(axes: Axes, held: Mapping[str, Any]) -> None:
    """States as dots: localized ones warm, extended ones cold."""
    points = held["points"]
    localized = np.array(points["localized"]) > 0.5
    for rows, color in ((localized, WARM), (~localized, COLD)):
        axes.plot(
            np.array(points["x"])[rows],
            np.array(points["lam"])[rows],
            ".",
            ms=3.5,
            color=color,
            alpha=0.6,
            mew=0,
        )
    lam = np.array(points["lam"])
    axes.set_ylim(lam.min(), lam.max())


def mosaic_edges(axes: Axes, curve: Mapping[str, Any]) -> None:
    """2/|E|, and the spline that the network learned."""
    x = np.array(curve["x"])
    axes.plot(x, 2 / x, color=INK, lw=2.2, alpha=0.5, label="theory")
    axes.plot(x, curve["spline"], color=OWN, lw=1.2, label="learned")


def law_edges(axes: Axes, curve: Mapping[str, Any]) -> None:
    """Where the law puts the edge, over where theory puts it: on the diagonal they agree."""
    ends = np.array([min(curve["theory"]), max(curve["theory"])])
    axes.plot(ends, ends, color=INK, lw=2.2, alpha=0.5)
    axes.plot(curve["theory"], curve["law"], ".", ms=3.5, color=OTHER, mew=0)
    span = 0.35 * float(np.ptp(ends)) + 0.2
    axes.set_xlim(ends[0] - span, ends[1] + span)

"""The picture of the knots: signature against slope, and accuracies with their parameters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from .case import Figures
from .knots_table import MU_I, MU_R, TRANSLATIONS, L, knots

POINTS = 2000
FORMULA, NETWORK, RIVAL = "#2a7f9e", "#d1622b", "0.7"


def slope_panel(panel: object) -> None:
    """The signatures of some knots against their slopes, with the line of the law."""
    data = knots(inputs=TRANSLATIONS, rows=POINTS)
    length, real, imag = (data.inputs[:, data.names.index(name)] for name in (L, MU_R, MU_I))
    slope = length * real / (real**2 + imag**2)
    ends = np.array([slope.min(), slope.max()])
    panel.plot(slope, data.targets[:, 0], ".", ms=3, alpha=0.4, color=FORMULA)  # type: ignore[attr-defined]
    panel.plot(ends, 0.43 * ends, color="0.2", lw=1)  # type: ignore[attr-defined]
    panel.set(  # type: ignore[attr-defined]
        xlabel="slope  λ μ$_r$ / (μ$_r$² + μ$_i$²)", ylabel="signature", yticks=range(-10, 11, 4)
    )


def picture(figures: Mapping[str, Figures]) -> Figure:
    """Two panels: the relation, and who tells the signature how well."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.3))
    slope_panel(left)
    bars = accuracies(figures)
    colors = [color for _, _, color in bars]
    right.barh([name for name, _, _ in bars], [100 * value for _, value, _ in bars], color=colors)
    for place, (_, value, _) in enumerate(bars):
        right.annotate(
            f"{100 * value:.1f}",
            (100 * value, place),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    right.set(xlabel="unseen knots with the right signature (%)", xlim=(0, 105))
    right.invert_yaxis()
    right.tick_params(labelsize=8)
    return figure


def accuracies(figures: Mapping[str, Figures]) -> list[tuple[str, float, str]]:
    """Name, accuracy and color of every bar, from the figures of the steps that there are."""
    bars: list[tuple[str, float, str]] = []
    if "formulas" in figures:
        bars.append(("the formula, rounded", figures["formulas"]["A"], FORMULA))
    for step, what in (("three", "its 3 numbers"), ("whole", "all 17 numbers")):
        if step not in figures:
            continue
        held = figures[step]
        bars.append(
            (f"{what}: KAN {held['shape']}, {held['parameters']} parameters", held["accuracy"], NETWORK)
        )
        bars += [(f"{what}: {name}", value, RIVAL) for name, value in held["others"].items()]
    if "whole" in figures:
        bars.append(("always the commonest", figures["whole"]["majority"], RIVAL))
    return bars

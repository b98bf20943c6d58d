"""How pictures of cases look: one color for the network, muted ones for all else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

OWN, OTHER, INK, FAINT, WARM = "#0b63ce", "#c4661f", "#24292f", "#b8bfc7", "#b5341f"
STYLE: Mapping[Any, Any] = MappingProxyType(
    {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "text.color": INK,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "axes.titlesize": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "grid.color": "#eaeef2",
        "axes.grid": True,
        "axes.axisbelow": True,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "savefig.facecolor": "white",
    }
)


def drawn(width: float, height: float, draw: Callable[[Figure], None]) -> Figure:
    """A figure of this size in inches, filled by `draw` in the style of the cases."""
    with rc_context(dict(STYLE)):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
    return figure

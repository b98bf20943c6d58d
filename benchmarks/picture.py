"""The figures of the results page: one color for kanlab, muted ones for all others, the limit as a dark tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OWN, OTHER, INK, FAINT = "#0b63ce", "#c4661f", "#24292f", "#b8bfc7"
MARKS: Mapping[str, tuple[str, str]] = {
    "kanlab": ("o", OWN),
    "pykan": ("s", "#57606a"),
    "inkan, torch.compile": ("^", "#6f8f3a"),
    "flashkan, torch.compile": ("v", "#9a6fb0"),
    "jaxkan": ("D", "#c29a2b"),
    "MLP": ("x", OTHER),
}
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "grid.color": "#eaeef2",
    "axes.grid": True,
    "axes.axisbelow": True,
    "savefig.facecolor": "white",
}


def speed_picture(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Each row a layer: CPU time of the rivals on one logarithmic axis, from the limit to pykan."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(8.2, 0.48 * len(rows) + 1.3), layout="constrained")
        axes = figure.subplots()
        for height, row in enumerate(reversed(rows)):
            times = [row["limit_s"], *row["cpu_s"].values()]
            axes.plot([min(times), max(times)], [height, height], color=FAINT, lw=1, zorder=1)
            axes.plot(row["limit_s"], height, marker="|", ms=15, mew=2.2, color=INK, zorder=2)
            for name, (mark, color) in MARKS.items():
                if name in row["cpu_s"]:
                    own = name == "kanlab"
                    axes.plot(
                        row["cpu_s"][name],
                        height,
                        mark,
                        ms=9 if own else 6,
                        color=color,
                        zorder=4 if own else 3,
                    )
        axes.set_xscale("log")
        axes.set_yticks(range(len(rows)), [row["label"] for row in reversed(rows)])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("CPU seconds for forward and backward, one thread, float32")
        handles = [axes.plot([], [], mark, color=color, ms=6)[0] for mark, color in MARKS.values()]
        handles.append(axes.plot([], [], "|", ms=11, mew=2.2, color=INK)[0])
        figure.legend(
            handles, [*MARKS, "limit of the machine"], loc="outside upper center", ncols=4, frameon=False
        )
        figure.savefig(path, dpi=160)


def scaling_picture(curves: Sequence[Mapping[str, Any]], path: Path) -> None:
    """One panel for each function: test error against G for the KAN and the perceptron, and a line of slope -4."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(2.5 * len(curves), 3.2), layout="constrained")
        panels = figure.subplots(1, len(curves), sharey=True, squeeze=False)[0]
        for axes, curve in zip(panels, curves, strict=True):
            _panel(axes, curve)
        panels[0].set_ylabel("test RMSE")
        figure.supxlabel("grid intervals G", fontsize=9, color=INK)
        labels = ("kanlab", "MLP of as many parameters", "slope −4")
        figure.legend(panels[0].get_lines()[:3], labels, loc="outside upper center", ncols=3, frameon=False)
        figure.savefig(path, dpi=160)


def _panel(axes: Any, curve: Mapping[str, Any]) -> None:
    grids, errors = curve["intervals"], curve["kan"]
    axes.loglog(grids, errors, "o-", color=OWN, lw=2, ms=5)
    axes.loglog(curve["mlp_intervals"], curve["mlp"], "x--", color=OTHER, lw=1.2, ms=5)
    start = min(range(len(grids)), key=lambda number: abs(grids[number] - curve["from"]))
    line = [errors[start] * (grid / grids[start]) ** -4.0 for grid in grids[start:]]
    axes.loglog(grids[start:], line, ":", color=INK, lw=1)
    axes.set_xticks([3, 10, 30, 100], ["3", "10", "30", "100"])
    axes.set_xlim(2.5, 240)
    axes.minorticks_off()
    axes.set_title(f"{curve['title']}\n{curve['shape']}, exponent {curve['exponent']:.1f}", fontsize=8)

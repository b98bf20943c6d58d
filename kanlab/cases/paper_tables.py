"""Tables 1 and 2 of the paper: each row a function of a few columns, learned by a network, searched for a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from ..data import Dataset, load
from ..progress import discover
from .best_network import error_on, fit_best, shapes_for
from .case import Figures, Scale, Step
from .claim import Claim, at_most
from .drawing import FAINT, OTHER, OWN, drawn

ROWS = 1000
SEEDS = (0, 1, 2, 3)
BUDGET, QUICK_BUDGET, SMALL_BUDGET = 45.0, 4.0, 15.0
REACHED = 1e-2


def table_of(name: str) -> Dataset:
    """1000 rows to fit, of which a fifth chooses the network, and 1000 to test; uniform in the box, without noise."""
    fitted, held = (load(name, rows=ROWS, seed=seed) for seed in (1, 2))
    return Dataset.from_arrays(
        fitted.inputs,
        fitted.targets[:, 0],
        names=fitted.names,
        target_name=fitted.target_names[0],
        test=(held.inputs, held.targets[:, 0]),
    )


def learned(scale: Scale, *, name: str, seconds: float = BUDGET) -> Figures:
    """The network that is best on validation rows within the budget, and its error on the test rows."""
    data = table_of(name)
    best = fit_best(data, shapes_for(data.inputs.shape[1]), SEEDS, scale.of(seconds, QUICK_BUDGET))
    return {
        "error": error_on(best.network, data),
        "shape": best.shape,
        "intervals": best.intervals,
        "cpu_s": best.cpu_s,
    }


def searched(_scale: Scale, *, name: str) -> Figures:
    """The law that `discover` finds without hands, and the error of its printed text on the test rows."""
    best = discover(table_of(name), time_limit=60, seed=0).best
    return {"law": "" if best is None else best.text, "error": None if best is None else best.error}


def learned_steps(
    rows: Sequence[Any], tables: Sequence[str], *, quick: Sequence[str], seconds: float = BUDGET
) -> list[Step]:
    """A step for each row; quick runs take those of `quick`."""
    return [
        Step(_word(row.name), partial(learned, name=table, seconds=seconds), long=row.name not in quick)
        for row, table in zip(rows, tables, strict=True)
    ]


def smallest(scale: Scale, *, shapes: Mapping[str, Sequence[int]], quick: Sequence[str]) -> Figures:
    """The error of the smallest shape with which the paper is below 1e-2, by table, and how many of them reach it."""
    errors: dict[str, float] = {}
    seconds = scale.of(SMALL_BUDGET, QUICK_BUDGET)
    for name, shape in shapes.items():
        if not scale.quick or name in quick:
            data = table_of(name)
            errors[name] = error_on(fit_best(data, [list(shape)], SEEDS, seconds).network, data)
    above = [name for name, error in errors.items() if error > REACHED]
    return {"errors": errors, "share": 1 - len(above) / len(errors), "above": ", ".join(above)}


def learned_claims(rows: Sequence[Any], *, because: Mapping[str, str] | None = None) -> list[Claim]:
    """Each row below the lowest error that the paper prints for it, of a network or of a perceptron.

    Args:
        because: by the name of a row, why it may not be.
    """
    return [
        Claim(
            f"{row.name}: test error",
            f"{_word(row.name)}.error",
            at_most(min(row.kan, row.mlp)),
            f"{row.kan:.3g}",
            because=(because or {}).get(row.name, ""),
        )
        for row in rows
    ]


def picture(figures: Mapping[str, Figures], *, rows: Sequence[Any]) -> Figure:
    """Errors of all rows on one logarithmic axis: ours, the paper's best network and its perceptron."""
    shown = [row for row in rows if _word(row.name) in figures]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for height, row in enumerate(reversed(shown)):
            own = figures[_word(row.name)]["error"]
            axes.plot([own, row.kan], [height, height], color=FAINT, lw=1, zorder=1)
            axes.plot(row.mlp, height, "x", color=OTHER, ms=5)
            axes.plot(row.kan, height, "s", color=OTHER, ms=4)
            axes.plot(own, height, "o", color=OWN, ms=6)
        axes.set_xscale("log")
        axes.set_yticks(range(len(shown)), [row.name for row in reversed(shown)], fontsize=7)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("test error (RMSE)")
        marks = [
            axes.plot([], [], mark, color=color)[0]
            for mark, color in (("o", OWN), ("s", OTHER), ("x", OTHER))
        ]
        labels = ("kanlab", "the paper's best KAN", "the paper's MLP")
        figure.legend(marks, labels, loc="outside upper center", ncols=3)

    return drawn(6.2, 0.2 * len(shown) + 1.0, draw)


def _word(name: str) -> str:
    """A name as a step may be called: claims take what is before the first period for the step."""
    return name.replace(".", "-").replace(",", "").replace(" ", "-")

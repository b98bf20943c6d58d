"""What a surrogate shows of the structure of a law, as records to read: a table and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..discovery.readable import Parts, Readable
from ..symbolic.separability import (
    ADDITIVE,
    COARSEST,
    NONE,
    PRODUCT,
    PRODUCT_AND_SUMS,
    UNUSED,
    Split,
)
from ..symbolic.separability import LIMIT as SEPARABILITY_LIMIT
from ..symbolic.surrogate import Surrogate
from ..symbolic.symmetry import LIMIT as SYMMETRY_LIMIT
from ..symbolic.symmetry import Pair
from .colors import FORM, GROUND, INK, SPLINE
from .colors import UNUSED as PALE
from .figure import NetworkFigure

EMPTY = 0.7
"""With a smaller share of the box filled with rows, what is said of the whole box is said of a guess."""
SEEN_NOISE = 1e-3
MOST_PANELS, ACROSS, PANEL = 12, 3, (3.2, 2.3)
LOWEST = 1e-12

CLAIMS = {
    ADDITIVE: "{T} = g({x}) + h({z})",
    PRODUCT: "{T} = c + u({x}) v({z})",
    PRODUCT_AND_SUMS: "{T} = g({x}) + h({z}) + u({x}) v({z})",
    UNUSED: "one of the two is not seen to act",
    NONE: "nothing found",
}
UNRESOLVED = "not told: the surrogate is too rough"


@dataclass(frozen=True, eq=False, repr=False)
class Separability(Readable):
    """How a law falls into sums and products.

    Attributes:
        surrogate: the function that was looked at.
        splits: a verdict for each two groups of its variables.
    """

    surrogate: Surrogate
    splits: tuple[Split, ...]

    def claim(self, split: Split) -> str:
        """The verdict as an equation, or in words."""
        if split.verdict == NONE and split.best.resolved > COARSEST:
            return UNRESOLVED
        transform = split.best.transform.of(self.surrogate.target)
        left, right = (self._names(group) for group in (split.left, split.right))
        return CLAIMS[split.verdict].format(T=transform, x=left, z=right)

    def figure(self) -> Figure:
        """s0 (filled) and s1 (outlined) of every transform, a panel for each split; the line is what is resolved."""
        panels = sorted(self.splits, key=lambda split: (split.verdict == NONE, split.held))[:MOST_PANELS]
        made, axes = _panels(len(panels))
        for axis, split in zip(axes, panels, strict=False):
            labels = [one.transform.of(self.surrogate.target) for one in split.spectra]
            values = [[one.values[k] for one in split.spectra] for k in (0, 1)]
            limits = [SEPARABILITY_LIMIT * one.resolved for one in split.spectra]
            chosen = None if split.verdict == NONE else split.best.transform.of(self.surrogate.target)
            _bars(axis, self._title(split), labels, values, limits, chosen)
        return made

    def _names(self, group: Sequence[int]) -> str:
        return ", ".join(self.surrogate.names[i] for i in group)

    def _title(self, split: Split) -> str:
        return f"{self._names(split.left)} | {self._names(split.right)}" + (
            " (others held)" if split.held else ""
        )

    def parts(self) -> Parts:
        """What a reader sees."""
        rows = tuple(
            (
                self._title(split),
                self.claim(split),
                f"{split.best.size:.1e}",
                f"{split.best.resolved:.1e}",
                ", ".join(one.of(self.surrogate.target) for one in split.also),
            )
            for split in self.splits
        )
        columns = ("split", "structure", "what is left", "resolved", "not told apart")
        heading = _heading("Sums and products", self.surrogate)
        return Parts(heading, columns, rows, _notes(self.surrogate))


@dataclass(frozen=True, eq=False, repr=False)
class Symmetry(Readable):
    """Which two variables of a law act through one combination of both.

    Attributes:
        surrogate: the function that was looked at.
        pairs: a verdict for each two of its variables.
    """

    surrogate: Surrogate
    pairs: tuple[Pair, ...]

    def claim(self, pair: Pair) -> str:
        """The combination that the two act through, or in words that there is none."""
        if not pair.residuals:
            return CLAIMS[UNUSED]
        if pair.found is not None:
            return f"only through {pair.found.name}"
        return UNRESOLVED if min(one.resolved for one in pair.residuals) > COARSEST else CLAIMS[NONE]

    def figure(self) -> Figure:
        """What is left of the equation of every combination, a panel for each pair; the line is what is resolved."""
        panels = sorted(self.pairs, key=lambda pair: (pair.found is None, not pair.residuals))[:MOST_PANELS]
        made, axes = _panels(len(panels))
        for axis, pair in zip(axes, panels, strict=False):
            labels = [one.name for one in pair.residuals]
            limits = [SYMMETRY_LIMIT * one.resolved for one in pair.residuals]
            sizes = [one.size for one in pair.residuals]
            _bars(axis, self._title(pair), labels, [sizes], limits, pair.found and pair.found.name)
        return made

    def _title(self, pair: Pair) -> str:
        return ", ".join(self.surrogate.names[i] for i in pair.columns)

    def parts(self) -> Parts:
        """What a reader sees."""
        rows: list[tuple[str, ...]] = []
        for pair in self.pairs:
            shown = pair.found or min(pair.residuals, key=lambda one: one.size, default=None)
            sizes = ("", "") if shown is None else (f"{shown.size:.1e}", f"{shown.resolved:.1e}")
            also = ", ".join(one.name for one in pair.also)
            rows.append((self._title(pair), self.claim(pair), *sizes, also))
        columns = ("variables", "they act", "what is left", "resolved", "not told apart")
        heading = _heading("Symmetries", self.surrogate)
        return Parts(heading, columns, tuple(rows), _notes(self.surrogate))


def _heading(what: str, surrogate: Surrogate) -> str:
    law = f"{surrogate.target}({', '.join(surrogate.names)})"
    return f"{what} of {law}, from a surrogate with an error of {surrogate.error:.1e} of its spread."


def _notes(surrogate: Surrogate) -> tuple[str, ...]:
    notes: list[str] = []
    if surrogate.noise > SEEN_NOISE:
        notes.append(
            f"The rows scatter about it by {surrogate.noise:.1e}: a structure that differs by less than the error "
            "of the surrogate cannot be refuted."
        )
    if surrogate.filled < EMPTY:
        notes.append(
            f"Two of the variables fill only {surrogate.filled:.0%} of their box; elsewhere the surrogate is a guess, "
            "and so is what it shows."
        )
    return tuple(notes)


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    across = min(count, ACROSS)
    down = -(-count // across)
    made = NetworkFigure(figsize=(PANEL[0] * across, PANEL[1] * down), facecolor=GROUND, layout="constrained")
    axes = [made.add_subplot(down, across, number + 1) for number in range(count)]
    return made, axes


def _bars(
    axis: Axes,
    title: str,
    labels: Sequence[str],
    values: Sequence[Sequence[float]],
    limits: Sequence[float],
    chosen: str | None,
) -> None:
    """Groups of bars on a scale of powers of ten; a short line over each group, and the chosen one in green."""
    wide = 0.8 / len(values)
    for k, series in enumerate(values):
        colors = [FORM if label == chosen else SPLINE for label in labels]
        places = [i + (k - (len(values) - 1) / 2) * wide for i in range(len(labels))]
        heights = [max(value, LOWEST) for value in series]
        faces = colors if k == 0 else [GROUND] * len(labels)
        axis.bar(places, heights, wide, bottom=0, color=faces, edgecolor=colors, linewidth=0.8)
    for i, limit in enumerate(limits):
        axis.plot([i - 0.45, i + 0.45], [limit, limit], color=INK, linewidth=1)
    axis.set_yscale("log")
    axis.set_title(title, fontsize=9, color=INK, parse_math=False)
    axis.set_xticks(range(len(labels)), labels, rotation=60, ha="right", fontsize=7, parse_math=False)
    axis.tick_params(axis="y", labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(PALE)

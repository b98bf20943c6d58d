"""Two laws side by side, as a record to read: a table, sentences and a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..data import Dataset
from ..discovery.comparison import TIMES, Beyond, Comparison, Region, box, compare
from ..discovery.readable import Parts, Readable
from ..symbolic.law import Law
from .colors import FORM, GROUND, INK, SPLINE
from .colors import UNUSED as PALE
from .figure import NetworkFigure

SIZE = (7.4, 3.0)
POINTS = 401
CLEAR = 10.0
"""Beyond the data a curve is shown as far as so many times the range of the target."""


@dataclass(frozen=True, eq=False, repr=False)
class LawComparison(Readable):
    """Two laws of one dataset.

    Attributes:
        found: the numbers: `duel` on held-out rows, `region` of the largest difference, `beyond` the data.
    """

    first: Law
    second: Law
    data: Dataset
    found: Comparison

    @property
    def better(self) -> Law | None:
        """The law that predicts better by more than two standard errors, or None."""
        told = self.found.duel
        if not told.significant:
            return None
        return self.second if told.difference > 0 else self.first

    def parts(self) -> Parts:
        """What a reader sees."""
        laws = (self.first, self.second)
        rows = (
            ("law", *(str(law) for law in laws)),
            (self.first.error_label, *(f"{law.error:.3g}" for law in laws)),
            ("r2", *(f"{law.r2:.6g}" for law in laws)),
            ("complexity", *(str(law.complexity) for law in laws)),
            ("constants measured", *(str(sum(c.snapped is None for c in law.constants)) for law in laws)),
            ("breaks", *("; ".join(law.singularities) or "nowhere near the data" for law in laws)),
        )
        notes = tuple(_beyond(one, self.found.spread) for one in self.found.beyond)
        return Parts(self._heading(), ("", "first", "second"), rows, (_region(self.found.region), *notes))

    def _heading(self) -> str:
        told = self.found.duel
        rows = "held-out" if self.data.split.held_out else "fitted"
        numbers = (
            f"the mean difference of squared errors is {abs(told.difference):.2g} ± {told.standard_error:.1g}"
        )
        if told.significant:
            which = "second" if told.difference > 0 else "first"
            return f"The {which} law predicts the {rows} rows better: {numbers}."
        return f"The {rows} rows do not tell the two laws apart: {numbers}."

    def figure(self) -> Figure:
        """Residuals of both along the column in which they differ most, and both laws along it beyond the data."""
        place = self._column()
        made = NetworkFigure(figsize=SIZE, facecolor=GROUND, layout="constrained")
        left, right = (made.add_subplot(1, 2, number) for number in (1, 2))
        self._residuals(left, place)
        self._curves(right, place)
        for axis in (left, right):
            axis.set_xlabel(self.data.names[place], fontsize=8, color=INK, parse_math=False)
            axis.tick_params(labelsize=7)
            axis.spines[["top", "right"]].set_visible(False)
            axis.spines[["left", "bottom"]].set_color(PALE)
        return made

    def _column(self) -> int:
        names = self.first.printed.names
        return 0 if self.found.region is None else names.index(self.found.region.column)

    def _residuals(self, axis: Axes, place: int) -> None:
        part = self.data.part("test")
        for law, color, label in self._drawn():
            misfit = part.targets[:, 0] - law(part.inputs)
            axis.plot(part.inputs[:, place], misfit, ".", color=color, markersize=3, alpha=0.6, label=label)
        axis.axhline(0, color=PALE, linewidth=0.8)
        axis.set_title("residuals", fontsize=9, color=INK)
        axis.legend(fontsize=7, frameon=False)

    def _curves(self, axis: Axes, place: int) -> None:
        """All other columns at their medians."""
        low, high = box(self.first, TIMES[-1])
        points = np.tile(np.median(self.data.part("fit").inputs, axis=0), (POINTS, 1))
        points[:, place] = np.linspace(low[place], high[place], POINTS)
        seen = self.first.columns[place]
        axis.axvspan(seen.low, seen.high, color=PALE, alpha=0.2, linewidth=0)
        bottom, top = float(self.data.targets.min()), float(self.data.targets.max())
        reach = CLEAR * (top - bottom)
        for law, color, label in self._drawn():
            with np.errstate(all="ignore"):
                values = law(points)
                clear = np.isfinite(values) & (values > bottom - reach) & (values < top + reach)
            axis.plot(
                points[:, place], np.where(clear, values, np.nan), color=color, linewidth=1.2, label=label
            )
        axis.set_title(f"{self.first.target}, the data in gray", fontsize=9, color=INK, parse_math=False)

    def _drawn(self) -> tuple[tuple[Law, str, str], ...]:
        return (self.first, SPLINE, "first"), (self.second, FORM, "second")


def compare_laws(first: Law, second: Law, data: Dataset) -> LawComparison:
    """Two laws of one dataset: printed a table with sentences, `figure()` a picture, `found` the numbers.

    On the held-out rows, with residuals r and s and weights w from stated uncertainties, the mean of  w (r^2 - s^2)
    and its standard error tell which law is better; more than two standard errors count. Where the laws differ most is
    a fifth of all rows by one of the columns. Beyond the data, both are asked at random points of boxes 1.5 and 3 times
    as wide as the fitted rows.

    Raises:
        ActionError: a law is of other columns or of another target, or has spline edges left.
    """
    return LawComparison(first, second, data, compare(first, second, data))


def _region(region: Region | None) -> str:
    if region is None:
        return "On all rows the two laws are the same."
    return (
        f"They differ most for {region.low:.4g} <= {region.column} <= {region.high:.4g}: by {region.inside:.2g} (rms), "
        f"against {region.overall:.2g} on all rows."
    )


def _beyond(one: Beyond, spread: float) -> str:
    undefined = f"; one of them is not defined at {one.undefined:.0%} of the points" if one.undefined else ""
    return (
        f"Around the data, in a box {one.times:g} times as wide, they differ by {one.median:.2g} in the median and by "
        f"{one.decile:.2g} or more at a tenth of the points (the target has a standard deviation of {spread:.2g})"
        f"{undefined}."
    )

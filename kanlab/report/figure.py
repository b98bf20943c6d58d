"""The diagram of a network as a Matplotlib figure, for print."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import sympy
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from ..data import Dataset
from ..network import KAN
from ..symbolic.law import Law
from ..symbolic.printing import law_text
from .colors import FORM, GROUND, INK, JOINT, SPLINE, UNUSED
from .layout import text_width
from .picture import EdgeCurve, Picture, picture
from .shapes import EdgeBox, Joint, Label, Layout, NodeBox, Point
from .svg import curve_points, sign_lines

PIXELS = 110.0
"""Pixels of the layout in an inch: a small network comes out two inches wide, a wide one fits a page."""
POINTS = 72.0 / PIXELS
LAW_SIZE, SMALLEST_LAW, LAW_ROOM, LAW_WIDTH = 19.0, 11.0, 56.0, 760.0
INCOMPLETE_DIGITS = 4
WIRES, FRAMES, NODES = 1.0, 3.0, 4.0


class NetworkFigure(Figure):
    """A figure that notebooks show without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=160)
        return buffer.getvalue()


def figure(network: KAN, dataset: Dataset, *, law: Law | None = None) -> Figure:
    """The network with the curve that it learned on every edge; saves as vectors to PDF or SVG.

    Nothing global is touched: the figure belongs to its caller and pyplot does not know it.

    Args:
        dataset: its training rows give the ranges of the curves and the attributions; its columns the names.
        law: written below the diagram.
    """
    shown = picture(network, dataset)
    layout = shown.layout
    formula = None if law is None else _formula(law, most=max(layout.width, LAW_WIDTH))
    width = max(layout.width, formula.width + 40.0) if formula else layout.width
    height = layout.height + (LAW_ROOM if formula else 0.0)
    made = NetworkFigure(figsize=(width / PIXELS, height / PIXELS), facecolor=GROUND)
    shift = (width - layout.width) / 2
    axes = made.add_axes((0.0, 0.0, 1.0, 1.0), frameon=False)
    axes.set(xlim=(-shift, width - shift), ylim=(height, 0), xticks=[], yticks=[], aspect="equal")
    pen = _Pen(made)
    _draw(pen, shown)
    if formula:
        center = Point(layout.width / 2, layout.height + LAW_ROOM / 2 - 6)
        pen.text(Label(formula.text, center, "middle", 0.0, formula.size), INK, math=formula.math)
    return made


class _Pen:
    """Draws shapes of the layout into the only axes of a figure."""

    def __init__(self, held: Figure) -> None:
        self.axes = held.axes[0]

    def path(
        self, path: Path, *, color: str, opacity: float = 1.0, width: float = 1.5, level: float = WIRES
    ) -> None:
        self.axes.add_patch(
            PathPatch(
                path, fill=False, edgecolor=color, alpha=opacity, linewidth=width * POINTS, zorder=level
            )
        )

    def line(self, points: list[Point], *, color: str, opacity: float, width: float, level: float) -> None:
        self.axes.add_line(
            Line2D(
                [p.x for p in points],
                [p.y for p in points],
                color=color,
                alpha=opacity,
                linewidth=width * POINTS,
                solid_capstyle="round",
                solid_joinstyle="round",
                zorder=level,
            )
        )

    def disk(self, at: Point, radius: float, *, edge: str, fill: str, opacity: float = 1.0) -> None:
        """A white ground first, so that a pale ring does not let wires through."""
        self.axes.add_patch(Circle(at, radius, facecolor=fill, edgecolor="none", zorder=NODES))
        self.axes.add_patch(
            Circle(
                at, radius, fill=False, edgecolor=edge, alpha=opacity, linewidth=1.4 * POINTS, zorder=NODES
            )
        )

    def frame(self, box: EdgeBox, *, rounding: float, color: str, opacity: float) -> None:
        corner = (box.at.x - box.width / 2, box.at.y - box.height / 2)
        style = f"round,pad=0,rounding_size={rounding}"
        looks: tuple[dict[str, Any], ...] = (
            {"facecolor": GROUND, "edgecolor": "none"},
            {"fill": False, "edgecolor": color, "alpha": opacity},
        )
        for look in looks:
            self.axes.add_patch(
                FancyBboxPatch(
                    corner,
                    box.width,
                    box.height,
                    boxstyle=style,
                    linewidth=1.3 * POINTS,
                    zorder=FRAMES,
                    **look,
                )
            )

    def text(self, label: Label | None, color: str, *, math: bool = False) -> None:
        if label is None or not label.text:
            return
        anchor = {"start": "left", "middle": "center", "end": "right"}[label.anchor]
        self.axes.text(
            label.at.x,
            label.at.y,
            label.text,
            color=color,
            fontsize=label.size * POINTS,
            ha=anchor,
            va="center" if math else "baseline",
            rotation=label.angle,
            rotation_mode="anchor",
            parse_math=math,
            math_fontfamily="cm" if math else None,
            zorder=NODES,
        )


def _draw(pen: _Pen, shown: Picture) -> None:
    layout: Layout = shown.layout
    for box in sorted(layout.edges, key=lambda box: shown.curves[box.id].attribution):
        _edge(pen, box, shown.curves[box.id])
    for joint in layout.joints:
        _joint(pen, joint)
    for box in layout.nodes:
        _node(pen, box, shown.strength[box.id])


def _edge(pen: _Pen, box: EdgeBox, curve: EdgeCurve) -> None:
    color = FORM if curve.form else SPLINE
    below = Point(box.at.x, box.at.y + box.height / 2)
    above = Point(box.at.x, box.at.y - box.height / 2)
    for start, end in ((box.start, below), (above, box.end)):
        pen.path(_wire(start, end), color=color, opacity=curve.opacity)
    pen.frame(box, rounding=0.4 * box.height if curve.form else 3.0, color=color, opacity=curve.opacity)
    pieces: list[list[Point]] = []
    for point, begins in curve_points(box, curve.heights):
        if begins:
            pieces.append([])
        pieces[-1].append(point)
    for piece in pieces:
        pen.line(piece, color=color, opacity=curve.opacity, width=1.8, level=FRAMES)
    pen.text(box.label, color)


def _joint(pen: _Pen, joint: Joint) -> None:
    pen.path(_wire(joint.at, joint.to), color=JOINT)
    pen.disk(joint.at, 3.0, edge=JOINT, fill=JOINT)


def _node(pen: _Pen, box: NodeBox, strength: float) -> None:
    color = INK if box.used else UNUSED
    if box.kind == "input":
        pen.disk(box.at, box.radius, edge=color, fill=color)
    else:
        pen.disk(box.at, box.radius, edge=color, fill=GROUND, opacity=strength)
        for stroke in sign_lines(box):
            pen.line(list(stroke), color=color, opacity=strength, width=1.4, level=NODES)
    pen.text(box.label, color)


def _wire(start: Point, end: Point) -> Path:
    """An S-shaped line that leaves and arrives upright."""
    middle = (start.y + end.y) / 2
    points = [(start.x, start.y), (start.x, middle), (end.x, middle), (end.x, end.y)]
    return Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])


@dataclass(frozen=True)
class _Formula:
    """A line of text in the sizes of the layout."""

    text: str
    math: bool
    size: float
    width: float


def _formula(law: Law, *, most: float) -> _Formula:
    """The law for Matplotlib's own small LaTeX, or as plain text where that does not know a command.

    It is set smaller when it is wider than `most` pixels.
    """
    target, expression = sympy.Symbol(law.target), law.expression
    if not law.complete:
        # Constants around splines are not measured: their digits say nothing.
        numbers = expression.atoms(sympy.Float)
        rounded = {number: sympy.Float(number, INCOMPLETE_DIGITS) for number in numbers}
        expression = cast(sympy.Expr, expression.xreplace(rounded))
    text = f"${sympy.latex(target)} = {sympy.latex(expression)}$"
    try:
        box = MathTextParser("path").parse(text, prop=FontProperties(size=LAW_SIZE, math_fontfamily="cm"))
    except ValueError:
        text = f"{target} = {law_text(expression)}"
        width, math = text_width(text, LAW_SIZE), False
    else:
        width, math = float(box.width), True
    size = max(SMALLEST_LAW, min(LAW_SIZE, LAW_SIZE * most / width))
    return _Formula(text, math, size, width * size / LAW_SIZE)

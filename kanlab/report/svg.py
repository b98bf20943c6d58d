"""The diagram of a network as SVG that needs nothing else: no script, no style sheet, no font file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import isnan

from .._typing import Array
from ..data import Dataset
from ..network import KAN
from .colors import FORM, GROUND, INK, JOINT, SPLINE, UNUSED
from .picture import EdgeCurve, Picture, picture
from .shapes import EdgeBox, Joint, Label, Layout, NodeBox, Point

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
INSET = 0.14
"""Part of the frame that is left free around its curve."""


def network_svg(network: KAN, dataset: Dataset, *, title: str = "") -> str:
    """The network with the curve that it learned on every edge, as a standalone SVG.

    The frame of a spline has corners; that of a form is round and carries its name. What matters little is
    pale: opacity is tanh(3 attribution).

    Args:
        dataset: its training rows give the ranges of the curves and the attributions; its columns the names.
        title: what a screen reader says first; empty for the shape of the network.
    """
    return draw(picture(network, dataset), title=title)


def draw(shown: Picture, *, title: str = "") -> str:
    """A picture as SVG."""
    layout = shown.layout
    edges = sorted(layout.edges, key=lambda box: shown.curves[box.id].attribution)
    parts = [
        _opening(layout),
        f'<title id="kanlab-title">{escape(title or shown.title)}</title>',
        f'<desc id="kanlab-desc">{escape(shown.words)}</desc>',
        *(_wires(box, shown.curves[box.id]) for box in edges),
        *(_joint(joint) for joint in layout.joints),
        *(_frame(box, shown.curves[box.id]) for box in edges),
        *(_node(box, shown.strength[box.id]) for box in layout.nodes),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _opening(layout: Layout) -> str:
    width, height = _n(layout.width), _n(layout.height)
    names = 'role="img" aria-labelledby="kanlab-title kanlab-desc"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" {names} font-family="{FONT}">'
    )


def _wires(box: EdgeBox, curve: EdgeCurve) -> str:
    half = box.height / 2
    below, above = Point(box.at.x, box.at.y + half), Point(box.at.x, box.at.y - half)
    path = _wire(box.start, below) + _wire(above, box.end)
    return (
        f'<path d="{path}" fill="none" stroke="{_color(curve)}" stroke-width="1.5" '
        f'stroke-opacity="{_n(curve.opacity, 2)}"/>'
    )


def _wire(start: Point, end: Point) -> str:
    """An S-shaped line that leaves and arrives upright."""
    middle = _n((start.y + end.y) / 2)
    x, y, to_x, to_y = _n(start.x), _n(start.y), _n(end.x), _n(end.y)
    return f"M{x},{y}C{x},{middle} {to_x},{middle} {to_x},{to_y}"


def _frame(box: EdgeBox, curve: EdgeCurve) -> str:
    """A white card over the wires, then the frame, the curve and the name, paler where they matter less."""
    x, y = _n(box.at.x - box.width / 2), _n(box.at.y - box.height / 2)
    radius = _n(0.4 * box.height if curve.form else 3.0)
    rectangle = f'x="{x}" y="{y}" width="{_n(box.width)}" height="{_n(box.height)}" rx="{radius}"'
    color, kind = _color(curve), "form" if curve.form else "spline"
    return (
        f'<g class="{kind}"><title>{escape(curve.words)}</title><rect {rectangle} fill="{GROUND}"/>'
        f'<g opacity="{_n(curve.opacity, 2)}" fill="none" stroke="{color}">'
        f'<rect {rectangle} stroke-width="1.3"/>'
        f'<path class="curve" d="{_curve(box, curve.heights)}" stroke-width="1.8" '
        f'stroke-linejoin="round" stroke-linecap="round"/></g>{_text(box.label, color)}</g>'
    )


def curve_points(box: EdgeBox, heights: Array) -> Iterator[tuple[Point, bool]]:
    """Points of the curve in its frame, and whether one begins a new line, as after a pole."""
    wide, high = box.width * (1 - 2 * INSET), box.height * (1 - 2 * INSET)
    left, bottom = box.at.x - wide / 2, box.at.y + high / 2
    begins = True
    for position, height in enumerate(heights):
        if isnan(height):
            begins = True
            continue
        yield Point(left + wide * position / (len(heights) - 1), bottom - high * float(height)), begins
        begins = False


def _curve(box: EdgeBox, heights: Array) -> str:
    return "".join(
        f"{'M' if begins else 'L'}{_n(at.x)},{_n(at.y)}" for at, begins in curve_points(box, heights)
    )


def _node(box: NodeBox, strength: float) -> str:
    x, y, r = _n(box.at.x), _n(box.at.y), _n(box.radius)
    color = INK if box.used else UNUSED
    label = _text(box.label, color)
    if box.kind == "input":
        return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{color}"/>{label}'
    stroke = f'stroke="{color}" stroke-width="1.4" stroke-opacity="{_n(strength, 2)}"'
    ring = f'<circle cx="{x}" cy="{y}" r="{r}" fill="{GROUND}" {stroke}/>'
    return f'{ring}<path d="{_sign(box)}" {stroke} stroke-linecap="round"/>{label}'


def sign_lines(box: NodeBox) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
    """The two strokes of + or ×, drawn and not typed so that they sit in the middle whatever the font."""
    arm = 0.46 * box.radius
    first, second = (Point(arm, 0.0), Point(0.0, arm))
    if box.kind == "product":
        first, second = Point(0.72 * arm, 0.72 * arm), Point(0.72 * arm, -0.72 * arm)
    (x, y) = box.at
    return (
        (Point(x - first.x, y - first.y), Point(x + first.x, y + first.y)),
        (Point(x - second.x, y - second.y), Point(x + second.x, y + second.y)),
    )


def _sign(box: NodeBox) -> str:
    return "".join(f"M{_n(a.x)},{_n(a.y)}L{_n(b.x)},{_n(b.y)}" for a, b in sign_lines(box))


def _joint(joint: Joint) -> str:
    return (
        f'<path d="{_wire(joint.at, joint.to)}" fill="none" stroke="{JOINT}" stroke-width="1.5"/>'
        f'<circle cx="{_n(joint.at.x)}" cy="{_n(joint.at.y)}" r="3" fill="{JOINT}"/>'
    )


def _text(label: Label | None, color: str) -> str:
    if label is None or not label.text:
        return ""
    x, y = _n(label.at.x), _n(label.at.y)
    turn = f' transform="rotate({_n(-label.angle)} {x} {y})"' if label.angle else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{_n(label.size)}" text-anchor="{label.anchor}" fill="{color}"'
        f"{turn}>{escape(label.text)}</text>"
    )


def _color(curve: EdgeCurve) -> str:
    return FORM if curve.form else SPLINE


def _n(value: float, digits: int = 1) -> str:
    """A short decimal; the same picture is the same text."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in {"-0", ""} else text

"""Positions of a network diagram: inputs at the bottom, outputs at the top, a small frame on every edge.

Pure geometry in pixels with y pointing down; svg.py and figure.py draw the same positions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, cos, radians, sin

from ..network import EdgeId, NodeId, Width
from .place import share, spread
from .shapes import EdgeBox, Joint, Label, Layout, NodeBox, Point, Skeleton

LONGEST_ROW = 28
"""Frames side by side; a layer with more edges staggers them in several rows."""
WIDEST, NARROWEST, FLATNESS = 58.0, 30.0, 0.74
WANTED_WIDTH = 900.0
UNUSED_WEIGHT = 0.6
NODE_RADIUS, INPUT_RADIUS = 9.0, 5.0
LABEL_SIZE, FORM_SIZE, CHARACTER = 15.0, 12.0, 0.58
TILT = 40.0
ROOMY = 150.0
"""Distance of two nodes in a small network."""
PAD = 14.0
JOINT_GAP, JOINT_SPREAD = 22.0, 30.0


@dataclass(frozen=True)
class Frame:
    """Size of the frames, and the room between two of them."""

    width: float
    height: float
    gap: float


def layout(skeleton: Skeleton) -> Layout:
    """Positions of everything; the picture is as large as it needs to be."""
    columns = [_edges_of(skeleton, depth) for depth in range(len(skeleton.widths) - 1)]
    frame = _frame(columns)
    length = _length(skeleton, columns, frame)
    heights = _heights(skeleton, columns, frame, length)
    nodes = {
        box.id: box
        for depth in range(len(skeleton.widths))
        for box in _node_row(skeleton, depth, length, heights[depth])
    }
    joints = _joints(skeleton, nodes)
    edges: list[EdgeBox] = []
    for depth, column in enumerate(columns):
        middle = (heights[depth] + heights[depth + 1]) / 2
        edges += _edge_row([_ends(skeleton, edge, nodes, joints) for edge in column], frame, middle)
    return _fitted(list(nodes.values()), edges, list(joints.values()))


def text_width(text: str, size: float) -> float:
    """About how wide a line of text is; sizes of real fonts differ by a few percent."""
    return CHARACTER * size * len(text)


def target_node(width: Width, subnode: int) -> int:
    """The node that a subnode belongs to."""
    first = width.sums
    if subnode < first:
        return subnode
    for number, arity in enumerate(width.products):
        first += arity
        if subnode < first:
            return width.sums + number
    raise IndexError(f"There is no subnode {subnode} in a layer of width {width}.")


def _edges_of(skeleton: Skeleton, depth: int) -> list[EdgeId]:
    return sorted(edge for edge in skeleton.edges if edge.layer == depth)


def _frame(columns: Sequence[Sequence[EdgeId]]) -> Frame:
    most = max((min(LONGEST_ROW, len(column)) for column in columns), default=1)
    width = max(NARROWEST, min(WIDEST, 0.76 * WANTED_WIDTH / max(1, most)))
    return Frame(width, FLATNESS * width, max(7.0, 0.3 * width))


def _rows(count: int) -> int:
    return max(1, ceil(count / LONGEST_ROW))


def _slot(label: str, frame: Frame) -> float:
    return frame.width + frame.gap + (text_width(label, FORM_SIZE) + 4 if label else 0.0)


def _length(skeleton: Skeleton, columns: Sequence[Sequence[EdgeId]], frame: Frame) -> float:
    rows = [
        sum(_slot(skeleton.edges[edge], frame) for edge in column) / _rows(len(column)) for column in columns
    ]
    nodes = [width.nodes * 34.0 for width in skeleton.widths]
    return max(*rows, *nodes, ROOMY * min(4, max(width.nodes for width in skeleton.widths[:-1])))


def _heights(
    skeleton: Skeleton, columns: Sequence[Sequence[EdgeId]], frame: Frame, length: float
) -> list[float]:
    """y of the node layers; the wider the picture, the more height its wires need to stay apart."""
    wires = min(110.0, max(38.0, 0.11 * length))
    heights = [0.0]
    for column, width in zip(columns, skeleton.widths[1:], strict=True):
        rows = _rows(len(column))
        room = wires if len(column) > 1 else 38.0
        room += JOINT_GAP / 2 if width.products else 0.0
        heights.append(heights[-1] - rows * frame.height - (rows - 1) * frame.gap - 2 * room)
    return heights


def _node_row(skeleton: Skeleton, depth: int, length: float, y: float) -> list[NodeBox]:
    width = skeleton.widths[depth]
    sources = {edge.source for edge in skeleton.edges if edge.layer == depth}
    weights = [1.0 if depth or index in sources else UNUSED_WEIGHT for index in range(width.nodes)]
    places = share(weights, length)
    last = depth == len(skeleton.widths) - 1
    names = skeleton.inputs if depth == 0 else skeleton.outputs if last else ()
    room = min((b - a for a, b in pairwise(places)), default=length)
    labels = _labels(names, [Point(x, y) for x in places], room, below=depth == 0)
    radius = INPUT_RADIUS if depth == 0 else NODE_RADIUS
    return [
        NodeBox(
            id=NodeId(depth, index),
            at=Point(x, y),
            radius=radius,
            kind="input" if depth == 0 else "sum" if index < width.sums else "product",
            used=last or index in sources,
            label=labels[index] if labels else None,
        )
        for index, x in enumerate(places)
    ]


def _labels(names: Sequence[str], places: Sequence[Point], room: float, *, below: bool) -> list[Label]:
    """Upright under or above the nodes, or tilted when the longest would touch its neighbor."""
    if not names:
        return []
    size = LABEL_SIZE if room > 30 else 12.0
    flat = len(names) == 1 or max(text_width(name, size) for name in names) + 10 <= room
    if flat:
        shift, anchor = Point(0.0, INPUT_RADIUS + 1.3 * size if below else -NODE_RADIUS - 8.0), "middle"
    elif below:
        shift, anchor = Point(5.0, INPUT_RADIUS + 12.0), "end"
    else:
        shift, anchor = Point(0.0, -NODE_RADIUS - 6.0), "start"
    angle = 0.0 if flat else TILT
    return [
        Label(name, Point(at.x + shift.x, at.y + shift.y), anchor, angle, size)
        for name, at in zip(names, places, strict=True)
    ]


def _joints(skeleton: Skeleton, nodes: Mapping[NodeId, NodeBox]) -> dict[tuple[int, int], Joint]:
    """By layer and subnode: one for each factor of a product that is a sum of several edges."""
    joints: dict[tuple[int, int], Joint] = {}
    for depth, width in enumerate(skeleton.widths[1:]):
        first = width.sums
        for number, arity in enumerate(width.products):
            node = nodes[NodeId(depth + 1, width.sums + number)]
            for factor in range(arity):
                subnode = first + factor
                edges = [edge for edge in skeleton.edges if edge.layer == depth and edge.target == subnode]
                if len(edges) > 1:
                    shift = (factor - (arity - 1) / 2) * JOINT_SPREAD
                    at = Point(node.at.x + shift, node.at.y + node.radius + JOINT_GAP)
                    joints[depth, subnode] = Joint(at, node.at)
            first += arity
    return joints


@dataclass(frozen=True)
class _Ends:
    edge: EdgeId
    label: str
    start: Point
    end: Point


def _ends(
    skeleton: Skeleton,
    edge: EdgeId,
    nodes: Mapping[NodeId, NodeBox],
    joints: Mapping[tuple[int, int], Joint],
) -> _Ends:
    source = nodes[NodeId(edge.layer, edge.source)]
    width = skeleton.widths[edge.layer + 1]
    target = nodes[NodeId(edge.layer + 1, target_node(width, edge.target))]
    joint = joints.get((edge.layer, edge.target))
    end = joint.at if joint else Point(target.at.x, target.at.y + target.radius)
    return _Ends(edge, skeleton.edges[edge], Point(source.at.x, source.at.y - source.radius), end)


def _edge_row(ends: list[_Ends], frame: Frame, middle: float) -> list[EdgeBox]:
    """Frames grouped by what they feed, then by where they come from: the upper wires never cross."""
    ends = sorted(ends, key=lambda one: (one.end.x, one.edge.target, one.start.x))
    rows = _rows(len(ends))
    lean = _lean(ends)
    slots = [_slot(one.label, frame) for one in ends]
    shifts = [(size - frame.width - frame.gap) / 2 for size in slots]
    wishes = [
        lean * one.start.x + (1 - lean) * one.end.x + shift for one, shift in zip(ends, shifts, strict=True)
    ]
    places = spread(wishes, [size / rows for size in slots])
    pitch = frame.height + frame.gap
    boxes: list[EdgeBox] = []
    for position, (one, x, shift) in enumerate(zip(ends, places, shifts, strict=True)):
        y = middle + ((rows - 1) / 2 - position % rows) * pitch
        at = Point(x - shift, y)
        beside = Point(at.x + frame.width / 2 + 5, y + 0.35 * FORM_SIZE)
        text = Label(one.label, beside, "start", 0.0, FORM_SIZE)
        boxes.append(
            EdgeBox(one.edge, at, frame.width, frame.height, one.start, one.end, text if one.label else None)
        )
    return boxes


def _lean(ends: Sequence[_Ends]) -> float:
    """1 sets the frames above their sources, 0 below their targets."""
    if len({one.end.x for one in ends}) == 1:
        return 1.0
    return 0.1 if len({one.start.x for one in ends}) == 1 else 0.2


def _fitted(nodes: Sequence[NodeBox], edges: Sequence[EdgeBox], joints: Sequence[Joint]) -> Layout:
    """Everything moved so that the picture starts at (0, 0) and ends behind the last label."""
    corners = [corner for node in nodes for corner in _around(node.at, node.radius, node.radius)]
    for edge in edges:
        corners += _around(edge.at, edge.width / 2, edge.height / 2)
    for label in [box.label for box in (*nodes, *edges)]:
        corners += _extent(label) if label else []
    left, top = min(p.x for p in corners) - PAD, min(p.y for p in corners) - PAD
    width = max(p.x for p in corners) + PAD - left
    height = max(p.y for p in corners) + PAD - top

    def moved(at: Point) -> Point:
        return Point(at.x - left, at.y - top)

    def relabeled(label: Label | None) -> Label | None:
        return label and replace(label, at=moved(label.at))

    return Layout(
        width,
        height,
        tuple(replace(box, at=moved(box.at), label=relabeled(box.label)) for box in nodes),
        tuple(
            replace(
                box, at=moved(box.at), start=moved(box.start), end=moved(box.end), label=relabeled(box.label)
            )
            for box in edges
        ),
        tuple(Joint(moved(joint.at), moved(joint.to)) for joint in joints),
    )


def _around(at: Point, across: float, down: float) -> list[Point]:
    return [Point(at.x - across, at.y - down), Point(at.x + across, at.y + down)]


def _extent(label: Label) -> list[Point]:
    """Two points of the line of text and one above and below each."""
    wide = text_width(label.text, label.size)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * wide
    along = Point(cos(radians(label.angle)), -sin(radians(label.angle)))
    points = [Point(label.at.x + s * along.x, label.at.y + s * along.y) for s in (-before, wide - before)]
    return [Point(p.x, p.y + shift) for p in points for shift in (-0.8 * label.size, 0.25 * label.size)]

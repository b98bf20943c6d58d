"""What a diagram is made of, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..network import EdgeId, NodeId, Width


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Skeleton:
    """What a diagram shows, without numbers.

    Attributes:
        widths: node layers, inputs first.
        edges: active edges, each with the label of its form, or an empty text for a spline.
        inputs, outputs: labels of the first and the last layer.
    """

    widths: tuple[Width, ...]
    edges: Mapping[EdgeId, str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """Text at a point; `angle` in degrees turns it counterclockwise about that point."""

    text: str
    at: Point
    anchor: str
    angle: float
    size: float


@dataclass(frozen=True)
class NodeBox:
    """A circle. `kind` is "input", "sum" or "product"; an unused one has no edges."""

    id: NodeId
    at: Point
    radius: float
    kind: str
    used: bool
    label: Label | None


@dataclass(frozen=True)
class EdgeBox:
    """A frame around `at`, with one wire that comes from `start` and one that goes on to `end`."""

    id: EdgeId
    at: Point
    width: float
    height: float
    start: Point
    end: Point
    label: Label | None


@dataclass(frozen=True)
class Joint:
    """Where the edges of one factor of a product are added up."""

    at: Point
    to: Point


@dataclass(frozen=True)
class Layout:
    """A picture of the given size."""

    width: float
    height: float
    nodes: tuple[NodeBox, ...]
    edges: tuple[EdgeBox, ...]
    joints: tuple[Joint, ...]

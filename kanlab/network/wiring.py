"""A formula as it will be wired: sums and products of curves, each curve from one node to the next.

A `Line` is what arrives at one subnode, and a `Gate` is a node. They are values, and two gates that compute the same
are one; `assemble` lays them out in layers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TypeAlias

import numpy as np

from .._typing import Array
from ..forms import Form, get, resolve
from ..forms.composition import Scalar
from ..forms.library import POWERS


@dataclass(frozen=True)
class Wire:
    """c f(a source + b); where f is "x", a = 1 and b = 0."""

    form: Form
    source: Source
    a: float = 1.0
    b: float = 0.0
    c: float = 1.0


@dataclass(frozen=True)
class Line:
    """bias + the sum of the wires."""

    bias: float
    wires: tuple[Wire, ...] = ()


@dataclass(frozen=True)
class Gate:
    """The product of its lines: a sum node where there is one, else a product node."""

    lines: tuple[Line, ...]


Source: TypeAlias = int | Gate
"""A column of the inputs, or a gate."""


def is_straight(wire: Wire) -> bool:
    """Whether a wire is a straight line."""
    return wire.form.name == "x"


def straight(source: Source, slope: float = 1.0) -> Line:
    """slope * source."""
    return Line(0.0, (Wire(get("x"), source, c=slope),))


def scaled(line: Line, scale: float) -> Line:
    """scale * line."""
    return Line(scale * line.bias, tuple(replace(wire, c=scale * wire.c) for wire in line.wires))


def settled(line: Line) -> Line:
    """The same with one wire from each source: of several, those that bend get a node of their own."""
    counts = Counter(wire.source for wire in line.wires)
    wires = tuple(
        Wire(get("x"), Gate((Line(0.0, (replace(wire, c=1.0),)),)), c=wire.c)
        if counts[wire.source] > 1 and not is_straight(wire)
        else wire
        for wire in line.wires
    )
    return replace(line, wires=wires)


def line_values(line: Line, inputs: Array) -> Array:
    """Values [N] on inputs [N, n]; NaN or infinite where they are not defined."""
    total = np.full(len(inputs), line.bias)
    with np.errstate(all="ignore"):
        for wire in line.wires:
            total = total + wire.c * wire.form.numpy(wire.a * source_values(wire.source, inputs) + wire.b)
    return total


def source_values(source: Source, inputs: Array) -> Array:
    """The same for a column or a gate."""
    if isinstance(source, int):
        return inputs[:, source]
    with np.errstate(all="ignore"):
        return np.prod([line_values(line, inputs) for line in source.lines], axis=0)


@dataclass(frozen=True, eq=False)
class Wiring:
    """The algebra (`forms.composition.Algebra`) whose parts are lines.

    Attributes:
        names: of the columns.
        inputs: rows [N, n]; a power without a form of its own is exp(p log u) where u > 0 on all of them.
    """

    names: Sequence[str]
    inputs: Array

    def number(self, value: Scalar) -> Line:
        """A constant."""
        return Line(float(value))

    def constant(self, part: Line) -> float | None:
        """The value of a line without wires."""
        return None if part.wires else part.bias

    def variable(self, name: str) -> Line:
        """The column of that name."""
        return straight(self.names.index(name))

    def add(self, parts: Sequence[Line]) -> Line:
        """The sum; equal curves are collected."""
        held: dict[Wire, float] = {}
        for wire in (wire for part in parts for wire in part.wires):
            key = replace(wire, c=1.0)
            held[key] = held.get(key, 0.0) + wire.c
        wires = tuple(replace(key, c=c) for key, c in held.items() if c != 0)
        return Line(float(sum(part.bias for part in parts)), wires)

    def multiply(self, parts: Sequence[Line]) -> Line:
        """The product, as one node; constants are pulled in front of it."""
        scale = prod(part.bias for part in parts if not part.wires)
        factors: list[Line] = []
        for part in (part for part in parts if part.wires):
            own, lines = _factors(part)
            scale *= own
            factors += lines
        if not factors or scale == 0:
            return Line(scale)
        return scaled(factors[0], scale) if len(factors) == 1 else straight(Gate(tuple(factors)), scale)

    def apply(self, form: Form, argument: Line) -> Line:
        """f(argument): one wire, from a node of its own where the argument is more than a u + b."""
        if len(argument.wires) == 0:
            with np.errstate(all="ignore"):
                return Line(float(form.numpy(np.array([argument.bias]))[0]))
        if form.name == "x":
            return argument
        if form.name == "0":
            return Line(0.0)
        if len(argument.wires) > 1:
            return Line(0.0, (Wire(form, Gate((settled(argument),))),))
        wire = argument.wires[0]
        source = wire.source if is_straight(wire) else Gate((Line(0.0, (replace(wire, c=1.0),)),))
        return Line(0.0, (Wire(form, source, wire.c, argument.bias),))

    def power(self, base: Line, exponent: Scalar) -> Line:
        """base ** exponent by the form for it, else as exp(exponent log base), else by an own form."""
        p = float(exponent)
        if not base.wires:
            with np.errstate(all="ignore"):
                return Line(float(np.power(base.bias, p)))
        if p == 0:
            return Line(1.0)
        form = POWERS.get(p)
        if form is not None:
            return self.apply(form, base)
        if p != int(p) and (line_values(base, self.inputs) > 0).all():
            return self.apply(get("exp"), scaled(self.apply(get("log"), base), p))
        return self.apply(resolve(f"x**({int(p) if p == int(p) else p})"), base)


def _factors(line: Line) -> tuple[float, tuple[Line, ...]]:
    """A factor as a number times lines; those of a product node come one by one."""
    if line.bias != 0 or len(line.wires) != 1:
        return 1.0, (settled(line),)
    (wire,) = line.wires
    if is_straight(wire) and isinstance(wire.source, Gate) and len(wire.source.lines) > 1:
        return wire.c, wire.source.lines
    return wire.c, (Line(0.0, (replace(wire, c=1.0),)),)


def heights(tops: Sequence[Gate]) -> Mapping[Gate, int]:
    """How many layers of edges each gate needs."""
    found: dict[Gate, int] = {}

    def height(source: Source) -> int:
        if isinstance(source, int):
            return 0
        if source not in found:
            sources = [wire.source for line in source.lines for wire in line.wires]
            found[source] = 1 + max((height(part) for part in sources), default=0)
        return found[source]

    for top in tops:
        height(top)
    return found

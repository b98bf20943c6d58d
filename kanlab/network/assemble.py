"""From wires to a network: every gate becomes a node, as early as it can, and every wire a symbolic edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

import numpy as np

from .._typing import Array
from ..errors import FormError
from ..forms import get
from ..kernels import EdgeForm, LayerArrays, NetworkArrays, trace_layers
from ..splines import uniform_knots
from .network import KAN
from .scaling import Scaling
from .spec import NetworkSpec, Width
from .wiring import Gate, Line, Source, Wire, heights, is_straight, line_values, scaled, settled

NEAR_ZERO = 3.0
"""A column whose center is within so many half-ranges of 0 is not shifted: log and 1/x would lose digits near 0."""
MARGIN = 0.05
LARGE = 16.0
"""Values of a hidden node that are beyond this, or below its inverse, are scaled."""


@dataclass(frozen=True)
class Grid:
    """Order, intervals and base function of all layers, for edges that will be splines."""

    order: int = 3
    intervals: int = 5
    base: str = "silu"


@dataclass(frozen=True)
class _Unit:
    """value = scale * network value + center."""

    scale: float = 1.0
    center: float = 0.0


@dataclass(frozen=True)
class _Node:
    """A node in place: what it stands for (None: an output), what arrives at it, and its units.

    Attributes:
        carried: the network value of `source` goes through unchanged.
        sizes: what each line is divided by.
    """

    source: Source | None
    lines: tuple[Line, ...]
    unit: _Unit
    sizes: tuple[float, ...]
    center: float = 0.0
    carried: bool = False


def assemble(outputs: Sequence[Line], inputs: Array, targets: Array, grid: Grid | None = None) -> KAN:
    """The network with these outputs, as shallow as they allow, whose edges are all symbolic.

    Hidden nodes come in units in which they are not far from 1 and grids lie on what nodes see, so that any edge can be
    released into a spline. All scales are powers of two: reading the network off gives the constants back.

    Args:
        outputs: one line for each target, in the user's units.
        inputs: rows [N, n].
        targets: [N, m]; their mean and spread are the network's units.
        grid: for edges that are released later.

    Raises:
        FormError: an output is not a finite number on some row.
    """
    _refuse_undefined(outputs, inputs)
    products = [_product_of(line) for line in outputs]
    gates = [gate for gate in products if gate is not None]
    only_products = len(gates) == len(products)
    scaling = _scaling(inputs, targets, shift=not only_products)
    tops = gates if only_products else [Gate((settled(line),)) for line in outputs]
    out = [
        _output(gate, line, float(scale), float(center), inputs)
        for gate, line, scale, center in zip(
            tops, outputs, scaling.output_scale, scaling.output_center, strict=True
        )
    ]
    columns = [
        _Node(index, (), _Unit(float(scale), float(center)), ())
        for index, (scale, center) in enumerate(zip(scaling.input_scale, scaling.input_center, strict=True))
    ]
    levels = _levels(tops, out, columns, inputs)
    widths = tuple(_width(level) for level in levels)
    grid = grid or Grid()
    layers = len(widths) - 1
    # the checks of a specification are those of the numbers that came
    NetworkSpec(widths, (grid.order,) * layers, (grid.intervals,) * layers, (grid.base,) * layers)
    arrays = NetworkArrays(tuple(_layer(before, after, grid) for before, after in pairwise(levels)))
    return KAN.from_arrays(_on_grids(arrays, scaling.scale_inputs(inputs)), scaling=scaling)


def _refuse_undefined(outputs: Sequence[Line], inputs: Array) -> None:
    for line in outputs:
        bad = np.flatnonzero(~np.isfinite(line_values(line, inputs)))
        if len(bad):
            raise FormError(
                f"The formula is not a finite number on {len(bad)} of {len(inputs)} rows, first on row {bad[0] + 1}; "
                "leave these rows out, or give ranges on which it is defined."
            )


def _product_of(line: Line) -> Gate | None:
    """The product node that a line is a multiple of."""
    if line.bias != 0 or len(line.wires) != 1 or not is_straight(line.wires[0]):
        return None
    gate = line.wires[0].source
    return gate if isinstance(gate, Gate) and len(gate.lines) > 1 else None


def _scaling(inputs: Array, targets: Array, *, shift: bool) -> Scaling:
    usual = Scaling.of(inputs, targets)
    center, scale = _unshifted(usual.input_center, usual.input_scale)
    out_center, out_scale = _unshifted(usual.output_center, usual.output_scale)
    if not shift:
        out_center = np.zeros_like(out_center)
    return Scaling(center, _power_of_two(scale), out_center, _power_of_two(out_scale))


def _unshifted(center: Array, scale: Array) -> tuple[Array, Array]:
    near = np.abs(center) <= NEAR_ZERO * scale
    return np.where(near, 0.0, center), np.where(near, np.abs(center) + scale, scale)


def _power_of_two(scale: Array) -> Array:
    return np.exp2(np.round(np.log2(scale)))


def _size(line: Line, inputs: Array) -> float:
    """The power of two next to the largest value, or 1 where that is near 1."""
    values = np.abs(line_values(line, inputs))
    largest = float(np.max(values, where=np.isfinite(values), initial=0.0))
    if largest == 0 or 1 / LARGE <= largest <= LARGE:
        return 1.0
    return float(_power_of_two(np.array(largest)))


def _output(gate: Gate, line: Line, scale: float, center: float, inputs: Array) -> _Node:
    if len(gate.lines) == 1:
        return _Node(None, gate.lines, _Unit(), (scale,), center)
    sizes = [_size(factor, inputs) for factor in gate.lines]
    factor = line.wires[0].c * prod(sizes) / scale
    lines = (scaled(gate.lines[0], factor), *gate.lines[1:])
    return _Node(None, lines, _Unit(), tuple(sizes))


def _levels(
    tops: Sequence[Gate], outputs: list[_Node], columns: list[_Node], inputs: Array
) -> list[list[_Node]]:
    """Nodes level by level, inputs first: what is not used at once is carried on."""
    height = heights(tops)
    levels = [outputs]
    for level in range(max(height.values()) - 1, 0, -1):
        needed = dict.fromkeys(
            wire.source for node in levels[-1] for line in node.lines for wire in line.wires
        )
        nodes = [_placed(source, level, height, columns, inputs) for source in needed]
        levels.append(sorted(nodes, key=lambda node: len(node.lines) > 1))
    return [columns, *reversed(levels)]


def _placed(
    source: Source, level: int, height: Mapping[Gate, int], columns: list[_Node], inputs: Array
) -> _Node:
    if isinstance(source, int):
        return _carried(source, columns[source].unit)
    sizes = tuple(_size(line, inputs) for line in source.lines)
    unit = _Unit(prod(sizes))
    return _Node(source, source.lines, unit, sizes) if height[source] == level else _carried(source, unit)


def _carried(source: Source, unit: _Unit) -> _Node:
    return _Node(source, (Line(0.0, (Wire(get("x"), source),)),), unit, (1.0,), carried=True)


def _width(level: list[_Node]) -> Width:
    arities = tuple(len(node.lines) for node in level if len(node.lines) > 1)
    return Width(len(level) - len(arities), arities)


def _layer(before: list[_Node], after: list[_Node], grid: Grid) -> LayerArrays:
    place = {node.source: (index, node.unit) for index, node in enumerate(before)}
    subnodes = [
        (node, line, size) for node in after for line, size in zip(node.lines, node.sizes, strict=True)
    ]
    shape = (len(before), len(subnodes))
    affine, bias = np.zeros((*shape, 4)), np.zeros(shape[1])
    forms: list[EdgeForm] = []
    for target, (node, line, size) in enumerate(subnodes):
        bias[target] = (line.bias - node.center) / size
        for wire in line.wires:
            index, unit = place[wire.source]
            (a, b, c), shift = _edge(wire, _Unit() if node.carried else unit)
            affine[index, target, :3] = (a, b, c / size)
            bias[target] += shift / size
            forms.append(EdgeForm(index, target, wire.form))
    forms.sort(key=lambda edge: (edge.source, edge.target))
    ones = np.ones(shape[0])
    return LayerArrays(
        order=grid.order,
        knots=uniform_knots(-ones, ones, grid.intervals, grid.order),
        coefficients=np.zeros((shape[0], grid.intervals + grid.order, shape[1])),
        base_scale=np.zeros(shape),
        bias=bias,
        affine=affine,
        splines=np.zeros(shape, dtype=np.bool_),
        locked=np.zeros(shape, dtype=np.bool_),
        forms=tuple(forms),
        base=grid.base,
        products=_width(after).products,
    )


def _edge(wire: Wire, unit: _Unit) -> tuple[tuple[float, float, float], float]:
    """(a, b, c) of the edge from a source in its units, and what it adds to the bias."""
    if is_straight(wire):
        return (1.0, 0.0, wire.c * unit.scale), wire.c * unit.center
    return (wire.a * unit.scale, wire.b + wire.a * unit.center, wire.c), 0.0


def _on_grids(arrays: NetworkArrays, inputs: Array) -> NetworkArrays:
    """The grids of the inputs on their range, those of hidden nodes with a margin."""
    layers: list[LayerArrays] = []
    with np.errstate(all="ignore"):
        seen = trace_layers(inputs, arrays)
    for number, layer in enumerate(arrays.layers):
        values = seen[number].inputs
        finite = np.isfinite(values)
        low = np.min(values, axis=0, where=finite, initial=np.inf)
        high = np.max(values, axis=0, where=finite, initial=-np.inf)
        flat = ~(high - low > 1e-12 * np.maximum(1.0, np.abs(high)))
        low, high = np.where(flat, low - 0.5, low), np.where(flat, high + 0.5, high)
        margin = MARGIN * (high - low) if number else np.zeros_like(low)
        knots = uniform_knots(low - margin, high + margin, layer.intervals, layer.order)
        layers.append(replace(layer, knots=knots))
    return replace(arrays, layers=tuple(layers))

"""How wires are laid out: levels, units and grids."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.errors import ShapeError
from kanlab.network import KAN, trace
from kanlab.network.assemble import Grid, assemble
from kanlab.network.wiring import Line, straight
from tests.networks import miss

BOX = {"a": (1e5, 3e5), "b": (1e-4, 4e-4), "c": (1.0, 2.0)}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a + b + c", "[3, 1]"),
        ("exp(c)*log(a)*b", "[3, (0, [3])]"),
        ("sin(c + log(a)) + b", "[3, 2, 1]"),
        ("exp(-b)*sin(exp(-b)) + 1", "[3, 2, (0, 1), 1]"),
        ("a*(b*(c*(a*b)))", "[3, (0, [5])]"),
        ("a*(b + 1/a)*c + c", "[3, (1, [3]), 1]"),
        ("(a*b + c)*c", "[3, (1, 1), (0, 1)]"),
    ],
)
def test_depth_and_width(text: str, shape: str) -> None:
    assert str(KAN.from_formula(text, BOX).spec) == shape


@pytest.mark.parametrize(
    "text", ["sin(1e4*a*b) + a**2/1e10", "log(a**3*b**2 + 1e9) + c", "(a + 1e5)**2*(b + 1e-3)*c"]
)
def test_nodes_are_in_units_near_one(text: str) -> None:
    network = KAN.from_formula(text, BOX)
    low, high = np.array(list(BOX.values())).T
    rows = np.random.default_rng(0).uniform(low, high, (200, 3))
    for layer in trace(network, rows).layers:
        largest = np.abs(layer.inputs).max(axis=0)
        assert largest.min() > 0.03
        assert largest.max() < 32
    for layer, seen in zip(network.arrays().layers, trace(network, rows).layers, strict=True):
        k = layer.order
        assert (layer.knots[:, k] <= seen.inputs.min(axis=0)).all()
        assert (layer.knots[:, -k - 1] >= seen.inputs.max(axis=0)).all()


def test_a_part_that_is_used_twice_is_one_node() -> None:
    network = KAN.from_formula("exp(a*b)*sin(a*b) + c", BOX)
    assert network.spec.widths[1].products == (2,)


def test_spline_options_are_checked() -> None:
    rows = np.linspace(0, 1, 10)[:, None]
    with pytest.raises(ShapeError, match="spline order is 0"):
        assemble([straight(0)], rows, rows, Grid(order=0))
    with pytest.raises(ShapeError, match="base function"):
        assemble([straight(0)], rows, rows, Grid(base="sigma"))
    assert miss(assemble([Line(2.0)], rows, rows).predict(rows), np.full((10, 1), 2.0)) <= 1e-15

"""Positions of the diagram: nothing overlaps, everything is inside, inputs are at the bottom."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from kanlab.network import EdgeId, NetworkSpec, NodeId
from kanlab.report.layout import layout, target_node, text_width
from kanlab.report.place import share, spread
from kanlab.report.shapes import Layout, Skeleton

SHAPES: tuple[list[Any], ...] = (
    [1, 1],
    [2, 5, 1],
    [2, 1, 1],
    [4, 5, 5, 1],
    [17, 1, 1],
    [17, 5, 1],
    [3, (2, 2), 1],
    [3, (0, [3]), (1, [2])],
    [2, 2],
)


def skeleton(shape: list[Any], *, form: str = "", keep: int = 1, inputs: tuple[str, ...] = ()) -> Skeleton:
    """Every `keep`-th edge of the shape."""
    widths = NetworkSpec.of(shape).widths
    edges = [
        EdgeId(depth, i, j)
        for depth, (before, after) in enumerate(pairwise(widths))
        for i in range(before.nodes)
        for j in range(after.subnodes)
    ]
    names = inputs or tuple(f"x{i}" for i in range(widths[0].nodes))
    outputs = tuple(f"y{i}" for i in range(widths[-1].nodes))
    return Skeleton(widths, dict.fromkeys(edges[::keep], form), names, outputs)


def check(made: Layout) -> None:
    """No two frames touch, and all that is drawn lies in the picture."""
    for a, b in combinations(made.edges, 2):
        apart = (
            abs(a.at.x - b.at.x) >= (a.width + b.width) / 2,
            abs(a.at.y - b.at.y) >= (a.height + b.height) / 2,
        )
        assert any(apart), (a.id, b.id)
    for box in made.edges:
        assert box.width / 2 <= box.at.x <= made.width - box.width / 2
        assert box.end.y < box.at.y - box.height / 2
        assert box.start.y > box.at.y + box.height / 2
    for node in made.nodes:
        assert node.radius <= node.at.x <= made.width - node.radius
        assert node.radius <= node.at.y <= made.height - node.radius
    for label in [box.label for box in (*made.nodes, *made.edges) if box.label]:
        assert 0 <= label.at.x <= made.width
        assert 0 <= label.at.y <= made.height


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("form", ["", "arctan"])
@pytest.mark.parametrize("keep", [1, 3])
def test_nothing_overlaps(shape: list[Any], form: str, keep: int) -> None:
    made = layout(skeleton(shape, form=form, keep=keep))
    check(made)
    spec = NetworkSpec.of(shape)
    assert len(made.nodes) == sum(width.nodes for width in spec.widths)


def test_inputs_are_at_the_bottom_and_outputs_at_the_top() -> None:
    made = layout(skeleton([4, 5, 5, 1]))
    levels = [next(node.at.y for node in made.nodes if node.id.layer == depth) for depth in range(4)]
    assert levels == sorted(levels, reverse=True)
    for node in made.nodes:
        assert node.at.y == pytest.approx(levels[node.id.layer])


def test_upper_wires_do_not_cross() -> None:
    made = layout(skeleton([4, 5, 5, 1]))
    for depth in range(3):
        row = sorted((box for box in made.edges if box.id.layer == depth), key=lambda box: box.at.x)
        assert [box.end.x for box in row] == sorted(box.end.x for box in row)


def test_a_node_of_its_own_stands_straight_below_its_frame() -> None:
    made = layout(skeleton([2, 1, 1]))
    for box in made.edges:
        assert box.at.x == pytest.approx(box.start.x)


def test_factors_that_are_sums_meet_before_the_product() -> None:
    made = layout(skeleton([3, (1, 2), 1]))
    assert len(made.joints) == 4
    products = {node.at: node for node in made.nodes if node.kind == "product"}
    assert {joint.to for joint in made.joints} == set(products)
    assert not layout(skeleton([2, 3, 1])).joints


def test_unused_inputs_stay_and_say_so() -> None:
    widths = NetworkSpec.of([3, 1]).widths
    made = layout(Skeleton(widths, {EdgeId(0, 1, 0): ""}, ("a", "b", "c"), ("y",)))
    assert [node.used for node in made.nodes] == [False, True, False, True]
    assert [node.label.text for node in made.nodes if node.label] == ["a", "b", "c", "y"]


def test_a_network_without_edges_can_be_drawn() -> None:
    made = layout(Skeleton(NetworkSpec.of([2, 1, 1]).widths, {}, ("a", "b"), ("y",)))
    check(made)
    assert not made.edges


def test_long_names_are_tilted_and_short_ones_are_not() -> None:
    names = tuple(f"longitudinal translation {index}" for index in range(17))
    tilted = layout(skeleton([17, 1, 1], inputs=names))
    assert {node.label.angle for node in tilted.nodes if node.id.layer == 0 and node.label} == {40.0}
    first = next(node for node in tilted.nodes if node.id == NodeId(0, 0))
    assert first.at.x > 0.6 * text_width(names[0], 12)  # it runs to the left, and there is room for it
    assert all(node.label.angle == 0 for node in layout(skeleton([4, 1])).nodes if node.label)


def test_target_node() -> None:
    width = NetworkSpec.of([1, (2, [2, 3])]).widths[1]
    assert [target_node(width, subnode) for subnode in range(7)] == [0, 1, 2, 2, 3, 3, 3]
    with pytest.raises(IndexError):
        target_node(width, 7)


SLOTS = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 30)), min_size=1, max_size=12)


@given(SLOTS)
def test_spread_is_isotonic_regression(slots: list[tuple[float, float]]) -> None:
    wishes, sizes = (np.array(column) for column in zip(*slots, strict=True))
    before = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    truth = isotonic_regression(wishes - sizes / 2 - before).x + before + sizes / 2
    assert np.allclose(spread(list(wishes), list(sizes)), truth, atol=1e-9)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=9))
def test_share_fills_the_length(weights: list[float]) -> None:
    middles = share(weights, 50.0)
    halves = [25.0 * weight / sum(weights) for weight in weights]
    assert middles[0] == pytest.approx(halves[0])
    assert middles[-1] == pytest.approx(50 - halves[-1])
    for (a, b), (ha, hb) in zip(pairwise(middles), pairwise(halves), strict=True):
        assert b - a == pytest.approx(ha + hb)

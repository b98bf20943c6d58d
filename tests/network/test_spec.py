"""Shapes as people type them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.errors import ShapeError
from kanlab.kernels import BASE_FUNCTIONS
from kanlab.network import KAN, NetworkSpec, Width

WIDTHS = st.one_of(
    st.integers(1, 9),
    st.tuples(st.integers(0, 5), st.integers(1, 3)),
    st.tuples(st.integers(0, 5), st.lists(st.integers(2, 4), min_size=1, max_size=3)),
)


@pytest.mark.parametrize(
    ("shape", "widths", "text"),
    [
        ([2, 5, 1], (Width(2), Width(5), Width(1)), "[2, 5, 1]"),
        ((4, 1), (Width(4), Width(1)), "[4, 1]"),
        ([2, (3, 2), 1], (Width(2), Width(3, (2, 2)), Width(1)), "[2, (3, 2), 1]"),
        ([2, [3, 2], 1], (Width(2), Width(3, (2, 2)), Width(1)), "[2, (3, 2), 1]"),
        ([2, (0, [2, 3]), 1], (Width(2), Width(0, (2, 3)), Width(1)), "[2, (0, [2, 3]), 1]"),
        ([2, (3, 0), 1], (Width(2), Width(3), Width(1)), "[2, 3, 1]"),
    ],
)
def test_the_short_notation(shape: Any, widths: tuple[Width, ...], text: str) -> None:
    spec = NetworkSpec.of(shape)
    assert spec.widths == widths
    assert str(spec) == text
    assert spec.intervals == (5,) * (len(widths) - 1)
    assert (spec.inputs, spec.outputs) == (widths[0].nodes, widths[-1].nodes)


def test_nodes_and_subnodes() -> None:
    width = Width(3, (2, 4))
    assert (width.nodes, width.subnodes) == (5, 9)


@given(hidden=st.lists(WIDTHS, max_size=4), order=st.integers(1, 10), data=st.data())
def test_json_and_text_give_the_spec_back(hidden: list[Any], order: int, data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(1, 50), min_size=len(hidden) + 1, max_size=len(hidden) + 1))
    base = data.draw(st.sampled_from(list(BASE_FUNCTIONS)))
    spec = NetworkSpec.of([2, *hidden, 1], order=order, intervals=counts, base=base)
    assert NetworkSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
    assert NetworkSpec.of(json.loads(str(spec).replace("(", "[").replace(")", "]"))).widths == spec.widths


@given(hidden=st.lists(WIDTHS, max_size=2), order=st.integers(1, 5))
def test_a_network_is_what_its_spec_says(hidden: list[Any], order: int) -> None:
    spec = NetworkSpec.of([2, *hidden, 1], order=order, intervals=3)
    assert KAN(spec).spec == spec


def test_order_and_base_are_those_of_all_layers_or_one_for_each() -> None:
    spec = NetworkSpec.of([2, 3, 1], order=[3, 2], intervals=[4, 6], base=["silu", "tanh"])
    assert (spec.order, spec.intervals, spec.base) == ((3, 2), (4, 6), ("silu", "tanh"))
    assert KAN(spec).spec == spec
    assert NetworkSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
    same = NetworkSpec.of([2, 3, 1], order=2, base="zero")
    assert (same.order, same.base) == ((2, 2), ("zero", "zero"))


def test_a_record_with_one_order_and_one_base_is_read() -> None:
    record = {"widths": [[2, []], [3, []], [1, []]], "order": 2, "intervals": [5, 5], "base": "identity"}
    spec = NetworkSpec.from_json(record)
    assert spec == NetworkSpec.of([2, 3, 1], order=2, base="identity")
    assert spec.to_json() == record  # and an earlier version reads what has one value


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"shape": "251"}, "'251'"),
    ({"shape": 5}, "5"),
    ({"shape": None}, "None"),
    ({"shape": []}, "[]"),
    ({"shape": [2]}, "[2]"),
    ({"shape": [2, 0, 1]}, "holds 0"),
    ({"shape": [2, -3, 1]}, "holds -3"),
    ({"shape": [2, 2.5, 1]}, "holds 2.5"),
    ({"shape": [2, True, 1]}, "holds True"),
    ({"shape": [2, "5", 1]}, "holds '5'"),
    ({"shape": [2, None, 1]}, "holds None"),
    ({"shape": [2, (1, 2, 3), 1]}, "holds (1, 2, 3)"),
    ({"shape": [2, (0, 0), 1]}, "holds (0, 0)"),
    ({"shape": [2, (1, [1]), 1]}, "holds (1, [1])"),
    ({"shape": [2, (1, -1), 1]}, "holds (1, -1)"),
    ({"shape": [2, (-1, 2), 1]}, "holds (-1, 2)"),
    ({"shape": [2, (1, 2.0), 1]}, "holds (1, 2.0)"),
    ({"shape": [2, (1, "2"), 1]}, "holds (1, '2')"),
    ({"shape": [2, (True, 2), 1]}, "holds (True, 2)"),
    ({"shape": [2, 10_001, 1]}, "holds 10001"),
    ({"shape": [(1, 1), 5, 1]}, "number of inputs"),
    ({"shape": [2, 5, 1], "order": 0}, "order is 0"),
    ({"shape": [2, 5, 1], "order": 11}, "order is 11"),
    ({"shape": [2, 5, 1], "order": 2.5}, "order is 2.5"),
    ({"shape": [2, 5, 1], "order": [3]}, "1 orders for 2 layers"),
    ({"shape": [2, 5, 1], "order": [3, 0]}, "order is 0"),
    ({"shape": [2, 5, 1], "base": ["silu"] * 3}, "3 base functions for 2 layers"),
    ({"shape": [2, 5, 1], "base": ["silu", 3]}, "base function 3"),
    ({"shape": [2, 5, 1], "intervals": 0}, "(0, 0)"),
    ({"shape": [2, 5, 1], "intervals": [5, 5, 5]}, "3 interval counts for 2 layers"),
    ({"shape": [2, 5, 1], "intervals": [5, 5001]}, "(5, 5001)"),
    ({"shape": [2, 5, 1], "intervals": 2.5}, "2.5"),
    ({"shape": [2, 5, 1], "intervals": "ab"}, "'a', 'b'"),
    ({"shape": [2, 5, 1], "base": "sily"}, "Did you mean 'silu'?"),
]


@pytest.mark.parametrize(("given_", "part"), REFUSED, ids=[str(case[0]) for case in REFUSED])
def test_what_is_no_shape_is_refused_in_one_sentence(given_: dict[str, Any], part: str) -> None:
    with pytest.raises(ShapeError) as caught:
        NetworkSpec.of(given_.pop("shape"), **given_)
    text = str(caught.value)
    assert part in text
    assert "\n" not in text
    assert text[0].isupper()
    assert text[-1] in ".?"

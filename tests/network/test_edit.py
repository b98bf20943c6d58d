"""Edits give a new network, keep what can be kept, and leave the old one bit for bit as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.errors import KanlabError, ShapeError
from kanlab.forms import get
from kanlab.network import (
    KAN,
    EdgeId,
    NodeId,
    lock_edge,
    refine,
    release_edge,
    remove_edges,
    remove_node,
    set_form,
    to_record,
    trace,
)
from kanlab.network.compact import active_edges, cut, drop_dead_nodes, incoming, outgoing
from kanlab.network.edit import edge_status
from tests.networks import SEEDS, SHAPES, all_edges, miss, random_inputs, random_network


def bits(network: KAN) -> dict[str, bytes]:
    record, tensors = to_record(network)
    return {"": repr(record).encode(), **{name: values.tobytes() for name, values in tensors.items()}}


@given(shape=st.sampled_from(SHAPES), seed=SEEDS, data=st.data())
@settings(max_examples=60)
def test_no_edit_changes_an_earlier_network(shape: list[Any], seed: int, data: st.DataObject) -> None:
    network = random_network(shape, seed, forms=0.2, intervals=3)
    inputs = random_inputs(network, seed)
    history = [(network, bits(network))]
    for _ in range(data.draw(st.integers(1, 6))):
        edge = data.draw(st.sampled_from(all_edges(network)))
        kind = data.draw(st.sampled_from(["remove", "form", "release", "lock", "refine", "node"]))
        try:
            match kind:
                case "remove":
                    network = remove_edges(network, [edge], inputs)
                case "form":
                    network = set_form(network, edge, get("sin"), (1.0, 0.5, 0.3, 0.2))
                case "release":
                    network = release_edge(network, edge)
                case "lock":
                    network = lock_edge(network, edge, data.draw(st.booleans()))
                case "refine":
                    network = refine(network, max(network.spec.intervals) + 2)
                case _:
                    network = remove_node(network, NodeId(edge.layer, edge.source), inputs)
        except ShapeError:
            continue
        assert network is not history[-1][0]
        history.append((network, bits(network)))
        # the edited network is whole
        assert network.predict(inputs).shape == (len(inputs), network.spec.outputs)
        with torch.no_grad():
            assert miss(network(torch.from_numpy(inputs)).numpy(), network.predict(inputs)) <= 1e-10
    for earlier, before in history:
        assert bits(earlier) == before


@given(shape=st.sampled_from([[1, 1], [3, 1], [4, 2]]), seed=SEEDS)
@settings(max_examples=30)
def test_a_removed_edge_leaves_its_mean(shape: list[Any], seed: int) -> None:
    network = random_network(shape, seed, forms=0.3)
    inputs = random_inputs(network, seed)
    edge = all_edges(network)[seed % len(all_edges(network))]
    before, values = (
        network.predict(inputs),
        trace(network, inputs).layers[0].edges[:, edge.source, edge.target],
    )
    after = remove_edges(network, [edge], inputs).predict(inputs)
    size = max(1.0, float(np.abs(before).max()))
    assert np.abs(after.mean(axis=0) - before.mean(axis=0)).max() <= 1e-13 * size
    # what is lost is the variation of that edge, no more
    lost = before - after
    wanted = np.zeros_like(lost)
    wanted[:, edge.target] = values - values.mean()
    assert np.abs(lost - wanted).max() <= 1e-12 * size


def test_an_edge_that_hardly_moves_costs_hardly_anything() -> None:
    network = random_network([2, 3, 1], 4)
    inputs = random_inputs(network, 4, 200)
    arrays = network.arrays()
    arrays.layers[0].coefficients[1, :, 2] *= 1e-6
    arrays.layers[0].base_scale[1, 2] *= 1e-6
    arrays.layers[0].coefficients[1, :, 2] += 0.7  # large, but constant
    before = network.predict(inputs)
    after = remove_edges(network, [EdgeId(0, 1, 2)], inputs).predict(inputs)
    assert np.abs(after - before).max() <= 1e-5


@given(shape=st.sampled_from(SHAPES), order=st.integers(1, 5), seed=SEEDS)
@settings(max_examples=25)
def test_refinement_keeps_the_function(shape: list[Any], order: int, seed: int) -> None:
    network = random_network(shape, seed, order=order, intervals=5, forms=0.2)
    inputs = random_inputs(network, seed, 50)  # those that the grids were laid on
    wanted = network.predict(inputs)
    for intervals in (10, 20, 50):
        network = refine(network, intervals)
        assert network.spec.intervals == (intervals,) * (len(shape) - 1)
        # depth and high orders add rounding; measured at most 2e-13
        assert np.abs(network.predict(inputs) - wanted).max() <= 1e-12 * max(1.0, np.abs(wanted).max())


def test_refinement_leaves_layers_that_are_finer_already() -> None:
    network = random_network([2, 3, 1], 0, intervals=5)
    once = refine(network, 8)
    assert refine(once, 9).spec.intervals == (9, 9)
    for wrong in (8, 3, 0, -1, 5001):
        with pytest.raises(ShapeError, match="cannot be refined"):
            refine(once, wrong)


@pytest.mark.parametrize("name", ["sin", "exp", "x^3", "tanh"])
def test_release_draws_the_form_as_a_spline(name: str) -> None:
    network = random_network([1, 1], 1, order=3, intervals=20)
    fixed = set_form(network, EdgeId(0, 0, 0), get(name), (2.0, 0.3, 0.7, 0.4))
    assert edge_status(fixed, EdgeId(0, 0, 0)) == "form"
    inputs = random_inputs(network, 1, 200)
    wanted = get(name).numpy(2 * inputs + 0.3) * 0.7 + 0.4 + network.arrays().layers[0].bias
    assert np.abs(fixed.predict(inputs) - wanted).max() <= 1e-14 * np.abs(wanted).max() + 1e-14
    released = release_edge(fixed, EdgeId(0, 0, 0))
    assert edge_status(released, EdgeId(0, 0, 0)) == "spline"
    # a cubic spline on 20 intervals; measured 2e-6
    assert np.abs(released.predict(inputs) - wanted).max() <= 2e-5 * np.abs(wanted).max()


def test_release_of_a_form_that_is_defined_on_a_part_of_the_grid_only() -> None:
    network = set_form(random_network([1, 1], 1), EdgeId(0, 0, 0), get("log"), (1.0, 0.0, 1.0, 0.0))
    assert np.isfinite(release_edge(network, EdgeId(0, 0, 0)).predict(np.linspace(-1, 1, 9)[:, None])).all()


def test_what_was_set_can_be_set_again_and_removed() -> None:
    network = random_network([2, 2, 1], 2)
    inputs = random_inputs(network, 2)
    edge = EdgeId(0, 1, 0)
    once = set_form(network, edge, get("sin"), (1.0, 0.0, 1.0, 0.0))
    twice = set_form(once, edge, get("exp"), (0.5, 0.0, 1.0, 0.0))
    assert [held.form.name for held in twice.arrays().layers[0].forms] == ["exp"]
    gone = remove_edges(twice, [edge], inputs)
    assert edge_status(gone, edge) == "removed"
    assert not gone.arrays().layers[0].forms
    back = set_form(gone, edge, get("sin"), (1.0, 0.0, 1.0, 0.0))
    assert edge_status(back, edge) == "form"


@given(
    shape=st.sampled_from([[2, 3, 1], [2, (1, 2), 1], [2, 3, 2, 1], [3, (0, [3]), 2]]),
    seed=SEEDS,
    data=st.data(),
)
@settings(max_examples=60)
def test_dropping_dead_nodes_keeps_the_function(shape: list[Any], seed: int, data: st.DataObject) -> None:
    network = random_network(shape, seed, forms=0.2)
    inputs = random_inputs(network, seed)
    wanted = data.draw(st.lists(st.sampled_from(all_edges(network)), max_size=7, unique=True))
    means = dict.fromkeys(wanted, 0.1)
    arrays = cut(network.arrays(), means)
    before = network.replace(arrays).predict(inputs)
    smaller = drop_dead_nodes(arrays, inputs)
    assert np.abs(network.replace(smaller).predict(inputs) - before).max() <= 1e-12 * max(
        1.0, np.abs(before).max()
    )
    for depth in range(1, len(smaller.layers)):
        nodes = smaller.layers[depth].inputs
        for q in range(nodes):
            node = NodeId(depth, q)
            alive = bool(incoming(smaller, node)) and bool(outgoing(smaller, node))
            assert alive or nodes == 1  # a layer keeps at least one node


def test_product_nodes_lose_their_subnodes_with_them() -> None:
    network = random_network([2, (1, [2, 3]), 1], 6)
    inputs = random_inputs(network, 6)
    smaller = remove_node(network, NodeId(1, 1), inputs)
    layer = smaller.arrays().layers[0]
    assert (layer.sums, layer.products, layer.outputs) == (1, (3,), 4)
    assert str(smaller.spec) == "[2, (1, [3]), 1]"
    lost = trace(network, inputs).layers[1].edges[:, 1, 0]
    change = network.predict(inputs)[:, 0] - smaller.predict(inputs)[:, 0]
    assert np.abs(change - (lost - lost.mean())).max() <= 1e-12


def test_an_input_that_is_removed_stays_a_column() -> None:
    network = remove_node(random_network([3, 2, 1], 1), NodeId(0, 1), np.zeros((4, 3)))
    assert network.spec.inputs == 3
    assert not active_edges(network.arrays().layers[0])[1].any()
    inputs = random_inputs(network, 0)
    other = inputs.copy()
    other[:, 1] = 0.123
    assert np.array_equal(network.predict(inputs), network.predict(other))


@pytest.mark.parametrize("edge", [(0, 0, 9), (0, 5, 0), (7, 0, 0), (-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_edges_that_do_not_exist_are_refused(edge: tuple[int, int, int]) -> None:
    network = random_network([2, 3, 1], 0)
    inputs = random_inputs(network, 0)
    for edit in (
        lambda: remove_edges(network, [EdgeId(*edge)], inputs),
        lambda: set_form(network, EdgeId(*edge), get("sin"), (1.0, 0.0, 1.0, 0.0)),
        lambda: release_edge(network, EdgeId(*edge)),
        lambda: lock_edge(network, EdgeId(*edge)),
        lambda: edge_status(network, EdgeId(*edge)),
    ):
        with pytest.raises(ShapeError, match="no edge"):
            edit()


@pytest.mark.parametrize("node", [(2, 0), (1, 3), (-1, 0), (0, -1), (5, 5)])
def test_nodes_that_cannot_go_are_refused(node: tuple[int, int]) -> None:
    network = random_network([2, 3, 1], 0)
    with pytest.raises(ShapeError, match="no node"):
        remove_node(network, NodeId(*node), random_inputs(network, 0))


def test_a_spline_cannot_be_released() -> None:
    with pytest.raises(KanlabError, match="not symbolic"):
        release_edge(random_network([1, 1], 0), EdgeId(0, 0, 0))

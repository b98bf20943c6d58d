"""Scores obey their identities, whatever the network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.forms import get
from kanlab.kernels import NetworkArrays
from kanlab.network import EdgeId, remove_edges, set_form, trace
from kanlab.network.compact import cut
from kanlab.sparsity import attribution
from tests.networks import SEEDS, SHAPES, random_inputs, random_network


@given(shape=st.sampled_from(SHAPES), forms=st.sampled_from([0.0, 0.4]), seed=SEEDS)
@settings(max_examples=40)
def test_scores_follow_their_definition(shape: list[Any], forms: float, seed: int) -> None:
    network = random_network(shape, seed, forms=forms)
    inputs = random_inputs(network, seed, 60)
    scores, seen = attribution(network, inputs), trace(network, inputs)
    assert scores.nodes[-1].sum() == pytest.approx(1.0, abs=1e-12)
    assert scores.features is scores.nodes[0]
    assert len(scores.edges) == len(scores.nodes) - 1 == len(seen.layers)
    for number, (layer, record) in enumerate(zip(network.arrays().layers, seen.layers, strict=True)):
        assert np.abs(scores.edges[number].sum(axis=1) - scores.nodes[number]).max() <= 1e-12
        subnode = 0
        for node in range(layer.sums + len(layer.products)):
            arity = 1 if node < layer.sums else layer.products[node - layer.sums]
            for j in range(subnode, subnode + arity):
                spread = record.subnodes[:, j].std()
                if spread > 1e-9:
                    wanted = scores.nodes[number + 1][node] * record.edges[:, :, j].std(axis=0) / spread
                    assert np.abs(scores.edges[number][:, j] - wanted).max() <= 1e-12 * max(1.0, wanted.max())
            subnode += arity


def test_one_output_has_score_one_and_an_only_path_keeps_it() -> None:
    network = random_network([1, 1, 1], 3)
    scores = attribution(network, random_inputs(network, 3))
    assert [nodes.tolist() for nodes in scores.nodes] == [pytest.approx([1.0])] * 3


def test_a_large_edge_into_a_dead_branch_scores_nothing() -> None:
    network = random_network([2, 2, 1], 5)
    inputs = random_inputs(network, 5, 100)
    first, second = network.arrays().layers
    loud = NetworkArrays((replace(first, coefficients=1e3 * first.coefficients), second))
    dead = network.replace(cut(loud, {EdgeId(1, 0, 0): 0.0}))
    scores = attribution(dead, inputs)
    assert trace(dead, inputs).layers[0].edges[:, :, 0].std() > 10
    assert not scores.edges[0][:, 0].any()
    assert scores.nodes[1][0] == 0


def test_factors_of_a_product_each_carry_its_whole_score() -> None:
    network = random_network([2, (0, 1), 1], 0)
    for source in range(2):
        for target in range(2):
            c = 1.0 if source == target else 0.0
            network = set_form(network, EdgeId(0, source, target), get("x"), (1.0, 0.0, c, 0.0))
    scores = attribution(network, random_inputs(network, 0, 200))
    assert scores.edges[0] == pytest.approx(np.eye(2), abs=1e-12)


def test_a_constant_network_divides_by_nothing() -> None:
    network = random_network([2, 1], 0)
    inputs = random_inputs(network, 0)
    flat = remove_edges(network, [EdgeId(0, 0, 0), EdgeId(0, 1, 0)], inputs)
    scores = attribution(flat, inputs)
    assert not scores.edges[0].any()
    assert scores.nodes[-1].tolist() == [1.0]


def test_the_trace_at_hand_is_used() -> None:
    network = random_network([2, 3, 1], 1)
    inputs = random_inputs(network, 1)
    plain, given_ = attribution(network, inputs), attribution(network, inputs, seen=trace(network, inputs))
    assert all(np.array_equal(a, b) for a, b in zip(plain.edges, given_.edges, strict=True))

"""Effects and interactions are those of closed forms, and zero where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kanlab.forms import get
from kanlab.network import KAN, EdgeId, NetworkSpec, NodeId, remove_node, set_form
from kanlab.sparsity import attribution, edge_magnitudes, interactions, total_effects
from tests.networks import SEEDS, random_inputs, random_network

ROWS = np.random.default_rng(0).uniform(-1, 1, (2000, 3))


def product() -> KAN:
    """x1 x2 + x3 by one product and one sum node, all of forms; its two parts have the variances 1/9 and 1/3."""
    network = KAN(NetworkSpec.of([3, (1, 1), 1]))
    for source, target, on in ((0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)):
        network = set_form(network, EdgeId(0, source, target), get("x"), (1.0, 0.0, on, 0.0))
    for source in range(2):
        network = set_form(network, EdgeId(1, source, 0), get("x"), (1.0, 0.0, 1.0, 0.0))
    for source in range(3):
        for target in range(3):
            if (source, target) not in {(0, 1), (1, 2), (2, 0)}:
                network = set_form(network, EdgeId(0, source, target), get("x"), (1.0, 0.0, 0.0, 0.0))
    return network


def test_a_product_and_a_sum_have_their_known_shares() -> None:
    network, total = product(), 1 / 9 + 1 / 3
    effects, pairs = total_effects(network, ROWS), interactions(network, ROWS)
    wanted = np.array([1 / 9, 1 / 9, 1 / 3]) / total
    assert np.abs(effects - wanted).max() < 0.03
    assert pairs[0, 1] == pytest.approx(1 / 9 / total, abs=0.03)
    assert np.abs(pairs[[0, 1], 2]).max() < 1e-25
    assert np.array_equal(pairs, pairs.T)
    assert np.array_equal(np.diag(pairs), np.zeros(3))


@given(seed=SEEDS)
@settings(max_examples=15)
def test_a_network_without_hidden_nodes_has_no_interactions(seed: int) -> None:
    network = random_network([4, 2], seed)
    assert interactions(network, random_inputs(network, seed, 60)).max() < 1e-25


@given(seed=SEEDS)
@settings(max_examples=15)
def test_an_input_that_is_cut_off_acts_neither_alone_nor_with_others(seed: int) -> None:
    network = random_network([3, 3, 2], seed)
    inputs = random_inputs(network, seed, 80)
    cut = remove_node(network, NodeId(0, 1), inputs)
    effects, pairs = total_effects(cut, inputs), interactions(cut, inputs)
    assert effects[1] == 0
    assert pairs[1].max() < 1e-25
    assert effects[[0, 2]].min() > 0
    assert pairs[0, 2] > 0
    assert np.array_equal(pairs, interactions(cut, inputs))


def test_constants_have_no_effect() -> None:
    network = random_network([2, 1], 0)
    for source in range(2):
        network = set_form(network, EdgeId(0, source, 0), get("x"), (1.0, 0.0, 0.0, 3.0))
    inputs = random_inputs(network, 0)
    assert total_effects(network, inputs).tolist() == [0, 0]
    assert interactions(network, inputs).tolist() == [[0, 0], [0, 0]]


def test_magnitudes_are_mean_absolute_values() -> None:
    network = set_form(random_network([2, 2, 1], 0), EdgeId(0, 1, 0), get("x"), (1.0, 0.0, 2.0, 0.0))
    inputs = random_inputs(network, 0, 500)
    sizes = edge_magnitudes(network, inputs)
    assert sizes[0][1, 0] == pytest.approx(2 * np.abs(inputs[:, 1]).mean())
    assert [part.shape for part in sizes] == [part.shape for part in attribution(network, inputs).edges]

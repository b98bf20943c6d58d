"""What is read off a network says what the network says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.forms import get
from kanlab.kernels import NetworkArrays
from kanlab.network import EdgeId, Scaling, set_form
from kanlab.symbolic.read_off import has_splines, read_off
from kanlab.symbolic.tree import evaluate, free_values, value_and_slopes
from tests.networks import SEEDS, SHAPES, miss, random_inputs, random_network


@given(shape=st.sampled_from(SHAPES), forms=st.sampled_from([0.5, 1.0]), scaled=st.booleans(), seed=SEEDS)
@settings(max_examples=60)
def test_trees_equal_the_network(shape: list[Any], forms: float, scaled: bool, seed: int) -> None:
    width = shape[0]
    last = shape[-1] if isinstance(shape[-1], int) else shape[-1][0] + len(shape[-1][1])
    scaling = Scaling(np.full(width, 3.0), np.full(width, 0.7), np.full(last, -2.0), np.full(last, 9.0))
    network = random_network(shape, seed, forms=forms, scaling=scaling if scaled else None)
    inputs = random_inputs(network, seed)
    wanted = network.predict(inputs)
    trees = read_off(network)
    assert len(trees) == wanted.shape[1]
    assert has_splines(network) == any(layer.has_splines for layer in network.arrays().layers)
    for output, tree in enumerate(trees):
        assert miss(evaluate(tree, inputs), wanted[:, output]) <= 1e-10


@pytest.mark.parametrize(("offset", "size"), [(1e6, 1.0), (0.0, 1e30), (0.0, 1e-6), (2000.0, 30.0)])
def test_trees_are_in_the_units_of_the_columns(offset: float, size: float) -> None:
    scaling = Scaling(np.full(2, offset), np.full(2, size), np.full(1, 0.0), np.full(1, 1e3))
    for seed in range(20):
        network = random_network([2, 3, 1], seed, forms=1.0, scaling=scaling)
        inputs = random_inputs(network, seed)
        # x = 1e6 + u holds u to 1e-10, and powers of it are not written out
        slack = 1e-10 * max(1.0, offset / size)
        assert miss(evaluate(read_off(network)[0], inputs), network.predict(inputs)[:, 0]) <= slack


def test_spline_edges_stand_as_functions_with_slopes() -> None:
    network = random_network([2, 2, 1], 4, forms=0.4)
    inputs = random_inputs(network, 4)
    tree = read_off(network)[0]
    value, slopes = value_and_slopes(tree, inputs)
    assert miss(value, network.predict(inputs)[:, 0]) <= 1e-10
    assert np.isfinite(slopes).all()


def test_how_high_a_spline_lies_is_no_part_of_the_law() -> None:
    network = set_form(random_network([1, 1, 1], 0), EdgeId(1, 0, 0), get("exp"), (1.0, 0.0, 1.0, 0.0))
    first, last = network.arrays().layers
    # bases sum to one, so that the curve is raised and the bias makes up for it
    raised = replace(first, coefficients=first.coefficients + 15.0, bias=first.bias - 15.0)
    other = network.replace(NetworkArrays((raised, last)))
    inputs = random_inputs(network, 0)
    (one,), (two,) = read_off(network), read_off(other)
    assert miss(evaluate(two, inputs), network.predict(inputs)[:, 0]) <= 1e-10
    assert free_values(two) == pytest.approx(free_values(one), rel=1e-10)

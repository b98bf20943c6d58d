"""Twins are found, and folded into one without a loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab import Dataset, Session
from kanlab.errors import ActionError
from kanlab.forms import get
from kanlab.kernels import NetworkArrays
from kanlab.network import KAN, EdgeId, NodeId, from_pykan, lock_edge, set_form
from kanlab.network.edit import edge_status
from kanlab.network.fold import can_fold, fold_node
from kanlab.sparsity import find_twins, merge_twins
from kanlab.splines import uniform_knots
from kanlab.training import FitOptions, fit
from tests.networks import SEEDS, miss, random_inputs, random_network
from tests.problems import exp_sin_square, rmse
from tests.sentences import refused

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def with_twin(network: KAN, slope: float, offset: float, seed: int) -> KAN:
    """A further node in the first hidden layer, slope * node 0 + offset, with edges and grids of its own."""
    first, second, *rest = network.arrays().layers
    assert not first.products

    def more(array: np.ndarray, factor: float, axis: int) -> np.ndarray:
        return np.concatenate([array, factor * array.take([0], axis=axis)], axis=axis)

    affine = np.concatenate([first.affine, first.affine[:, :1]], axis=1)
    affine[:, -1, 2:] *= slope
    first = replace(
        first,
        coefficients=more(first.coefficients, slope, 2),
        base_scale=more(first.base_scale, slope, 1),
        bias=np.append(first.bias, slope * first.bias[0] + offset),
        affine=affine,
        splines=np.concatenate([first.splines, first.splines[:, :1]], axis=1),
        locked=np.concatenate([first.locked, first.locked[:, :1]], axis=1),
        forms=first.forms
        + tuple(replace(edge, target=first.outputs) for edge in first.forms if edge.target == 0),
    )
    generator = np.random.default_rng(seed)
    ends = second.breaks[0][[0, -1]] * slope + offset + generator.uniform(-0.1, 0.1, 2)
    low, high = np.sort(ends)
    own = uniform_knots(np.array([low]), np.array([high]), second.intervals, second.order)
    second = replace(
        second,
        knots=np.concatenate([second.knots, own]),
        coefficients=np.concatenate(
            [second.coefficients, generator.normal(0, 0.5, (1, second.bases, second.outputs))]
        ),
        base_scale=np.concatenate([second.base_scale, generator.normal(0, 0.5, (1, second.outputs))]),
        affine=np.concatenate([second.affine, np.zeros((1, second.outputs, 4))]),
        splines=np.concatenate([second.splines, np.ones((1, second.outputs), dtype=np.bool_)]),
        locked=np.concatenate([second.locked, np.zeros((1, second.outputs), dtype=np.bool_)]),
    )
    return network.replace(NetworkArrays((first, second, *rest)))


@given(
    seed=SEEDS,
    slope=st.floats(0.2, 3) | st.floats(-3, -0.2),
    offset=st.floats(-1, 1),
    order=st.integers(1, 4),
    base=st.sampled_from(["identity", "zero"]),
)
@settings(max_examples=40)
def test_without_a_base_that_bends_nothing_is_lost(
    seed: int, slope: float, offset: float, order: int, base: str
) -> None:
    network = with_twin(random_network([2, 2, 2], seed, order=order, base=base), slope, offset, seed)
    inputs = random_inputs(network, seed, 80)
    merged = fold_node(network, NodeId(1, 0), NodeId(1, 2), (slope, offset), inputs)
    assert merged.spec.widths[1].nodes == 2
    far = random_inputs(network, seed, 80, reach=1.3)
    assert miss(merged.predict(far), network.predict(far)) <= 1e-9


@given(seed=SEEDS, slope=st.floats(0.2, 2) | st.floats(-2, -0.2), offset=st.floats(-1, 1))
@settings(max_examples=25)
def test_what_silu_costs_is_small(seed: int, slope: float, offset: float) -> None:
    network = with_twin(random_network([2, 2, 1], seed), slope, offset, seed)
    inputs = random_inputs(network, seed, 80)
    found = find_twins(network, inputs, tolerance=1e-9)
    assert {(1, 0), (1, 2)} in [{tuple(one.keep), tuple(one.drop)} for one in found]
    merged = merge_twins(network, inputs, tolerance=1e-9)
    assert merged.spec.widths[1].nodes == 2
    assert miss(merged.predict(inputs), network.predict(inputs)) <= 1e-4


def test_equal_nodes_are_one_exactly() -> None:
    network = with_twin(random_network([2, 2, 1], 3), 1.0, 0.0, 3)
    inputs = random_inputs(network, 3, 80)
    (found,) = find_twins(network, inputs)
    assert found.slope == pytest.approx(1.0)
    assert found.correlation == pytest.approx(1.0)
    assert found.change <= 1e-12
    assert miss(merge_twins(network, inputs).predict(inputs), network.predict(inputs)) <= 1e-12


def test_forms_move_with_other_constants() -> None:
    network = with_twin(random_network([2, 2, 2], 5), -2.0, 0.3, 5)
    for target in (0, 1):
        network = set_form(network, EdgeId(1, 2, target), get("sin"), (1.5, 0.2, 0.7, 0.0))
    assert not can_fold(network, NodeId(1, 0), NodeId(1, 2))
    assert not can_fold(network, NodeId(1, 2), NodeId(1, 0))
    inputs = random_inputs(network, 5, 80)
    assert not find_twins(network, inputs)
    assert merge_twins(network, inputs) is network
    arrays = network.arrays()
    splines, coefficients = arrays.layers[1].splines.copy(), arrays.layers[1].coefficients.copy()
    base = arrays.layers[1].base_scale.copy()
    splines[0], coefficients[0], base[0] = False, 0.0, 0.0
    bare = replace(arrays.layers[1], splines=splines, coefficients=coefficients, base_scale=base)
    network = network.replace(NetworkArrays((arrays.layers[0], bare)))
    merged = fold_node(network, NodeId(1, 0), NodeId(1, 2), (-2.0, 0.3), inputs)
    assert miss(merged.predict(inputs), network.predict(inputs)) <= 1e-12
    assert edge_status(merged, EdgeId(1, 0, 1)) == "form"


def test_locked_edges_stay() -> None:
    network = with_twin(random_network([2, 2, 1], 3), 1.0, 0.0, 3)
    inputs = random_inputs(network, 3, 80)
    assert not find_twins(lock_edge(network, EdgeId(1, 2, 0)), inputs)
    assert not find_twins(lock_edge(network, EdgeId(1, 0, 0)), inputs)


def test_nodes_that_are_no_twins_are_left_alone() -> None:
    network = random_network([3, 4, 2], 0)
    inputs = random_inputs(network, 0, 200)
    assert merge_twins(network, inputs) is network


@pytest.fixture(scope="module")
def session() -> Session:
    """y = exp(sin(pi x1) + x2^2) fitted by a network whose one hidden node was split into two."""
    x = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    data = Dataset.from_arrays(x, np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2))
    session = Session(data, shape=[2, 1, 1], seed=0)
    return session.fit(sparsity=0)


def test_a_session_merges_and_takes_it_back(session: Session, tmp_path: Any) -> None:
    message = refused(session.merge, "0.999", kind=ActionError)
    assert "tolerance" in message
    split = with_twin(session.network, -0.8, 0.4, 1)
    alone = fold_node(split, NodeId(1, 0), NodeId(1, 1), (-0.8, 0.4), session.data.part("train").inputs)
    assert alone.spec.widths[1].nodes == 1
    two = Session(session.data, shape=[2, 2, 1], seed=0).fit(sparsity=0, steps=3)
    two.merge(0.999)
    assert two.network.spec.widths[1].nodes == 1
    assert two.state.before is not None
    assert "session.merge(0.999)" in two.script()
    two.save(tmp_path / "a.kanlab")
    assert Session.open(tmp_path / "a.kanlab").same_as(two)
    assert two.undo().network.spec.widths[1].nodes == 2


def test_the_twins_of_pykan_s_tutorial_are_one_node() -> None:
    """At pykan's default seed its tutorial ends with two half-copies, and with a wrong law."""
    rows, inputs, targets = exp_sin_square(0)
    network = from_pykan(FIXTURES / "pykan" / "twins", outside="continue")
    assert network.spec.widths[1].nodes == 2
    assert rmse(network, inputs, targets) < 0.01
    (found,) = find_twins(network, rows.inputs, tolerance=0.3)
    assert 0.75 < found.correlation < 0.95
    merged = merge_twins(network, rows.inputs, tolerance=0.3)
    assert merged.spec.widths[1].nodes == 1
    fitted = fit(merged, rows, FitOptions(grids=(10, 20)))
    assert rmse(fitted, inputs, targets) < 1e-4

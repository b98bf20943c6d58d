"""A finer grid changes neither values nor second derivatives, and covers the activations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.kernels import columns_of, trace_layers
from kanlab.kernels.terms import Quadratics
from kanlab.network import KAN
from kanlab.pde import fields
from kanlab.pde.regrid import finer
from kanlab.pde.roughness import roughness_rows
from kanlab.pde.state import State
from kanlab.training import Roughness
from tests.networks import SEEDS, miss, random_inputs, random_network


@given(
    shape=st.sampled_from([[1, 1], [2, 3, 1], [2, 2, 2, 1], [2, (1, 1), 1]]),
    order=st.integers(3, 6),
    more=st.integers(1, 9),
    seed=SEEDS,
)
def test_the_function_stays(shape: list[Any], order: int, more: int, seed: int) -> None:
    network = random_network(shape, seed, order=order, intervals=4)
    points = random_inputs(network, seed, 60)
    # hidden nodes that fill a part of their grids, or run over their ends
    arrays = KAN(network.spec, seed=seed).arrays()
    fine = network.replace(finer(arrays, points, 4 + more))
    before, after = fields(network.replace(arrays), points), fields(fine, points)
    assert fine.spec.intervals == (4 + more,) * len(arrays.layers)
    assert miss(after.value.numpy(), before.value.numpy()) <= 1e-10
    assert miss(after.hessian.numpy(), before.hessian.numpy()) <= 1e-7
    passes = trace_layers(points, fine.arrays())
    for layer, seen in list(zip(fine.arrays().layers, passes, strict=True))[1:]:
        assert (seen.inputs.min(axis=0) > layer.breaks[:, 0]).all()
        assert (seen.inputs.max(axis=0) < layer.breaks[:, -1]).all()


@pytest.mark.parametrize("order", [3, 5])
def test_rows_of_the_roughness_square_to_the_penalty(order: int) -> None:
    network = random_network([2, 3, 1], 2, order=order, locked=0.3)
    arrays = network.arrays()
    columns = columns_of(arrays)
    rows = roughness_rows(State(arrays, np.zeros(2)), columns, 0.7)
    theta = columns.pack(arrays)
    wanted = Quadratics.of(Roughness(0.7).blocks(arrays, (), columns)).value(theta)
    assert np.square(rows @ np.concatenate([theta, np.ones(2)])).sum() == pytest.approx(wanted, rel=1e-9)
    assert wanted > 0

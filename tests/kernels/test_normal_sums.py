"""Products of local columns against the Jacobian multiplied out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import columns_of, jacobian, normal_sums, trace_layers
from kanlab.kernels.normal_sums import _dense, _local, _local_is_less
from tests.networks import SEEDS, SHAPES, miss, random_inputs, random_network


@given(
    shape=st.sampled_from(SHAPES),
    order=st.sampled_from([1, 3]),
    intervals=st.sampled_from([1, 4, 30]),
    forms=st.sampled_from([0.0, 0.4]),
    locked=st.sampled_from([0.0, 0.3]),
    seed=SEEDS,
)
@settings(max_examples=30)
def test_local_and_dense_products_agree(
    shape: list[Any], order: int, intervals: int, forms: float, locked: float, seed: int
) -> None:
    network = random_network(shape, seed, order=order, intervals=intervals, forms=forms, locked=locked)
    inputs = random_inputs(network, seed, 50)
    generator = np.random.default_rng(seed)
    arrays = network.arrays()
    columns, passes = columns_of(arrays), trace_layers(inputs, arrays)
    residual = generator.normal(size=passes[-1].nodes.shape)
    weights = generator.uniform(0.2, 2.0, len(inputs)) if seed % 2 else None
    slopes = jacobian(passes, arrays, columns)
    weight = np.repeat(np.ones(len(inputs)) if weights is None else weights, residual.shape[1])
    wanted = (
        slopes.T @ (weight[:, None] * slopes),
        slopes.T @ (weight * residual.ravel()),
        float(weight @ residual.ravel() ** 2),
    )
    for way in (_local, _dense):
        got = way(passes, arrays, columns, residual, weights)
        assert miss(got[0], got[0].T) <= 1e-15
        for one, other in zip(got, wanted, strict=True):
            assert miss(np.asarray(one), np.asarray(other)) <= 1e-12


@pytest.mark.parametrize(("intervals", "local"), [(3, False), (50, True)])
def test_the_way_follows_from_the_count_of_work(intervals: int, local: bool) -> None:
    network = random_network([2, 5, 1], 0, intervals=intervals)
    arrays = network.arrays()
    columns = columns_of(arrays)
    assert _local_is_less(arrays, columns, (800, 1)) == local
    passes = trace_layers(random_inputs(network, 0, 30), arrays)
    residual = passes[-1].nodes
    chosen, other = (
        normal_sums(passes, arrays, columns, residual, None),
        _dense(passes, arrays, columns, residual, None),
    )
    assert miss(chosen[0], other[0]) <= 1e-12

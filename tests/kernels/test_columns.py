"""The flat vector of free parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import columns_of, jacobian, trace_layers
from tests.networks import SEEDS, SHAPES, all_edges, random_inputs, random_network


@given(
    shape=st.sampled_from(SHAPES),
    forms=st.sampled_from([0.0, 0.5]),
    locked=st.sampled_from([0.0, 0.4]),
    seed=SEEDS,
)
@settings(max_examples=40)
def test_packing_and_unpacking_change_nothing(
    shape: list[Any], forms: float, locked: float, seed: int
) -> None:
    arrays = random_network(shape, seed, forms=forms, locked=locked).arrays()
    columns = columns_of(arrays)
    vector = columns.pack(arrays)
    assert vector.shape == (columns.count,)
    same = columns.unpack(vector, arrays)
    for before, after in zip(arrays.layers, same.layers, strict=True):
        for name in ("coefficients", "base_scale", "bias", "affine", "knots"):
            assert np.array_equal(getattr(before, name), getattr(after, name))
    other = np.random.default_rng(seed).normal(size=columns.count)
    assert np.array_equal(columns.pack(columns.unpack(other, arrays)), other)
    assert np.array_equal(columns.pack(arrays), vector)  # the network that was given did not change


@given(
    shape=st.sampled_from(SHAPES),
    forms=st.sampled_from([0.0, 0.5]),
    locked=st.sampled_from([0.0, 0.5]),
    seed=SEEDS,
)
@settings(max_examples=40)
def test_locked_and_fixed_edges_have_no_columns(
    shape: list[Any], forms: float, locked: float, seed: int
) -> None:
    network = random_network(shape, seed, forms=forms, locked=locked)
    arrays = network.arrays()
    held = all_edges(network)[::2]
    columns = columns_of(arrays, fixed=held)
    wanted = sum(layer.outputs for layer in arrays.layers)
    for number, (layer, own) in enumerate(zip(arrays.layers, columns.layers, strict=True)):
        symbolic = {(edge.source, edge.target) for edge in layer.forms}
        for i in range(layer.inputs):
            for j in range(layer.outputs):
                free = not layer.locked[i, j] and (number, i, j) not in held
                assert (own.spline[i, j] >= 0) == (free and bool(layer.splines[i, j]))
                assert (own.form[i, j] >= 0) == (free and (i, j) in symbolic)
                wanted += (layer.bases + 1) * int(own.spline[i, j] >= 0) + 3 * int(own.form[i, j] >= 0)
    assert columns.count == wanted
    vector = np.random.default_rng(seed).normal(size=columns.count)
    moved = columns.unpack(vector, arrays)
    for number, (before, after) in enumerate(zip(arrays.layers, moved.layers, strict=True)):
        for i, j in np.ndindex(before.inputs, before.outputs):
            if before.locked[i, j] or (number, i, j) in held:
                assert np.array_equal(before.coefficients[i, :, j], after.coefficients[i, :, j])
                assert before.base_scale[i, j] == after.base_scale[i, j]
                assert np.array_equal(before.affine[i, j], after.affine[i, j])


def test_the_jacobian_has_a_column_for_each_free_parameter_and_no_other() -> None:
    network = random_network([2, 3, 1], 1, forms=0.3, locked=0.3)
    arrays = network.arrays()
    passes = trace_layers(random_inputs(network, 1, 200), arrays)
    every = jacobian(passes, arrays, columns_of(arrays))
    part = columns_of(arrays, fixed=[(0, 0, 0), (1, 2, 0)])
    less = jacobian(passes, arrays, part)
    assert less.shape == (200, part.count)
    assert part.count < every.shape[1]
    # the columns that are left are the same numbers
    kept = {column.tobytes() for column in every.T}
    assert all(column.tobytes() in kept for column in less.T)

"""The parameters of a layer as one matrix: linear in features, parts as views, memory used again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scipy.interpolate import BSpline

from kanlab.kernels import joined_weights, split_weights
from kanlab.network import KANLayer
from tests.networks import miss, random_network


def test_a_layer_is_its_features_times_the_matrix() -> None:
    arrays = random_network([3, 4, 1], 1).arrays().layers[0]
    layer = KANLayer(arrays)
    x = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    bases = [
        BSpline.design_matrix(x[:, i], arrays.knots[i], arrays.order, extrapolate=True).toarray()
        for i in range(3)
    ]
    features = np.hstack([*bases, x / (1 + np.exp(-x)), np.ones((50, 1))])
    got = layer(torch.from_numpy(x)).detach().numpy()
    assert miss(got, features @ layer.weights.detach().numpy()) <= 1e-12


def test_parts_are_views_and_gradients_reach_the_whole() -> None:
    arrays = random_network([3, 4, 1], 2).arrays().layers[0]
    layer = KANLayer(arrays)
    for part, wanted in zip(
        (layer.coefficients, layer.base_scale, layer.bias),
        (arrays.coefficients, arrays.base_scale, arrays.bias),
        strict=True,
    ):
        assert np.array_equal(part.detach().numpy(), wanted)
    (layer.coefficients.sum() + 2 * layer.base_scale.sum() + 3 * layer.bias.sum()).backward()
    slopes = split_weights(layer.weights.grad, 3)
    assert [sorted(set(part.flatten().tolist())) for part in slopes] == [[1.0], [2.0], [3.0]]
    with torch.no_grad():
        layer.bias.zero_()
    assert not layer.weights[-1].any()
    assert [name for name, _ in layer.named_parameters()] == ["weights", "affine"]


def test_memory_is_used_again_only_where_the_parts_are_one_matrix() -> None:
    layer = KANLayer(random_network([3, 4, 1], 3).arrays().layers[0])
    arrays = layer.arrays()
    assert np.shares_memory(joined_weights(arrays), arrays.coefficients)
    assert KANLayer(arrays).weights.data_ptr() == layer.weights.data_ptr()
    whole = joined_weights(arrays)
    for changed in (
        replace(arrays, bias=arrays.bias + 1),
        replace(arrays, base_scale=arrays.base_scale[::-1]),
        replace(arrays, coefficients=arrays.coefficients.copy()),
        replace(arrays, bias=whole[0]),
    ):
        again = joined_weights(changed)
        assert not np.shares_memory(again, whole)
        parts = split_weights(again, 3)
        assert np.array_equal(parts[0], changed.coefficients)
        assert np.array_equal(parts[1], changed.base_scale)
        assert np.array_equal(parts[2], changed.bias)

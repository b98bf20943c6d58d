"""Penalties of a batch against sums over its splines."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.kernels.batch import batch_of
from kanlab.kernels.batch_penalty import add_roughness, roughness_values
from tests.networks import miss, random_network


def test_values_slopes_and_curvatures_are_those_of_each_spline() -> None:
    networks = [random_network([2, 3, 2], seed).arrays() for seed in range(3)]
    batch = batch_of(networks)
    theta, count = batch.theta, batch.theta.shape[1]
    generator = np.random.default_rng(0)
    members = np.array([2, 0])
    value, wanted = np.zeros(2), np.zeros(2)
    matrix, gradient = np.zeros((3, count, count)), np.zeros((3, count))
    start = place = 0
    for number, layer in enumerate(batch.layers):
        inputs, outputs = networks[0].layers[number].inputs, networks[0].layers[number].outputs
        roots = generator.normal(size=(3, inputs, layer.bases, layer.bases))
        matrices = roots @ roots.transpose(0, 1, 3, 2)
        place = roughness_values(theta[members], start, outputs, matrices, members, value)
        assert add_roughness(theta, start, outputs, matrices, matrix, gradient) == place
        start = place
        for w, s in enumerate(members):
            own = networks[s].layers[number].coefficients
            wanted[w] += np.einsum("imj,imn,inj->", own, matrices[s], own)
    assert place == count
    assert value == pytest.approx(wanted, rel=1e-12)
    assert miss(np.einsum("ap,apq,aq->a", theta, matrix, theta)[members], wanted) <= 1e-12
    assert miss(gradient, np.einsum("apq,aq->ap", matrix, theta)) <= 1e-12

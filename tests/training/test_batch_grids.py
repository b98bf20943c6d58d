"""Grids of a batch follow activations as those of one network do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kanlab.kernels import NetworkArrays, forward
from kanlab.kernels.batch import batch_activations, batch_of, member_of
from kanlab.kernels.batch_rows import batch_rows
from kanlab.training import follow_activations
from kanlab.training.batch_grids import follow_all
from tests.networks import miss, random_inputs, random_network


def stretched(seed: int, gain: float) -> tuple[NetworkArrays, np.ndarray]:
    """A network whose first hidden node is `gain` times as wide as its grid, and inputs."""
    network = random_network([2, 3, 2, 1], seed)
    first, *rest = network.arrays().layers
    coefficients, base_scale = first.coefficients.copy(), first.base_scale.copy()
    coefficients[..., 0] *= gain
    base_scale[:, 0] *= gain
    first = replace(first, coefficients=coefficients, base_scale=base_scale)
    return NetworkArrays((first, *rest)), random_inputs(network, 0, 120)


@pytest.mark.parametrize("gain", [3.0, 0.3, 1e-7, 0.0])
def test_a_batch_follows_as_each_network_does(gain: float) -> None:
    pairs = [stretched(seed, gain) for seed in (1, 2)]
    networks, inputs = [network for network, _ in pairs], pairs[0][1]
    batch = batch_of(networks)
    rows = batch_rows(inputs, np.zeros((120, 1)), None, networks[0].layers[0])
    laid = follow_all(batch, batch_activations(batch, rows))
    for s, network in enumerate(networks):
        alone, together = follow_activations(network, inputs), member_of(laid, s, network)
        for one, other in zip(together.layers, alone.layers, strict=True):
            assert miss(one.knots, other.knots) <= 1e-12
            assert np.abs(one.coefficients).max() <= 10 * np.abs(other.coefficients).max()
        assert miss(forward(inputs, together), forward(inputs, alone)) <= 1e-8

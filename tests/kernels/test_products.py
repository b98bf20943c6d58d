"""Products with the Jacobian against the Jacobian, and the normal equations of any objective against autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.kernels import columns_of, forward, jacobian, trace_layers
from kanlab.kernels.passes import edge_outputs
from kanlab.kernels.products import diagonal, pull_back, push
from kanlab.training import OBJECTIVES, Samples, mean_loss, problem
from kanlab.training.equations import equations_of, gradient_of
from tests.networks import SEEDS, SHAPES, random_inputs, random_network

KINDS = st.sampled_from(SHAPES)


@given(shape=KINDS, seed=SEEDS, forms=st.sampled_from([0.0, 0.4]))
@settings(max_examples=25)
def test_products_are_those_of_the_jacobian(shape: list[Any], seed: int, forms: float) -> None:
    network = random_network(shape, seed, forms=forms, locked=0.2)
    inputs, arrays = random_inputs(network, seed, 30), network.arrays()
    columns, generator = columns_of(arrays), np.random.default_rng(seed)
    passes = trace_layers(inputs, arrays)
    whole = jacobian(passes, arrays, columns)
    outputs = passes[-1].nodes.shape[1]
    v, u = generator.normal(size=columns.count), generator.normal(size=(30, outputs))
    forth, back = whole @ v, whole.T @ u.ravel()
    assert np.abs(push(passes, arrays, columns, v).ravel() - forth).max() <= 1e-12 * max(
        1, np.abs(forth).max()
    )
    assert np.abs(pull_back(passes, arrays, columns, u) - back).max() <= 1e-12 * max(1, np.abs(back).max())
    for root in (generator.normal(size=(30, outputs)), generator.normal(size=(30, 2, outputs))):
        full = root if root.ndim == 3 else root[:, :, None] * np.eye(outputs)
        bent = np.einsum("nrq,nqp->nrp", full, whole.reshape(30, outputs, -1))
        wanted = (bent**2).sum(axis=(0, 1))
        got = diagonal(passes, arrays, columns, root)
        assert np.abs(got - wanted).max() <= 1e-12 * max(1, np.abs(wanted).max())


@given(shape=KINDS, seed=SEEDS)
@settings(max_examples=15)
def test_pulls_on_edges_are_followed_back(shape: list[Any], seed: int) -> None:
    network = random_network(shape, seed, forms=0.3)
    inputs, arrays = random_inputs(network, seed, 20), network.arrays()
    columns, generator = columns_of(arrays), np.random.default_rng(seed)
    passes = trace_layers(inputs, arrays)
    masks = [layer.splines for layer in arrays.layers]
    pulls = tuple(
        generator.normal(size=seen.slope.shape) * mask for seen, mask in zip(passes, masks, strict=True)
    )
    theta, move = columns.pack(arrays), generator.normal(size=columns.count)

    def total(vector: np.ndarray) -> float:
        moved = columns.unpack(vector, arrays)
        return sum(
            float((pull * edge_outputs(seen, layer)).sum())
            for pull, seen, layer in zip(pulls, trace_layers(inputs, moved), moved.layers, strict=True)
        )

    slope = (total(theta + 1e-6 * move) - total(theta - 1e-6 * move)) / 2e-6
    got = pull_back(passes, arrays, columns, np.zeros_like(passes[-1].nodes), pulls) @ move
    assert got == pytest.approx(slope, rel=1e-5, abs=1e-4)


def samples_for(name: str, seed: int, *, weighted: bool) -> tuple[Any, Samples]:
    network = random_network([2, 3, 3], seed, intervals=3)
    inputs, generator = random_inputs(network, seed, 25), np.random.default_rng(seed)
    targets = {
        "cross-entropy": np.eye(3)[generator.integers(0, 3, 25)],
        "binary-cross-entropy": generator.integers(0, 2, (25, 3)).astype(float),
        "poisson": generator.poisson(2.0, (25, 3)).astype(float),
    }.get(name, generator.normal(size=(25, 3)))
    weights = generator.uniform(0.1, 2, 25) if weighted else None
    return network.arrays(), Samples(inputs, targets, weights, OBJECTIVES[name])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", OBJECTIVES)
def test_equations_of_every_objective(name: str, weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, samples = samples_for(name, 4, weighted=weighted)
    columns = columns_of(arrays)
    normal, _ = equations_of(arrays, samples, columns)
    value, gradient = gradient_of(arrays, samples, columns)
    assert value == pytest.approx(mean_loss(arrays, samples), rel=1e-13)
    assert normal.error == pytest.approx(value, rel=1e-13)
    assert np.abs(2 * normal.gradient - gradient).max() <= 1e-13 * max(1, np.abs(gradient).max())

    theta, move = columns.pack(arrays), np.random.default_rng(0).normal(size=columns.count)
    ahead, behind = (mean_loss(columns.unpack(theta + t * move, arrays), samples) for t in (1e-6, -1e-6))
    assert gradient @ move == pytest.approx((ahead - behind) / 2e-6, rel=1e-6, abs=1e-8)

    # the matrix is J'HJ / 2, with H from differences of the pull (exact but for huber)
    whole = jacobian(trace_layers(samples.inputs, arrays), arrays, columns).reshape(25, 3, -1)
    if name != "huber":
        outputs = forward(samples.inputs, arrays)
        step = 1e-6
        bend = np.empty((25, 3, 3))
        for q in range(3):
            probe = np.zeros((25, 3))
            probe[:, q] = step
            up, down = (
                samples.objective.pull(outputs + s * probe, samples.targets, samples.weights)[1]
                for s in (1, -1)
            )
            bend[:, :, q] = (up - down) / (2 * step)
        wanted = 0.5 * np.einsum("nqa,nqr,nrb->ab", whole, bend, whole)
        assert np.abs(normal.matrix - wanted).max() <= 1e-7 * np.abs(wanted).max()
    assert np.linalg.eigvalsh(normal.matrix).min() >= -1e-12 * np.abs(normal.matrix).max()

    monkeypatch.setattr(problem, "CHUNK_NUMBERS", 7 * columns.count * 3)
    parts, sampled = equations_of(arrays, samples, columns)
    assert np.abs(parts.matrix - normal.matrix).max() <= 1e-13 * np.abs(normal.matrix).max()
    assert np.abs(parts.gradient - normal.gradient).max() <= 1e-12 * max(1, np.abs(normal.gradient).max())
    assert len(sampled[0].inputs) < 25

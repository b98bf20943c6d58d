"""Which edges a fresh network has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.errors import ShapeError
from kanlab.network import KAN, NetworkSpec
from kanlab.network.start import started
from tests.networks import SEEDS, SHAPES
from tests.sentences import refused

WIDE: list[Any] = [7, 5, (2, [2, 3]), 4]


@given(shape=st.sampled_from([*SHAPES, WIDE]), seed=SEEDS)
def test_a_sparse_start_leaves_every_node_an_edge_in_and_out(shape: list[Any], seed: int) -> None:
    fresh = KAN(NetworkSpec.of(shape), seed=seed).arrays()
    for before, after in zip(fresh.layers, started(fresh, "sparse", seed).layers, strict=True):
        edges = after.splines
        assert edges.any(axis=0).all()
        assert edges.any(axis=1).all()
        # the union of one edge for each source and one for each target
        assert max(edges.shape) <= edges.sum() <= sum(edges.shape)
        assert np.array_equal(after.base_scale != 0, edges)
        kept = np.broadcast_to(edges[:, None], after.coefficients.shape)
        assert np.array_equal(after.coefficients[kept], before.coefficients[kept])
        assert not after.coefficients[~kept].any()


def test_one_seed_gives_one_set_of_edges() -> None:
    fresh = KAN(NetworkSpec.of(WIDE)).arrays()
    masks = [[layer.splines for layer in started(fresh, "sparse", seed).layers] for seed in (3, 3, 4)]
    assert all(np.array_equal(one, same) for one, same in zip(masks[0], masks[1], strict=True))
    assert not all(np.array_equal(one, other) for one, other in zip(masks[0], masks[2], strict=True))


def test_the_edges_are_drawn_evenly() -> None:
    fresh = KAN(NetworkSpec.of([3, 4])).arrays()
    counts = np.sum([started(fresh, "sparse", seed).layers[0].splines for seed in range(600)], axis=0)
    # an edge is kept unless neither its source (3 of 4) nor its target (2 of 3) draws it; 6 standard deviations
    assert np.abs(counts / 600 - 0.5).max() <= 6 * 0.5 / np.sqrt(600)


def test_a_dense_start_leaves_the_network_as_it_is() -> None:
    fresh = KAN(NetworkSpec.of([2, 3, 1])).arrays()
    for before, after in zip(fresh.layers, started(fresh, "dense", 0).layers, strict=True):
        assert after.splines.all()
        assert np.array_equal(before.coefficients, after.coefficients)


@pytest.mark.parametrize("start", ["sprase", "", None])
def test_another_start_is_refused(start: Any) -> None:
    fresh = KAN(NetworkSpec.of([2, 1])).arrays()
    refused(lambda: started(fresh, start, 0), f"start {start!r}", kind=ShapeError)

"""What many starts agree on."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.data import Dataset
from kanlab.discovery.alignment import align, masks_of, reordered, skeleton_of
from kanlab.discovery.bands import edge_bands
from kanlab.discovery.ensemble import Ensemble, ensemble
from kanlab.discovery.setup import first_network, rows_of
from kanlab.errors import ActionError, KanlabError
from kanlab.kernels import NetworkArrays
from kanlab.network import KAN, EdgeId, remove_edges
from kanlab.sparsity import attribution
from kanlab.training import FitOptions, fit
from tests.networks import random_inputs, random_network


@pytest.fixture(scope="module")
def data() -> Dataset:
    x = np.random.default_rng(0).uniform(-1, 1, (400, 2))
    return Dataset.from_arrays(x, np.exp(np.sin(np.pi * x[:, 0]) + x[:, 1] ** 2))


@pytest.fixture(scope="module")
def found(data: Dataset) -> Ensemble:
    return ensemble(data, [2, 3, 1], seeds=4, sparsity=0.02, steps=30)


def permuted(network: KAN, order: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> KAN:
    """The same function of a [n, h, m] network: hidden nodes in another order, times gain and plus shift.

    Splines on moved knots are the same splines; base functions are not, so the network must have none there.
    """
    first, last = network.arrays().layers
    last_knots = gain[:, None] * last.knots + shift[:, None]
    flip = gain < 0
    knots = np.where(flip[:, None], last_knots[:, ::-1], last_knots)
    coefficients = np.where(flip[:, None, None], last.coefficients[:, ::-1], last.coefficients)
    changed = (
        _replace(
            first,
            coefficients=(first.coefficients * gain)[..., order],
            base_scale=(first.base_scale * gain)[:, order],
            bias=(first.bias * gain + shift)[order],
            splines=first.splines[:, order],
            locked=first.locked[:, order],
            affine=first.affine[:, order],
        ),
        _replace(
            last,
            knots=knots[order],
            coefficients=coefficients[order],
            base_scale=last.base_scale[order],
            splines=last.splines[order],
            locked=last.locked[order],
            affine=last.affine[order],
        ),
    )
    return network.replace(NetworkArrays(changed))


def _replace(layer: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(layer, **{name: np.ascontiguousarray(value) for name, value in changes.items()})


@given(seed=st.integers(0, 10**6), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_a_skeleton_does_not_depend_on_the_order_of_hidden_nodes(seed: int, sizes: list[int]) -> None:
    generator = np.random.default_rng(seed)
    widths = [2, *sizes, 2]
    masks = tuple(generator.random((a, b)) < 0.6 for a, b in itertools.pairwise(widths))
    order = [generator.permutation(size) for size in sizes]
    assert skeleton_of(reordered(masks, order)) == skeleton_of(masks)
    canonical = tuple(
        np.array(layer, dtype=bool).reshape(mask.shape)
        for layer, mask in zip(skeleton_of(masks), masks, strict=True)
    )
    assert [layer.sum() for layer in canonical] == [mask.sum() for mask in masks]


def test_different_skeletons_are_told_apart() -> None:
    one = (np.array([[True, False], [False, True]]), np.array([[True], [True]]))
    other = (np.array([[True, False], [True, True]]), np.array([[True], [True]]))
    swapped = (one[0][:, ::-1], one[1])
    assert skeleton_of(one) != skeleton_of(other)
    assert skeleton_of(one) == skeleton_of(swapped)


@given(seed=st.integers(0, 10**6))
def test_a_network_in_another_gauge_is_laid_on_itself(seed: int) -> None:
    network = random_network([2, 3, 1], seed, base="zero")
    generator = np.random.default_rng(seed)
    inputs = random_inputs(network, seed, 80)
    order = generator.permutation(3)
    gain = generator.uniform(0.5, 2, 3) * generator.choice([-1, 1], 3)
    shift = generator.normal(size=3)
    other = permuted(network, order, gain, shift)
    assert np.allclose(other.predict(inputs), network.predict(inputs), atol=1e-10)
    laid = align(other, network, inputs)
    assert np.array_equal(order[laid.order[0]], np.arange(3))
    assert np.allclose(laid.scale[1], gain)
    assert np.allclose(laid.shift[1], shift)
    for band in edge_bands([network, other], network, inputs, points=7).values():
        assert np.abs(band.curves[0] - band.curves[1]).max() <= 1e-8 * max(1, np.abs(band.curves).max())
        assert (band.low <= band.median + 1e-12).all()


def test_the_skeleton_of_the_law_is_found_by_all_starts(found: Ensemble) -> None:
    (skeleton, count), *_ = found.skeletons
    assert skeleton == (((1,), (1,)), ((1,),))
    assert count >= 3
    assert found.edge_frequency[EdgeId(0, 0, 0)] == 1.0
    assert masks_of(found.reference)[0].shape == (2, 1)


def test_bands_show_the_functions_of_the_law(found: Ensemble) -> None:
    bands = found.bands(points=41)
    sine, square = (bands[EdgeId(0, i, 0)] for i in (0, 1))
    # up to one scale and sign that both share, and a constant each
    basis = np.stack([np.sin(np.pi * sine.x), np.ones_like(sine.x)], axis=1)
    (gain, _), *_ = np.linalg.lstsq(basis, sine.mean)
    wanted = gain * square.x**2
    assert np.abs(
        (sine.mean - sine.mean.mean()) - (basis[:, 0] - basis[:, 0].mean()) * gain
    ).max() < 0.05 * abs(gain)
    assert np.abs((square.mean - square.mean.mean()) - (wanted - wanted.mean())).max() < 0.05 * abs(gain)
    assert sine.spread.max() < 0.05 * abs(gain)


def test_edges_that_only_some_members_have_are_counted(data: Dataset) -> None:
    rows = rows_of(data)
    network = fit(first_network(data, [2, 2, 1]), rows, FitOptions(steps=5, smoothness=1e-7))
    scores = attribution(network, rows.inputs).edges[0]
    i, j = (int(place) for place in np.unravel_index(scores.argmin(), scores.shape))
    less = remove_edges(network, [EdgeId(0, i, j)], rows.inputs)
    three = Ensemble(
        (network,) * 3, (network, network, less), (0, 1, 2), (0.0,) * 3, (1.0,) * 3, (2, 1, 3), rows.inputs
    )
    assert [count for _, count in three.skeletons] == [2, 1]
    assert three.edge_frequency[EdgeId(0, i, j)] == pytest.approx(2 / 3)
    assert three.edge_frequency[EdgeId(0, 1 - i, j)] == 1.0
    assert repr(three) == "Ensemble(3 members, best error 1, skeleton found in 2 of 3)"


def test_predictions_are_the_mean_and_spread_of_members(found: Ensemble, data: Dataset) -> None:
    outputs = np.stack([network.predict(data.inputs) for network in found.networks])
    mean, spread = found.predict(data.inputs.astype(np.float32).astype(np.float64))
    assert np.allclose(mean, outputs.mean(axis=0), atol=1e-5)
    assert np.allclose(spread, outputs.std(axis=0), atol=1e-5)
    assert found.best is found.networks[int(np.argmin(found.validation))]


def test_a_member_is_the_single_fit_of_its_seed(data: Dataset) -> None:
    many = ensemble(data, [2, 2, 1], seeds=[3, 8], sparsity=[0.0, 0.01], steps=5)
    assert many.seeds == (3, 8, 3, 8)
    assert many.sparsities == (0.0, 0.0, 0.01, 0.01)
    alone = fit(first_network(data, [2, 2, 1], seed=8), rows_of(data), FitOptions(steps=5, smoothness=1e-7))
    assert np.allclose(many.networks[1].predict(data.inputs), alone.predict(data.inputs), rtol=1e-7)
    assert len({network.predict(data.inputs[:1]).item() for network in many.networks}) == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seeds": 0}, "number of seeds is 0"),
        ({"seeds": []}, "seeds are \\[\\]"),
        ({"seeds": "abc"}, "seeds are 'abc'"),
        ({"seeds": [1.5]}, "seed is 1.5"),
        ({"sparsity": []}, "sparsity are"),
        ({"sparsity": -1.0}, "sparsity"),
        ({"steps": 0}, "number of steps"),
        ({"shape": [3, 1]}, "starts with 3 inputs"),
        ({"shape": [2, (1, 1), 1]}, "without product nodes"),
    ],
)
def test_what_makes_no_sense_is_refused(data: Dataset, options: dict[str, Any], words: str) -> None:
    with pytest.raises(KanlabError, match=words) as caught:
        ensemble(data, **({"shape": [2, 2, 1]} | options))
    assert str(caught.value).endswith(".")
    assert issubclass(caught.type, (ActionError, KanlabError))

"""Grids between equally spaced knots and quantiles of the samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import BSpline

from kanlab.splines import (
    blended_knots,
    breakpoints,
    change_knots,
    dense_basis,
    open_knots,
    refine_breakpoints,
    uniform_knots,
)
from kanlab.splines.knots import LEAST_WIDTH

BLENDS = st.sampled_from([0.0, 0.02, 0.5, 1.0])


def dense_samples(seed: int, rows: int = 300) -> np.ndarray:
    """Two columns that are dense near one point."""
    generator = np.random.default_rng(seed)
    return np.concatenate(
        [generator.uniform(-1, 1, (rows // 3, 2)), 0.3 + 0.05 * generator.normal(size=(rows, 2))]
    )


def ends_of(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return samples.min(axis=0), samples.max(axis=0)


@pytest.mark.parametrize("order", [1, 3, 5])
@pytest.mark.parametrize("intervals", [1, 5, 20])
def test_without_a_blend_the_knots_are_equally_spaced(order: int, intervals: int) -> None:
    samples = dense_samples(0)
    ends = ends_of(samples)
    assert np.array_equal(
        blended_knots(ends, samples, intervals, order, 0.0), uniform_knots(*ends, intervals, order)
    )


@pytest.mark.parametrize("intervals", [2, 5, 10])
def test_with_all_of_it_every_interval_holds_as_many_samples(intervals: int) -> None:
    samples = np.random.default_rng(0).normal(size=(1200, 1))
    breaks = breakpoints(blended_knots(ends_of(samples), samples, intervals, 3, 1.0), 3)[0]
    counts, _ = np.histogram(samples, breaks)
    assert np.abs(counts - 1200 / intervals).max() <= 1


@given(blend=BLENDS, intervals=st.integers(1, 8), seed=st.integers(0, 99))
def test_the_blend_is_the_weighted_mean_of_both(blend: float, intervals: int, seed: int) -> None:
    samples = np.random.default_rng(seed).normal(size=(500, 2))
    low, high = ends_of(samples)
    got = breakpoints(blended_knots((low, high), samples, intervals, 2, blend), 2)
    even = np.linspace(low, high, intervals + 1).T
    quantiles = np.stack([np.quantile(column, np.linspace(0, 1, intervals + 1)) for column in samples.T])
    assert np.abs(got - ((1 - blend) * even + blend * quantiles)).max() <= 1e-12


@given(blend=BLENDS, intervals=st.integers(1, 40), order=st.integers(1, 5), values=st.integers(1, 4))
def test_knots_increase_whatever_the_samples(blend: float, intervals: int, order: int, values: int) -> None:
    samples = np.repeat(np.arange(values, dtype=np.float64), 30)[:, None]
    low, high = np.array([-1.0]), np.array([2.0])
    knots = blended_knots((low, high), samples, intervals, order, blend)
    assert knots.shape == (1, intervals + 2 * order + 1)
    breaks = breakpoints(knots, order)[0]
    assert (breaks[0], breaks[-1]) == (-1, 2)
    # the floor is laid before the widths are brought to the length of the grid
    assert np.diff(knots[0]).min() >= LEAST_WIDTH / (1 + LEAST_WIDTH) * 3 / intervals * (1 - 1e-9)


@given(blend=BLENDS, intervals=st.integers(1, 12), order=st.integers(1, 5), seed=st.integers(0, 99))
def test_bases_on_blended_grids_are_those_of_scipy(
    blend: float, intervals: int, order: int, seed: int
) -> None:
    samples = dense_samples(seed)
    knots = blended_knots(ends_of(samples), samples, intervals, order, blend)
    got = dense_basis(torch.from_numpy(samples), torch.from_numpy(knots), order).numpy()
    for i in range(2):
        # SciPy leaves out the right end of the last interval
        inside = samples[:, i] < samples[:, i].max()
        wanted = BSpline.design_matrix(samples[inside, i], knots[i], order).toarray()
        assert np.abs(got[inside, i] - wanted).max() <= 1e-12


@given(blend=BLENDS, more=st.integers(0, 20), order=st.integers(1, 5), seed=st.integers(0, 99))
def test_refining_a_blended_grid_keeps_the_function(blend: float, more: int, order: int, seed: int) -> None:
    samples = dense_samples(seed)
    old = blended_knots(ends_of(samples), samples, 6, order, blend)
    new = open_knots(refine_breakpoints(breakpoints(old, order), 6 + more), order)
    coefficients = np.random.default_rng(seed).normal(size=(2, 6 + order, 1))
    fresh = change_knots(coefficients, old, new, order)
    for i in range(2):
        x = np.linspace(samples[:, i].min(), samples[:, i].max(), 201)
        wanted = BSpline(old[i], coefficients[i], order)(x)
        assert np.abs(BSpline(new[i], fresh[i], order)(x) - wanted).max() <= 1e-11

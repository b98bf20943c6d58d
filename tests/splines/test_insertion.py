"""Knots may be added without changing the function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import BSpline

from kanlab.splines import breakpoints, change_knots, open_knots, refine_breakpoints


def breaks_of(intervals: int, seed: int, kind: str) -> np.ndarray:
    if kind == "uniform":
        return np.stack([np.linspace(-1, 1, intervals + 1), np.linspace(3, 9, intervals + 1)])
    return np.cumsum(np.random.default_rng(seed).uniform(0.3, 1.5, (2, intervals + 1)), axis=1)


GRIDS = given(
    order=st.integers(1, 5),
    intervals=st.integers(1, 12),
    more=st.integers(0, 30),
    seed=st.integers(0, 99),
    kind=st.sampled_from(["uniform", "nonuniform"]),
)


@GRIDS
def test_refined_breakpoints_contain_the_old_ones(
    order: int, intervals: int, more: int, seed: int, kind: str
) -> None:
    old = breaks_of(intervals, seed, kind)
    new = refine_breakpoints(old, intervals + more)
    assert new.shape == (2, intervals + more + 1)
    assert (np.diff(new, axis=1) > 0).all()
    for before, after in zip(old, new, strict=True):
        assert np.isin(before, after).all()


@GRIDS
def test_more_knots_keep_the_function(order: int, intervals: int, more: int, seed: int, kind: str) -> None:
    old_breaks = breaks_of(intervals, seed, kind)
    old = open_knots(old_breaks, order)
    new = open_knots(refine_breakpoints(old_breaks, intervals + more), order)
    coefficients = np.random.default_rng(seed).normal(size=(2, intervals + order, 3))
    fresh = change_knots(coefficients, old, new, order)
    assert fresh.shape == (2, intervals + more + order, 3)
    for i in range(2):
        low, high = old_breaks[i, 0], old_breaks[i, -1]
        inside = np.linspace(low, high, 101)
        beyond = np.concatenate([low - np.linspace(0, 0.5, 9), high + np.linspace(0, 0.5, 9)])
        for x in (inside, beyond):
            before = BSpline(old[i], coefficients[i], order)(x)
            after = BSpline(new[i], fresh[i], order)(x)
            # rounding grows with k and, outside, with the thinness of the outermost interval
            thin = float(1 + 0.5 / (new[i, order + 1] - new[i, order]) + 0.5 / np.diff(new[i])[-order - 1])
            slack = 1e-12 if x is inside else 1e-14 * (10 * thin) ** order
            assert np.abs(after - before).max() <= slack * max(1.0, np.abs(before).max())


@given(order=st.integers(1, 5), seed=st.integers(0, 99))
def test_uneven_counts_cut_the_longest_intervals_first(order: int, seed: int) -> None:
    breaks = np.array([[0.0, 1.0, 4.0, 5.0]])
    assert refine_breakpoints(breaks, 5)[0].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert breakpoints(open_knots(breaks, order), order).tolist() == breaks.tolist()


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_coefficients_on_the_same_knots_stay(order: int) -> None:
    knots = open_knots(breaks_of(6, 1, "nonuniform"), order)
    coefficients = np.random.default_rng(0).normal(size=(2, 6 + order, 2))
    assert np.abs(change_knots(coefficients, knots, knots, order) - coefficients).max() <= 1e-12

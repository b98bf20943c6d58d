"""Points of a box: weights that integrate, normals that point outward, the same points for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.errors import DataError
from kanlab.pde import Box, Face
from kanlab.pde.domain import SAMPLINGS

BOX = Box([(-1, 3), (0, 2)])


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_points_lie_inside_and_weights_sum_to_one(sampling: str) -> None:
    points = BOX.interior(5, sampling=sampling, seed=3)
    assert points.x.shape == (25, 2)
    assert points.weights.sum() == pytest.approx(1, rel=1e-14)
    assert ((points.x > BOX.low) & (points.x < BOX.high)).all()
    assert not points.normal.any()


def test_gauss_points_integrate_polynomials_of_degree_2n_minus_1_exactly() -> None:
    points = BOX.interior(3)
    mean = points.weights @ (points.x[:, 0] ** 4 * points.x[:, 1] ** 5)
    assert mean == pytest.approx((3**5 + 1) / 5 / 4 * (2**6 / 6) / 2, rel=1e-14)


def test_faces_and_their_normals() -> None:
    assert len(BOX.faces) == 4
    points = BOX.face(Face(0, high=True), 6)
    assert (points.x[:, 0] == 3).all()
    assert (points.normal == [1, 0]).all()
    assert points.weights @ points.x[:, 1] ** 2 == pytest.approx(4 / 3, rel=1e-14)
    low = BOX.face(Face(1, high=False), 6)
    assert (low.x[:, 1] == 0).all()
    assert (low.normal == [0, -1]).all()


def test_a_face_of_an_interval_is_one_point() -> None:
    points = Box([(2, 5)]).face(Face(0, high=True), 7)
    assert points.x.tolist() == [[5.0]]
    assert points.weights.tolist() == [1.0]


def test_random_points_follow_the_seed() -> None:
    first, same, other = (BOX.interior(4, sampling="random", seed=seed).x for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_refusals() -> None:
    for ranges in ([], [(1, 0)], [(0, np.inf)]):
        with pytest.raises(DataError, match="low below high"):
            Box(ranges)
    with pytest.raises(DataError, match="Did you mean 'gauss'"):
        BOX.interior(3, sampling="gaus")

"""Damped systems against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import solve

from kanlab.kernels.cholesky import damped_solutions
from tests.networks import miss


@pytest.mark.parametrize("size", [1, 7, 8, 9, 16, 45])
def test_solutions_are_those_of_the_damped_matrices(size: int) -> None:
    generator = np.random.default_rng(size)
    roots = generator.normal(size=(4, size + 5, size))
    matrix, gradient = roots.transpose(0, 2, 1) @ roots, generator.normal(size=(4, size))
    damping, which = generator.uniform(0.1, 1, (3, size)), np.array([3, 0, 2])
    # only the lower triangles count
    got = damped_solutions(
        np.tril(matrix) + np.triu(np.full((size, size), np.nan), 1), gradient, damping, which
    )
    for own, move, a in zip(damping, got, which, strict=True):
        assert miss(move, solve(matrix[a] + np.diag(own), -gradient[a], assume_a="pos")) <= 1e-11


@pytest.mark.parametrize("spoiled", [-30.0, np.nan, np.inf])
@pytest.mark.parametrize("place", [0, 12])
def test_what_is_not_positive_definite_is_said_and_spoils_no_other(spoiled: float, place: int) -> None:
    matrix = np.stack([10 * np.eye(13), 10 * np.eye(13)])
    matrix[0, place, place] = spoiled
    got = damped_solutions(matrix, np.ones((2, 13)), np.ones((2, 13)), np.array([0, 1]))
    assert np.isnan(got[0]).all()
    assert got[1] == pytest.approx(np.full(13, -1 / 11))

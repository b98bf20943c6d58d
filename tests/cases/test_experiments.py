"""Pieces of the experiments against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kanlab.cases import find
from kanlab.cases.continual import CENTERS, peaks
from kanlab.cases.grid_extension import four, two
from kanlab.cases.paper_tables import table_of
from kanlab.cases.poisson import source
from kanlab.cases.sparsity import edges_left
from kanlab.cases.supervised_toys import same
from kanlab.data.generators.feynman import TABLE as EQUATIONS
from kanlab.data.generators.special import TABLE as FUNCTIONS
from kanlab.sparsity.penalties import GroupSparsity


def test_the_source_is_the_laplacian_of_the_solution() -> None:
    x = torch.rand(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    value = torch.sin(torch.pi * x[:, 0]) * torch.sin(torch.pi * x[:, 1] ** 2)
    (slope,) = torch.autograd.grad(value.sum(), x, create_graph=True)
    parts = [torch.autograd.grad(slope[:, i].sum(), x, retain_graph=True)[0][:, i] for i in (0, 1)]
    bent = torch.stack(parts).sum(dim=0)
    torch.testing.assert_close(source(x.detach()), bent.detach())


def test_functions_at_points_where_they_are_known() -> None:
    np.testing.assert_allclose(two(np.array([[0.5, 1.0], [0.0, 0.0]])), [np.exp(2), 1])
    np.testing.assert_allclose(four(np.array([[0.0, 0.0, 0.0, 0.0], [0.5**0.5, 0, 0, 0]])), [1, np.exp(0.5)])
    np.testing.assert_allclose(peaks(np.array(CENTERS)), 1, atol=1e-9)


def test_a_law_is_the_same_as_another_way_to_write_it() -> None:
    assert same("x2*x1 + 0*x1", "product")
    assert not same("x1*x2 + 1e-6*x1", "product")


def test_without_a_penalty_almost_all_edges_stay() -> None:
    assert edges_left(GroupSparsity(0.0)) > 12
    assert edges_left(GroupSparsity(1e-2)) == 3


@pytest.mark.parametrize("name", ["feynman-I.16.6", "special-jv"])
def test_the_rows_of_a_table_are_fitted_or_tested(name: str) -> None:
    data = table_of(name)
    assert (data.split.fit.size, data.split.test.size) == (1000, 1000)
    assert not np.intersect1d(data.split.fit, data.split.test).size


def test_every_row_of_the_paper_s_tables_has_a_claim() -> None:
    for case, table in (("feynman", EQUATIONS), ("special-functions", FUNCTIONS)):
        texts = {claim.text for claim in find(case).claims}
        assert all(f"{row.name}: test error" in texts for row in table)

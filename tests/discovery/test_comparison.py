"""Two laws beside each other, against what can be said with a pencil."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.discovery.comparison import box, compare
from kanlab.errors import ActionError
from kanlab.symbolic.law import Law, law_from_tree
from kanlab.symbolic.parse import tree_of_formula
from tests.sentences import refused


def grid() -> Dataset:
    """y = sin(x1) + x2 / 4 with noise of 0.02, on [-1, 1]^2."""
    x = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    return Dataset.from_arrays(
        x, np.sin(x[:, 0]) + x[:, 1] / 4 + np.random.default_rng(1).normal(0, 0.02, 500)
    )


def law_of(text: str, data: Dataset) -> Law:
    return law_from_tree(tree_of_formula(text, data.names), data)


def test_the_right_law_is_better_and_the_errors_are_those_of_the_laws() -> None:
    data = grid()
    first, second = law_of("x1 - x1**3/10 + x2/4", data), law_of("sin(x1) + x2/4", data)
    told = compare(first, second, data)
    assert (told.duel.first, told.duel.second) == pytest.approx((first.error, second.error))
    assert told.duel.difference == pytest.approx(first.error**2 - second.error**2)
    assert told.duel.significant
    assert told.duel.difference > 0


def test_where_they_differ_most() -> None:
    data = grid()
    region = compare(law_of("sin(x1) + x2/4", data), law_of("x1 - x1**3/6 + x2/4", data), data).region
    assert region is not None
    # x^5/120 is largest at the ends
    assert region.column == "x1"
    assert max(abs(region.low), abs(region.high)) > 0.97
    assert min(abs(region.low), abs(region.high)) > 0.4
    assert region.inside > region.overall


def test_beyond_the_data_the_difference_is_that_of_the_formulas() -> None:
    data = grid()
    told = compare(law_of("x2", data), law_of("x2 + x1**2 - 1/3", data), data)
    low, high = box(law_of("x2", data), 3.0)
    assert low == pytest.approx([-3, -3], abs=0.1)
    assert high == pytest.approx([3, 3], abs=0.1)
    points = np.random.default_rng(7).uniform(-3, 3, (200_000, 2))
    points = points[(np.abs(points) > 1).any(axis=1)]
    gap = np.abs(points[:, 0] ** 2 - 1 / 3)
    wide = told.beyond[1]
    assert wide.times == 3
    # the median of 4000 points of a density of about 1/9 is known to 4 %
    assert wide.median == pytest.approx(np.median(gap), rel=0.2)
    assert wide.decile == pytest.approx(np.quantile(gap, 0.9), rel=0.1)
    assert told.beyond[0].median < wide.median
    assert wide.undefined == 0


def test_where_a_law_is_not_defined_beyond_the_data() -> None:
    data = grid()
    told = compare(law_of("sqrt(2 + x1)", data), law_of("x1", data), data)
    assert told.beyond[0].undefined == 0
    # x1 < -2, of the points of [-3, -1] and [1, 3]; x2 is in neither law
    assert told.beyond[1].undefined == pytest.approx(1 / 4, rel=0.15)


def test_the_same_law_twice_differs_nowhere() -> None:
    data = grid()
    law = law_of("sin(x1)", data)
    told = compare(law, law, data)
    assert told.region is None
    assert not told.duel.significant
    assert [one.decile for one in told.beyond] == [0, 0]


def test_two_constants_differ_by_the_same_everywhere() -> None:
    data = grid()
    free = Dataset.from_arrays(data.inputs, data.targets + 1)
    told = compare(law_of("0.1", data), law_of("0.1", free), data)
    assert told.beyond[0].median == pytest.approx(told.beyond[1].decile)
    assert told.beyond[0].median == pytest.approx(1, abs=0.1)


def test_laws_of_other_columns_are_refused() -> None:
    data = grid()
    other = Dataset.from_arrays(data.inputs, data.targets, names=["a", "b"])
    refused(lambda: compare(law_of("sin(x1)", data), law_of("a", other), data), "a, b", kind=ActionError)

"""Dimensionless groups of textbook problems, and what they must be by the theorem."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from kanlab.data import Dataset, dimensionless_groups, load, parse_unit
from kanlab.data.groups import null_vectors
from kanlab.data.units import Dimension
from kanlab.errors import DataError
from tests.sentences import refused

RANDOM = np.random.default_rng(1)


def table(target: str, units: dict[str, str]) -> Dataset:
    """A table of positive numbers with these columns."""
    values = {name: RANDOM.uniform(1, 2, 40) for name in units}
    given = {name: unit for name, unit in units.items() if unit}
    return Dataset.from_frame(values, target=target, units=given)


def pendulum() -> Dataset:
    length, mass, g = RANDOM.uniform(1, 2, (3, 40))
    period = 2 * np.pi * np.sqrt(length / g)
    return Dataset.from_frame(
        {"length": length, "mass": mass, "g": g, "period": period, "sigma": 0.01 * period},
        target="period",
        uncertainty="sigma",
        units={"length": "m", "mass": "kg", "g": "m/s^2", "period": "s"},
    )


def test_reynolds() -> None:
    data = table("drag", {"rho": "kg/m^3", "v": "m/s", "d": "m", "mu": "Pa*s", "drag": ""})
    groups = dimensionless_groups(data)
    assert [str(group) for group in groups.inputs] == ["rho*v*d/mu"]
    assert str(groups.target) == "drag"
    assert groups.rank == 3
    assert str(groups) == "group1 = rho*v*d/mu\ndrag is a function of group1"
    assert any("dimensionless groups" in notice for notice in data.notices)
    rho, v, d, mu = data.inputs.T
    small = data.in_groups()
    np.testing.assert_allclose(small.inputs[:, 0], rho * v * d / mu)
    np.testing.assert_array_equal(small.targets, data.targets)
    assert not small.units


def test_pendulum() -> None:
    groups = dimensionless_groups(pendulum())
    assert groups.inputs == ()
    assert groups.target is not None
    assert dict(groups.target.powers) == {"period": 2, "g": 1, "length": -1}
    assert str(groups) == "g*period**2/length is a constant"
    refused(lambda: pendulum().in_groups(), "g*period**2/length", "constant", kind=DataError)


def test_pendulum_with_an_angle() -> None:
    data = pendulum().with_columns({"angle": "mass/(3*mass) + 0.1*length/length"})
    small = data.in_groups()
    assert (small.names, small.target_names) == (("group1",), ("period_group",))
    np.testing.assert_allclose(small.targets, 4 * np.pi**2)
    # d(T^2) / T^2 = 2 dT / T
    assert small.uncertainty is not None
    np.testing.assert_allclose(small.uncertainty, 0.02 * small.targets[:, 0])
    assert small.derived["period_group"] == "g*period**2/length"


def test_kepler_lacks_a_constant() -> None:
    data = load("planets")
    groups = dimensionless_groups(data)
    assert groups.target is None
    assert [str(group) for group in groups.inputs] == ["eccentricity"]
    refused(data.in_groups, "period", "with_columns", kind=DataError)
    assert not any("dimensionless groups" in notice for notice in data.notices)
    with_sun = data.with_columns({"gm": "39.478"}, units={"gm": "au^3/yr^2"})
    small = with_sun.in_groups()
    assert small.source.code().endswith('units={"gm": "au^3/yr^2"}).in_groups()')
    assert eval(small.source.code(), {"kl": SimpleNamespace(load=load)}).same_as(small)
    assert Dataset.from_text(small.to_text()).derived == small.derived


def test_one_kind_in_two_units() -> None:
    data = table("y", {"a": "m", "b": "km", "y": ""}).in_groups()
    assert data.units == {"group1": "m/km"}
    assert parse_unit("m/km").factor == pytest.approx(1e-3)


def test_names_that_are_taken() -> None:
    data = table("y", {"group1": "m", "b": "m", "y": ""}).in_groups()
    assert data.names == ("group1_",)


def test_refused() -> None:
    refused(
        lambda: dimensionless_groups(Dataset.from_arrays(RANDOM.normal(size=(30, 2)), np.ones(30))), "units="
    )
    two = Dataset.from_arrays(RANDOM.normal(size=(30, 2)), RANDOM.normal(size=(30, 2)), units={"x1": "m"})
    refused(lambda: dimensionless_groups(two), "one measured target", kind=DataError)


DIMENSIONS = st.dictionaries(
    st.sampled_from(["m", "kg", "s"]), st.fractions(-3, 3, max_denominator=2).filter(bool), max_size=3
).map(lambda powers: Dimension(tuple(sorted(powers.items()))))


@settings(max_examples=40)
@given(st.lists(DIMENSIONS, min_size=2, max_size=7))
def test_the_theorem(dimensions: list[Dimension]) -> None:
    inputs, target = null_vectors(dimensions)
    matrix: Any = sympy.Matrix(
        [[dict(one.powers).get(base, Fraction(0)) for one in dimensions] for base in ("m", "kg", "s")]
    )
    without: Any = matrix[:, :-1]
    assert len(inputs) == len(dimensions) - 1 - without.rank()
    assert (target is None) == (matrix.rank() > without.rank())
    whole = [(*vector, 0) for vector in inputs] + ([] if target is None else [target])
    for vector in whole:
        assert not any(matrix * sympy.Matrix(vector))
    if whole:
        assert sympy.Matrix(whole).rank() == len(whole)
    assert target is None or target[-1] > 0

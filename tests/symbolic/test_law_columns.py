"""A law knows the units of its columns, and what its derived columns were made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kanlab.data import Dataset, load
from kanlab.forms import get, grammar
from kanlab.report.payload import law_payload
from kanlab.symbolic.law import Law, law_from_tree
from kanlab.symbolic.simplify import add, affine, apply, multiply, variable

PLANETS = load("planets")
KEPLER = apply(get("exp"), affine(1.5, apply(get("log"), variable(0)), 0.1))
GENERATOR = np.random.default_rng(2)


def values(law: str, dataset: Dataset) -> np.ndarray:
    """What an expanded law says of the rows of the table that it speaks of."""
    left, _, right = law.partition(" = ")
    columns = dict(zip(dataset.names, dataset.inputs.T, strict=True))
    assert left == dataset.target_names[0]
    return grammar.evaluate(grammar.parse(right), columns)


def test_kepler() -> None:
    law = law_from_tree(KEPLER, PLANETS)
    assert law.text == "semi_major_axis**(3/2)"
    assert law.dimensions is not None
    assert law.dimensions.consistent
    assert repr(law).endswith("units: consistent, the 1 in front in yr/au^(3/2))")
    payload = law_payload(law)
    assert payload is not None
    assert str(law.dimensions) in payload["notes"]


def test_kepler_in_other_units() -> None:
    au, year = 149.597870700, 365.25
    other = replace(
        PLANETS,
        inputs=PLANETS.inputs * [au, 1],
        targets=PLANETS.targets * year,
        uncertainty=None,
        units={"semi_major_axis": "Gm", "period": "d"},
    )
    law = law_from_tree(KEPLER, other)
    (first, *_) = law.constants
    assert law.dimensions is not None
    assert str(law.dimensions.constants[0].unit) == "d/Gm^(3/2)"
    assert first.value == pytest.approx(year / au**1.5, rel=0.01)


def test_a_law_that_cannot_be_is_kept_and_labeled() -> None:
    x, z = GENERATOR.uniform(1, 2, (2, 40))
    data = Dataset.from_frame({"x": x, "z": z, "y": x + z}, target="y", units={"x": "m", "z": "s", "y": "m"})
    law = law_from_tree(add([variable(0), variable(1)]), data)
    assert str(law) == "y = x + z"
    assert law.dimensions is not None
    assert not law.dimensions.consistent
    assert "units: inconsistent, x (in m) and z (in s) are added" in repr(law)


def test_without_units_there_is_no_report() -> None:
    x, z = GENERATOR.uniform(1, 2, (2, 40))
    law = law_from_tree(add([variable(0), variable(1)]), Dataset.from_arrays(np.c_[x, z], x + z))
    assert law.dimensions is None
    assert "units" not in repr(law)
    assert law.expanded() == str(law)
    assert replace(law, origin=None).expanded() == str(law)


def derived_law() -> tuple[Law, Dataset]:
    """A law in r2 and s = r2/t, which are made of x, z and t."""
    x, z, t = GENERATOR.uniform(1, 2, (3, 60))
    data = Dataset.from_frame(
        {"x": x, "z": z, "t": t, "y": 2.345 * np.sqrt(x**2 + z**2) / t},
        target="y",
        units={"x": "m", "z": "m", "t": "s", "y": "m/s"},
    )
    more = data.with_columns({"r2": "x**2 + z**2", "s": "r2/t**2"})
    return law_from_tree(affine(2.0, apply(get("sqrt"), variable(4)), 0.0), more), data


def test_expanded() -> None:
    law, data = derived_law()
    assert law.inputs_used == ("s",)
    np.testing.assert_allclose(values(law.expanded(), data), data.targets[:, 0], rtol=1e-3)
    assert law.dimensions is not None
    assert str(law.dimensions) == "units: consistent"


def test_a_law_in_groups() -> None:
    rho, v, d, mu = GENERATOR.uniform(1, 2, (4, 60))
    data = Dataset.from_frame(
        {
            "rho": rho,
            "v": v,
            "d": d,
            "mu": mu,
            "force": 3 * np.pi * mu * v * d * (1 + 0.1875 * rho * v * d / mu),
        },
        target="force",
        units={"rho": "kg/m^3", "v": "m/s", "d": "m", "mu": "Pa*s", "force": "N"},
    )
    small = data.in_groups()
    assert small.names == ("group1",)
    law = law_from_tree(affine(9.0, variable(0), 2.0), small)
    assert law.dimensions is None
    # Oseen 1910: 24/Re (1 + 3/16 Re), whatever group the target stands in
    left, _, right = law.expanded().partition(" = ")
    columns = dict(zip((*data.names, "force"), (*data.inputs.T, data.targets[:, 0]), strict=True))
    told = [grammar.evaluate(grammar.parse(side), columns) for side in (left, right)]
    np.testing.assert_allclose(told[0], told[1], rtol=1e-6)


def test_a_product_with_two_units_of_one_kind() -> None:
    a, b = GENERATOR.uniform(1, 2, (2, 40))
    data = Dataset.from_frame(
        {"a": a, "b": b, "y": 1.337 * a * b}, target="y", units={"a": "m", "b": "km", "y": "m^2"}
    )
    law = law_from_tree(affine(1.3, multiply([variable(0), variable(1)]), 0.0), data)
    assert str(law.dimensions) == "units: consistent, c1 in m/km"

"""Variables that act as one, in functions that are given by formulas; and none where there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kanlab.errors import ShapeError
from kanlab.network import KAN, NetworkSpec
from kanlab.symbolic.surrogate import Surrogate
from kanlab.symbolic.symmetry import COMBINATIONS, Pair, symmetry

POSITIVE, SIGNED = (0.5, 2.0), (-1.0, 1.0)


def pairs(
    function: Callable[..., Any], *box: tuple[float, float], error: float = 1e-10
) -> dict[tuple[int, int], Pair]:
    surrogate = Surrogate.of_function(function, box, names="xyzw"[: len(box)], error=error)
    return {pair.columns: pair for pair in symmetry(surrogate)}


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x, y, z: np.exp(-((x - y) ** 2)) * z, "x - y"),
        (lambda x, y, z: np.sin(x + y + z**2) + z, "x + y"),
        (lambda x, y, z: z / (1 + x * y), "x * y"),
        (lambda x, y, z: np.arcsin(0.2 * x / y) + z * x / y, "x / y"),
        (lambda x, y, z: z * np.sqrt(x**2 + y**2), "x^2 + y^2"),
        (lambda x, y, z: np.cos(z * (x**2 - y**2)), "x^2 - y^2"),
        (lambda x, y, z: np.sin(z * (x**3 + y * x)) + z, "some m(x, y)"),
    ],
)
def test_what_two_variables_act_through(function: Callable[..., Any], name: str) -> None:
    found = pairs(function, POSITIVE, POSITIVE, POSITIVE)[0, 1]
    assert found.found is not None
    assert found.found.name == name
    assert not found.also
    others = [one.size for one in found.residuals if one.name not in (name, "some m(x, y)")]
    assert min(others) > 1e-2


def test_of_two_variables_the_general_question_is_not_asked() -> None:
    """Every f(x, y) is a function of one combination of both: f itself."""
    pair = pairs(lambda x, y: np.sin(x**2 * y) + np.exp(x - y**2), POSITIVE, POSITIVE)[0, 1]
    assert pair.found is None
    assert len(pair.residuals) == len(COMBINATIONS)


@pytest.mark.parametrize("error", [1e-10, 1e-5, 1e-3, 1e-2])
def test_a_function_without_symmetry_has_none(error: float) -> None:
    found = pairs(
        lambda x, y, z: np.sin(3 * x * y + z) + np.exp(x * z) * np.cos(2 * y) + z * y**2,
        SIGNED,
        SIGNED,
        SIGNED,
        error=error,
    )
    assert [pair.found for pair in found.values()] == [None] * 3


def test_a_variable_that_does_not_act_is_in_no_symmetry() -> None:
    found = pairs(lambda x, y, z: x - y + 0 * z, SIGNED, SIGNED, SIGNED)
    assert found[0, 2] == Pair((0, 2), None, (), ())
    one = found[0, 1].found
    assert one is not None
    assert one.name == "x - y"


def test_a_rough_surrogate_claims_nothing() -> None:
    pair = pairs(lambda x, y: np.sqrt(x**2 + y**2), POSITIVE, POSITIVE, error=0.3)[0, 1]
    assert pair.found is None


def test_slopes_of_a_network_are_those_of_differences() -> None:
    network = KAN(NetworkSpec.of([2, 3, 1], intervals=4), seed=1)
    exact = Surrogate.of_network(network, [SIGNED, SIGNED], names=("x", "y"), error=1e-6)
    rough = Surrogate.of_function(lambda x, y: network.predict(np.stack([x, y], 1))[:, 0], [SIGNED, SIGNED])
    points = exact.inside(np.random.default_rng(0).uniform(size=(50, 2)))
    assert np.abs(exact.slopes(points) - rough.slopes(points)).max() < 1e-4
    assert np.array_equal(exact.function(points), rough.function(points))


@pytest.mark.parametrize("box", [[(0.0, 1.0)], [(0.0, 1.0), (1.0, 1.0)], [0.0, 1.0]])
def test_boxes_that_are_none_are_refused(box: Any) -> None:
    with pytest.raises(ShapeError, match="box"):
        Surrogate.of_function(lambda *columns: columns[0], box)


def test_a_network_that_does_not_fit_the_box_is_refused() -> None:
    network = KAN(NetworkSpec.of([2, 1, 2]), seed=0)
    with pytest.raises(ShapeError, match="2 outputs"):
        Surrogate.of_network(network, [SIGNED, SIGNED], names=("x", "y"))

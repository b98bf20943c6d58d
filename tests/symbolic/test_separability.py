"""Sums and products behind functions that are given by formulas, and behind nothing that has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kanlab.symbolic.separability import (
    ADDITIVE,
    LIMIT,
    NONE,
    PRODUCT,
    PRODUCT_AND_SUMS,
    UNUSED,
    Split,
    separability,
)
from kanlab.symbolic.surrogate import Surrogate
from kanlab.symbolic.transforms import TRANSFORMS

POSITIVE, SIGNED, NEAR, TURN = (0.5, 2.0), (-1.0, 1.0), (-0.8, 0.8), (0.0, 2 * np.pi)


def splits(function: Callable[..., Any], *box: tuple[float, float], error: float = 1e-10) -> list[Split]:
    return list(separability(Surrogate.of_function(function, box, error=error)))


@pytest.mark.parametrize(
    ("function", "box", "verdict", "transform"),
    [
        (lambda x, y: np.exp(x) + np.sin(3 * y), (SIGNED, SIGNED), ADDITIVE, "f"),
        (lambda x, y: x * y, (POSITIVE, POSITIVE), ADDITIVE, "log f"),
        (lambda x, y: -x / np.cosh(y), (POSITIVE, SIGNED), ADDITIVE, "log f"),
        (lambda a, b: (a + b) / (1 + a * b), (NEAR, NEAR), ADDITIVE, "artanh f"),
        (lambda a, b: np.sqrt(1 + a**2 + b**2), (SIGNED, SIGNED), ADDITIVE, "f^2"),
        (lambda a, b: a * b / (a + b), (POSITIVE, POSITIVE), ADDITIVE, "1/f"),
        (lambda a, b: np.log(a + np.exp(b)), (POSITIVE, SIGNED), ADDITIVE, "exp f"),
        (lambda a, b: np.arctan(a + b**2), (SIGNED, SIGNED), ADDITIVE, "tan f"),
        (lambda a, b: (a + b**2) ** 2, (POSITIVE, POSITIVE), ADDITIVE, "sqrt f"),
        (lambda a, b: 1 / np.sqrt(a + b**2), (POSITIVE, POSITIVE), ADDITIVE, "1/f^2"),
        (lambda a, b: np.sinh(a + b**2), (SIGNED, SIGNED), ADDITIVE, "arsinh f"),
        (lambda a, b: np.sin(a + 0.3 * b**2), (NEAR, SIGNED), ADDITIVE, "arcsin f"),
        (lambda a, b: np.arccos(0.9 * np.sin(a) * b), (TURN, SIGNED), PRODUCT, "cos f"),
        (lambda n, t: np.arcsin(n * np.sin(t)), ((0.0, 0.99), TURN), PRODUCT, "sin f"),
        (lambda a, t: 1 + a * np.sin(t), (SIGNED, TURN), PRODUCT, "f"),
        (lambda a, b: 1 / (1 + a * b), (POSITIVE, POSITIVE), PRODUCT, "1/f"),
        (lambda a, d: 1 + a + 2 * np.sqrt(a) * np.cos(d), ((0.1, 1.0), TURN), PRODUCT_AND_SUMS, "f"),
        (lambda a, b: np.exp(a * b + b**3 - a**2), (SIGNED, SIGNED), PRODUCT_AND_SUMS, "log f"),
        (lambda a, b: np.sin(a) + 0 * b, (SIGNED, SIGNED), UNUSED, "f"),
        (lambda a, b: np.ones_like(a + b), (SIGNED, SIGNED), UNUSED, "f"),
    ],
)
def test_the_structure_of_a_formula_is_found(
    function: Callable[..., Any], box: tuple[tuple[float, float], ...], verdict: str, transform: str
) -> None:
    (split,) = splits(function, *box)
    assert (split.verdict, split.best.transform.of("f")) == (verdict, transform)
    assert not split.also


@pytest.mark.parametrize(
    "function",
    [
        lambda a, b: np.sin(3 * a * b) + np.exp(a - b**2) + a * b**2,
        lambda a, b: np.exp(-((a - 0.3 * b) ** 2)) + np.cos(a * b + b),
        lambda a, b: np.sin(4 * a * b + 1) / (2 + a + b),
    ],
)
@pytest.mark.parametrize("error", [1e-10, 1e-5, 1e-3, 1e-2])
def test_a_function_without_structure_has_none(function: Callable[..., Any], error: float) -> None:
    (split,) = splits(function, SIGNED, SIGNED, error=error)
    assert split.verdict == NONE
    assert split.best.transform is TRANSFORMS[0]


def test_more_variables_are_split_in_every_way() -> None:
    found = splits(lambda a, b, c: a * np.exp(-((b - c) ** 2)), POSITIVE, SIGNED, SIGNED)
    verdicts = {(s.left, s.right, s.held): (s.verdict, s.best.transform.of("f")) for s in found}
    assert len(verdicts) == 6
    assert verdicts[(0,), (1, 2), False] == (ADDITIVE, "log f")
    assert verdicts[(1,), (0, 2), False] == (PRODUCT_AND_SUMS, "log f")
    assert verdicts[(0,), (1,), True] == verdicts[(0,), (2,), True] == (ADDITIVE, "log f")
    assert verdicts[(1,), (2,), True] == (PRODUCT_AND_SUMS, "log f")


def test_every_two_of_four_variables_are_beside_the_others_once() -> None:
    found = splits(lambda a, b, c, d: np.sin(a * b) + np.exp(c * d), SIGNED, SIGNED, SIGNED, SIGNED)
    whole = {s.left: s.verdict for s in found if not s.held}
    assert len(whole) == 7
    assert [left for left, verdict in whole.items() if verdict == ADDITIVE] == [(0, 1)]
    held = {(s.left + s.right): s.verdict for s in found if s.held}
    assert {pair for pair, verdict in held.items() if verdict != ADDITIVE} == {(0, 1), (2, 3)}


def test_a_rough_surrogate_does_not_tell_transforms_apart() -> None:
    """sqrt(1 + a^2 + b^2) is additive under the square, and nearly so under exp: errors of 1.5 % hide the rest."""
    (sharp,) = splits(lambda a, b: np.sqrt(1 + a**2 + b**2), SIGNED, SIGNED, error=1e-4)
    assert sharp.best.transform.of("f") == "f^2"
    assert not sharp.also
    noise = np.random.default_rng(0)
    (rough,) = splits(
        lambda a, b: np.sqrt(1 + a**2 + b**2) + 0.003 * noise.normal(size=a.shape),
        SIGNED,
        SIGNED,
        error=0.015,
    )
    assert rough.verdict == ADDITIVE
    assert rough.best.transform.of("f") == "f^2"
    assert [one.of("f") for one in rough.also] == ["exp f"]


def test_what_is_resolved_is_the_error_carried_through_the_transform() -> None:
    """White noise of the stated size leaves a spectrum below the size that is said to be resolved."""
    noise = np.random.default_rng(1)
    clean = Surrogate.of_function(lambda a, b: a * b, (POSITIVE, POSITIVE))
    (split,) = splits(
        lambda a, b: a * b + 0.74 * 1e-3 * noise.normal(size=a.shape), POSITIVE, POSITIVE, error=1e-3
    )
    spread = clean.function(clean.inside(noise.uniform(size=(4000, 2)))).std()
    assert spread == pytest.approx(0.74, rel=0.1)
    assert split.best.transform.of("f") == "log f"
    assert 0.05 * split.best.resolved < split.best.size < LIMIT * split.best.resolved


def test_a_transform_must_explain_more_than_none() -> None:
    """1/(1 + a b) is nearly a sum: where errors hide the rest, no transform that leaves as much is claimed."""
    (split,) = splits(lambda a, b: 1 / (1 + a * b), POSITIVE, POSITIVE, error=0.0145)
    assert any(one.verdict == ADDITIVE for one in split.spectra)
    assert split.verdict == NONE


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda one: one.of("f"))
def test_slopes_of_transforms(transform: Any) -> None:
    values = np.linspace(0.1, 0.9, 50)
    assert transform.domain(values)
    step = 1e-6
    wanted = (transform.function(values + step) - transform.function(values - step)) / (2 * step)
    assert np.allclose(transform.slope(values), wanted, rtol=1e-6)


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda one: one.of("f"))
def test_transforms_are_monotone_on_their_domain(transform: Any) -> None:
    """Otherwise different values are thrown together, and what looks like a sum need be none."""
    generator = np.random.default_rng(2)
    for _ in range(200):
        low, width = generator.uniform(-4, 4), generator.uniform(0.01, 3)
        values = np.linspace(low, low + width, 101)
        if transform.domain(values):
            steps = np.diff(transform.function(values))
            assert (steps > 0).all() or (steps < 0).all()

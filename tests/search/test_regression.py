"""Sums under every outer form: a law of that kind is found exactly, and with noise by its outline."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kanlab.search.dictionary import dictionary
from kanlab.search.outer import OUTERS
from kanlab.search.regression import Goal, sums
from kanlab.symbolic.tree import evaluate
from tests.columns import columns

GENERATOR = np.random.default_rng(1)
ROWS = GENERATOR.uniform(0.2, 0.9, (300, 2))
HELD = dictionary(columns(ROWS), 0)
X, Z = ROWS.T
LAWS: dict[str, Callable[[], np.ndarray]] = {
    "y": lambda: X * np.sin(Z) - 2 * Z,
    "log y": lambda: np.exp(-(X**2) / Z - 0.5 * X),
    "1/y": lambda: 1 / (X**2 + 3 * Z),
    "y^2": lambda: np.sqrt(X**2 + np.exp(Z)),
    "sqrt y": lambda: (X + 2 * np.cos(Z)) ** 2,
    "1/y^2": lambda: 1 / np.sqrt(2 + X * Z),
    "sin y": lambda: np.arcsin(X * np.sin(Z)),
    "artanh y": lambda: np.tanh(X - Z**2),
    "logit y": lambda: 1 / (1 + np.exp(Z - 2 * X)),
    "exp y": lambda: np.log(1 + X + Z**3),
    "cos y": lambda: np.arccos(X * Z - 0.3),
    "tan y": lambda: np.arctan(X / Z - 1),
}


@pytest.mark.parametrize("outer", OUTERS, ids=lambda outer: outer.name)
def test_a_law_under_an_outer_form_is_found(outer: object) -> None:
    name = outer.name  # type: ignore[attr-defined]
    target = LAWS[name]()
    found = [one for some in sums(HELD, Goal(target, np.ones(300)), outers=(outer,)) for one in some]  # type: ignore[arg-type]
    best = min(found, key=lambda one: one.score)
    assert best.exact
    np.testing.assert_allclose(evaluate(best.tree, ROWS), target, rtol=1e-8)


@pytest.mark.parametrize("outer", OUTERS, ids=lambda outer: outer.name)
def test_inverses_and_slopes_agree(outer: object) -> None:
    y = np.linspace(0.1, 0.9, 9)
    z = outer.inverse(y)  # type: ignore[attr-defined]
    np.testing.assert_allclose(outer.function(z), y, rtol=1e-12)  # type: ignore[attr-defined]
    step = 1e-6
    rise = (outer.inverse(y + step) - outer.inverse(y - step)) / (2 * step)  # type: ignore[attr-defined]
    np.testing.assert_allclose(outer.slope(y), rise, rtol=1e-6)  # type: ignore[attr-defined]


def test_what_noise_carries_out_of_the_range_does_not_count() -> None:
    target = np.linspace(-0.01, 2, 300)
    scaled = next(outer for outer in OUTERS if outer.name == "log y").of(target, np.ones(300))
    assert scaled is not None
    _, share = scaled
    assert (share[target <= 0] == 0).all()
    assert (share[target > 0] > 0).all()


def test_an_outer_form_that_does_not_suit_the_targets_is_left_out() -> None:
    logarithm = next(outer for outer in OUTERS if outer.name == "log y")
    assert logarithm.of(np.linspace(-1, 1, 50), np.ones(50)) is None


def test_weights_say_which_rows_count() -> None:
    target = X * np.sin(Z)
    spoiled = target.copy()
    spoiled[:10] += 5
    weights = np.where(np.arange(300) < 10, 1e-9, 1.0)
    found = [one for some in sums(HELD, Goal(spoiled, weights), outers=OUTERS[:1]) for one in some]
    best = min(found, key=lambda one: one.score)
    np.testing.assert_allclose(evaluate(best.tree, ROWS), target, atol=1e-6)


def test_a_square_of_a_distance_below_is_one_term_however_much_noise_there_is() -> None:
    generator = np.random.default_rng(3)
    length, x, z = rows = generator.uniform((2, -1, 0.3), (9, 1, 1), (300, 3)).T
    truth = 0.43 * length * x / (x**2 + z**2)
    noisy = truth + 0.2 * truth.std() * generator.standard_normal(300)
    held = dictionary(columns(rows.T), 0)
    plain = next(outer for outer in OUTERS if outer.name == "y")
    found = [one for some in sums(held, Goal(noisy, np.ones(300)), outers=(plain,)) for one in some]
    best = min(found, key=lambda one: one.score)
    assert np.corrcoef(evaluate(best.tree, rows.T), truth)[0, 1] > 0.999
    assert best.constants <= 2

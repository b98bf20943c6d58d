"""Bootstrap resamples against the standard errors that least squares gives."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab import Shelf, discover
from kanlab._typing import Array
from kanlab.data import Dataset
from kanlab.discovery.shelf import front, score_law, shown
from kanlab.discovery.stability import stability
from kanlab.symbolic.law import law_from_tree
from kanlab.symbolic.outline import outline
from kanlab.symbolic.parse import tree_of_formula
from tests.sentences import refused
from tests.tables import columns

TEXTS = ("0.5", "0.83*x1", "0.83*x1 + 0.3*x2")


def shelf_of(noise: float, second: float) -> tuple[Shelf, Dataset]:
    """Of y = 0.837 x1 + second x2 + noise."""
    x = columns(300)
    y = 0.837 * x[:, 0] + second * x[:, 1] + np.random.default_rng(1).normal(0, noise, 300)
    data = Dataset.from_arrays(x, y)
    found = [score_law(law_from_tree(tree_of_formula(text, data.names), data), data) for text in TEXTS]
    kept = front(found, data)
    best = min(found, key=lambda one: one.score).law
    return Shelf(kept, best, None, 0, 1, True, 0.1, scored=shown(found, kept, best)), data


def noisy(rows: int) -> Array:
    """Noise [rows]."""
    return np.random.default_rng(1).normal(0, 0.05, rows)


def test_a_clear_law_wins_always_and_its_constants_spread_by_their_standard_errors() -> None:
    shelf, data = shelf_of(0.1, 0.312)
    told = shelf.stability(data, resamples=200, seed=3)
    assert sum(one.wins for one in told.laws) == 200
    best = next(one for one in told.laws if one.law is shelf.best)
    assert best.wins == 200
    errors = [held.standard_error for held in best.law.constants if held.snapped is None]
    # a standard deviation of 200 values is known to 5 %, and the bootstrap to sqrt(2 / 300) = 8 % of the rows
    assert [held.spread for held in best.constants] == pytest.approx(errors, rel=0.35)


def test_a_doubtful_term_wins_sometimes() -> None:
    shelf, data = shelf_of(0.5, 0.15)
    wins = [one.wins for one in shelf.stability(data, resamples=60, seed=0).laws]
    assert sum(wins) == 60
    assert max(wins) < 60


def test_the_seed_makes_it_again() -> None:
    shelf, data = shelf_of(0.5, 0.15)
    first, again, other = (shelf.stability(data, resamples=30, seed=seed) for seed in (0, 0, 1))
    assert repr(first) == repr(again)
    assert repr(first) != repr(other)
    assert "of 30" in repr(first)


def test_other_seeds_find_the_law_of_a_clear_table_again() -> None:
    data = Dataset.from_arrays(columns(300), 0.837 * columns(300)[:, 0] + noisy(300))
    shelf = discover(data, time_limit=None, seed=0)
    told = shelf.stability(data, resamples=5, searches=3, time_limit=None)
    assert told.searches == 3
    best = next(one for one in told.laws if one.law is shelf.best)
    assert best.found == 3
    assert sum(one.found for one in told.laws) + len(told.others) == 3
    assert "3 of 3 seeds" in repr(told)
    assert "seeds" not in repr(shelf.stability(data, resamples=5))


def test_what_other_seeds_find_instead_is_told() -> None:
    shelf, data = shelf_of(0.1, 0.312)
    laws = [row.law for row in shelf.rows()]
    (odd,) = [law_from_tree(tree_of_formula("0.83*x1**2", data.names), data)]
    found = [shelf.best, odd, None, shelf.best]
    told = stability(laws, data, resamples=5, seed=0, again=lambda: found)
    assert {one.found for one in told.laws if one.law is shelf.best} == {2}
    assert told.others == (odd, None)
    assert told.parts().notes == (f"Another seed found {odd}.", "Another seed found no law.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.83*x1 + 0.3*x2", "x2/3 + 2*x1", True),
        ("0.83*x1", "0.83*x1 + 0.3", False),
        ("sin(2*x1)*x2", "3*x2*sin(2.1*x1)", True),
        ("sin(2*x1)*x2", "sin(2*x2)*x1", False),
        ("x1**2", "x1**3", False),
    ],
)
def test_an_outline_leaves_the_numbers_out(one: str, other: str, same: bool) -> None:
    first, second = (outline(tree_of_formula(text, ("x1", "x2"))) for text in (one, other))
    assert (first == second) == same


def test_what_is_refused() -> None:
    shelf, data = shelf_of(0.1, 0.3)
    refused(lambda: shelf.stability(data, resamples=0), "resamples is 0")
    refused(lambda: shelf.stability(data, searches=-1), "searches is -1")
    refused(lambda: shelf.stability(data, seed=-1), "seed is -1")
    other = Dataset.from_arrays(columns(40, 3), columns(40, 1)[:, 0])
    refused(lambda: shelf.stability(other), "x1, x2, x3")

"""What is said of a law beside a network, on data whose noise is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kanlab import discover
from kanlab.data import Dataset
from kanlab.discovery.rival import ENDED, NOT_COMPARED, TOO_FEW, Duel, Rival, duel, verdict
from kanlab.symbolic.law import Law, law_from_tree
from kanlab.symbolic.parse import tree_of_formula
from kanlab.symbolic.polish import Table
from tests.tables import columns


def noisy(function: Callable[[np.ndarray], np.ndarray], noise: float, rows: int = 600) -> Dataset:
    x = columns(rows)
    return Dataset.from_arrays(x, function(x) + np.random.default_rng(1).normal(0, noise, rows))


def law_of(text: str, data: Dataset) -> Law:
    return law_from_tree(tree_of_formula(text, data.names), data)


def truth(x: np.ndarray) -> np.ndarray:
    return 2 * x[:, 0] + 0.5 * np.sin(4 * x[:, 1])


def test_the_right_law_leaves_noise_alone() -> None:
    data = noisy(truth, 0.1)
    told = verdict(law_of("2*x1 + sin(4*x2)/2", data), data, Rival(truth, 0.2), found=True, finished=True)
    assert told.notes == ()
    # 480 rows tell a standard deviation to 3 %
    assert told.noise == pytest.approx(0.1, rel=0.12)


def test_a_law_that_misses_a_wave_is_called_worse_than_the_network() -> None:
    data = noisy(truth, 0.1)
    law = law_of("2*x1", data)
    told = verdict(law, data, Rival(truth, 0.11), found=True, finished=True)
    worse, alike = told.notes
    assert worse.startswith("A spline network predicts held-out rows better than this law")
    assert f"{law.error:.2g}" in worse
    assert "alike in neighboring rows" in alike
    assert told.noise == 0.11


def test_a_network_that_is_better_than_the_mean_is_said_where_no_law_was_found() -> None:
    data = noisy(truth, 0.1)
    told = verdict(law_of("0.5", data), data, Rival(truth, None), found=False, finished=True)
    assert "better than the mean" in told.notes[0]
    assert told.noise is None


def test_an_exact_law_has_no_noise() -> None:
    data = noisy(truth, 0.0)
    assert verdict(law_of("2*x1 + sin(4*x2)/2", data), data, None, found=True, finished=True).noise == 0


def test_what_was_not_compared_is_said() -> None:
    data, few = noisy(truth, 0.1), noisy(truth, 0.1, rows=40)
    ended = verdict(law_of("2*x1", data), data, None, found=True, finished=False)
    assert NOT_COMPARED in ended.notes
    assert ended.notes[-1] == ENDED
    rows = len(few.part("train").inputs)
    assert TOO_FEW.format(rows) in verdict(law_of("2*x1", few), few, None, found=True, finished=True).notes


def test_the_standard_error_of_a_difference_is_that_of_the_mean() -> None:
    generator = np.random.default_rng(0)
    target, better, worse = np.zeros(400), generator.normal(0, 1, 400), generator.normal(0, 1.5, 400)
    told = duel(worse, better, Table(np.zeros((400, 1)), target))
    # (r^2 - s^2) has the variance 2 (1.5^4 + 1^4), and the mean 1.25
    assert told.standard_error == pytest.approx(np.sqrt(2 * (1.5**4 + 1) / 400), rel=0.25)
    assert told.difference == pytest.approx(1.25, abs=4 * told.standard_error)
    assert told.significant
    assert not Duel(1.0, 1.0, 0.1, 0.06).significant


def test_a_search_compares_its_law_with_the_network_it_fitted() -> None:
    x = columns(200)
    data = Dataset.from_arrays(x, x[:, 0] ** 2 + x[:, 1] + np.random.default_rng(0).normal(0, 0.1, 200))
    shelf = discover(data)
    assert str(shelf.best) == "y = x1**2 + x2"
    assert shelf.notes == ()
    assert shelf.noise == pytest.approx(0.1, rel=0.25)


def test_a_search_ended_by_the_clock_says_so_and_what_the_network_does_better() -> None:
    data = noisy(lambda x: x[:, 0] + 0.5 * np.sin(4 * x[:, 0] * x[:, 1]), 0.02, rows=300)
    shelf = discover(data, time_limit=0)
    assert not shelf.finished
    assert shelf.notes[0] == "The law does without x2."
    assert shelf.notes[1].startswith("A spline network predicts held-out rows better than this law")
    assert shelf.notes[-1] == ENDED

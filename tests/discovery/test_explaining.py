"""The stages of the search for sums of products of forms: reduced by structure, and ended by noise."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.discovery.discover import discover, search
from kanlab.discovery.explaining import Explaining
from kanlab.discovery.setup import rows_of
from kanlab.symbolic.law import law_from_tree
from kanlab.symbolic.parse import tree_of_formula

GENERATOR = np.random.default_rng(11)


def table(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.5, 2, (rows, columns))


def explaining(data: Dataset) -> Explaining:
    return Explaining(data, rows_of(data), seed=0, forms=(), stopping=lambda: False)


def test_a_law_of_four_columns_is_reduced_and_found() -> None:
    x = table(600, 4)
    data = Dataset.from_arrays(x, x[:, 0] * np.sin(x[:, 1] - x[:, 2]) / np.sqrt(x[:, 3]), names=list("abcd"))
    stages = explaining(data)
    assert [set(problem.steps) for problem in stages.chain][-1] >= {"target / column 1^1"}
    assert len(stages.smallest.columns) < 4
    shelf = discover(data, time_limit=None)
    assert str(shelf.best) == "y = a*sin(b - c)/sqrt(d)"


def test_columns_that_do_not_matter_are_set_aside() -> None:
    x = np.random.default_rng(4).uniform(-1, 1, (1000, 10))
    clean = np.exp(x[:, 2]) * x[:, 7] + x[:, 4] ** 2
    data = Dataset.from_arrays(x, clean + 0.01 * clean.std() * GENERATOR.normal(size=1000))
    stages = explaining(data)
    assert {next(iter(column.inputs)) for column in stages.start.columns} == {2, 4, 7}
    shelf = discover(data, time_limit=None)
    assert shelf.best is not None
    assert shelf.best.inputs_used == ("x3", "x5", "x8")
    assert shelf.unused == ("x1", "x2", "x4", "x6", "x7", "x9", "x10")
    assert "The law does without x1, x2, x4, x6, x7, x9, x10." in shelf.notes


def noisy(share: float) -> Dataset:
    x = table(500, 2)
    clean = x[:, 0] ** 2 / (1 + x[:, 1])
    return Dataset.from_arrays(
        x, clean + share * clean.std() * np.random.default_rng(1).normal(size=500), names=["a", "b"]
    )


@pytest.mark.parametrize("share", [0.01, 0.1])
def test_the_true_law_explains_all_but_the_noise(share: float) -> None:
    data = noisy(share)
    stages = explaining(data)
    truth = law_from_tree(tree_of_formula("a**2/(1 + b)", ["a", "b"]), data)
    rough = law_from_tree(tree_of_formula("1.1*a**1.5 - 0.5*b", ["a", "b"]), data)
    assert stages.explains_all_but_noise(truth)
    assert not stages.explains_all_but_noise(rough)


def test_without_noise_only_an_exact_law_ends_the_search() -> None:
    data = noisy(0.0)
    close = law_from_tree(tree_of_formula("a**2/(1.01 + b)", ["a", "b"]), data)
    assert not explaining(data).explains_all_but_noise(close)


def test_with_noise_the_search_ends_early_with_the_law() -> None:
    trials = list(search(noisy(0.01)))
    assert str(trials[-1].best) == "y = a**2/(b + 1)"
    assert trials[-1].number < 6


def test_a_table_too_small_for_many_terms_has_no_stages() -> None:
    x = table(20, 2)
    assert explaining(Dataset.from_arrays(x, x.sum(axis=1))).stages() == []

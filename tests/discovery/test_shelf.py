"""The shelf as a table: the front, runners-up and what it says when there is no law."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab import Shelf, discover
from kanlab.data import Dataset
from kanlab.discovery.shelf import NEAR, NO_LAW, Scored, front, score_law, shown
from kanlab.report.shelf_page import shelf_section
from kanlab.symbolic.description import description_length
from kanlab.symbolic.law import Law, law_from_tree, table_of
from kanlab.symbolic.parse import tree_of_formula
from tests.tables import columns

TEXTS = ("0.5", "x1", "x1 + 0.1*x2", "1.01*x1 + 0.1*x2", "x1 + 0.1*sin(x2)")


def data() -> Dataset:
    x = columns(200)
    return Dataset.from_arrays(x, x[:, 0] + 0.1 * x[:, 1] + np.random.default_rng(1).normal(0, 0.02, 200))


def laws(of: Dataset) -> list[Law]:
    return [law_from_tree(tree_of_formula(text, of.names), of) for text in TEXTS]


def made() -> Shelf:
    table = data()
    found = [score_law(law, table) for law in laws(table)]
    kept = front(found, table)
    best = min(found, key=lambda one: one.score).law
    return Shelf(kept, best, None, 0, 1, True, 0.1, scored=shown(found, kept, best), notes=("A note.",))


def test_the_score_is_half_of_bic_and_the_price_of_the_form() -> None:
    table = data()
    law = laws(table)[2]
    rows = table.part("fit")
    square = float(np.mean((law(rows.inputs) - rows.targets[:, 0]) ** 2))
    measured = sum(held.snapped is None for held in law.constants)
    count = len(rows.inputs)
    bic = count * np.log(square) + measured * np.log(count)
    # the printed text is rounded to its standard errors, which costs less than a tenth of a nat here
    assert description_length(law.tree, table_of(table, "fit")) == pytest.approx(
        bic / 2 + law.complexity, abs=0.5
    )


def test_differences_are_to_the_shortest_description() -> None:
    rows = made().rows()
    assert min(row.behind for row in rows) == 0
    assert [row.behind for row in rows if row.best] == [0]
    assert len({str(row.law) for row in rows}) == len(rows)
    assert [row.law.complexity for row in rows] == sorted(row.law.complexity for row in rows)


def test_runners_up_beside_the_front_are_shown_once_and_far_ones_are_not() -> None:
    table = data()
    first, second = laws(table)[2], laws(table)[4]
    again = laws(table)[2]
    far = laws(table)[1]
    found = [Scored(first, 0.0), Scored(again, 0.1), Scored(second, NEAR), Scored(far, NEAR + 0.1)]
    kept = shown(found, (first,), first)
    assert [one.law for one in kept] == [first, second]
    shelf = Shelf((first,), first, None, 0, 1, True, 0.1, scored=kept)
    assert [row.on_front for row in shelf.rows()] == [True, False]
    assert "runner-up" in repr(shelf)


def test_the_table_is_the_same_as_text_markdown_and_html() -> None:
    shelf = made()
    for text in (repr(shelf), shelf._repr_markdown_(), shelf_section(shelf)):
        assert "A note." in text
        assert all(row.law.text in text for row in shelf.rows())
        assert "nats behind" in text


def test_an_empty_shelf_and_noise_say_plainly_that_there_is_no_law() -> None:
    assert repr(Shelf((), None, None, 0, 0, False, 0.0)) == NO_LAW
    generator = np.random.default_rng(0)
    noise = Dataset.from_arrays(generator.uniform(-1, 1, (50, 3)), generator.normal(size=50))
    shelf = discover(noise, seed=0)
    assert repr(shelf).startswith(NO_LAW)
    assert not any(row.best for row in shelf.rows())
    # 50 rows tell a standard deviation to 10 %
    assert shelf.noise == pytest.approx(1, rel=0.4)

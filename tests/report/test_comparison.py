"""The record of two laws: what it says and draws."""

from __future__ import annotations

import numpy as np

import kanlab as kl
from kanlab.symbolic.law import Law, law_from_tree
from kanlab.symbolic.parse import tree_of_formula


def wave() -> kl.Dataset:
    x = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    return kl.Dataset.from_arrays(
        x, np.sin(x[:, 0]) + x[:, 1] / 4 + np.random.default_rng(1).normal(0, 0.02, 300)
    )


def law_of(text: str, data: kl.Dataset) -> Law:
    return law_from_tree(tree_of_formula(text, data.names), data)


def test_it_says_which_is_better_and_where_one_breaks() -> None:
    data = wave()
    good, poor = law_of("sin(x1) + x2/4", data), law_of("sqrt(2 + x1) - 7/5", data)
    told = kl.compare_laws(good, poor, data)
    assert told.better is good
    assert kl.compare_laws(poor, good, data).better is good
    text = repr(told)
    assert text.startswith("The first law predicts the held-out rows better")
    assert "sqrt(x1 + 2) is not defined for x1 < -2" in text
    assert "They differ most for" in text
    assert "not defined at" in text
    assert "1.5 times" in told._repr_markdown_()


def test_laws_that_the_rows_do_not_tell_apart() -> None:
    data = wave()
    law = law_of("sin(x1) + x2/4", data)
    told = kl.compare_laws(law, law, data)
    assert told.better is None
    assert repr(told).startswith("The held-out rows do not tell the two laws apart")
    assert told.figure().get_axes()


def test_the_picture_shows_both_laws_and_skips_poles() -> None:
    data = wave()
    good, poor = law_of("sin(x1) + x2/4", data), law_of("1/(2 + x1) + x1 - 1/2", data)
    picture = kl.compare_laws(good, poor, data).figure()
    residuals, curves = picture.get_axes()
    assert len(residuals.get_lines()) == 3
    shown = [np.asarray(line.get_ydata(), dtype=float) for line in curves.get_lines()]
    assert np.nanmax(np.abs(shown[1])) < 11 * np.ptp(data.targets)
    # the data span a third of the curves
    x = np.asarray(curves.get_lines()[0].get_xdata(), dtype=float)
    assert np.ptp(x) / np.ptp(data.part("fit").inputs[:, 0]) > 2.9
    assert kl.compare_laws(good, poor, data).figure()._repr_png_()[:4] == b"\x89PNG"  # type: ignore[attr-defined]

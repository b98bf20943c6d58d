"""From a trained network to the law it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
import sympy

from kanlab.data import Dataset
from kanlab.discovery.actions import THRESHOLD, Fit
from kanlab.discovery.fitting import fit_phases
from kanlab.errors import FormError, ShapeError
from kanlab.network import KAN, EdgeId, lock_edge, remove_edges
from kanlab.network.edit import edge_status
from kanlab.sparsity import prune
from kanlab.symbolic.assign import assign, spline_edges
from kanlab.symbolic.law import read_law
from kanlab.symbolic.refit import checked_error, description_length, refit
from kanlab.symbolic.suggest import edge_text, fix, suggest
from kanlab.training import FitOptions, Rows, fit
from tests.problems import exp_sin_square, fresh, rmse


@cache
def pruned() -> tuple[KAN, Rows]:
    rows, _, _ = exp_sin_square(0, 400)
    network = fresh([2, 5, 1], 0, rows)
    for _, options in fit_phases(Fit(sparsity=0.02)):
        network = fit(network, rows, options)
    network = prune(network, rows.inputs, THRESHOLD)
    assert str(network.spec) == "[2, 1, 1]"
    return fit(network, rows, FitOptions(steps=20)), rows


def test_the_law_is_found_exactly() -> None:
    network, rows = pruned()
    found = assign(network, rows)
    assert [one.score for one in found] == sorted(one.score for one in found)
    best = found[0]
    assert not spline_edges(best.network.arrays())
    assert best.rmse <= 1e-12
    assert best.rmse == pytest.approx(checked_error(best.network, rows), rel=1e-9, abs=1e-15)
    inputs = np.concatenate([rows.inputs, rows.validation_inputs])
    targets = np.concatenate([rows.targets, rows.validation_targets])
    law = read_law(best.network, Dataset.from_arrays(inputs, targets, names=["x1", "x2"]))
    x1, x2 = sympy.symbols("x1 x2", real=True)
    assert sympy.simplify(law.expression - sympy.exp(sympy.sin(sympy.pi * x1) + x2**2)) == 0
    assert law.error <= 1e-14


def test_a_search_may_be_stopped() -> None:
    network, rows = pruned()
    asked: Iterator[bool] = iter([False, True])
    found = assign(network, rows, stop=lambda: next(asked, True))
    assert found
    assert 0 < len(spline_edges(found[0].network.arrays())) < 3
    (same,) = assign(network, rows, stop=lambda: True)
    assert len(spline_edges(same.network.arrays())) == 3


def test_locked_splines_are_left_alone() -> None:
    network, rows = pruned()
    for edge in spline_edges(network.arrays())[:2]:
        network = lock_edge(network, edge)
    assert len(spline_edges(network.arrays())) == 1
    found = assign(network, rows, beam=1, choices=1)
    assert not spline_edges(found[0].network.arrays())
    assert sum(int(layer.splines.sum()) for layer in found[0].network.arrays().layers) == 2


def test_suggestions_are_ranked_by_the_whole_network() -> None:
    network, rows = pruned()
    found = suggest(network, EdgeId(0, 0, 0), rows, keep=4)
    assert [one.score for one in found] == sorted(one.score for one in found)
    assert found[0].form == "sin"
    assert found[0].r2 > 0.999
    assert "sin(" in found[0].text
    for one in found:
        assert edge_status(one.network, EdgeId(0, 0, 0)) == "form"
        assert one.rmse == pytest.approx(checked_error(one.network, rows), rel=1e-12)
        assert one.score == pytest.approx(description_length(one.network, rows), rel=1e-12)
        assert ("x" in one.text) == (one.form != "0")
    # what is suggested is not done
    assert edge_status(network, EdgeId(0, 0, 0)) == "spline"


def test_fix_puts_a_form_there_and_fits_what_is_free() -> None:
    network, rows = pruned()
    fixed = fix(network, EdgeId(0, 0, 0), "sine", rows)
    assert edge_status(fixed, EdgeId(0, 0, 0)) == "form"
    before, after = (rmse(one, rows.inputs, rows.targets) for one in (network, fixed))
    assert after <= 1.05 * before
    assert edge_text(fixed, EdgeId(0, 0, 0)).count("sin(3.1") == 1
    assert edge_text(network, EdgeId(0, 0, 0)) == ""


@pytest.mark.parametrize(("name", "near"), [("sinn", "'sin'"), ("tahn", "'tanh'"), ("gausian", "'gaussian'")])
def test_unknown_forms_are_refused_with_near_names(name: str, near: str) -> None:
    network, rows = pruned()
    with pytest.raises(FormError) as caught:
        fix(network, EdgeId(0, 0, 0), name, rows)
    assert near in str(caught.value)
    assert "\n" not in str(caught.value)


def test_edges_that_are_gone_are_refused() -> None:
    network, rows = pruned()
    network = remove_edges(network, [EdgeId(0, 1, 0)], rows.inputs)
    for edit in (
        lambda: fix(network, EdgeId(0, 1, 0), "sin", rows),
        lambda: suggest(network, EdgeId(0, 1, 0), rows),
    ):
        with pytest.raises(ShapeError, match="was removed"):
            edit()
    with pytest.raises(ShapeError, match="no edge"):
        fix(network, EdgeId(5, 0, 0), "sin", rows)


def test_a_refit_never_makes_the_fit_worse() -> None:
    network, rows = pruned()
    fixed = fix(network, EdgeId(0, 1, 0), "tanh", rows, steps=1)
    again = refit(fixed, rows, steps=10)
    assert rmse(again, rows.inputs, rows.targets) <= 1.001 * rmse(fixed, rows.inputs, rows.targets)

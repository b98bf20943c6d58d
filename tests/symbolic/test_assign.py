"""From a trained network to the law it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
import sympy
from scipy.interpolate import CubicSpline

from kanlab._typing import Array
from kanlab.data import Dataset
from kanlab.discovery.actions import THRESHOLD, Fit
from kanlab.discovery.fitting import fit_phases
from kanlab.errors import FormError, ShapeError
from kanlab.network import KAN, EdgeId, lock_edge, release_edge, remove_edges
from kanlab.network.edit import edge_status
from kanlab.sparsity import prune
from kanlab.symbolic.assign import assign
from kanlab.symbolic.assignment import Assignment, AssignOptions, spline_edges
from kanlab.symbolic.backtrack import backtrack
from kanlab.symbolic.law import read_law
from kanlab.symbolic.refit import checked_error, constant_price, description_length, refit
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
    found = assign(network, rows, AssignOptions(beam=1, choices=1))
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
        spared = (3 - one.constants) * constant_price(one.network, rows)
        assert one.score == pytest.approx(description_length(one.network, rows) - spared, rel=1e-12)
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


def learned(shape: list[int], columns: Array, target: Array, options: FitOptions) -> tuple[KAN, Rows]:
    """A network fitted to four fifths of rows [N, n], the others kept for validation."""
    cut = 4 * len(columns) // 5
    values = target[:, None]
    rows = Rows(columns[:cut], values[:cut], columns[cut:], values[cut:])
    return fit(fresh(shape, 0, rows), rows, options), rows


def forms_of(network: KAN) -> list[str]:
    """Names of the forms, layer by layer."""
    return [held.form.name for layer in network.arrays().layers for held in layer.forms]


def test_second_thoughts_mend_what_was_chosen_too_early() -> None:
    # few steps leave splines so rough that the best form of an edge alone is often a wrong one
    x = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    cases = [
        ([2, 1], np.exp(-(x[:, 0] ** 2)) + np.arctan(3 * x[:, 1]), ["gaussian", "arctan"]),
        ([2, 1, 1], np.log(2 + np.sin(2 * x[:, 0]) + x[:, 1]), ["sin", "x", "log"]),
        ([2, 1, 1], 1 / (2.5 + np.tanh(2 * x[:, 0]) + x[:, 1] ** 3), ["tanh", "x^3", "1/x"]),
    ]
    early: list[bool] = []
    for shape, target, forms in cases:
        network, rows = learned(shape, x, target, FitOptions(steps=4))
        greedy = assign(network, rows, AssignOptions(beam=1, choices=1, passes=0))[0]
        mended = assign(network, rows, AssignOptions(beam=1, choices=1))[0]
        early.append(forms_of(greedy.network) == forms)
        assert forms_of(mended.network) == forms
        assert mended.rmse < 1e-12
        assert mended.score <= greedy.score
    assert not all(early)


@pytest.mark.parametrize(("edge", "wrong"), [((0, 1, 0), "tanh"), ((0, 0, 0), "x^3"), ((1, 0, 0), "x^2")])
def test_a_wrong_form_is_found_wherever_it_is(edge: tuple[int, int, int], wrong: str) -> None:
    network, rows = pruned()
    edges = spline_edges(network.arrays())
    spoiled = assign(network, rows, AssignOptions(beam=1, passes=0))[0].network
    spoiled = fix(release_edge(spoiled, EdgeId(*edge)), EdgeId(*edge), wrong, rows)
    found = Assignment.of(spoiled, rows)
    assert found.rmse > 1e-6
    left_alone = backtrack(found, edges, rows, AssignOptions(), lambda: True)
    assert left_alone is found
    mended = backtrack(found, edges, rows, AssignOptions(), lambda: False)
    assert mended.rmse < 1e-12
    assert mended.score < found.score


@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_an_edge_that_no_form_describes_stays_a_spline(noise: float) -> None:
    random = np.random.default_rng(1)
    wiggly = CubicSpline(np.linspace(-1, 1, 12), random.normal(size=12))
    x = random.uniform(-1, 1, (500, 2))
    target = wiggly(x[:, 0]) + np.sin(2 * x[:, 1])
    spread = target.std()
    target = target + noise * spread * random.normal(size=500)
    network, rows = learned([2, 1], x, target, FitOptions(steps=20, grids=(5, 10, 20, 40)))
    best = assign(network, rows, AssignOptions(splines=True))[0]
    assert best.kept == {EdgeId(0, 0, 0)}
    assert not best.complete
    assert forms_of(best.network) == ["sin"]
    assert best.rmse < max(1.3 * noise, 0.01) * spread
    # a form is put there all the same where every edge has to have one
    (whole, *_) = assign(network, rows)
    assert whole.complete
    assert whole.rmse > 0.2 * spread
    law = read_law(best.network, Dataset.from_arrays(x, target, names=["u", "v"]))
    assert law.label == "semi-symbolic: phi_0_0_0 is a spline"
    assert str(law).endswith(f"({law.label})")
    assert "phi_0_0_0(u)" in law.text
    assert "sin(" in law.text


def test_a_refit_leaves_a_wiggly_spline_its_wiggles() -> None:
    random = np.random.default_rng(1)
    wiggly = CubicSpline(np.linspace(-1, 1, 12), random.normal(size=12))
    x = random.uniform(-1, 1, (500, 1))
    network, rows = learned([1, 1], x, wiggly(x[:, 0]), FitOptions(steps=20, grids=(5, 10, 20, 40)))
    before, after = (checked_error(one, rows) for one in (network, refit(network, rows, steps=10)))
    assert after < 1.3 * before

"""Networks from text: they compute what the grammar computes, and can learn on from there."""

from __future__ import annotations

import numpy as np
import pytest

import kanlab as kl
from kanlab.errors import FormError, GrammarError, KanlabError, ShapeError
from kanlab.forms import grammar
from kanlab.kernels import BASE_FUNCTIONS
from kanlab.network import KAN, EdgeId, from_record, release_edge, to_record
from kanlab.network.edit import edge_status
from kanlab.symbolic.law import read_law
from kanlab.symbolic.refit import training_error
from kanlab.symbolic.suggest import fix
from kanlab.training import FitOptions, Rows
from tests.networks import miss

BOX = {"a": (0.5, 2.0), "b": (1.0, 3.0), "c": (-2.0, 2.0), "d": (0.1, 0.9)}
FORMULAS = (
    "a*sin(b) + c", "exp(-a*b)*cos(3*c) + 2", "sqrt(a**2 + b**2 + c**2)", "a**1.37*b**-0.5", "1/(1 + a/b)",
    "a**b", "2**c", "a - b - (c - d)", "a/b/d", "a*b*c*d", "-a**2", "log10(a) + log2(b)",
    "a + a**2 + sin(a)", "asin(d) + acos(d)*atan(c)", "a*b/(4*pi*d*(1 + b)**2)",
    "exp(-(a - b)**2/(2*d**2))/sqrt(2*pi*d**2)", "a*(exp(b/d) - 1)**-1", "(a - b)**6 + abs(c)**0.3",
    "sigmoid(a) + relu(c) + erf(b) + sinc(b) + J0(a) + J1(b) + sign(c)", "tanh(sin(exp(-a)))", "3",
    "a*0 + 1", "e**c - E", "a*c + a*d + b*c + b*d", "(a*c + d)*(a*c - d)",
)  # fmt: skip


def points() -> np.ndarray:
    low, high = np.array(list(BOX.values())).T
    return np.random.default_rng(3).uniform(low, high, (50, len(BOX)))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_network_computes_its_formula(text: str) -> None:
    network = KAN.from_formula(text, BOX)
    rows = points()
    wanted = grammar.evaluate(grammar.parse(text, variables=list(BOX)), dict(zip(BOX, rows.T, strict=True)))
    assert miss(network.predict(rows)[:, 0], wanted) <= 1e-12
    assert not any(layer.splines.any() for layer in network.arrays().layers)
    assert miss(from_record(*to_record(network)).predict(rows)[:, 0], wanted) <= 1e-12


def test_columns_are_named_by_what_came() -> None:
    rows = points()[:, :2]
    wanted = rows[:, 0] * np.sin(rows[:, 1])
    for network in (
        KAN.from_formula("u*sin(v)", rows),
        KAN.from_formula("y = u*sin(v)", rows, names=["u", "v"]),
        KAN.from_formula("u*sin(v)", {"u": (0.5, 2), "v": (1, 3)}),
        KAN.from_formula("u*sin(v)"),
        KAN.from_formula("g1*sin(g2)", kl.Dataset.from_arrays(rows, wanted, names=["g1", "g2"])),
    ):
        assert str(network.spec) == "[2, (0, 1)]"
        assert miss(network.predict(rows)[:, 0], wanted) <= 1e-12
    swapped = KAN.from_formula("u*sin(v)", rows[:, ::-1], names=["v", "u"])
    assert miss(swapped.predict(rows[:, ::-1])[:, 0], wanted) <= 1e-12


def test_several_formulas_are_several_outputs() -> None:
    rows = points()
    network = KAN.from_formula(["a*b", "log(a*b)", "d"], BOX)
    wanted = np.column_stack([rows[:, 0] * rows[:, 1], np.log(rows[:, 0] * rows[:, 1]), rows[:, 3]])
    assert miss(network.predict(rows), wanted) <= 1e-12
    assert KAN.from_formula(["a*b", "c*d"], BOX).spec.widths[-1].products == (2, 2)


def test_grids_are_ready_for_splines() -> None:
    network = KAN.from_formula("exp(sin(a) + b**2)", BOX, order=4, intervals=7, base="zero")
    assert network.spec.order == (4, 4)
    assert network.spec.intervals == (7, 7)
    assert network.spec.base == ("zero", "zero")
    assert "zero" in BASE_FUNCTIONS
    rows = points()
    released = release_edge(network, EdgeId(0, 0, 0))
    assert released.arrays().layers[0].splines[0, 0]
    # a smooth curve on 7 intervals of order 4
    assert miss(released.predict(rows), network.predict(rows)) <= 1e-4


def test_a_formula_is_released_refitted_and_read_again() -> None:
    rows = np.random.default_rng(0).uniform([-1, 0.5], [1, 2], (400, 2))
    truth = rows[:, 1] * np.sin(3 * rows[:, 0]) + 0.5
    dataset = kl.Dataset.from_arrays(rows, truth, names=["x", "z"], target_name="y")
    # the frequency of the formula is off by half
    network, wave = KAN.from_formula("z*sin(2*x) + 0.1", dataset), EdgeId(0, 0, 1)
    assert edge_status(network, wave) == "form"
    assert training_error(network, Rows(rows, truth[:, None])) > 0.3
    learned = kl.fit(release_edge(network, wave), dataset, options=FitOptions(steps=20))
    assert training_error(learned, Rows(rows, truth[:, None])) < 0.01
    law = read_law(fix(learned, wave, "sin", Rows(rows, truth[:, None])), dataset)
    assert law.complete
    assert law.error < 1e-10
    assert law.text == "z*sin(3*x) + 1/2"


def test_a_law_is_a_formula() -> None:
    rows = points()
    dataset = kl.Dataset.from_arrays(rows[:, :2], 2 * rows[:, 0] / rows[:, 1], names=["mass (kg)", "λ"])
    law = read_law(KAN.from_formula("1.9*mass_kg/lambda_", dataset), dataset)
    again = KAN.from_formula(str(law), dataset)
    assert miss(again.predict(dataset.inputs)[:, 0], dataset.targets[:, 0]) <= 1e-12


@pytest.mark.parametrize(
    ("formula", "inputs", "error", "message"),
    [
        ("log(a)", None, FormError, "not a finite number on"),
        ("a +", None, GrammarError, "ends where"),
        ("a*q", BOX, GrammarError, "no variable called 'q'"),
        ("3", None, FormError, "no variable"),
        ([], None, FormError, "No formula"),
        ("a", {"a": (1, 1)}, ShapeError, "range of 'a'"),
        ("a", {"a": 3}, ShapeError, "range of 'a'"),
        ("a", {"a": (0, float("inf"))}, ShapeError, "range of 'a'"),
        ("a*b", np.zeros((5, 3)), ShapeError, "2 names .a, b. for 3 columns"),
        ("a", np.zeros(5), ShapeError, "shape .5,."),
        ("(-2)**a", BOX, GrammarError, "above 0"),
        ("__import__('os')", None, GrammarError, "underscores"),
    ],
)  # fmt: skip
def test_refusals(formula: str, inputs: object, error: type[KanlabError], message: str) -> None:
    with pytest.raises(error, match=message):
        KAN.from_formula(formula, inputs)  # type: ignore[arg-type]

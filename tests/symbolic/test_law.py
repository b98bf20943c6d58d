"""A law prints what it knows, and the printed text has the error it claims."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

from kanlab.data import Dataset
from kanlab.errors import ActionError, ShapeError
from kanlab.forms import get, grammar
from kanlab.network import EdgeId, set_form
from kanlab.symbolic.law import law_from_tree, read_law
from kanlab.symbolic.printing import law_text, tidy
from kanlab.symbolic.simplify import apply, variable
from kanlab.symbolic.tree import Sum, evaluate
from tests.networks import random_network
from tests.symbolic.trees import TREES, decay


def table(noise: float, rows: int = 300) -> Dataset:
    generator = np.random.default_rng(0)
    inputs = generator.uniform(0, 2, (rows, 2))
    targets = 0.7 + 2.13 * np.exp(-1.37 * inputs[:, 0]) + noise * generator.normal(size=rows)
    return Dataset.from_arrays(inputs, targets, names=["t", "unused"], target_name="dose")


def score(text: str, dataset: Dataset, part: str = "test") -> float:
    rows = dataset.part(part)  # type: ignore[arg-type]
    columns = dict(zip(dataset.names, rows.inputs.T, strict=True))
    value = grammar.evaluate(grammar.parse(text, variables=dataset.names), columns)
    return float(np.sqrt(np.mean((value - rows.targets[:, 0]) ** 2)))


@pytest.mark.parametrize("noise", [0.0, 1e-6, 1e-2, 0.3])
def test_the_printed_text_scores_the_error_it_claims(noise: float) -> None:
    dataset = table(noise)
    law = law_from_tree(decay(2.0, -1.0, 0.5), dataset)
    assert law.error == pytest.approx(score(law.text, dataset), rel=1e-12, abs=1e-300)
    assert law.held_out
    # 60 test rows tell the size of the noise to 10 %
    assert law.error <= 1.4 * noise + 1e-13
    assert np.array_equal(law(dataset.inputs), law.printed(dataset.inputs))
    assert law.inputs_used == ("t",)
    assert str(law) == f"dose = {law.text}"
    # rounding the constants did not cost accuracy on the rows that were fitted
    rows = dataset.part("fit")
    full = float(np.sqrt(np.mean((evaluate(law.tree, rows.inputs) - rows.targets[:, 0]) ** 2)))
    assert score(law.text, dataset, "fit") <= 1.02 * full + 1e-13


def test_digits_follow_the_standard_errors() -> None:
    short, long = (law_from_tree(decay(2.0, -1.0, 0.5), table(noise)) for noise in (0.3, 1e-6))
    assert len(short.text) < len(long.text)
    for law in (short, long):
        for held in law.constants:
            assert held.standard_error > 0
            assert held.value == pytest.approx(
                {0: 0.7, 1: 2.13, 2: -1.37}[law.constants.index(held)], abs=4 * held.standard_error
            )


def test_python_and_latex_say_the_same() -> None:
    law = law_from_tree(decay(2.0, -1.0, 0.5), table(1e-2))
    space: dict[str, object] = {}
    exec(law.python(), space)  # the text that a user would paste
    x = np.linspace(0, 2, 9)
    assert np.abs(space["dose"](x, x) - law(np.column_stack([x, x]))).max() <= 1e-12  # type: ignore[operator]
    assert "dose" in law.latex()
    assert "e^{" in law.latex()


@given(TREES)
@settings(max_examples=40)
def test_text_reads_back_as_the_expression(tree: Sum) -> None:
    names = ("x1", "x2")
    symbols = sympy.symbols(names, real=True)
    inputs = np.random.default_rng(0).uniform(-1.5, 1.5, (10, 2))
    from kanlab.symbolic.tree import to_sympy

    text = law_text(tidy(to_sympy(tree, symbols)))
    parsed = grammar.parse(text, variables=names)
    got = np.broadcast_to(grammar.evaluate(parsed, dict(zip(names, inputs.T, strict=True))), 10)
    wanted = evaluate(tree, inputs)
    assert np.abs(got - wanted).max() <= 1e-10 * max(1.0, np.abs(wanted).max())


def test_a_network_without_forms_has_no_law_and_one_with_some_has_a_part() -> None:
    dataset = table(0.01)
    network = random_network([2, 2, 1], 0)
    with pytest.raises(ActionError, match="No edge is symbolic yet"):
        read_law(network, dataset)
    law = read_law(set_form(network, EdgeId(0, 0, 0), get("sin"), (1.0, 0.2, 0.5, 0.0)), dataset)
    assert not law.complete
    assert "phi_0_0_1(t)" in law.text
    assert np.isfinite(law(dataset.inputs)).all()


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 3)])
def test_inputs_of_a_wrong_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="rows of 2 numbers"):
        law_from_tree(decay(2.0, -1.0, 0.5), table(0.01))(np.zeros(shape))


def test_a_law_is_a_function_of_its_columns() -> None:
    law = law_from_tree(decay(2.0, -1.0, 0.5), table(1e-2))
    t = np.linspace(0, 2, 6).reshape(2, 3)
    wanted = law(np.column_stack([t.ravel(), t.ravel()])).reshape(2, 3)
    assert np.array_equal(law.numpy()(t, t), wanted)
    assert np.array_equal(law.numpy()(t=t), wanted)


def test_c_is_the_printed_law() -> None:
    law = law_from_tree(decay(2.0, -1.0, 0.5), table(1e-2))
    code = law.c()
    head, body = code.split("return ")
    assert head.endswith("double dose(double t, double unused)\n{\n    ")
    # a sum of an exponential and a number reads the same in C and in the grammar
    value = grammar.evaluate(grammar.parse(body.split(";")[0], variables=["t"]), {"t": np.array([0.7])})
    assert value[0] == pytest.approx(law([[0.7, 0.0]])[0], rel=1e-14)


def test_json_holds_the_law_and_its_evidence() -> None:
    inputs = np.random.default_rng(0).uniform([0.7, 3], [2, 4], (60, 2))
    data = Dataset.from_arrays(
        inputs,
        1.7 / inputs[:, 0] + 0.01 * np.sin(90 * inputs[:, 1]),
        names=["distance (m)", "color"],
        target_name="field",
        units={"distance (m)": "m", "field": "V/m"},
    )
    law = law_from_tree(apply(get("1/x"), variable(0)), data)
    record = json.loads(law.json())
    assert record["text"] == law.text
    assert record["law"] == f"field = {law.text}"
    assert (record["target"], record["target_unit"]) == ("field", "V/m")
    first, second = record["inputs"]
    low, high = law.validity["distance_m"]
    assert first == {
        "name": "distance_m",
        "column": "distance (m)",
        "unit": "m",
        "low": low,
        "high": high,
        "used": True,
    }
    assert not second["used"]
    assert list(law.validity) == ["distance_m"]
    fitted = data.part("fit").inputs[:, 0]
    assert (low, high) == (fitted.min(), fitted.max())
    assert record["error"] == law.error
    assert record["r2"] == law.r2
    assert record["complexity"] == law.complexity
    assert [held["value"] for held in record["constants"]] == [held.value for held in law.constants]
    assert all(held["standard_error"] >= 0 for held in record["constants"])
    assert record["singularities"] == ["1/distance_m has a pole at distance_m = 0"]
    assert not law.extrapolates(data.part("fit").inputs)
    assert law.extrapolates([[1.5, 100.0], [0.5, 3.0]])
    assert law.outside([[1.5, 100.0], [0.5, 3.0]]).tolist() == [False, True]
    with pytest.raises(ShapeError, match="rows of 2 numbers"):
        law.extrapolates([[1.0]])


def test_a_law_with_splines_says_what_it_cannot() -> None:
    dataset = table(0.01)
    network = random_network([2, 2, 1], 0)
    law = read_law(set_form(network, EdgeId(0, 0, 0), get("sin"), (1.0, 0.2, 0.5, 0.0)), dataset)
    with pytest.raises(ActionError, match="Spline edges are left"):
        law.c()
    assert "phi_l_i_j" in law.singularities[0]
    record = json.loads(law.json())
    assert record["complete"] is False
    assert record["splines"] == ["phi_0_0_1", "phi_0_1_0", "phi_0_1_1", "phi_1_0_0", "phi_1_1_0"]
    label = "semi-symbolic: phi_0_0_1, phi_0_1_0, phi_0_1_1, phi_1_0_0 and phi_1_1_0 are splines"
    assert law.label == record["label"] == label
    assert str(law) == f"{law.equation} ({label})"
    assert record["law"] == law.equation
    assert np.array_equal(law.numpy()(*dataset.inputs.T), law(dataset.inputs))

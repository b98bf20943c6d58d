"""Joint refits that start on the wrong side of a pole or a branch point, and steps that fail at first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kanlab._typing import Array
from kanlab.forms import get
from kanlab.network import KAN, EdgeId, set_form
from kanlab.symbolic.guard import guarded
from kanlab.symbolic.refit import description_length, refit, training_error
from kanlab.training import Rows
from tests.problems import fresh

EDGE = EdgeId(0, 0, 0)
LAWS: dict[str, Callable[[Array], Array]] = {
    "1/x": lambda x: 1 / (x + 0.5),
    "1/x^2": lambda x: 1 / (x + 0.5) ** 2,
    "log": lambda x: np.log(x + 0.5),
    "sqrt": lambda x: np.sqrt(x - 0.9),
    "1/sqrt": lambda x: 1 / np.sqrt(x - 0.9),
}


def placed(
    form: str, target: Callable[[Array], Array], affine: tuple[float, float, float]
) -> tuple[KAN, Rows]:
    """c f(a x + b) for x in [1, 3], which the network takes as it is."""
    x = np.random.default_rng(0).uniform(1, 3, (200, 1))
    rows = Rows(x, target(x))
    network = fresh([1, 1], 0, rows)
    assert np.allclose(network.scaling.scale_inputs(x), x)
    return set_form(network, EDGE, get(form), (*affine, 0.0)), rows


@pytest.mark.parametrize("form", LAWS)
@pytest.mark.parametrize("shift", [-1.2, -1.5, -2.0])
def test_a_start_with_its_pole_among_the_rows_finds_back(form: str, shift: float) -> None:
    network, rows = placed(form, LAWS[form], (1.0, shift, 1.0))
    before = training_error(network, rows)
    assert not before < 0.1
    found = refit(network, rows, steps=60)
    assert training_error(found, rows) < 1e-12
    # what is left is the form and not what stood in for it
    (held,) = found.arrays().layers[0].forms
    assert held.form is get(form)


def test_a_whole_turn_of_an_arcsine_is_no_obstacle() -> None:
    x = np.random.default_rng(0).uniform(-3, 3, (200, 1))
    rows = Rows(x, np.arcsin(x / 3.05))
    network = set_form(fresh([1, 1], 0, rows), EDGE, get("arcsin"), (0.5, 0.2, 1.0, 0.0))
    assert not np.isfinite(training_error(network, rows))
    assert training_error(refit(network, rows, steps=60), rows) < 1e-12


def test_what_is_only_right_where_the_form_is_continued_is_refused() -> None:
    # a line beside a root is what the continuation offers, and no root
    def kinked(x: Array) -> Array:
        return np.where(x < 2, 5 * (x - 2), np.sqrt(np.maximum(x - 2, 0)))

    network, rows = placed("sqrt", kinked, (1.0, -1.95, 1.0))
    assert not np.isfinite(description_length(network, rows))
    found = refit(network, rows, steps=60)
    a, b, c, _ = found.arrays().layers[0].affine[0, 0]
    with np.errstate(all="ignore"):
        values = c * np.sqrt(a * rows.inputs + b) + float(found.arrays().layers[0].bias[0])
    told = found.scaling.output_center + found.scaling.output_scale * values
    true = float(np.sqrt(np.mean((told - rows.targets) ** 2)))
    assert training_error(found, rows) == pytest.approx(true, nan_ok=True)
    assert not true < 0.1


def test_rows_that_are_all_in_the_domain_are_fitted_by_the_form_itself() -> None:
    network, rows = placed("log", LAWS["log"], (1.0, 0.2, 1.0))
    arrays = network.arrays()
    guard = guarded(arrays, rows.inputs)
    (held,) = guard.layers[0].forms
    u = rows.inputs[:, 0] + 0.2
    assert np.array_equal(held.form.numpy(u), np.log(u))
    assert np.array_equal(held.form.derivative(u), 1 / u)
    assert np.isfinite(held.form.numpy(-u)).all()


def test_a_step_that_fails_at_first_is_tried_with_more_damping() -> None:
    # from here the first eight dampings all overshoot
    network, rows = placed("1/x", LAWS["1/x"], (1.0, 0.3, 0.3))
    assert training_error(refit(network, rows, steps=60), rows) < 1e-12


def test_forms_without_a_singularity_need_no_guard() -> None:
    network, rows = placed("sin", np.sin, (1.0, 0.0, 1.0))
    arrays = network.arrays()
    assert guarded(arrays, rows.inputs) is arrays

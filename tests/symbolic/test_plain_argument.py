"""A form without a shift is offered where the rows do not ask for one, and only there."""

from __future__ import annotations

import numpy as np
import pytest

import kanlab as kl
from kanlab.forms import get
from kanlab.network import EdgeId
from kanlab.symbolic.plain_argument import with_plain_argument
from kanlab.symbolic.suggest import fix
from kanlab.training import Rows
from tests.problems import fresh


def edge_of_classes(seed: int, rows: int = 3000) -> kl.Session:
    """Classes with log-odds 40 (lam - 2/x), in a network whose splines have been fitted."""
    random = np.random.default_rng(seed)
    x, lam = random.uniform(0.8, 2.2, rows), random.uniform(0.5, 3, rows)
    on = random.uniform(size=rows) < 1 / (1 + np.exp(-40 * (lam - 2 / x)))
    data = kl.Dataset.from_frame({"x": x, "lam": lam, "on": on * 1.0}, target="on", task="classification")
    session = kl.Session(data, shape=[2, 1, 2], seed=0)
    session.fit(steps=20, sparsity=0)
    for place in ((1, 0, 0), (1, 0, 1), (0, 1, 0)):
        session.fix(place, "x")
    return session.fit(steps=40, sparsity=0, smoothness=1e-3, wait=True)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_c_over_x_comes_first_among_all_forms_for_classes(seed: int) -> None:
    first = edge_of_classes(seed).suggest((0, 0, 0))[0]
    assert (first.form, first.text, first.constants) == ("1/x", "1/x", 1)


def test_a_shift_that_is_needed_stays() -> None:
    random = np.random.default_rng(0)
    x = random.uniform(1, 3, (400, 1))
    session = kl.Session(
        kl.Dataset.from_arrays(x, 1 / (x + 0.7) + 1e-3 * random.normal(size=x.shape)), shape=[1, 1], seed=0
    )
    first = session.fit(sparsity=0, wait=True).suggest((0, 0, 0), forms=["1/x", "sin", "x^2"])[0]
    assert (first.form, first.constants) == ("1/x", 2)
    assert first.text.startswith("1/(x + 0.")


def test_the_argument_is_a_multiple_of_the_column() -> None:
    x = np.random.default_rng(0).uniform(3, 9, (200, 1))
    rows = Rows(x, 5 * np.sin(0.7 * x) + 2)
    edge = EdgeId(0, 0, 0)
    fitted = fix(fresh([1, 1], 0, rows), edge, "sin", rows)
    plain = with_plain_argument(fitted, edge, get("sin"), rows, steps=20)
    a, b, _, _ = plain.arrays().layers[0].affine[0, 0]
    scaling = plain.scaling
    zero = scaling.scale_inputs(np.zeros((1, 1)))[0, 0]
    assert a * zero + b == pytest.approx(0, abs=1e-12)
    assert abs(a / scaling.input_scale[0]) == pytest.approx(0.7, rel=1e-6)
    assert plain.predict(x) == pytest.approx(rows.targets, abs=1e-6)


@pytest.mark.parametrize("name", ["x", "1/x", "sqrt", "1/sqrt"])
@pytest.mark.parametrize("seed", [0, 1])
def test_forms_of_few_constants_come_before_those_that_can_bend_to_them(name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    x = random.uniform(1.2, 3.0, (600, 1))
    curve = 2 * get(name).numpy(x) + 0.5
    noisy = curve + 0.005 * curve.std() * random.normal(size=x.shape)
    session = kl.Session(kl.Dataset.from_arrays(x, noisy), shape=[1, 1], seed=0)
    assert session.fit(sparsity=0, wait=True).suggest((0, 0, 0))[0].form == name

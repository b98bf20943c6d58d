"""What stands inside the last sigmoid of a network."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from scipy.special import logit as inverse

import kanlab as kl
from kanlab.cases.logit import log_odds, logit, multiplied_out, with_plain_arguments
from kanlab.forms import grammar
from tests.sentences import refused

x, p = sympy.symbols("x p", real=True)


def session() -> kl.Session:
    random = np.random.default_rng(0)
    inputs = random.uniform(0, 1, (300, 2))
    share = 1 / (1 + np.exp(-4 * (inputs[:, 0] - inputs[:, 1] ** 2)))
    labels = (random.uniform(size=300) < share).astype(float)
    data = kl.Dataset.from_arrays(inputs, labels, names=["x", "p"])
    held = kl.Session(data, shape=[2, 1, 1], seed=0)
    held.fit(sparsity=0)
    for edge, form in (((1, 0, 0), "sigmoid"), ((0, 0, 0), "x"), ((0, 1, 0), "x^2")):
        held.fix(edge, form)
    return held


def test_it_is_the_inverse_sigmoid_of_the_output() -> None:
    held = session()
    inputs = np.random.default_rng(1).uniform(0, 1, (50, 2))
    layer = held.network.arrays().layers[-1]
    scaling = held.network.scaling
    output = (held.network.predict(inputs)[:, 0] - scaling.output_center[0]) / scaling.output_scale[0]
    share = (output - layer.bias[0]) / abs(layer.affine[0, 0, 2])
    share = share if layer.affine[0, 0, 2] > 0 else share + 1
    value = sympy.lambdify((x, p), logit(held.network, ("x", "p")))(*inputs.T)
    inside = (share > 1e-6) & (share < 1 - 1e-6)
    assert inside.sum() > 10
    assert value[inside] == pytest.approx(inverse(share[inside]), rel=1e-6, abs=1e-6)


def test_the_odds_of_two_classes_are_those_of_their_probabilities() -> None:
    random = np.random.default_rng(0)
    inputs = random.uniform(1, 2, (300, 2))
    share = 1 / (1 + np.exp(-9 * (inputs[:, 0] - 2 / inputs[:, 1])))
    frame = {
        "x": inputs[:, 0],
        "p": inputs[:, 1],
        "state": np.where(random.uniform(size=300) < share, "on", "off"),
    }
    data = kl.Dataset.from_frame(frame, target="state", task="classification")
    held = kl.Session(data, shape=[2, 1, 2], seed=0)
    held.fit(sparsity=0)
    for edge, form in (((1, 0, 0), "x"), ((1, 0, 1), "x"), ((0, 0, 0), "x"), ((0, 1, 0), "1/x")):
        held.fix(edge, form)
    assert data.classes == ("off", "on")
    odds = np.diff(np.log(held.predict_proba(inputs)), axis=1)[:, 0]
    expression = log_odds(held.network, ("x", "p"))
    assert sympy.lambdify((x, p), expression)(*inputs.T) == pytest.approx(odds, rel=1e-6, abs=1e-6)
    assert with_plain_arguments(expression, "x") == "x + (0.01)*1 + (0.01)*1/p"
    refused(lambda: log_odds(session().network, ("x", "p")), "1 outputs")


def test_a_network_without_a_sigmoid_is_refused() -> None:
    held = session().undo().undo().undo().undo()
    refused(lambda: logit(held.network, ("x", "p")), "sigmoid")


def test_a_product_is_multiplied_out() -> None:
    text = multiplied_out(-4.0 * x * (p - 0.5) + 3.0, "p*x")
    columns = {"x": np.array([0.3, 2.0]), "p": np.array([0.1, -1.0])}
    value = grammar.evaluate(grammar.parse(text, variables=("x", "p")), columns)
    assert value == pytest.approx(-columns["x"] * (columns["p"] - 0.5) + 0.75)
    assert text.startswith("-p*x")
    refused(lambda: multiplied_out(x + 1.0, "p"), "no term p")


def test_arguments_become_plain() -> None:
    text = with_plain_arguments(
        -2.0 * x + 5.0 * (x - 3.0) * sympy.cosh(0.3 * p + 2.0) + sympy.exp(1.2 * p), "x"
    )
    names = {part.strip() for part in text.split("+")}
    assert names == {"-x", "(0.01)*exp(p)", "(0.01)*cosh(p)", "(0.01)*x*cosh(p)"}

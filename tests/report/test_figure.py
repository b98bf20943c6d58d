"""The diagram as a Matplotlib figure."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.report.figure import figure
from tests.investigations import exp_sin
from tests.networks import SHAPES, random_network

ALONE = """
import sys
import matplotlib
def settings():  # asking for the backend would choose one and import pyplot
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if "backend" not in key}
before = settings()
from tests.investigations import exp_sin
from kanlab.report.figure import figure
held = exp_sin()
figure(held.network, held.dataset, law=held.law())
assert "matplotlib.pyplot" not in sys.modules
assert settings() == before
"""


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_it_saves(ending: str) -> None:
    held = exp_sin()
    buffer = BytesIO()
    figure(held.network, held.dataset, law=held.law()).savefig(buffer, format=ending)
    assert len(buffer.getvalue()) > 2000


def test_what_is_written() -> None:
    held = exp_sin()
    plain, with_law = figure(held.network, held.dataset), figure(held.network, held.dataset, law=held.law())
    texts = [[text.get_text() for text in made.axes[0].texts] for made in (plain, with_law)]
    assert sorted(texts[0]) == sorted(["x₁", "x₂", "y", "sin", "x²", "exp"])
    (formula,) = set(texts[1]) - set(texts[0])
    assert "x_{2}^{2}" in formula
    assert with_law.get_size_inches()[1] > plain.get_size_inches()[1]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape(shape: list[Any]) -> None:
    network = random_network(shape, 3, forms=0.4)
    inputs = np.random.default_rng(0).uniform(-1, 1, (40, network.spec.inputs))
    made = figure(network, Dataset.from_arrays(inputs, network.predict(inputs)))
    made.draw_without_rendering()
    axes = made.axes[0]
    edges = sum(int(layer.splines.sum()) + len(layer.forms) for layer in network.arrays().layers)
    assert len(axes.lines) >= edges


def test_names_are_not_read_as_formulas() -> None:
    network = random_network([2, 1], 0)
    inputs = np.random.default_rng(0).uniform(-1, 1, (40, 2))
    held = Dataset.from_arrays(inputs, network.predict(inputs), names=["$\\undefined$", "cost in $"])
    made = figure(network, held)
    made.draw_without_rendering()
    assert "$\\undefined$" in [text.get_text() for text in made.axes[0].texts]


def test_notebooks_can_show_it() -> None:
    held = exp_sin()
    shown: Any = figure(held.network, held.dataset)
    assert shown._repr_png_().startswith(b"\x89PNG")


def test_nothing_global_is_touched() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True)

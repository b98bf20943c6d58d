"""The diagram as SVG: a whole picture of its own that shows what the network learned."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.network import KAN, NetworkSpec
from kanlab.report.picture import opacity, picture
from kanlab.report.svg import network_svg
from tests.investigations import exp_sin
from tests.networks import SHAPES, random_network

SPACE = "{http://www.w3.org/2000/svg}"


def table(network: KAN, names: list[str] | None = None) -> Dataset:
    spec = network.spec
    inputs = np.random.default_rng(0).uniform(-1, 1, (40, spec.inputs))
    return Dataset.from_arrays(inputs, network.predict(inputs), names=names)


def tags(svg: str, name: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(SPACE + name))


def groups(svg: str, kind: str) -> list[ET.Element]:
    return [group for group in tags(svg, "g") if group.get("class") == kind]


def test_the_law_of_the_paper() -> None:
    held = exp_sin()
    svg = network_svg(held.network, held.dataset)
    assert [len(groups(svg, kind)) for kind in ("form", "spline")] == [3, 0]
    texts = [text.text for text in tags(svg, "text")]
    assert sorted(texts) == sorted(["x₁", "x₂", "y", "sin", "x²", "exp"])
    curves = [path for path in tags(svg, "path") if path.get("class") == "curve"]
    assert len(curves) == 3
    square = next(group for group in groups(svg, "form") if "x^2" in (group[0].text or ""))
    (path,) = (path for path in square.iter(SPACE + "path"))
    heights = [float(y) for y in re.findall(r",([-\d.]+)", path.get("d", ""))]
    middle = len(heights) // 2
    ends, tip = (heights[0] + heights[-1]) / 2, heights[middle]
    assert abs(ends - tip) == pytest.approx(np.ptp(heights), abs=0.5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape(shape: list[Any]) -> None:
    network = random_network(shape, 3, forms=0.4)
    svg = network_svg(network, table(network))
    arrays = network.arrays()
    assert len(groups(svg, "form")) == sum(len(layer.forms) for layer in arrays.layers)
    assert len(groups(svg, "spline")) == sum(int(layer.splines.sum()) for layer in arrays.layers)


def test_it_is_the_same_text_every_time_and_refers_to_nothing() -> None:
    held = exp_sin()
    svg = network_svg(held.network, held.dataset)
    assert svg == network_svg(held.network, held.dataset)
    assert not re.findall(r"href|url\(|<script|<style|<image", svg)
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.findall(r"\d\.\d{3}", re.sub(r"<(title|desc).*?</\1>", "", svg))


def test_it_speaks() -> None:
    held = exp_sin()
    root = ET.fromstring(network_svg(held.network, held.dataset, title="A <b>law</b> & more"))
    assert root.get("role") == "img"
    named = {child.get("id"): child.text for child in root if child.get("id")}
    assert list(named) == (root.get("aria-labelledby") or "").split()
    assert named["kanlab-title"] == "A <b>law</b> & more"
    assert "3 edges" in (named["kanlab-desc"] or "")


def test_names_cannot_break_out() -> None:
    network = random_network([2, 1], 0)
    svg = network_svg(network, table(network, ["</text><script>alert(1)</script>", 'a"b&c']))
    assert not tags(svg, "script")
    assert 'a"b&c' in [text.text for text in tags(svg, "text")]


def test_what_matters_little_is_pale() -> None:
    assert opacity(0.0, 0.06) == 0.06
    assert opacity(0.3, 0.06) == pytest.approx(np.tanh(0.9))
    assert opacity(5.0, 0.06) == pytest.approx(1.0)
    held = exp_sin()
    shown = picture(held.network, held.dataset)
    scores = held.attribution()
    for edge, curve in shown.curves.items():
        assert curve.attribution == pytest.approx(scores.edges[edge.layer][edge.source, edge.target])


def test_curves_fill_their_frames() -> None:
    network = random_network([2, 3, 1], 1)
    for curve in picture(network, table(network)).curves.values():
        assert pytest.approx(curve.heights.min(), abs=1e-12) == 0.0
        assert pytest.approx(curve.heights.max(), abs=1e-12) == 1.0


def test_a_constant_column_gives_a_flat_curve() -> None:
    network = KAN(NetworkSpec.of([2, 1]), seed=0)
    inputs = np.random.default_rng(0).uniform(-1, 1, (40, 2))
    inputs[:, 1] = 0.25
    held = Dataset.from_arrays(inputs, network.predict(inputs))
    flat = [curve for edge, curve in picture(network, held).curves.items() if edge.source == 1]
    assert np.allclose(flat[0].heights, 0.5)
    assert network_svg(network, held)

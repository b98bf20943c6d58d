"""What the browser draws is what the network is."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from kanlab.data import Dataset
from kanlab.discovery import Investigation
from kanlab.discovery.actions import Fit, Fix, Lock, RemoveEdge, RemoveNode
from kanlab.network import EdgeId, NodeId, trace
from kanlab.report.payload import (
    POINTS,
    edge_name,
    graph_payload,
    inspector_payload,
    law_payload,
    number,
    payload,
)
from tests.investigations import exp_sin
from tests.tables import columns, small, started

KEYS = {
    *(
        "protocol",
        "mode",
        "readonly",
        "dataset",
        "graph",
        "curves",
        "selection",
        "inspector",
        "law",
        "history",
    ),
    *("training", "loss", "preview", "message"),
}


def edges_of(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {edge["id"]: edge for edge in shown["graph"]["edges"]}


@pytest.fixture
def held() -> Investigation:
    """A spline, a locked one, a form and a removed one, in a network with a product."""
    data = Dataset.from_arrays(
        1e4 + 1e3 * columns(40), columns(40)[:, 0] * 1e-6, names=["mass", "λ"], units={"mass": "kg"}
    )
    made = Investigation.start(data, shape=[2, (1, 1), 1], intervals=3)
    for action in (
        Fit(steps=2),
        Lock(EdgeId(0, 0, 0)),
        Fix(EdgeId(0, 1, 1), "x"),
        RemoveEdge(EdgeId(0, 1, 0)),
    ):
        made.do(action)
    return made


def test_everything_is_there_and_is_json(held: Investigation) -> None:
    shown = payload(held)
    assert set(shown) == KEYS
    for name, value in shown.items():
        assert isinstance(value, bytes) or json.dumps(value, allow_nan=False), name


def test_the_status_of_each_edge(held: Investigation) -> None:
    edges = edges_of(payload(held))
    assert {name: (edge["status"], edge["locked"]) for name, edge in edges.items() if edge["layer"] == 0} == {
        "0.0.0": ("spline", True),
        "0.0.1": ("spline", False),
        "0.0.2": ("spline", False),
        "0.1.0": ("removed", False),
        "0.1.1": ("form", False),
        "0.1.2": ("spline", False),
    }
    assert edges["0.1.0"]["curve"] == -1
    assert [edges[f"0.0.{target}"]["node"] for target in range(3)] == [0, 1, 1]
    assert edges["0.1.1"]["label"] == "x"


def test_curves_are_what_the_edges_give(held: Investigation) -> None:
    shown = payload(held)
    block = np.frombuffer(shown["curves"], dtype="<f4").reshape(-1, POINTS)
    edges = edges_of(shown)
    assert sorted(edge["curve"] for edge in edges.values() if edge["curve"] >= 0) == list(range(len(block)))
    inputs = held.dataset.part("train").inputs
    seen = trace(held.network, inputs)
    for name, edge in edges.items():
        if edge["curve"] < 0:
            continue
        depth, source, target = (int(part) for part in name.split("."))
        layer = seen.layers[depth]
        x = layer.inputs[:, source]
        for row in (np.argmin(x), np.argmax(x)):
            curve = block[edge["curve"]]
            shown_end = curve[0] if row == np.argmin(x) else curve[-1]
            wanted = layer.edges[row, source, target]
            assert shown_end == pytest.approx(wanted, rel=1e-4, abs=1e-6)
    low, high = inputs[:, 0].min(), inputs[:, 0].max()
    assert (edges["0.0.0"]["lo"], edges["0.0.0"]["hi"]) == pytest.approx((low, high))


def test_nodes_have_names_kinds_and_symbols(held: Investigation) -> None:
    layers = payload(held)["graph"]["layers"]
    assert [[node["kind"] for node in layer] for layer in layers] == [
        ["input", "input"],
        ["sum", "product"],
        ["output"],
    ]
    assert [node["label"] for node in layers[0]] == ["mass", "λ"]
    assert [node["symbol"] for node in layers[1]] == ["+", "×"]
    assert layers[2][0]["label"] == "y"
    assert all(node["active"] for layer in layers for node in layer)


def test_an_input_without_edges_is_not_active() -> None:
    made = started()
    made.do(RemoveNode(NodeId(0, 1)))
    assert [node["active"] for node in payload(made)["graph"]["layers"][0]] == [True, False]


def test_facts_of_the_dataset(held: Investigation) -> None:
    shown = payload(held)["dataset"]
    assert shown["inputs"] == [{"name": "mass", "unit": "kg"}, {"name": "λ", "unit": ""}]
    assert shown["target"] == {"name": "y", "unit": ""}
    assert shown["split"] == {"train": 26, "validation": 6, "test": 8}
    assert shown["rows"] == 40
    assert shown["title"] == "data"


def test_errors_are_those_of_the_state(held: Investigation) -> None:
    rmse, metrics = payload(held)["graph"]["rmse"], held.state.metrics
    assert rmse == {"train": metrics.train, "validation": metrics.validation, "test": metrics.test}
    few = Investigation.start(small(10), shape=[2, 1])
    shown = payload(few)["graph"]["rmse"]
    assert shown["validation"] is None
    assert shown["test"] is None


def test_the_tree_of_states() -> None:
    made = started()
    made.do(Fit(steps=1))
    made.undo()
    made.do(Lock(EdgeId(0, 0, 0)))
    history = payload(made)["history"]
    assert [node["code"] for node in history["nodes"]] == [
        "Session(shape=[2, 2, 1])",
        "fit(steps=1, sparsity=0)",
        "lock((0, 0, 0))",
    ]
    assert [node["parent"] for node in history["nodes"]] == [-1, 0, 0]
    assert [node["onpath"] for node in history["nodes"]] == [True, False, True]
    assert history["current"] == 2
    assert (history["can_undo"], history["can_redo"]) == (True, False)
    assert history["nodes"][0]["note"].endswith("parameters")
    assert "→" in history["nodes"][1]["note"]


def test_a_law_with_its_evidence() -> None:
    shown = law_payload(exp_sin().law())
    assert shown is not None
    assert shown["complete"]
    assert shown["text"] == "y = exp(x2**2 + sin(pi*x1))"
    assert shown["mathml"].startswith("<math")
    assert shown["error_label"] == "held-out rmse"
    assert shown["error"] < 1e-12
    assert "pi" in [held["snapped"] for held in shown["constants"]]
    assert law_payload(None) is None


def test_a_law_that_is_not_complete_says_so(held: Investigation) -> None:
    shown = payload(held)["law"]
    assert not shown["complete"]
    assert shown["notes"][0].startswith("semi-symbolic: phi_")
    assert "semi-symbolic" not in shown["text"]
    assert shown["constants"] == []
    assert shown["python"] == ""


def test_no_form_no_law() -> None:
    assert payload(started())["law"] is None


def test_an_edge_in_detail(held: Investigation) -> None:
    edge = EdgeId(0, 0, 1)
    shown = inspector_payload(held, edge, held.suggest(edge))
    json.dumps(shown, allow_nan=False)
    inputs = held.dataset.part("train").inputs[:, 0]
    assert shown["title"] == "mass → node 1"
    assert (shown["x"][0], shown["x"][-1]) == pytest.approx((inputs.min(), inputs.max()), rel=1e-5)
    assert len(shown["x"]) == len(shown["y"]) == 2 * POINTS
    assert sum(shown["density"]["counts"]) == len(inputs)
    assert all(len(one["curve"]) == 2 * POINTS for one in shown["candidates"])
    assert not any(one["current"] for one in shown["candidates"])
    assert inspector_payload(held, edge, None)["candidates"] is None
    # the x axis has the user's units and a candidate's curve is near the edge's own
    best = max(shown["candidates"], key=lambda one: one["r2"])
    apart = np.subtract(best["curve"], shown["y"])
    assert np.sqrt(np.mean(apart**2)) < 0.15 * np.ptp(shown["y"])


def test_formulas_name_the_column() -> None:
    held = exp_sin().replay(exp_sin().actions[:2])
    edge = EdgeId(0, 1, 0)
    shown = inspector_payload(held, edge, held.suggest(edge))
    assert all("x₂" in one["text"] or one["form"] == "0" for one in shown["candidates"])
    inner = EdgeId(1, 0, 0)
    shown = inspector_payload(held, inner, held.suggest(inner))
    assert all("u" in one["text"] for one in shown["candidates"])
    assert inspector_payload(exp_sin(), EdgeId(0, 0, 0), ())["formula"].startswith("sin(3.1")


@pytest.mark.parametrize("edge", [EdgeId(0, 1, 1), EdgeId(0, 1, 0), EdgeId(1, 0, 0)])
def test_any_edge_can_be_looked_at(held: Investigation, edge: EdgeId) -> None:
    shown = inspector_payload(held, edge, ())
    assert shown["edge"] == edge_name(edge)
    assert shown["status"] == {"0.1.1": "form", "0.1.0": "removed", "1.0.0": "spline"}[edge_name(edge)]


def test_numbers_that_json_has_not_become_none() -> None:
    assert number(float("nan")) is None
    assert number(float("inf")) is None
    assert number(None) is None
    assert number(np.float64(0.5)) == 0.5


def test_a_network_in_the_middle_of_a_fit_needs_no_errors() -> None:
    made = started()
    graph, curves = graph_payload(made.network, made.dataset, None, points=7)
    assert graph["rmse"] == {"train": None, "validation": None, "test": None}
    assert len(curves) == 4 * 7 * len(graph["edges"])

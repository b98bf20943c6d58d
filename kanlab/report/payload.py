"""A state of an investigation as plain data: what the browser draws, live or in a report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Any

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..discovery import History, Investigation, Metrics, State
from ..errors import ActionError
from ..forms import resolve
from ..kernels import LayerArrays
from ..kernels.passes import edge_outputs, trace_layer
from ..network import KAN, EdgeId, NodeId, trace
from ..network.compact import active_edges, subnodes_of
from ..network.edit import edge_status
from ..sparsity import attribution
from ..symbolic.law import Law
from ..symbolic.suggest import Candidate, curve_of, edge_text
from .mathml import mathml
from .names import form_label, label

PROTOCOL = 1
POINTS = 48
BINS = 30


def edge_name(edge: EdgeId) -> str:
    """`"0.1.0"`, as the browser writes it."""
    return ".".join(str(part) for part in edge)


def number(value: float | None) -> float | None:
    """A number that JSON can carry: NaN and infinities become None."""
    return None if value is None or not isfinite(value) else float(value)


def payload(investigation: Investigation, *, selection: str = "", points: int = POINTS) -> dict[str, Any]:
    """Everything about the present state; bytes for curves, JSON-able values for the rest."""
    graph, curves = graph_payload(
        investigation.network, investigation.dataset, investigation.state.metrics, points
    )
    return {
        "protocol": PROTOCOL,
        "mode": "workbench",
        "readonly": "",
        "dataset": dataset_payload(investigation.dataset),
        "graph": graph,
        "curves": curves,
        "selection": selection,
        "inspector": None,
        "law": law_payload(law_of(investigation)),
        "history": history_payload(investigation.history),
        "training": idle_training(),
        "loss": b"",
        "preview": None,
        "message": None,
    }


def law_of(investigation: Investigation) -> Law | None:
    """The law of the present state; None while no edge is symbolic, for classes, and where its constants overflow."""
    if investigation.dataset.classes or not any(
        layer.forms for layer in investigation.network.arrays().layers
    ):
        return None
    try:
        return investigation.law()
    except ActionError:
        return None


def dataset_payload(dataset: Dataset) -> dict[str, Any]:
    return {
        "title": dataset.title or "data",
        "rows": dataset.rows,
        "inputs": [{"name": name, "unit": dataset.units.get(name, "")} for name in dataset.names],
        "target": {
            "name": ", ".join(dataset.target_names),
            "unit": dataset.units.get(dataset.target_names[0], ""),
        },
        "split": {name: len(dataset.split.parts()[name]) for name in ("train", "validation", "test")},
        "notices": list(dataset.notices),
    }


def idle_training() -> dict[str, Any]:
    return {
        "running": False,
        "label": "",
        "step": 0,
        "steps": 0,
        "rmse": None,
        "elapsed": 0.0,
        "phase": "",
        "stopping": False,
    }


def graph_payload(
    network: KAN, dataset: Dataset, metrics: Metrics | None, points: int = POINTS
) -> tuple[dict[str, Any], bytes]:
    """Nodes and edges, and the curves of all edges as one block of little-endian float32."""
    inputs = dataset.part("train").inputs
    seen = trace(network, inputs)
    scores = attribution(network, inputs, seen=seen)
    arrays = network.arrays()
    edges: list[dict[str, Any]] = []
    rows: list[Array] = []
    for depth, layer in enumerate(arrays.layers):
        values = seen.layers[depth].inputs
        low, high = values.min(axis=0), values.max(axis=0)
        grid = low + (high - low) * np.linspace(0, 1, points)[:, None]
        outputs = edge_outputs(trace_layer(grid, layer), layer)
        active = active_edges(layer)
        names = {(edge.source, edge.target): edge.form.name for edge in layer.forms}
        owner = {j: q for q in range(layer.sums + len(layer.products)) for j in subnodes_of(layer, q)}
        ends = _ends(network, depth, low, high)
        for i in range(layer.inputs):
            for j in range(layer.outputs):
                shown = bool(active[i, j])
                edges.append(
                    {
                        "id": f"{depth}.{i}.{j}",
                        "layer": depth,
                        "source": i,
                        "target": j,
                        "node": owner[j],
                        "status": "form" if (i, j) in names else "spline" if shown else "removed",
                        "locked": bool(layer.locked[i, j]),
                        "attribution": float(np.clip(np.nan_to_num(scores.edges[depth][i, j]), 0, 1e6)),
                        "label": form_label(names[i, j]) if (i, j) in names else "",
                        "curve": len(rows) if shown else -1,
                        "lo": float(ends[0][i]),
                        "hi": float(ends[1][i]),
                    }
                )
                if shown:
                    rows.append(outputs[:, i, j])
    graph = {
        "layers": [
            _nodes(depth, network, dataset, scores.nodes[depth]) for depth in range(len(arrays.layers) + 1)
        ],
        "edges": edges,
        "points": points,
        "parameters": network.parameter_count(),
        "shape": str(network.spec),
        "intervals": max(network.spec.intervals),
        "rmse": _errors(metrics),
        "measure": metrics.measure if metrics else "rmse",
    }
    block = np.stack(rows) if rows else np.zeros((0, points))
    return graph, block.astype("<f4").tobytes()


def _ends(network: KAN, depth: int, low: Array, high: Array) -> tuple[Array, Array]:
    if depth:
        return low, high
    scaling = network.scaling
    return low * scaling.input_scale + scaling.input_center, high * scaling.input_scale + scaling.input_center


def _errors(metrics: Metrics | None) -> dict[str, float | None]:
    if metrics is None:
        return {"train": None, "validation": None, "test": None}
    return {
        "train": number(metrics.train),
        "validation": number(metrics.validation),
        "test": number(metrics.test),
    }


def _nodes(depth: int, network: KAN, dataset: Dataset, scores: Array) -> list[dict[str, Any]]:
    arrays = network.arrays()
    last = len(arrays.layers)
    nodes: list[dict[str, Any]] = []
    for index, score in enumerate(scores):
        product = depth > 0 and index >= arrays.layers[depth - 1].sums
        kind = "input" if depth == 0 else "output" if depth == last else "product" if product else "sum"
        name = dataset.names[index] if depth == 0 else dataset.output_names[index] if depth == last else ""
        nodes.append(
            {
                "id": f"{depth}.{index}",
                "layer": depth,
                "index": index,
                "kind": kind,
                "label": label(name),
                "symbol": "" if depth == 0 else "×" if product else "+",
                "active": _active(arrays.layers, NodeId(depth, index)),
                "attribution": float(np.nan_to_num(score)),
            }
        )
    return nodes


def _active(layers: Sequence[LayerArrays], node: NodeId) -> bool:
    if node.layer == len(layers):
        return True
    return bool(active_edges(layers[node.layer])[node.index].any())


def inspector_payload(
    investigation: Investigation,
    edge: EdgeId,
    candidates: Sequence[Candidate] | None,
    *,
    own: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """An edge in detail; `candidates` is None while they are being computed.

    `own` are the forms that a person typed: name and text.
    """
    network, dataset = investigation.network, investigation.dataset
    status = edge_status(network, edge)
    layer = network.arrays().layers[edge.layer]
    values, _ = curve_of(network, edge, dataset.part("train").inputs)
    low, high = float(values.min()), float(values.max())
    grid = np.linspace(low, high, 2 * POINTS)
    block = np.full((len(grid), layer.inputs), 0.5 * (low + high))
    block[:, edge.source] = grid
    curve = edge_outputs(trace_layer(block, layer), layer)[:, edge.source, edge.target]
    ends = _ends(network, edge.layer, *(np.full(layer.inputs, end) for end in (low, high)))
    shown = np.linspace(float(ends[0][edge.source]), float(ends[1][edge.source]), len(grid))
    counts, _ = np.histogram(values, bins=BINS, range=(low, high if high > low else low + 1))
    source = label(dataset.names[edge.source]) if edge.layer == 0 else f"node {edge.source}"
    last = edge.layer == len(network.arrays().layers) - 1
    target = label(dataset.target_names[0]) if last and layer.outputs == 1 else f"node {edge.target}"
    metrics = investigation.state.metrics
    return {
        "edge": edge_name(edge),
        "title": f"{source} → {target}",
        "xlabel": source,
        "ylabel": "edge value",
        "x": _rounded(shown),
        "y": _rounded(curve),
        "density": {
            "lo": float(shown[0]),
            "hi": float(shown[-1]),
            "counts": [int(count) for count in counts],
        },
        "status": status,
        "locked": bool(layer.locked[edge.source, edge.target]),
        "attribution": float(investigation.attribution().edges[edge.layer][edge.source, edge.target]),
        "intervals": layer.intervals,
        "formula": _in_words(edge_text(network, edge), source, edge),
        "candidates": None
        if candidates is None
        else [
            {**_candidate(one, grid, source, edge, network), "typed": own.get(one.form, "")}
            for one in candidates
        ],
        "keep": {"rmse": number(metrics.shown), "complexity": layer.bases + 1},
    }


def _candidate(one: Candidate, grid: Array, source: str, edge: EdgeId, network: KAN) -> dict[str, Any]:
    found = one.match
    with np.errstate(all="ignore"):
        curve = found.c * resolve(found.form).numpy(found.a * grid + found.b) + found.d
    held = {(e.source, e.target): e.form.name for e in network.arrays().layers[edge.layer].forms}
    return {
        "form": one.form,
        "text": _in_words(one.text, source, edge),
        "rmse": number(one.rmse),
        "r2": float(one.r2),
        "complexity": one.complexity,
        "curve": _rounded(curve),
        "current": held.get((edge.source, edge.target)) == one.form,
    }


def _in_words(text: str, source: str, edge: EdgeId) -> str:
    """The text of a form with the column's name in it."""
    return re.sub(r"\bx\b", source, text) if edge.layer == 0 else text


def _rounded(values: Array) -> list[float | None]:
    return [number(float(f"{value:.6g}")) for value in values]


def law_payload(law: Law | None) -> dict[str, Any] | None:
    if law is None:
        return None
    notes = [] if law.complete else [law.label]
    unused = [name for name in law.printed.names if name not in law.inputs_used]
    if law.complete and unused:
        notes.append(f"not used: {', '.join(unused)}")
    notes += [] if law.dimensions is None else [str(law.dimensions)]
    return {
        "complete": law.complete,
        "mathml": mathml(law.expression, target=law.target),
        "text": law.equation,
        "latex": law.latex(),
        "python": law.python() if law.complete else "",
        "error": number(law.error),
        "error_label": law.error_label,
        "notes": notes,
        "constants": [
            {
                "name": held.name,
                "value": f"{held.value:.10g}",
                "error": f"{held.standard_error:.2g}" if isfinite(held.standard_error) else "",
                "snapped": held.snapped or "",
            }
            for held in law.constants
            if law.complete
        ],
    }


def history_payload(history: History) -> dict[str, Any]:
    path = {state.number for state in history.path}
    return {
        "current": history.current,
        "nodes": [
            {
                "id": state.number,
                "parent": -1 if state.parent is None else state.parent,
                "code": f"Session(shape={state.network.spec})"
                if state.action is None
                else state.action.code(),
                "note": _note(state),
                "onpath": state.number in path,
            }
            for state in history.states
        ],
        "can_undo": history.can_undo,
        "can_redo": history.can_redo,
    }


def _note(state: State) -> str:
    after = f"{state.metrics.shown:.2g}"
    if state.before is None:
        return f"{state.metrics.parameters} parameters"
    return f"{state.metrics.measure} {state.before.shown:.2g} → {after} · {_duration(state.seconds)}"


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{1000 * seconds:.0f} ms"

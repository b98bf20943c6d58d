"""What a network looks like on a dataset: the numbers behind every drawing of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..kernels import LayerArrays
from ..kernels.passes import edge_outputs, trace_layer
from ..network import KAN, EdgeId, NodeId, trace
from ..network.compact import active_edges
from ..sparsity import attribution
from .layout import layout
from .names import form_label, label
from .shapes import Layout, Skeleton

POINTS = 41
FLAT = 2e-3
"""An edge whose curve spans less than this part of the largest in its layer is drawn flat."""
FAINTEST, FAINTEST_NODE = 0.06, 0.25


def opacity(score: float, faintest: float) -> float:
    """tanh(3 score), as in the diagrams of the KAN paper, but never quite invisible."""
    return max(faintest, float(np.tanh(3 * score)))


@dataclass(frozen=True, eq=False)
class EdgeCurve:
    """One edge.

    Attributes:
        form: name of its form, empty for a spline.
        attribution: how much of the output goes through it.
        heights: the curve over the range of the training rows, [points], in [0, 1]; NaN where not finite.
        words: what it is, in one line.
    """

    form: str
    attribution: float
    heights: Array
    words: str

    @property
    def opacity(self) -> float:
        return opacity(self.attribution, FAINTEST)


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawing in numbers: where everything is and how every curve runs.

    Attributes:
        strength: opacity of the nodes.
        title, words: what it shows, in short and edge by edge.
    """

    layout: Layout
    curves: dict[EdgeId, EdgeCurve]
    strength: dict[NodeId, float]
    title: str
    words: str


def picture(network: KAN, dataset: Dataset, *, points: int = POINTS) -> Picture:
    """The diagram of a network on the training rows of a dataset."""
    inputs = dataset.part("train").inputs
    seen = trace(network, inputs)
    scores = attribution(network, inputs, seen=seen)
    names = tuple(label(name) for name in dataset.names)
    targets = tuple(label(name) for name in dataset.output_names)
    curves: dict[EdgeId, EdgeCurve] = {}
    for depth, layer in enumerate(network.arrays().layers):
        block = _heights(layer, seen.layers[depth].inputs, points)
        forms = {(held.source, held.target): held.form.name for held in layer.forms}
        for i, j in zip(*active_edges(layer).nonzero(), strict=True):
            edge = EdgeId(depth, int(i), int(j))
            form = forms.get((edge.source, edge.target), "")
            score = float(np.nan_to_num(scores.edges[depth][i, j]))
            source = names[edge.source] if depth == 0 else f"node {depth}.{edge.source}"
            words = f"{source} → {depth + 1}.{edge.target}: {form or 'spline'}, attribution {score:.2g}"
            curves[edge] = EdgeCurve(form, score, block[:, i, j], words)
    skeleton = Skeleton(
        network.spec.widths, {edge: form_label(held.form) for edge, held in curves.items()}, names, targets
    )
    strength = {
        NodeId(depth, index): 1.0 if depth == 0 else opacity(float(np.nan_to_num(score)), FAINTEST_NODE)
        for depth, row in enumerate(scores.nodes)
        for index, score in enumerate(row)
    }
    title = f"Network {network.spec} for {', '.join(targets)}"
    return Picture(layout(skeleton), curves, strength, title, _words(curves))


def _heights(layer: LayerArrays, values: Array, points: int) -> Array:
    """Curves of a layer [points, I, O], each stretched to [0, 1], over the range of values [N, I]."""
    low, high = values.min(axis=0), values.max(axis=0)
    grid = low + (high - low) * np.linspace(0, 1, points)[:, None]
    with np.errstate(all="ignore"):
        curves = edge_outputs(trace_layer(grid, layer), layer)
    curves = np.where(np.isfinite(curves), curves, np.nan)
    bottom, top = np.nanmin(_or_zero(curves), axis=0), np.nanmax(_or_zero(curves), axis=0)
    span = top - bottom
    least = max(FLAT * float(span.max(initial=0.0)), 1e-300)
    return 0.5 + (curves - (bottom + top) / 2) / np.maximum(span, least)


def _or_zero(curves: Array) -> Array:
    """Curves that are nowhere finite as zeros, so that they have a minimum."""
    return np.where(np.isnan(curves).all(axis=0), 0.0, curves)


def _words(curves: dict[EdgeId, EdgeCurve]) -> str:
    """The picture for those who cannot see it: every edge, the most important first."""
    ranked = sorted(curves.values(), key=lambda curve: -curve.attribution)
    shown = "; ".join(curve.words for curve in ranked[:12])
    rest = f"; and {len(ranked) - 12} more" if len(ranked) > 12 else ""
    return f"{len(ranked)} edges. {shown}{rest}."

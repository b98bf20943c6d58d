"""What matters in a network, as tables to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .._typing import Array
from ..network import KAN, EdgeId, trace
from ..network.compact import active_edges
from ..network.edit import edge_status
from ..sparsity import attribution, edge_magnitudes, interactions, total_effects


def edges_table(network: KAN, inputs: Array) -> pd.DataFrame:
    """One row for each edge that is there, by (layer, source, target), the most important first.

    Columns: `kind` ("spline" or the name of a form), `score` (share of the outputs' variation that goes through the
    edge, KAN 2.0) and `magnitude` (mean absolute value, as the KAN paper prunes, in the network's units).
    """
    seen = trace(network, inputs)
    scores, sizes = attribution(network, inputs, seen=seen), edge_magnitudes(network, inputs, seen=seen)
    rows: list[tuple[int, int, int, str, float, float]] = []
    for number, layer in enumerate(network.arrays().layers):
        forms = {(edge.source, edge.target): edge.form.name for edge in layer.forms}
        for i, j in np.argwhere(active_edges(layer)).tolist():
            kind = forms.get((i, j)) or edge_status(network, EdgeId(number, i, j))
            rows.append((number, i, j, kind, float(scores.edges[number][i, j]), float(sizes[number][i, j])))
    table = pd.DataFrame(rows, columns=["layer", "source", "target", "kind", "score", "magnitude"])
    return table.set_index(["layer", "source", "target"]).sort_values("score", ascending=False, kind="stable")


def features_table(network: KAN, inputs: Array, names: Sequence[str]) -> pd.DataFrame:
    """One row for each input, the most important first.

    Columns: `effect` (share of the outputs' variance that the input has a part in, Sobol's total index), `score`
    (KAN 2.0's attribution) and `magnitude` (sum of the mean absolute values of its edges).
    """
    seen = trace(network, inputs)
    table = pd.DataFrame(
        {
            "effect": total_effects(network, inputs),
            "score": attribution(network, inputs, seen=seen).features,
            "magnitude": edge_magnitudes(network, inputs, seen=seen)[0].sum(axis=1),
        },
        index=pd.Index(list(names), name="input"),
    )
    return table.sort_values("effect", ascending=False, kind="stable")


def interactions_table(network: KAN, inputs: Array, names: Sequence[str]) -> pd.DataFrame:
    """Share of the outputs' variance that is there only because two inputs act together, for each two inputs."""
    labels = list(names)
    return pd.DataFrame(interactions(network, inputs), index=labels, columns=labels)

"""The roughness of all edges as rows that are to vanish."""

from __future__ import annotations

import numpy as np

from .._typing import Array
from ..kernels import Columns
from ..splines import roughness_matrices
from .state import State


def roughness_rows(state: State, columns: Columns, weight: float) -> Array:
    """W [Q, P + K] with |W theta|^2 = weight * sum over spline edges of the roughness of derivative k + 1.

    That roughness is zero for a polynomial of degree k; see `splines.roughness_matrices`.
    """
    rows: list[Array] = []
    count = columns.count + len(state.constants)
    for layer, own in zip(state.network.layers, columns.layers, strict=True):
        if weight <= 0:
            continue
        levels, vectors = np.linalg.eigh(roughness_matrices(layer.knots, layer.order, layer.order + 1))
        for i, j in np.argwhere(own.spline >= 0):
            keep = levels[i] > 0
            block = np.zeros((int(keep.sum()), count))
            start = own.spline[i, j]
            root = np.sqrt(weight * levels[i][keep])
            block[:, start : start + layer.bases] = root[:, None] * vectors[i][:, keep].T
            rows.append(block)
    return np.concatenate(rows) if rows else np.zeros((0, count))

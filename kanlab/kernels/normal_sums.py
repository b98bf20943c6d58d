"""J'WJ, J'Wr and r'Wr of a network, by whichever of two ways takes less work.

Either the Jacobian is formed and multiplied by BLAS, or the few columns that are dense are, and the products of the
others, non-zero near one interval only, are accumulated where they are not zero (`local_products`).
"""

from __future__ import annotations

import numpy as np

from .._typing import Array
from .arrays import LayerArrays, NetworkArrays
from .columns import Columns, LayerColumns
from .jacobian import form_columns, jacobian, sensitivities
from .layer_plan import MOST_ORDER
from .local_products import mixed_products, spline_products
from .passes import LayerPass

BLAS_RATE = 40.0
"""Multiplications of the symmetric product of BLAS per nanosecond of one core."""
STEP = 7.0
"""Nanoseconds in which the loops add the product of two edges at one row."""


def normal_sums(
    passes: tuple[LayerPass, ...],
    network: NetworkArrays,
    columns: Columns,
    residual: Array,
    weights: Array | None,
) -> tuple[Array, Array, float]:
    """J'WJ [P, P], J'Wr [P] and r'Wr, for residuals [N, Q] and weights [N]."""
    with np.errstate(all="ignore"):
        if _local_is_less(network, columns, residual.shape):
            return _local(passes, network, columns, residual, weights)
        return _dense(passes, network, columns, residual, weights)


def _local_is_less(network: NetworkArrays, columns: Columns, shape: tuple[int, ...]) -> bool:
    """Whether the steps of the loops are fewer than the multiplications of BLAS are worth."""
    orders = {layer.order for layer in network.layers}
    # the loops take two edges for two blocks of columns
    if len(orders) > 1 or max(orders) > MOST_ORDER or columns.uses is not None:
        return False
    rows, outputs = shape
    edges = sum(int((layer.spline >= 0).sum()) for layer in columns.layers)
    tiles = len(columns.dense) // 8 + 1
    local = rows * STEP * (edges * (edges + 1) / 2 + edges * tiles) + 3.0 * columns.count**2
    dense = rows * outputs * (columns.count**2 / BLAS_RATE + columns.count)
    return local < dense


def _dense(
    passes: tuple[LayerPass, ...],
    network: NetworkArrays,
    columns: Columns,
    residual: Array,
    weights: Array | None,
) -> tuple[Array, Array, float]:
    slopes = jacobian(passes, network, columns)
    if weights is not None:
        root = np.sqrt(weights)[:, None]
        residual = residual * root
        slopes *= np.repeat(root, residual.shape[1], axis=0)
    flat = residual.ravel()
    return slopes.T @ slopes, slopes.T @ flat, float(flat @ flat)


def _local(
    passes: tuple[LayerPass, ...],
    network: NetworkArrays,
    columns: Columns,
    residual: Array,
    weights: Array | None,
) -> tuple[Array, Array, float]:
    pulls = sensitivities(passes, network)
    if weights is not None:
        root = np.sqrt(weights)
        residual = residual * root[:, None]
        pulls = [pull * root[:, None, None] for pull in pulls]
    flat = residual.reshape(-1, 1)
    dense = np.concatenate(
        [
            part
            for each in zip(passes, network.layers, columns.layers, pulls, strict=True)
            for part in _dense_columns(*each)
        ]
        + [flat],
        axis=1,
    )
    order = network.layers[0].order
    lanes = max(1, order.bit_length())
    values = [np.zeros((layer.inputs, len(residual), 2**lanes)) for layer in network.layers]
    for seen, own in zip(passes, values, strict=True):
        own[:, :, : order + 1] = seen.values.transpose(1, 0, 2)
    tables = (
        np.concatenate(values).reshape(-1),
        np.ascontiguousarray(np.concatenate([seen.span.T for seen in passes])),
        np.ascontiguousarray(np.concatenate([pull.transpose(2, 1, 0) for pull in pulls])),
        _layer_table(network),
        np.concatenate([own.spline.ravel() for own in columns.layers]),
    )
    tags = ((0,) * (order + 1), (0,) * lanes)
    matrix = np.zeros((columns.count, columns.count))
    spline_products(*tables, matrix, *tags)
    mixed = np.zeros((columns.count, dense.shape[1]))
    mixed_products(*tables, dense, mixed, *tags)
    corner = dense.T @ dense
    where = columns.dense
    matrix[:, where] += mixed[:, :-1]
    matrix[where] += mixed[:, :-1].T
    matrix[np.ix_(where, where)] = corner[:-1, :-1]
    gradient = mixed[:, -1]
    gradient[where] = corner[:-1, -1]
    return matrix, gradient, float(corner[-1, -1])


def _layer_table(network: NetworkArrays) -> np.ndarray:
    rows: list[tuple[int, ...]] = []
    inputs, subnodes, edges = 0, 0, 0
    for layer in network.layers:
        rows.append((inputs, layer.inputs, subnodes, layer.outputs, layer.intervals, edges))
        inputs, subnodes = inputs + layer.inputs, subnodes + layer.outputs
        edges += layer.inputs * layer.outputs
    return np.array(rows, dtype=np.int64)


def _dense_columns(seen: LayerPass, layer: LayerArrays, columns: LayerColumns, pull: Array) -> list[Array]:
    """The columns of base scales, of symbolic edges and of biases, each [N * Q, count], as `Columns.dense` has them."""
    sources, targets = np.nonzero(columns.spline >= 0)
    scales = seen.base[:, None, sources] * pull[:, :, targets]
    flat = pull.reshape(-1, layer.outputs)
    form_at = {(edge.source, edge.target): edge for edge in layer.forms}
    forms = [
        form_columns(seen, layer, form_at[int(i), int(j)], flat) for i, j in np.argwhere(columns.form >= 0)
    ]
    return [scales.reshape(len(flat), -1), *forms, flat]

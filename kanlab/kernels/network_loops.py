"""A whole network of spline edges, block of rows by block of rows, in one call.

A block goes through all layers and back while it is in the cache; its bases and their derivatives are computed once.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .._typing import Array, IntArray
from .aligned import aligned_empty, aligned_zeros
from .blocks import (
    Floats,
    Tag,
    add_edges,
    compiled,
    fill_slots,
)
from .grouped_rows import link_rows
from .layer_loops import entry
from .packing import pack_table
from .pulls import add_rows, pull_inputs, pull_table
from .vectors import ROWS, pointer

# columns of `shapes`, one row for each layer
INPUTS, OUTPUTS, SPANS, CELLS, BASE, UNIFORM, NUMBERS, LOOKUP = range(8)


@compiled
def pack_network(
    addresses: IntArray, shapes: IntArray, lanes: Tag, order: int, like: Floats
) -> tuple[Floats, Floats, IntArray]:
    """All tables, all biases padded to whole tiles, and where each layer starts: in the tables, in the biases and nodes
    of one row, and in the slots of one row."""
    layers = len(shapes)
    size = 1 << len(lanes)
    starts = np.zeros((layers + 1, 3), dtype=np.int64)
    for depth in range(layers):
        inputs, outputs = shapes[depth, INPUTS], shapes[depth, OUTPUTS]
        tiles = (outputs + size - 1) // size
        starts[depth + 1, 0] = starts[depth, 0] + tiles * inputs * (shapes[depth, SPANS] + order + 1) * size
        starts[depth + 1, 1] = starts[depth, 1] + tiles * size
        starts[depth + 1, 2] = starts[depth, 2] + inputs
    tables = aligned_empty(starts[layers, 0], like)
    biases = np.zeros(starts[layers, 1], dtype=like.dtype)
    absent = np.empty((0, 2), dtype=np.int64)
    for depth in range(layers):
        inputs, outputs = shapes[depth, INPUTS], shapes[depth, OUTPUTS]
        bases = shapes[depth, SPANS] + order
        coefficients = numba.carray(pointer(addresses[depth, 0]), (inputs, bases, outputs), like.dtype)
        base_scale = numba.carray(pointer(addresses[depth, 1]), (inputs, outputs), like.dtype)
        bias = numba.carray(pointer(addresses[depth, 2]), outputs, like.dtype)
        tables[starts[depth, 0] : starts[depth + 1, 0]] = pack_table(coefficients, base_scale, absent, lanes)
        for j in range(outputs):
            biases[starts[depth, 1] + j] = bias[j]
    return tables, biases, starts


@compiled
def block_forward(  # noqa: PLR0913, PLR0917
    x: Floats,
    rows: int,
    shapes: IntArray,
    starts: IntArray,
    numbers: Floats,
    lookup: Any,
    tables: Floats,
    biases: Floats,
    nodes: Floats,
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    scratch: Floats,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """All layers for a block of rows: nodes [layer][row, outputs padded], and the slots of all layers."""
    size = 1 << len(lanes)
    slot = (len(local) + 1) * ROWS
    wanted = len(slopes) > 0
    step = shapes[0, INPUTS]
    entering = x
    for depth in range(len(shapes)):
        inputs = shapes[depth, INPUTS]
        grid = (
            inputs,
            shapes[depth, SPANS],
            shapes[depth, CELLS],
            shapes[depth, BASE],
            shapes[depth, UNIFORM] != 0,
        )
        block = (rows, 0, inputs, step)
        padded = starts[depth + 1, 1] - starts[depth, 1]
        own_values = values[starts[depth, 2] * slot :]
        own_slopes = slopes[starts[depth, 2] * slot :] if wanted else slopes
        own_rows = rows_of[starts[depth, 2] * ROWS :]
        fill_slots(
            entering, block, grid, numbers[shapes[depth, NUMBERS] :], lookup[shapes[depth, LOOKUP] :], own_values,
            own_slopes, own_rows, scratch, size, local, local_lanes,
        )  # fmt: skip
        out = nodes[starts[depth, 1] * ROWS :]
        for r in range(rows):
            for j in range(padded):
                out[r * padded + j] = biases[starts[depth, 1] + j]
        add_edges(
            block, grid, padded // size, tables[starts[depth, 0] :], own_values, own_rows, out, lanes, local
        )
        entering = out
        step = padded


@entry
def network_forward(  # noqa: PLR0913, PLR0917
    x: Array,
    y: Array,
    addresses: IntArray,
    shapes: IntArray,
    numbers: Floats,
    lookup: Any,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Fill y [N, outputs] for x [N, inputs]. `addresses` [layers, 3] are those of coefficients, base scales, biases."""
    layers = len(shapes)
    order = len(local) - 1
    tables, biases, starts = pack_network(addresses, shapes, lanes, order, numbers)
    nodes = aligned_empty(starts[layers, 1] * ROWS, numbers)
    values = aligned_empty(starts[layers, 2] * (order + 2) * ROWS, numbers)
    slopes = np.empty(0, dtype=numbers.dtype)
    rows_of = np.empty(starts[layers, 2] * ROWS, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    last = nodes[starts[layers - 1, 1] * ROWS :]
    padded = starts[layers, 1] - starts[layers - 1, 1]
    flat = x.reshape(-1)
    for start in range(0, len(x), ROWS):
        rows = min(ROWS, len(x) - start)
        block_forward(
            flat[start * x.shape[1] :], rows, shapes, starts, numbers, lookup, tables, biases, nodes, values, slopes,
            rows_of, scratch, lanes, local, local_lanes,
        )  # fmt: skip
        for r in range(rows):
            for j in range(y.shape[1]):
                y[start + r, j] = last[r * padded + j]


@entry
def network_gradient(  # noqa: PLR0913, PLR0917
    x: Array,
    targets: Array,
    weights: Array,
    columns: IntArray,
    gradient: Array,
    addresses: IntArray,
    shapes: IntArray,
    numbers: Floats,
    lookup: Any,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> float:
    """Mean squared error, and its gradient [P].

    `weights` is empty where all are 1. `columns` holds, layer by layer, the first column of each edge [I, O] or -1,
    then the first column of the biases.
    """
    layers = len(shapes)
    size = 1 << len(lanes)
    order = len(local) - 1
    slot = (order + 2) * ROWS
    tables, biases, starts = pack_network(addresses, shapes, lanes, order, numbers)
    on_tables, on_biases = aligned_zeros(len(tables), tables), np.zeros_like(biases)
    nodes = aligned_empty(starts[layers, 1] * ROWS, numbers)
    pulls = aligned_zeros(starts[layers, 1] * ROWS, numbers)
    values = aligned_empty(starts[layers, 2] * slot, numbers)
    slopes = aligned_empty(starts[layers, 2] * slot, numbers)
    rows_of = np.empty(starts[layers, 2] * ROWS, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    heads = np.empty((shapes[:, INPUTS] * (shapes[:, SPANS] + order + 1)).max(), dtype=np.int32)
    links = np.empty(shapes[:, INPUTS].max() * ROWS, dtype=np.int32)
    first = starts[layers - 1, 1] * ROWS
    padded = starts[layers, 1] - starts[layers - 1, 1]
    flat = x.reshape(-1)
    loss = 0.0
    share = 2.0 / len(x)
    for start in range(0, len(x), ROWS):
        rows = min(ROWS, len(x) - start)
        block_forward(
            flat[start * x.shape[1] :], rows, shapes, starts, numbers, lookup, tables, biases, nodes, values, slopes,
            rows_of, scratch, lanes, local, local_lanes,
        )  # fmt: skip
        for r in range(rows):
            weight = weights[start + r] if len(weights) else 1.0
            for j in range(targets.shape[1]):
                residual = nodes[first + r * padded + j] - targets[start + r, j]
                loss += weight * residual * residual
                pulls[first + r * padded + j] = share * weight * residual
        for depth in range(layers - 1, -1, -1):
            inputs = shapes[depth, INPUTS]
            grid = (inputs, shapes[depth, SPANS], shapes[depth, CELLS], shapes[depth, BASE], False)
            tiles = (starts[depth + 1, 1] - starts[depth, 1]) // size
            own_rows = rows_of[starts[depth, 2] * ROWS :]
            pull = pulls[starts[depth, 1] * ROWS :]
            step = 0
            if depth:
                step = starts[depth, 1] - starts[depth - 1, 1]
            block = (rows, 0, inputs, step)
            if depth:
                pull_inputs(
                    block, grid, tiles, tables[starts[depth, 0] :], slopes[starts[depth, 2] * slot :], own_rows, pull,
                    pulls[starts[depth - 1, 1] * ROWS :], lanes, local,
                )  # fmt: skip
            link_rows(block, shapes[depth, SPANS] + order, own_rows, heads, links, lanes)
            pull_table(
                block, grid, tiles, on_tables[starts[depth, 0] :], values[starts[depth, 2] * slot :], pull, heads,
                links, lanes, local,
            )  # fmt: skip
            add_rows(rows, tiles, pull, on_biases[starts[depth, 1] :], lanes)
    _to_columns(on_tables, on_biases, starts, shapes, columns, gradient, size, order)
    return loss / len(x)


@compiled
def _to_columns(  # noqa: PLR0913, PLR0917
    tables: Floats,
    biases: Floats,
    starts: IntArray,
    shapes: IntArray,
    columns: IntArray,
    gradient: Array,
    size: int,
    order: int,
) -> None:
    place = 0
    for depth in range(len(shapes)):
        inputs, outputs = shapes[depth, INPUTS], shapes[depth, OUTPUTS]
        bases = shapes[depth, SPANS] + order
        for i in range(inputs):
            for j in range(outputs):
                column = columns[place]
                place += 1
                if column >= 0:
                    at = starts[depth, 0] + ((j // size) * inputs + i) * (bases + 1) * size + j % size
                    for m in range(bases + 1):
                        gradient[column + m] += tables[at + m * size]
        for j in range(outputs):
            gradient[columns[place] + j] = biases[starts[depth, 1] + j]
        place += 1

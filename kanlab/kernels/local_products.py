"""J'J without a Jacobian: products of columns that are non-zero only near one interval.

The columns of a spline edge (i, j) are `s_j[n] B_m(x[n, i])`, with s_j the derivative of an output with respect to
subnode j. So the block of two edges is `sum_n c[n] B_m(x[n, i]) B_l(x[n, i'])`, where c sums s_j s_j' over the outputs,
and a row adds (k + 1)^2 numbers to it, whatever G.
"""

from __future__ import annotations

import numpy as np

from .._typing import Array, IntArray
from .blocks import Tag, compiled
from .layer_loops import entry
from .vector_rows import accumulate_rows, add_outer, load_rows, store_rows
from .vectors import load, scale

OCTET = (0, 0, 0)


@compiled
def sort_rows(keys: IntArray, most: int, order_of: IntArray) -> None:
    """Stable counting sort of rows by keys in 0 .. most - 1."""
    counts = np.zeros(most + 1, dtype=np.int64)
    for n in range(len(keys)):
        counts[keys[n] + 1] += 1
    for s in range(most):
        counts[s + 1] += counts[s]
    for n in range(len(keys)):
        order_of[counts[keys[n]]] = n
        counts[keys[n]] += 1


@entry
def spline_products(  # noqa: PLR0913, PLR0917
    values: Array,
    spans: IntArray,
    pulls: Array,
    layers: IntArray,
    columns: IntArray,
    matrix: Array,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Add the products of all spline columns to matrix [P, P].

    Args:
        values: flat [all inputs, N, padded], the local bases.
        spans: [all inputs, N].
        pulls: [all subnodes, Q, N].
        layers: for each layer, (first input, inputs, first subnode, subnodes, G, first place in columns).
        columns: first column of each edge, or -1.
    """
    rows = spans.shape[1]
    padded = 1 << len(local_lanes)
    widest = 0
    for a in range(len(layers)):
        widest = max(widest, layers[a, 4] + 2 * padded)
    block = np.empty(widest * widest)
    products = np.empty(rows)
    keys = np.empty(rows, dtype=np.int64)
    order_of = np.arange(rows)
    for a in range(len(layers)):
        for i in range(layers[a, 1]):
            for b in range(a, len(layers)):
                for h in range(i if a == b else 0, layers[b, 1]):
                    left, right = layers[a, 0] + i, layers[b, 0] + h
                    cells = layers[a, 4] * layers[b, 4]
                    for n in range(rows):
                        keys[n] = spans[left, n] * layers[b, 4] + spans[right, n]
                    # runs of rows in one pair of intervals stay in registers; short runs are not worth sorting
                    if rows > 2 * cells:
                        sort_rows(keys, cells, order_of)
                    else:
                        for n in range(rows):
                            order_of[n] = n
                    _edge_pairs(
                        values, spans, pulls, layers, columns, matrix, (a, i, b, h), order_of, keys, products, block,
                        local, local_lanes,
                    )  # fmt: skip


@compiled
def _edge_pairs(  # noqa: PLR0913, PLR0917
    values: Array,
    spans: IntArray,
    pulls: Array,
    layers: IntArray,
    columns: IntArray,
    matrix: Array,
    pair: tuple[int, int, int, int],
    order_of: IntArray,
    keys: IntArray,
    products: Array,
    block: Array,
    local: Tag,
    local_lanes: Tag,
) -> None:
    a, i, b, h = pair
    rows = spans.shape[1]
    padded = 1 << len(local_lanes)
    left, right = layers[a, 0] + i, layers[b, 0] + h
    height, width = layers[a, 4] + len(local) - 1, layers[b, 4] + len(local) - 1
    stride = width + padded
    same = a == b and i == h
    for j in range(layers[a, 3]):
        row = columns[layers[a, 5] + i * layers[a, 3] + j]
        for g in range(j if same else 0, layers[b, 3]):
            column = columns[layers[b, 5] + h * layers[b, 3] + g]
            if row < 0 or column < 0:
                continue
            products[:] = 0.0
            for q in range(pulls.shape[1]):
                for n in range(rows):
                    products[n] += pulls[layers[a, 2] + j, q, n] * pulls[layers[b, 2] + g, q, n]
            block[: (height + 1) * stride] = 0.0
            _fill_block(
                values, spans, (left, right, stride), order_of, keys, products, block, local, local_lanes
            )
            for m in range(height):
                for p in range(width):
                    matrix[row + m, column + p] += block[m * stride + p]
                    if row != column:
                        matrix[column + p, row + m] += block[m * stride + p]


@compiled
def _fill_block(  # noqa: PLR0913, PLR0917
    values: Array,
    spans: IntArray,
    pair: tuple[int, int, int],
    order_of: IntArray,
    keys: IntArray,
    products: Array,
    block: Array,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Sum products[n] B_m B_l over the rows; `pair` is (left input, right input, numbers in a row of the block)."""
    left, right, stride = pair
    rows = len(products)
    padded = 1 << len(local_lanes)
    zero = load_rows(block, 0, local_lanes, local)
    held = zero
    key = -1
    place = 0
    for p in range(rows):
        n = order_of[p]
        if keys[n] != key:
            if key >= 0:
                accumulate_rows(block, place, stride, held)
            held = zero
            key = keys[n]
            place = spans[left, n] * stride + spans[right, n]
        weighted = scale(products[n], load(values, (left * rows + n) * padded, local_lanes))
        held = add_outer(held, weighted, load(values, (right * rows + n) * padded, local_lanes))
    if key >= 0:
        accumulate_rows(block, place, stride, held)


@entry
def mixed_products(  # noqa: PLR0913, PLR0917
    values: Array,
    spans: IntArray,
    pulls: Array,
    layers: IntArray,
    columns: IntArray,
    dense: Array,
    out: Array,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Add the products of all spline columns with the columns `dense` [N * Q, D] to out [P, D].

    Arguments are as in `spline_products`.
    """
    rows = spans.shape[1]
    tiles = (dense.shape[1] + 7) // 8
    pulled = np.zeros(tiles * rows * 8)
    order_of = np.empty(rows, dtype=np.int64)
    for a in range(len(layers)):
        intervals = layers[a, 4]
        height = intervals + len(local) - 1
        block = np.empty(tiles * height * 8)
        for j in range(layers[a, 3]):
            _pull_dense(pulls[layers[a, 2] + j], dense, pulled)
            for i in range(layers[a, 1]):
                row = columns[layers[a, 5] + i * layers[a, 3] + j]
                if row < 0:
                    continue
                left = layers[a, 0] + i
                sort_rows(spans[left], intervals, order_of)
                block[:] = 0.0
                for tile in range(tiles):
                    _fill_tile(
                        values, spans, (left, tile, height), order_of, pulled, block, local, local_lanes
                    )
                for m in range(height):
                    for d in range(dense.shape[1]):
                        out[row + m, d] += block[((d // 8) * height + m) * 8 + d % 8]


@compiled
def _pull_dense(pulls: Array, dense: Array, out: Array) -> None:
    """out[tile, n, lane] = sum_q pulls[q, n] dense[n Q + q, d], in tiles of 8."""
    count, rows = pulls.shape
    for n in range(rows):
        for d in range(dense.shape[1]):
            total = 0.0
            for q in range(count):
                total += pulls[q, n] * dense[n * count + q, d]
            out[((d // 8) * rows + n) * 8 + d % 8] = total


@compiled
def _fill_tile(  # noqa: PLR0913, PLR0917
    values: Array,
    spans: IntArray,
    place: tuple[int, int, int],
    order_of: IntArray,
    pulled: Array,
    block: Array,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Sum B_m pulled[n] over the rows, in order of their intervals; `place` is (input, tile, G + k)."""
    left, tile, height = place
    rows = spans.shape[1]
    padded = 1 << len(local_lanes)
    s = -1
    held = load_rows(block, 0, OCTET, local)
    for p in range(rows):
        n = order_of[p]
        if spans[left, n] != s:
            if s >= 0:
                store_rows(block, (tile * height + s) * 8, held)
            s = spans[left, n]
            held = load_rows(block, (tile * height + s) * 8, OCTET, local)
        weights = load(values, (left * rows + n) * padded, local_lanes)
        held = add_outer(held, weights, load(pulled, (tile * rows + n) * 8, OCTET))
    if s >= 0:
        store_rows(block, (tile * height + s) * 8, held)

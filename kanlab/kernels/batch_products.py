"""J'J of one member of a batch, tile of rows by tile of rows; see `tiles` for the columns that are left out."""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

import numpy as np

from .._typing import Array, IntArray
from .blocks import Tag, compiled
from .layer_loops import entry
from .tiles import LANES, MOST_ROWS
from .vector_rows import accumulate_rows, add_multiples, load_rows, store_rows
from .vectors import add, fma_scalar, load, scale, store

OCTET, EIGHT = (0, 0, 0), (0,) * 8


@entry
def member_rows(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    span: IntArray,
    local: Array,
    base: Array,
    pieces: Array,
    pull: Array,
    at: int,
    out: Array,
    lanes: Tag,
) -> None:
    """Fill out[:, :, at : at + O F], the derivatives of a member's outputs with respect to the weights of one layer.

    `span`, `local`, `base` are [I, N], `pieces` [I, G, k + 1, 2^n], padded, `pull` [Q, O, N] is the derivative of
    output q with respect to subnode j, out [Q, N, stride].
    """
    inputs, rows = span.shape
    count, outputs = pull.shape[0], pull.shape[1]
    spans, width = pieces.shape[1], pieces.shape[2]
    bases = spans + width - 1
    features = inputs * (bases + 1) + 1
    stride = out.shape[2]
    room = 1 << len(lanes)
    flat = out.reshape(-1)
    for q in range(count):
        for n in range(rows):
            out[q, n, at : at + outputs * features] = 0.0
            place = (q * rows + n) * stride + at
            for j in range(outputs):
                d = pull[q, j, n]
                for i in range(inputs):
                    s = span[i, n]
                    piece = ((i * spans + s) * width + width - 1) * room
                    value = load(pieces, piece, lanes)
                    for _ in range(width - 1):
                        piece -= room
                        value = fma_scalar(local[i, n], value, load(pieces, piece, lanes))
                    # lanes past the last basis hold zeros, and what stands there is written later
                    store(flat, place + s, scale(d, value))
                    flat[place + bases] = d * base[i, n]
                    place += bases + 1
                flat[place] = d
                place += 1


@entry
def member_products(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    values: Array,
    starts: IntArray,
    features: IntArray,
    every: int,
    pull: Array,
    rest: Array,
    residual: Array,
    matrix: Array,
    gradient: Array,
    octet: Tag,
    eight: Tag,
) -> float:
    """Add J'J to the lower triangle of matrix [P, P] and J'r to gradient [P]; r'r is returned.

    Args:
        values, starts, features: of `Tiles`, counted from the first row here.
        every: F, all features of the first layer.
        pull: derivatives of the outputs with respect to the subnodes of the first layer, [Q, O, N].
        rest: columns of the other layers and room for one, [Q, N, stride].
        residual: [Q, N].
    """
    count, outputs, stride = pull.shape[0], pull.shape[1], rest.shape[2]
    used, wide = features.shape[1], values.shape[1]
    first = outputs * every
    later = len(gradient) - first
    # what a store of LANES numbers writes past the end of a row belongs to the next
    size = stride + (outputs * used + LANES - 1) // LANES * LANES
    tile = np.zeros(MOST_ROWS * size + wide)
    mixed, corner = np.zeros(first * stride), np.zeros(stride * stride)
    # the second half stays zero, to begin sums with
    scratch = np.zeros(2 * LANES * LANES)
    places = np.full(size - stride, -1)
    for t in range(len(starts) - 1):
        for j in range(outputs):
            for f in range(used):
                places[j * used + f] = j * every + features[t, f]
        for q in range(count):
            _fill(tile, size, used, values, pull[q], rest[q], starts[t], starts[t + 1], octet)
            for n in range(starts[t], starts[t + 1]):
                tile[(n - starts[t]) * size + later] = residual[q, n]
            _square(
                tile, starts[t + 1] - starts[t], (size, stride), places, matrix, mixed, corner, scratch, octet, eight
            )  # fmt: skip
    for c in range(later):
        for h in range(first):
            matrix[first + c, h] += mixed[h * stride + c]
        for h in range(c + 1):
            matrix[first + c, first + h] += corner[c * stride + h]
        gradient[first + c] += corner[later * stride + c]
    for h in range(first):
        gradient[h] += mixed[h * stride + later]
    return float(corner[later * stride + later])


@compiled
def _fill(  # noqa: PLR0913, PLR0917
    tile: Array,
    size: int,
    used: int,
    values: Array,
    pull: Array,
    rest: Array,
    start: int,
    end: int,
    octet: Tag,
) -> None:
    """Put rows of `rest` [N, stride] into the tile, and behind them the columns of the first layer."""
    stride, wide = rest.shape[1], values.shape[1]
    for n in range(start, end):
        row = (n - start) * size
        for c in range(0, stride, LANES):
            store(tile, row + c, load(rest, n * stride + c, octet))
        for j in range(pull.shape[0]):
            place = row + stride + j * used
            for f in range(0, wide, LANES):
                store(tile, place + f, scale(pull[j, n], load(values, n * wide + f, octet)))


@compiled
def _square(  # noqa: PLR0913, PLR0917
    tile: Array,
    rows: int,
    shape: tuple[int, int],
    places: IntArray,
    matrix: Array,
    mixed: Array,
    corner: Array,
    scratch: Array,
    octet: Tag,
    eight: Tag,
) -> None:
    """Add the products of the columns of a tile: to matrix [P, P] those of the first layer with each other, to mixed
    [O F, stride] those with the rest, and to corner [stride, stride] those of the rest.

    `shape` is (numbers in a row of the tile, how many of them belong to the rest); `places` are the columns of the
    first layer in the matrix, or -1.
    """
    size, stride = shape
    for h in range(0, size, LANES):
        for c in range(0, h + 1, LANES):
            sums = load_rows(scratch, LANES * LANES, octet, eight)
            for n in range(rows):
                sums = add_multiples(sums, tile, n * size + h, load(tile, n * size + c, octet))
            if h < stride:
                accumulate_rows(corner, h * stride + c, stride, sums)
                continue
            store_rows(scratch, 0, sums)
            if c < stride:
                _add_mixed(mixed, stride, c, places, h - stride, scratch, octet)
            else:
                _add_first(matrix, places, h - stride, c - stride, scratch)


@compiled
def _add_mixed(  # noqa: PLR0913, PLR0917
    mixed: Array, stride: int, column: int, places: IntArray, first: int, sums: Array, octet: Tag
) -> None:
    for m in range(LANES):
        if places[first + m] >= 0:
            at = places[first + m] * stride + column
            store(mixed, at, add(load(mixed, at, octet), load(sums, m * LANES, octet)))


@compiled
def _add_first(matrix: Array, places: IntArray, first: int, second: int, sums: Array) -> None:
    for m in range(LANES):
        row = places[first + m]
        for h in range(LANES):
            column = places[second + h]
            # the places rise, so that what is below the diagonal of the tile is below that of the matrix
            if 0 <= column <= row:
                matrix[row, column] += sums[m * LANES + h]

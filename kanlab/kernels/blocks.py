"""One layer on a block of rows: the loops that everything fast is made of.

Coefficients stand in tiles of `lanes` outputs, `table[tile, input, row, lane]`: the G + k coefficients of an input,
then its base scale. A block has at most ROWS samples and some inputs; `values[input, m, sample]` holds the k + 1 bases
of each and its base function, `slopes` their derivatives, and `rows_of[input, sample]` where its coefficients start.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np

from .vectors import (
    ROWS,
    combine,
    fma,
    fma_scalar,
    load,
    multiply,
    scale,
    scatter,
    sigmoid,
    splat,
    store,
    store_whole,
    subtract,
    whole_part,
    zeros,
)

compiled = cast(Any, numba.njit)(
    nogil=True, cache=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""For loops that only other loops call. No fast-math: NaN stays NaN, and sums are ordered as written."""

SILU, IDENTITY, ZERO = 2, 1, 0
WIDE = (0, 0, 0, 0)

Floats = Any
Tag = tuple[int, ...]
Block = tuple[int, int, int, int]
"""Rows, first input, number of inputs, and from one row of x to the next."""
Grid = tuple[int, int, int, int, bool]
"""Inputs of the layer, G, cells of the lookup, base function, whether the grid is uniform."""


@compiled
def fill_slots(  # noqa: PLR0913, PLR0917
    x: Floats,
    block: Block,
    grid: Grid,
    numbers: Floats,
    lookup: Any,
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    scratch: Floats,
    size: int,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Bases of a block; their derivatives too if `slopes` has room for them.

    `x` is flat, and its first row is the block's first; `numbers` and `lookup` are those of
    `GridTables`; `scratch` has room for 2 ROWS numbers.
    """
    rows, first, width, step = block
    _, spans, _, base, uniform = grid
    order = len(local) - 1
    stride = (spans + order + 1) * size
    for r in range(rows, ROWS):
        scratch[r] = 0
    for a in range(width):
        i = first + a
        for r in range(rows):
            scratch[r] = x[r * step + i]
        slot = a * (order + 2) * ROWS
        if uniform:
            uniform_bases(
                scratch, rows, i, grid, numbers, values, slopes, slot, rows_of, a * ROWS, i * stride, size, local,
                local_lanes,
            )  # fmt: skip
        else:
            free_bases(
                scratch, rows, i, grid, numbers, lookup, values, slopes, slot, rows_of, a * ROWS, i * stride, size,
                local, local_lanes,
            )  # fmt: skip
        base_values(scratch, rows, base, values, slopes, slot + (order + 1) * ROWS)


@compiled
def base_values(x: Floats, rows: int, base: int, values: Floats, slopes: Floats, slot: int) -> None:
    """The base function at x[: rows], and its derivative."""
    one = splat(x.dtype.type(1), WIDE)
    for r in range(0, rows, 16):
        v = load(x, r, WIDE)
        if base == SILU:
            sigma = sigmoid(v)
            store(values, slot + r, multiply(v, sigma))
            if len(slopes):
                store(slopes, slot + r, multiply(sigma, fma(v, subtract(one, sigma), one)))
        else:
            store(values, slot + r, v if base == IDENTITY else zeros(x, WIDE))
            if len(slopes):
                store(slopes, slot + r, one if base == IDENTITY else zeros(x, WIDE))


@compiled
def uniform_bases(  # noqa: PLR0913, PLR0917
    x: Floats,
    rows: int,
    i: int,
    grid: Grid,
    numbers: Floats,
    values: Floats,
    slopes: Floats,
    slot: int,
    rows_of: Any,
    at: int,
    shift: int,
    size: int,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """The k + 1 bases of one input at x[: rows] on a uniform grid, where all intervals have the same polynomials."""
    inputs, spans, _, _, _ = grid
    order = len(local) - 1
    padded = 1 << len(local_lanes)
    piece = 2 * inputs + 4 * inputs * spans + (i * spans + spans // 2) * (order + 1) * padded
    low, rate = splat(numbers[2 * i], WIDE), numbers[2 * i + 1]
    most = x.dtype.type(spans - 1)
    for r in range(0, rows, 16):
        position = scale(rate, subtract(load(x, r, WIDE), low))
        s = whole_part(position, most)
        store_whole(rows_of, at + r, s, size, shift)
        t = subtract(position, s)
        for m in range(order + 1):
            value = splat(numbers[piece + order * padded + m], WIDE)
            if len(slopes):
                slope = zeros(x, WIDE)
                for p in range(order - 1, -1, -1):
                    slope = fma(t, slope, value)
                    value = fma(t, value, splat(numbers[piece + p * padded + m], WIDE))
                store(slopes, slot + m * ROWS + r, scale(rate, slope))
            else:
                for p in range(order - 1, -1, -1):
                    value = fma(t, value, splat(numbers[piece + p * padded + m], WIDE))
            store(values, slot + m * ROWS + r, value)


@compiled
def free_bases(  # noqa: PLR0913, PLR0917
    x: Floats,
    rows: int,
    i: int,
    grid: Grid,
    numbers: Floats,
    lookup: Any,
    values: Floats,
    slopes: Floats,
    slot: int,
    rows_of: Any,
    at: int,
    shift: int,
    size: int,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """The k + 1 bases of one input at x[: rows] on any grid."""
    inputs, spans, cells, _, _ = grid
    order = len(local) - 1
    padded = 1 << len(local_lanes)
    cell_start = 2 * inputs
    piece_start = cell_start + 4 * inputs * spans
    zero, most = x.dtype.type(0), x.dtype.type(cells - 1)
    low, rate = numbers[2 * i], numbers[2 * i + 1]
    for r in range(rows):
        v = x[r]
        guess = (v - low) * rate
        # comparisons with NaN are false: it goes through the polynomial of the first interval
        guess = max(zero, guess)
        guess = min(most, guess)
        s = np.int64(lookup[i * cells + np.int64(guess)])
        cell = cell_start + 4 * (i * spans + s)
        while v >= numbers[cell + 1]:
            s += 1
            cell += 4
        while v < numbers[cell]:
            s -= 1
            cell -= 4
        inverse = numbers[cell + 3]
        t = (v - numbers[cell + 2]) * inverse
        piece = piece_start + (i * spans + s) * (order + 1) * padded
        value = load(numbers, piece + order * padded, local_lanes)
        if len(slopes):
            slope = zeros(numbers, local_lanes)
            for p in range(order - 1, -1, -1):
                slope = fma_scalar(t, slope, value)
                value = fma_scalar(t, value, load(numbers, piece + p * padded, local_lanes))
            scatter(slopes, slot + r, scale(inverse, slope), local)
        else:
            for p in range(order - 1, -1, -1):
                value = fma_scalar(t, value, load(numbers, piece + p * padded, local_lanes))
        scatter(values, slot + r, value, local)
        rows_of[at + r] = shift + s * size


@compiled
def add_edges(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    table: Floats,
    values: Floats,
    rows_of: Any,
    out: Floats,
    lanes: Tag,
    local: Tag,
) -> None:
    """Add the edges of a block to `out`, flat [rows, tiles * lanes]."""
    rows, first, width, _ = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    for tile in range(tiles):
        shift = tile * inputs * stride
        for r in range(rows):
            place = (r * tiles + tile) * size
            part = load(out, place, lanes)
            for a in range(width):
                last = shift + (first + a) * stride + bases * size
                slot = a * (len(local) + 1) * ROWS + r
                part = combine(part, table, shift + rows_of[a * ROWS + r], last, values, slot, local)
            store(out, place, part)


@compiled
def edge_slopes(  # noqa: PLR0913, PLR0917
    table: Floats,
    slopes: Floats,
    rows_of: Any,
    out: Floats,
    place: tuple[int, int, int, int, int],
    tiles: int,
    lanes: Tag,
    local: Tag,
) -> None:
    """out[j] = phi_ij'(x) for all outputs; `place` is (input in the block, row, first input, inputs, G)."""
    a, r, first, inputs, spans = place
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    for tile in range(tiles):
        shift = tile * inputs * stride
        last = shift + (first + a) * stride + bases * size
        slot = a * (len(local) + 1) * ROWS + r
        row = shift + rows_of[a * ROWS + r]
        store(out, tile * size, combine(zeros(table, lanes), table, row, last, slopes, slot, local))


@compiled
def fill_rows(numbers: Floats, rows: int, out: Floats, lanes: Tag) -> None:
    """Write `numbers`, whole tiles, to each row of `out`."""
    size = 1 << len(lanes)
    for tile in range(len(numbers) // size):
        part = load(numbers, tile * size, lanes)
        for r in range(rows):
            store(out, r * len(numbers) + tile * size, part)

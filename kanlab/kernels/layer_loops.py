"""A whole layer, forward and backward, block of rows by block of rows."""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np

from .._typing import IntArray
from .aligned import aligned_empty, aligned_zeros
from .blocks import (
    Block,
    Floats,
    Grid,
    Tag,
    add_edges,
    compiled,
    edge_slopes,
    fill_rows,
    fill_slots,
)
from .grouped_rows import GROUP, add_grouped, link_rows, pull_grouped, step_table, sum_tails
from .packing import from_tiles, pack_table, to_tiles, unpack_table
from .pulls import NARROW, add_rows, pull_both, pull_inputs, pull_table
from .vectors import ROWS, pointer

Plan = tuple[int, int, int, bool, int]
"""G, cells of the lookup, base function, whether the grid is uniform, inputs of a block."""

entry = cast(Any, numba.njit)(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True)
"""For loops called from Python. Tensors come as addresses of contiguous memory: an array costs a microsecond each to
make and to hand over, and there are up to nine."""


@entry
def layer_forward(  # noqa: PLR0913, PLR0917
    addresses: tuple[int, int, int, int, int],
    shape: tuple[int, int, int],
    absent: IntArray,
    numbers: Floats,
    lookup: Any,
    plan: Plan,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Fill y [N, O].

    Args:
        addresses: of x [N, I], coefficients [I, G + k, O], base scales [I, O], biases [O] and y.
        shape: N, I, O.
    """
    spans, cells, base, uniform, most_inputs = plan
    count, inputs, outputs = shape
    dtype = numbers.dtype
    bases = spans + len(local) - 1
    x = numba.carray(pointer(addresses[0]), count * inputs, dtype)
    coefficients = numba.carray(pointer(addresses[1]), (inputs, bases, outputs), dtype)
    base_scale = numba.carray(pointer(addresses[2]), (inputs, outputs), dtype)
    bias = numba.carray(pointer(addresses[3]), outputs, dtype)
    y = numba.carray(pointer(addresses[4]), count * outputs, dtype)
    size = 1 << len(lanes)
    tiles = (outputs + size - 1) // size
    table = pack_table(coefficients, base_scale, absent, lanes)
    slots = ROWS * most_inputs
    values = aligned_empty(slots * (len(local) + 1), numbers)
    slopes = np.empty(0, dtype=dtype)
    rows_of = np.empty(slots, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    padded = tiles * size
    begin = np.zeros(padded, dtype=dtype)
    begin[:outputs] = bias
    out = aligned_empty(0 if padded == outputs else ROWS * padded, numbers)
    grouped = _is_grouped(size * numbers.itemsize, spans)
    heads = np.empty(most_inputs * (bases + 1), dtype=np.int32)
    links = np.empty(slots, dtype=np.int32)
    grid = (inputs, spans, cells, base, uniform)
    for start in range(0, count, ROWS):
        rows = min(ROWS, count - start)
        if padded == outputs:
            out = y[start * outputs :]
        fill_rows(begin, rows, out, lanes)
        for first in range(0, inputs, most_inputs):
            block = (rows, first, min(most_inputs, inputs - first), inputs)
            fill_slots(
                x[start * inputs :], block, grid, numbers, lookup, values, slopes, rows_of, scratch, size, local,
                local_lanes,
            )  # fmt: skip
            if grouped:
                link_rows(block, bases, rows_of, heads, links, lanes)
                add_grouped(block, grid, tiles, table, values, out, heads, links, lanes, local)
            else:
                add_edges(block, grid, tiles, table, values, rows_of, out, lanes, local)
        if padded != outputs:
            from_tiles(out, 0, (padded, size), y, start * outputs, (rows, outputs), lanes)


@entry
def layer_backward(  # noqa: PLR0913, PLR0917
    addresses: tuple[int, int, int, int, int, int, int, int],
    shape: tuple[int, int, int],
    wanted: tuple[bool, bool],
    absent: IntArray,
    numbers: Floats,
    lookup: Any,
    plan: Plan,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Fill the gradients of x, of the coefficients, of the base scales and of the biases.

    Args:
        addresses: of x, coefficients, base scales, the gradient of y, and the four gradients.
        shape: N, I, O.
        wanted: whether the gradient of x is asked for, and whether those of coefficients and base scales are.
    """
    spans, cells, base, uniform, most_inputs = plan
    count, inputs, outputs = shape
    dtype = numbers.dtype
    bases = spans + len(local) - 1
    x = numba.carray(pointer(addresses[0]), count * inputs, dtype)
    coefficients = numba.carray(pointer(addresses[1]), (inputs, bases, outputs), dtype)
    base_scale = numba.carray(pointer(addresses[2]), (inputs, outputs), dtype)
    on_y = numba.carray(pointer(addresses[3]), count * outputs, dtype)
    on_x = numba.carray(pointer(addresses[4]), count * inputs, dtype)
    on_coefficients = numba.carray(pointer(addresses[5]), (inputs, bases, outputs), dtype)
    on_scale = numba.carray(pointer(addresses[6]), (inputs, outputs), dtype)
    on_bias = numba.carray(pointer(addresses[7]), outputs, dtype)
    size = 1 << len(lanes)
    tiles = (outputs + size - 1) // size
    table = pack_table(coefficients, base_scale, absent, lanes)
    gradient = aligned_zeros(len(table), numbers)
    bias = np.zeros(tiles * size, dtype=dtype)
    slots = ROWS * most_inputs
    values = aligned_empty(slots * (len(local) + 1), numbers)
    slopes = aligned_empty(slots * (len(local) + 1), numbers)
    rows_of = np.empty(slots, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    heads = np.empty(most_inputs * (bases + 1), dtype=np.int32)
    links = np.empty(slots, dtype=np.int32)
    padded = tiles * size
    pull = aligned_empty(0 if padded == outputs else ROWS * padded, numbers)
    grid = (inputs, spans, cells, base, uniform)
    grouped = wanted[0] and _is_grouped(size * numbers.itemsize, spans)
    steps = step_table(table, bases, lanes) if grouped else table
    parts = aligned_zeros(16 * ROWS + 16 if grouped else 0, numbers)
    for start in range(0, count, ROWS):
        rows = min(ROWS, count - start)
        if padded == outputs:
            pull = on_y[start * outputs :]
        else:
            to_tiles(on_y, start * outputs, (rows, outputs), pull, 0, (padded, size), lanes)
        for first in range(0, inputs, most_inputs):
            block = (rows, first, min(most_inputs, inputs - first), inputs)
            fill_slots(
                x[start * inputs :], block, grid, numbers, lookup, values, slopes, rows_of, scratch, size, local,
                local_lanes,
            )  # fmt: skip
            _pull_block(
                wanted, block, grid, tiles, table, steps, gradient, values, slopes, rows_of, pull,
                on_x[start * inputs :], heads, links, parts, lanes, local,
            )  # fmt: skip
        add_rows(rows, tiles, pull, bias, lanes)
    if wanted[1]:
        unpack_table(gradient, on_coefficients, on_scale, absent, lanes)
    for j in range(outputs):
        on_bias[j] = bias[j]


@compiled
def _pull_block(  # noqa: PLR0913, PLR0917
    wanted: tuple[bool, bool],
    block: Block,
    grid: Grid,
    tiles: int,
    table: Floats,
    steps: Floats,
    gradient: Floats,
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    pull: Floats,
    on_x: Floats,
    heads: Any,
    links: Any,
    parts: Floats,
    lanes: Tag,
    local: Tag,
) -> None:
    """The way back by what serves this shape; `parts` is empty where that is not `grouped_rows`."""
    grouped = len(parts) > 0
    both = wanted[0] and wanted[1] and table.itemsize << len(lanes) <= NARROW
    if wanted[1] or grouped:
        link_rows(block, grid[1] + len(local) - 1, rows_of, heads, links, lanes)
    if both:
        pull_both(block, grid, tiles, table, gradient, values, slopes, pull, on_x, heads, links, lanes, local)
    elif grouped:
        sum_tails(block, slopes, local)
        pull_grouped(block, grid, tiles, steps, slopes, pull, on_x, heads, links, parts, lanes, local)
    elif wanted[0]:
        pull_inputs(block, grid, tiles, table, slopes, rows_of, pull, on_x, lanes, local)
    if wanted[1] and not both:
        pull_table(block, grid, tiles, gradient, values, pull, heads, links, lanes, local)


@compiled
def _is_grouped(tile: int, spans: int) -> bool:
    """Whether `grouped_rows` are faster: for tiles of more than one register, where few intervals share a block."""
    return tile > NARROW and spans * GROUP <= ROWS


@entry
def layer_trace(  # noqa: PLR0913, PLR0917
    x: Floats,
    coefficients: Floats,
    base_scale: Floats,
    numbers: Floats,
    lookup: Any,
    plan: Plan,
    bases: tuple[IntArray, Floats, Floats, Floats, Floats],
    sums: Floats,
    slope: Floats,
    lanes: Tag,
    local: Tag,
    local_lanes: Tag,
) -> None:
    """Everything that one layer of spline edges sees.

    Fills bases (span [N, I], values and slopes [N, I, k + 1], base and its slope [N, I]) and the slope of every edge
    [N, I, O], and adds the edges to sums [N, O].
    """
    spans, cells, base, uniform, most_inputs = plan
    count, inputs = x.shape
    outputs = sums.shape[1]
    dtype = numbers.dtype
    size = 1 << len(lanes)
    tiles = (outputs + size - 1) // size
    absent = np.empty((0, 2), dtype=np.int64)
    table = pack_table(coefficients, base_scale, absent, lanes)
    slots = ROWS * most_inputs
    values = aligned_empty(slots * (len(local) + 1), numbers)
    slopes = aligned_empty(slots * (len(local) + 1), numbers)
    rows_of = np.empty(slots, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    out = np.zeros(ROWS * tiles * size, dtype=dtype)
    edge = np.empty(tiles * size, dtype=dtype)
    flat = x.reshape(-1)
    grid = (inputs, spans, cells, base, uniform)
    for start in range(0, count, ROWS):
        rows = min(ROWS, count - start)
        out[:] = 0
        for first in range(0, inputs, most_inputs):
            width = min(most_inputs, inputs - first)
            block = (rows, first, width, inputs)
            fill_slots(
                flat[start * inputs :], block, grid, numbers, lookup, values, slopes, rows_of, scratch, size, local,
                local_lanes,
            )  # fmt: skip
            add_edges(block, grid, tiles, table, values, rows_of, out, lanes, local)
            for a in range(width):
                _copy_bases(values, slopes, rows_of, bases, (rows, start, first, a), spans, size, local)
                for r in range(rows):
                    edge_slopes(
                        table, slopes, rows_of, edge, (a, r, first, inputs, spans), tiles, lanes, local
                    )
                    for j in range(outputs):
                        slope[start + r, first + a, j] = edge[j]
        for r in range(rows):
            for j in range(outputs):
                sums[start + r, j] += out[r * tiles * size + j]


@compiled
def _copy_bases(  # noqa: PLR0913, PLR0917
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    bases: tuple[IntArray, Floats, Floats, Floats, Floats],
    place: tuple[int, int, int, int],
    spans: int,
    size: int,
    local: Tag,
) -> None:
    rows, start, first, a = place
    i = first + a
    stride = (spans + len(local)) * size
    span, all_values, all_slopes, base, base_slope = bases
    slot = a * (len(local) + 1) * ROWS
    last = slot + len(local) * ROWS
    for r in range(rows):
        n = start + r
        span[n, i] = (rows_of[a * ROWS + r] - i * stride) // size
        for m in range(len(local)):
            all_values[n, i, m] = values[slot + m * ROWS + r]
            all_slopes[n, i, m] = slopes[slot + m * ROWS + r]
        base[n, i] = values[last + r]
        base_slope[n, i] = slopes[last + r]

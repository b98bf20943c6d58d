"""A whole layer with few outputs, forward and backward, by the polynomials of its edges."""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from .._typing import IntArray
from .aligned import aligned_empty, aligned_zeros
from .blocks import Floats, Tag
from .layer_loops import Plan, entry
from .packing import pack_table, unpack_table
from .pieces import add_pieces, find_places, from_pieces, pull_pieces, pull_rows, to_pieces
from .vectors import ROWS, pointer


@entry
def narrow_forward(  # noqa: PLR0913, PLR0917
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
    """`layer_forward` for outputs that fit into one tile."""
    spans, cells, base, uniform, _ = plan
    count, inputs, outputs = shape
    dtype = numbers.dtype
    bases = spans + len(local) - 1
    x = numba.carray(pointer(addresses[0]), count * inputs, dtype)
    coefficients = numba.carray(pointer(addresses[1]), (inputs, bases, outputs), dtype)
    base_scale = numba.carray(pointer(addresses[2]), (inputs, outputs), dtype)
    bias = numba.carray(pointer(addresses[3]), outputs, dtype)
    y = numba.carray(pointer(addresses[4]), count * outputs, dtype)
    size = 1 << len(lanes)
    grid = (inputs, spans, cells, base, uniform)
    table = pack_table(coefficients, base_scale, absent, lanes)
    pieces = aligned_empty(inputs * spans * len(local) * size, numbers)
    to_pieces(table, pieces, numbers, grid, lanes, local, local_lanes)
    places = aligned_empty(inputs * ROWS, numbers)
    values = aligned_empty(inputs * ROWS, numbers)
    slopes = np.empty(0, dtype=dtype)
    rows_of = np.empty(inputs * ROWS, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    begin = np.zeros(size, dtype=dtype)
    begin[:outputs] = bias
    out = aligned_empty(ROWS * size, numbers)
    for start in range(0, count, ROWS):
        rows = min(ROWS, count - start)
        find_places(
            x[start * inputs :], rows, grid, numbers, lookup, places, values, slopes, rows_of, scratch
        )
        # rows whose vector ends inside of y; what one writes of the next row is overwritten by that
        whole = max(0, min(rows, ((count - start) * outputs - size) // outputs + 1))
        add_pieces(
            (0, whole), grid, table, pieces, places, values, rows_of, begin, y[start * outputs :], outputs, lanes,
            local,
        )  # fmt: skip
        add_pieces(
            (whole, rows), grid, table, pieces, places, values, rows_of, begin, out, size, lanes, local
        )
        for r in range(whole, rows):
            for j in range(outputs):
                y[(start + r) * outputs + j] = out[r * size + j]


@entry
def narrow_backward(  # noqa: PLR0913, PLR0917
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
    """`layer_backward` for outputs that fit into one tile."""
    spans, cells, base, uniform, _ = plan
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
    grid = (inputs, spans, cells, base, uniform)
    table = pack_table(coefficients, base_scale, absent, lanes)
    pieces = aligned_empty(inputs * spans * len(local) * size, numbers)
    to_pieces(table, pieces, numbers, grid, lanes, local, local_lanes)
    sums = aligned_zeros(len(pieces), numbers)
    gradient = aligned_zeros(len(table), numbers)
    bias = np.zeros(size, dtype=dtype)
    places = aligned_empty(inputs * ROWS, numbers)
    values = aligned_empty(inputs * ROWS, numbers)
    slopes = aligned_empty(inputs * ROWS, numbers)
    rows_of = np.empty(inputs * ROWS, dtype=np.int32)
    scratch = aligned_zeros(ROWS, numbers)
    pull = aligned_empty(ROWS * size, numbers)
    for start in range(0, count, ROWS):
        rows = min(ROWS, count - start)
        pull_rows(on_y[start * outputs :], rows, outputs, pull, bias, lanes)
        find_places(
            x[start * inputs :], rows, grid, numbers, lookup, places, values, slopes, rows_of, scratch
        )
        pull_pieces(
            wanted, grid, numbers, table, pieces, gradient, sums, places, values, slopes, rows_of, pull,
            on_x[start * inputs :], lanes, local,
        )  # fmt: skip
    if wanted[1]:
        from_pieces(sums, gradient, numbers, grid, lanes, local, local_lanes)
        unpack_table(gradient, on_coefficients, on_scale, absent, lanes)
    for j in range(outputs):
        on_bias[j] = bias[j]

"""The edges of a layer with few outputs as polynomials, on a block of rows.

On the interval s of an input, all of its edges are polynomials in the local coordinate t: sum_p a_p t^p, where
a_p = sum_m M_spm c_(s + m) are vectors over the outputs. They are found once for all rows; a row then has one number
and not k + 1 bases. On the way back the sums over rows of t^p times the pull are turned into gradients at the end.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any

import numpy as np

from .blocks import WIDE, Floats, Grid, Tag, base_values, compiled
from .vector_rows import (
    add_powers,
    load_rows,
    lowest,
    polynomial,
    polynomial_of,
    rows_with,
    slope_rows,
    store_rows,
)
from .vector_sums import total
from .vectors import (
    ROWS,
    add,
    first_lanes,
    fma_scalar,
    load,
    multiply,
    scale,
    splat,
    store,
    store_whole,
    subtract,
    whole_part,
    zeros,
)


@compiled
def to_pieces(  # noqa: PLR0913, PLR0917
    table: Floats, pieces: Floats, numbers: Floats, grid: Grid, lanes: Tag, local: Tag, local_lanes: Tag
) -> None:
    """pieces[i, s, p] = sum_m M_spm table[i, s + m], vectors over the outputs."""
    inputs, spans, _, _, _ = grid
    size, width = 1 << len(lanes), 1 << len(local_lanes)
    count = len(local)
    matrix = 2 * inputs + 4 * inputs * spans
    place = 0
    for i in range(inputs):
        row = i * (spans + count) * size
        for _ in range(spans):
            for _ in range(count):
                part = scale(numbers[matrix], load(table, row, lanes))
                for m in range(1, count):
                    part = fma_scalar(numbers[matrix + m], load(table, row + m * size, lanes), part)
                store(pieces, place, part)
                place += size
                matrix += width
            row += size


@compiled
def from_pieces(  # noqa: PLR0913, PLR0917
    sums: Floats, gradient: Floats, numbers: Floats, grid: Grid, lanes: Tag, local: Tag, local_lanes: Tag
) -> None:
    """gradient[i, s + m] += sum_p M_spm sums[i, s, p]: the transpose of `to_pieces`."""
    inputs, spans, _, _, _ = grid
    size, width = 1 << len(lanes), 1 << len(local_lanes)
    count = len(local)
    matrix = 2 * inputs + 4 * inputs * spans
    place = 0
    for i in range(inputs):
        row = i * (spans + count) * size
        for _ in range(spans):
            for m in range(count):
                part = load(gradient, row + m * size, lanes)
                for p in range(count):
                    part = fma_scalar(
                        numbers[matrix + p * width + m], load(sums, place + p * size, lanes), part
                    )
                store(gradient, row + m * size, part)
            place += count * size
            matrix += count * width
            row += size


@compiled
def find_places(  # noqa: PLR0913, PLR0917
    x: Floats,
    rows: int,
    grid: Grid,
    numbers: Floats,
    lookup: Any,
    places: Floats,
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    scratch: Floats,
) -> None:
    """The interval i G + s of each number, its local coordinate there, and the base function."""
    inputs, spans, cells, base, uniform = grid
    for r in range(rows, ROWS):
        scratch[r] = 0
    for i in range(inputs):
        at = i * ROWS
        for r in range(rows):
            store(scratch, r, load(x, r * inputs + i, ()))
        if uniform:
            low, rate = splat(numbers[2 * i], WIDE), numbers[2 * i + 1]
            most = x.dtype.type(spans - 1)
            for r in range(0, rows, 16):
                position = scale(rate, subtract(load(scratch, r, WIDE), low))
                s = whole_part(position, most)
                store_whole(rows_of, at + r, s, 1, i * spans)
                store(places, at + r, subtract(position, s))
        else:
            zero, top = x.dtype.type(0), x.dtype.type(cells - 1)
            for r in range(rows):
                v = scratch[r]
                # comparisons with NaN are false: it goes through the polynomial of the first interval
                guess = min(top, max(zero, (v - numbers[2 * i]) * numbers[2 * i + 1]))
                s = i * spans + np.int64(lookup[i * cells + np.int64(guess)])
                cell = 2 * inputs + 4 * s
                while v >= numbers[cell + 1]:
                    s += 1
                    cell += 4
                while v < numbers[cell]:
                    s -= 1
                    cell -= 4
                places[at + r] = (v - numbers[cell + 2]) * numbers[cell + 3]
                rows_of[at + r] = s
        for r in range(rows, ROWS):
            rows_of[at + r] = -1
        base_values(scratch, rows, base, values, slopes, at)


@compiled
def add_pieces(  # noqa: PLR0913, PLR0917
    rows: tuple[int, int],
    grid: Grid,
    table: Floats,
    pieces: Floats,
    places: Floats,
    values: Floats,
    rows_of: Any,
    begin: Floats,
    out: Floats,
    step: int,
    lanes: Tag,
    local: Tag,
) -> None:
    """out[r step :] = biases and the edges, for the rows from the first to before the last."""
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    own = (spans + len(local)) * size
    bias = load(begin, 0, lanes)
    for r in range(rows[0], rows[1]):
        part, slot, last = bias, r, own - size
        for _ in range(inputs):
            part = fma_scalar(values[slot], load(table, last, lanes), part)
            row = np.int64(rows_of[slot]) * len(local) * size
            part = polynomial(part, pieces, row, places[slot], local)
            slot += ROWS
            last += own
        store(out, r * step, part)


@compiled
def pull_rows(on_y: Floats, rows: int, outputs: int, pull: Floats, bias: Floats, lanes: Tag) -> None:
    """Rows of `on_y` as tiles, and their sum added to `bias`."""
    size = 1 << len(lanes)
    # rows whose vector ends inside of the array
    whole = max(0, min(rows, (len(on_y) - size) // outputs + 1))
    for r in range(whole):
        store(pull, r * size, first_lanes(load(on_y, r * outputs, lanes), outputs))
    for r in range(whole, rows):
        for lane in range(size):
            pull[r * size + lane] = on_y[r * outputs + lane] if lane < outputs else 0
    for r in range(rows, ROWS):
        store(pull, r * size, zeros(pull, lanes))
    # four sums, so that one need not wait for the one before
    a, b = load(bias, 0, lanes), load(pull, size, lanes)
    c, d = load(pull, 2 * size, lanes), load(pull, 3 * size, lanes)
    a = add(a, load(pull, 0, lanes))
    for r in range(4, rows, 4):
        a = add(a, load(pull, r * size, lanes))
        b = add(b, load(pull, (r + 1) * size, lanes))
        c = add(c, load(pull, (r + 2) * size, lanes))
        d = add(d, load(pull, (r + 3) * size, lanes))
    store(bias, 0, add(add(a, b), add(c, d)))


@compiled
def pull_pieces(  # noqa: PLR0913, PLR0917
    wanted: tuple[bool, bool],
    grid: Grid,
    numbers: Floats,
    table: Floats,
    pieces: Floats,
    gradient: Floats,
    sums: Floats,
    places: Floats,
    values: Floats,
    slopes: Floats,
    rows_of: Any,
    pull: Floats,
    out: Floats,
    lanes: Tag,
    local: Tag,
) -> None:
    """The gradient of x; sums[i, s, p] += sum_r t^p pull[r], and the gradient of the base scales; those wanted.

    Rows go interval by interval, so that what some share stays in registers.
    """
    inputs, spans, _, _, uniform = grid
    size = 1 << len(lanes)
    own_size = (spans + len(local)) * size
    both = wanted[0] and wanted[1]
    for i in range(inputs):
        last = (i + 1) * own_size - size
        base, own_base = load(gradient, last, lanes), load(table, last, lanes)
        for s in range(i * spans, (i + 1) * spans):
            place = s * len(local) * size
            rate = numbers[2 * i + 1] if uniform else numbers[2 * inputs + 4 * s + 3]
            low, high = rows_with(rows_of, i * ROWS, s), rows_with(rows_of, i * ROWS + 64, s)
            if low | high == 0:
                continue
            own = slope_rows(load_rows(pieces, place, lanes, local), rate)
            held = load_rows(sums, place, lanes, local)
            # one loop for both halves: how often it turns is what a processor guesses wrong
            if both:  # without a question for every row
                while low | high != 0:
                    r = lowest(low, high)
                    high &= high - np.int64(low == 0)
                    low &= low - 1
                    slot = i * ROWS + r
                    part, t = load(pull, r * size, lanes), splat(places[slot], lanes)
                    slope = polynomial_of(own, t, scale(slopes[slot], own_base))
                    out[r * inputs + i] = total(multiply(part, slope))
                    held = add_powers(held, t, part)
                    base = fma_scalar(values[slot], part, base)
            while low | high != 0:
                r = lowest(low, high)
                high &= high - np.int64(low == 0)
                low &= low - 1
                slot = i * ROWS + r
                part, t = load(pull, r * size, lanes), splat(places[slot], lanes)
                if wanted[0]:
                    slope = polynomial_of(own, t, scale(slopes[slot], own_base))
                    out[r * inputs + i] = total(multiply(part, slope))
                if wanted[1]:
                    held = add_powers(held, t, part)
                    base = fma_scalar(values[slot], part, base)
            store_rows(sums, place, held)
        store(gradient, last, base)

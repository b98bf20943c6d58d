"""The way back through one layer on a block of rows, with everything laid out as in `blocks`.

`pull[r, tiles * lanes]` is the derivative of a number by the outputs; what comes out are those by the inputs, the table
and the biases.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any

from .blocks import Block, Floats, Grid, Tag, compiled
from .vector_rows import add_products, combine_rows, load_rows, store_rows
from .vector_sums import total
from .vectors import ROWS, add, combine, fma, fma_scalar, load, multiply, store, zeros

NARROW = 64
"""Bytes of a tile up to which `pull_both` is faster: rows of the table and their sums fit into registers."""


@compiled
def pull_inputs(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    table: Floats,
    slopes: Floats,
    rows_of: Any,
    pull: Floats,
    out: Floats,
    lanes: Tag,
    local: Tag,
) -> None:
    """out[r, i] = sum_j pull[r, j] phi_ij'(x), for the inputs of a block."""
    rows, first, width, step = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    zero = zeros(table, lanes)
    for a in range(width):
        for r in range(rows):
            slot = a * (len(local) + 1) * ROWS + r
            row = rows_of[a * ROWS + r]
            result = zero
            for tile in range(tiles):
                shift = tile * inputs * stride
                last = shift + (first + a) * stride + bases * size
                slope = combine(zero, table, shift + row, last, slopes, slot, local)
                result = fma(load(pull, (r * tiles + tile) * size, lanes), slope, result)
            out[r * step + first + a] = total(result)


@compiled
def pull_table(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    gradient: Floats,
    values: Floats,
    pull: Floats,
    heads: Any,
    links: Any,
    lanes: Tag,
    local: Tag,
) -> None:
    """Add the gradient of the table, for a block that is linked.

    Rows go interval by interval, so that the k + 1 gradients that some share stay in registers.
    """
    _, first, width, _ = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    for a in range(width):
        start = (first + a) * stride
        for tile in range(tiles):
            shift = tile * inputs * stride + start
            last = shift + bases * size
            base = load(gradient, last, lanes)
            for s in range(spans):
                r = heads[a * (bases + 1) + s]
                if r < 0:
                    continue
                held = load_rows(gradient, shift + s * size, lanes, local)
                while r >= 0:
                    slot = a * (len(local) + 1) * ROWS + r
                    part = load(pull, (r * tiles + tile) * size, lanes)
                    held = add_products(held, values, slot, part)
                    base = fma_scalar(values[slot + len(local) * ROWS], part, base)
                    r = links[a * ROWS + r]
                store_rows(gradient, shift + s * size, held)
            store(gradient, last, base)


@compiled
def pull_both(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    table: Floats,
    gradient: Floats,
    values: Floats,
    slopes: Floats,
    pull: Floats,
    out: Floats,
    heads: Any,
    links: Any,
    lanes: Tag,
    local: Tag,
) -> None:
    """`pull_inputs` and `pull_table` at once: what rows share of the table stays in registers as well."""
    _, first, width, step = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    for a in range(width):
        start = (first + a) * stride
        for tile in range(tiles):
            shift = tile * inputs * stride + start
            last = shift + bases * size
            base, own_base = load(gradient, last, lanes), load(table, last, lanes)
            for s in range(spans):
                r = heads[a * (bases + 1) + s]
                if r < 0:
                    continue
                held = load_rows(gradient, shift + s * size, lanes, local)
                own = load_rows(table, shift + s * size, lanes, local)
                while r >= 0:
                    slot = a * (len(local) + 1) * ROWS + r
                    part = load(pull, (r * tiles + tile) * size, lanes)
                    result = total(multiply(part, combine_rows(own, own_base, slopes, slot)))
                    held = add_products(held, values, slot, part)
                    base = fma_scalar(values[slot + len(local) * ROWS], part, base)
                    place = r * step + first + a
                    out[place] = result if tile == 0 else out[place] + result
                    r = links[a * ROWS + r]
                store_rows(gradient, shift + s * size, held)
            store(gradient, last, base)


@compiled
def add_rows(rows: int, tiles: int, pull: Floats, out: Floats, lanes: Tag) -> None:
    """Add the rows of `pull` to `out`: the gradient of the biases."""
    size = 1 << len(lanes)
    for tile in range(tiles):
        part = load(out, tile * size, lanes)
        for r in range(rows):
            part = add(part, load(pull, (r * tiles + tile) * size, lanes))
        store(out, tile * size, part)

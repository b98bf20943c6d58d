"""A layer with many outputs on a block of rows, interval by interval.

Rows of an input that fall on the same interval share k + 1 rows of the table. Taken one after the other they leave
those in registers, where the loops of `blocks` and `pulls`, row by row, load them again for each.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from typing import Any

from .aligned import aligned_empty
from .blocks import WIDE, Block, Floats, Grid, Tag, compiled
from .vector_rows import add_rows_to, combine_rows, load_rows
from .vector_sums import dot_parts, row_totals
from .vectors import ROWS, add, load, store, subtract, zeros

GROUP = 2
"""Rows of a block for each interval from which on it is faster (measured)."""
SIXTEEN = (0,) * 16


@compiled
def link_rows(block: Block, bases: int, rows_of: Any, heads: Any, links: Any, lanes: Tag) -> None:
    """Chain the rows of a block that share an interval, input by input, first row first.

    `heads[n]` is the first row whose k + 1 coefficients start `n` rows of the table after the block's first, and
    `links[input, row]` the next; -1 ends a chain. One pass for all inputs: where rows fall on the same interval, each
    waits for the one before it, and other inputs fill the time.
    """
    rows, first, width, _ = block
    begin = first * (bases + 1)
    heads[:] = -1
    for r in range(rows - 1, -1, -1):
        for a in range(width):
            place = a * ROWS + r
            head = (rows_of[place] >> len(lanes)) - begin
            links[place] = heads[head]
            heads[head] = r


@compiled
def add_grouped(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    table: Floats,
    values: Floats,
    out: Floats,
    heads: Any,
    links: Any,
    lanes: Tag,
    local: Tag,
) -> None:
    """`add_edges` of a block that is linked."""
    _, first, width, _ = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    for tile in range(tiles):
        for a in range(width):
            start = (tile * inputs + first + a) * stride
            own_base = load(table, start + bases * size, lanes)
            for s in range(spans):
                r = heads[a * (bases + 1) + s]
                if r < 0:
                    continue
                own = load_rows(table, start + s * size, lanes, local)
                while r >= 0:
                    place = (r * tiles + tile) * size
                    slot = a * (len(local) + 1) * ROWS + r
                    store(out, place, add_rows_to(load(out, place, lanes), own, own_base, values, slot))
                    r = links[a * ROWS + r]


@compiled
def step_table(table: Floats, bases: int, lanes: Tag) -> Floats:
    """Each coefficient's step to the next, and the base scales.

    B-splines sum to 1 and their derivatives to 0. With s_m the sum of the derivatives from the m-th on,
    sum_m c_m B_m' = sum_{m > 0} (c_m - c_{m-1}) s_m: one product less for each edge.
    """
    size = 1 << len(lanes)
    steps = aligned_empty(len(table), table)
    for start in range(0, len(table), (bases + 1) * size):
        here = load(table, start, lanes)
        for m in range(bases - 1):
            after = load(table, start + (m + 1) * size, lanes)
            store(steps, start + m * size, subtract(after, here))
            here = after
        store(steps, start + (bases - 1) * size, zeros(table, lanes))
        store(steps, start + bases * size, load(table, start + bases * size, lanes))
    return steps


@compiled
def sum_tails(block: Block, slopes: Floats, local: Tag) -> None:
    """Put the sums that go with `step_table` in the place of the derivatives of all bases but the first."""
    rows, _, width, _ = block
    for a in range(width):
        for r in range(0, rows, 16):
            slot = a * (len(local) + 1) * ROWS + r
            part = load(slopes, slot + (len(local) - 1) * ROWS, WIDE)
            for m in range(len(local) - 2, 0, -1):
                part = add(part, load(slopes, slot + m * ROWS, WIDE))
                store(slopes, slot + m * ROWS, part)


@compiled
def pull_grouped(  # noqa: PLR0913, PLR0917
    block: Block,
    grid: Grid,
    tiles: int,
    steps: Floats,
    tails: Floats,
    pull: Floats,
    out: Floats,
    heads: Any,
    links: Any,
    parts: Floats,
    lanes: Tag,
    local: Tag,
) -> None:
    """`pull_inputs` of a block that is linked, by `step_table` and `sum_tails`.

    `parts` has room for 16 numbers for each of ROWS rows and 16 more: sums over the outputs end for 16 rows at once.
    """
    rows, first, width, step = block
    inputs, spans, _, _, _ = grid
    size = 1 << len(lanes)
    bases = spans + len(local) - 1
    stride = (bases + 1) * size
    totals = 16 * ROWS
    for a in range(width):
        for tile in range(tiles):
            start = (tile * inputs + first + a) * stride
            own_base = load(steps, start + bases * size, lanes)
            for s in range(spans):
                r = heads[a * (bases + 1) + s]
                if r < 0:
                    continue
                own = load_rows(steps, start + s * size, lanes, local[1:])
                while r >= 0:
                    slot = (a * (len(local) + 1) + 1) * ROWS + r
                    slope = combine_rows(own, own_base, tails, slot)
                    part = dot_parts(load(pull, (r * tiles + tile) * size, lanes), slope)
                    if tile > 0:
                        part = add(part, load(parts, 16 * r, WIDE))
                    store(parts, 16 * r, part)
                    r = links[a * ROWS + r]
        for r in range(0, rows, 16):
            store(parts, totals, row_totals(load_rows(parts, 16 * r, WIDE, SIXTEEN)))
            for n in range(min(16, rows - r)):
                out[(r + n) * step + first + a] = parts[totals + n]

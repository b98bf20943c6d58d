"""Between rows of any width, as torch and NumPy hold them, and tiles of `lanes` outputs, as `blocks` reads them.

A vector is loaded and stored whole even where a row ends inside of it. What it reads of the next row is set to zero,
and what it writes there is overwritten when that row comes; rows at the end of an array go number by number.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from .._typing import IntArray
from .aligned import aligned_empty
from .blocks import Floats, Tag, compiled
from .vectors import first_lanes, load, store


@compiled
def to_tiles(  # noqa: PLR0913, PLR0917
    source: Floats,
    at: int,
    shape: tuple[int, int],
    target: Floats,
    place: int,
    steps: tuple[int, int],
    lanes: Tag,
) -> None:
    """Rows of `source` as tiles, zero where they are padded.

    Args:
        source: [rows, outputs] from `at` on.
        shape: rows, outputs.
        target: from `place` on; `steps` lead from one row to the next and from one tile to the next.
    """
    rows, outputs = shape
    row_step, tile_step = steps
    size = 1 << len(lanes)
    tiles = (outputs + size - 1) // size
    # rows whose last vector ends inside of the array
    whole = max(0, min(rows, (len(source) - at - tiles * size) // outputs + 1))
    for r in range(whole):
        for tile in range(tiles):
            done = tile * size
            part = first_lanes(load(source, at + r * outputs + done, lanes), outputs - done)
            store(target, place + r * row_step + tile * tile_step, part)
    for r in range(whole, rows):
        for tile in range(tiles):
            for lane in range(size):
                j = tile * size + lane
                number = source[at + r * outputs + j] if j < outputs else 0
                target[place + r * row_step + tile * tile_step + lane] = number


@compiled
def from_tiles(  # noqa: PLR0913, PLR0917
    source: Floats,
    place: int,
    steps: tuple[int, int],
    target: Floats,
    at: int,
    shape: tuple[int, int],
    lanes: Tag,
) -> None:
    """The opposite of `to_tiles`. What stands in `target` after these rows may be changed."""
    rows, outputs = shape
    row_step, tile_step = steps
    size = 1 << len(lanes)
    tiles = (outputs + size - 1) // size
    whole = max(0, min(rows, (len(target) - at - tiles * size) // outputs + 1))
    for r in range(whole):
        for tile in range(tiles):
            part = load(source, place + r * row_step + tile * tile_step, lanes)
            store(target, at + r * outputs + tile * size, part)
    for r in range(whole, rows):
        for j in range(outputs):
            target[at + r * outputs + j] = source[place + r * row_step + j // size * tile_step + j % size]


@compiled
def pack_table(coefficients: Floats, base_scale: Floats, absent: IntArray, lanes: Tag) -> Floats:
    """Coefficients [I, K, O] and base scales [I, O] as tiles, zero for the `absent` edges [n, 2]."""
    inputs, bases, outputs = coefficients.shape
    size = 1 << len(lanes)
    own = (bases + 1) * size
    step = inputs * own
    table = aligned_empty((outputs + size - 1) // size * step, coefficients)
    flat = coefficients.reshape(-1)
    for i in range(inputs):
        to_tiles(flat, i * bases * outputs, (bases, outputs), table, i * own, (size, step), lanes)
    to_tiles(base_scale.reshape(-1), 0, (inputs, outputs), table, bases * size, (own, step), lanes)
    for e in range(len(absent)):
        i, j = absent[e, 0], absent[e, 1]
        for m in range(bases + 1):
            table[j // size * step + i * own + m * size + j % size] = 0
    return table


@compiled
def unpack_table(
    table: Floats, coefficients: Floats, base_scale: Floats, absent: IntArray, lanes: Tag
) -> None:
    """The opposite of `pack_table`."""
    inputs, bases, outputs = coefficients.shape
    size = 1 << len(lanes)
    own = (bases + 1) * size
    step = inputs * own
    flat = coefficients.reshape(-1)
    for i in range(inputs):
        from_tiles(table, i * own, (size, step), flat, i * bases * outputs, (bases, outputs), lanes)
    from_tiles(table, bases * size, (own, step), base_scale.reshape(-1), 0, (inputs, outputs), lanes)
    for e in range(len(absent)):
        i, j = absent[e, 0], absent[e, 1]
        base_scale[i, j] = 0
        for m in range(bases):
            coefficients[i, m, j] = 0

"""What the loops over a whole network need to know besides its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import IntArray
from .grid_tables import GridTables
from .layer_plan import BASES, MOST_ORDER, lanes_for


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """A network of spline edges and sum nodes.

    Attributes:
        tables: arguments of the loops: a row of numbers for each layer (see `network_loops`), the grid tables of all
            layers one after the other, and three tags.
    """

    tables: tuple[IntArray, Any, Any, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def network_plan(
    widths: Sequence[tuple[int, int]],
    grids: Sequence[GridTables],
    orders: Sequence[int],
    bases: Sequence[str],
) -> NetworkPlan | None:
    """The plan for layers of (inputs, outputs), or None where the loops do not cover them."""
    if len(set(orders)) != 1 or orders[0] > MOST_ORDER or any(base not in BASES for base in bases):
        return None
    numbers, cells = 0, 0
    rows: list[tuple[int, ...]] = []
    for (inputs, outputs), grid, base in zip(widths, grids, bases, strict=True):
        rows.append(
            (inputs, outputs, grid.intervals, grid.cells, BASES[base], int(grid.uniform), numbers, cells)
        )
        numbers += len(grid.numbers)
        cells += len(grid.lookup)
    # one width for all layers: a narrow layer in a wide tile costs padding, so the narrowest that pays for the widest
    lanes = min(3, lanes_for(max(outputs for _, outputs in widths), 8))
    return NetworkPlan(
        (
            np.array(rows, dtype=np.int64),
            np.concatenate([grid.numbers for grid in grids]),
            np.concatenate([grid.lookup for grid in grids]),
            (0,) * lanes,
            grids[0].local,
            grids[0].local_lanes,
        )
    )

"""How many nats it takes to tell the data with the help of a law."""

from __future__ import annotations

import numpy as np

from .polish import Table, surprise, weighted_error
from .tree import Sum, complexity, free_values

ROUNDING = 1e-15


def description_length(tree: Sum, rows: Table) -> float:
    """-log likelihood + (log N / 2) P + complexity, in nats up to a constant of the rows; inf where it is not defined.

    The first two are half of BIC with P measured constants; the complexity prices the form of the law.
    """
    error = weighted_error(tree, rows)
    if not np.isfinite(error):
        return float("inf")
    variance = float(np.var(rows.target)) or 1.0
    fit = surprise(error, rows, floor=variance * ROUNDING**2)
    constants = 0.5 * float(np.log(len(rows.target))) * len(free_values(tree))
    return fit + constants + complexity(tree)

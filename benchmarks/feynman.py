"""The paper's Table 2: test error on 27 dimensionless Feynman equations."""

from __future__ import annotations

from typing import Any

from .feynman_table import TABLE
from .tables import paper_row, paper_table, sampled, written


def measure(sheet: Any, options: Any) -> None:
    """Row by row."""
    for row in TABLE:

        def compute(row: Any = row) -> dict[str, Any]:
            data = sampled(row.function, row.box)
            found = paper_row(data, kan=row.kan, mlp=row.mlp, budget=options.budget)
            return {"domain": f"{row.formula} on {written(row.box)}", **found}

        sheet.row(row.name, compute)


def tables(record: dict[str, Any]) -> list[str]:
    """The table and its summary."""
    return paper_table(record["rows"])

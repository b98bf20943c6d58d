"""The paper's Table 2: test error on 27 dimensionless Feynman equations."""

from __future__ import annotations

from typing import Any

from kanlab.data.generators.feynman import TABLE

from .tables import paper_row, paper_table, sampled, written

NOTE = (
    "The paper's KAN column is the lowest of its three (human, pruned, unpruned). Two copies of the paper disagree on "
    "I.26.2: 1.22e-1 or 1.22e-4 for the human KAN, 1.24e-3 or 1.24e-4 for the MLP; the first of each is used here."
)


def measure(sheet: Any, options: Any) -> None:
    """Row by row."""
    for row in TABLE:

        def compute(row: Any = row) -> dict[str, Any]:
            data = sampled(row.function, row.box)
            found = paper_row(data, kan=row.kan, mlp=row.mlp, budget=options.budget)
            return {"domain": f"{row.formula} on {written(row.box)}", **found}

        sheet.row(row.name, compute)


def tables(record: dict[str, Any]) -> list[str]:
    """The table, its summary, and a row of which the paper's figures are in doubt."""
    return [*paper_table(record["rows"]), NOTE]

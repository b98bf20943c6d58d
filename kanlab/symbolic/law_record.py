"""A law as plain data, for other programs."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .law import Law


def law_record(law: Law) -> dict[str, Any]:
    """What is known of a law, in the user's units; numbers that are not finite are None."""
    return {
        "law": law.equation,
        "label": law.label,
        "splines": list(law.splines),
        "text": law.text,
        "target": law.target,
        "target_unit": law.target_unit,
        "inputs": [
            {
                "name": column.name,
                "column": column.title,
                "unit": column.unit,
                "low": column.low,
                "high": column.high,
                "used": column.name in law.inputs_used,
            }
            for column in law.columns
        ],
        "constants": [
            {
                "name": held.name,
                "value": _number(held.value),
                "standard_error": _number(held.standard_error),
                "snapped": held.snapped,
            }
            for held in law.constants
        ],
        "error": _number(law.error),
        "r2": _number(law.r2),
        "held_out": law.held_out,
        "complexity": law.complexity,
        "complete": law.complete,
        "latex": law.latex(),
        "singularities": list(law.singularities),
    }


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None

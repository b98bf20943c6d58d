"""Tables of measurements: checked before a fit, immutable, made again by one line of Python."""

from __future__ import annotations

from .dataset import Dataset
from .groups import Group, Groups, dimensionless_groups
from .names import identifier, identifiers
from .part import Part
from .registry import DatasetInfo, available, columns, load
from .source import Source
from .split import Split
from .units import Dimension, Unit, parse_unit

__all__ = [
    "Dataset",
    "DatasetInfo",
    "Dimension",
    "Group",
    "Groups",
    "Part",
    "Source",
    "Split",
    "Unit",
    "available",
    "columns",
    "dimensionless_groups",
    "identifier",
    "identifiers",
    "load",
    "parse_unit",
]

"""Tables of measurements: checked before a fit, immutable, made again by one line of Python."""

from __future__ import annotations

from .dataset import Dataset
from .names import identifier, identifiers
from .part import Part
from .registry import DatasetInfo, available, load
from .source import Source
from .split import Split

__all__ = [
    "Dataset",
    "DatasetInfo",
    "Part",
    "Source",
    "Split",
    "available",
    "identifier",
    "identifiers",
    "load",
]

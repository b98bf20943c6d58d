"""Every table that is computed, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import anderson, feynman, special, toys
from .generator import Generator

GENERATORS: Mapping[str, Generator] = MappingProxyType(
    {
        generator.record.name: generator
        for room in (anderson, feynman, special, toys)
        for generator in room.GENERATORS
    }
)
"""A new kind of table is a module with `GENERATORS`, named here."""

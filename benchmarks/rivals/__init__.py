"""The rivals: how each builds a layer and a network, and makes one forward and backward pass."""

from __future__ import annotations

from .table import RIVALS, Rival, build

__all__ = ["RIVALS", "Rival", "build"]

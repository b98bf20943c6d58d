"""Tables that are computed when they are asked for: `GENERATORS` has them by name."""

from __future__ import annotations

from .generator import Generator
from .tables import GENERATORS

__all__ = ["GENERATORS", "Generator"]

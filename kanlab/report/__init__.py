"""What an investigation looks like to others: figures, pages, scripts, and the payload that the browser draws."""

from __future__ import annotations

from .export import Export, export
from .figure import figure
from .page import page
from .payload import payload
from .script import script
from .svg import network_svg

__all__ = ["Export", "export", "figure", "network_svg", "page", "payload", "script"]

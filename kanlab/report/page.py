"""The report of an investigation as one offline page."""

from __future__ import annotations

from typing import Any

from ..discovery import Investigation
from ..network import EdgeId
from ..network.compact import active_edges
from .html import html
from .payload import edge_name, inspector_payload, payload
from .script import script
from .svg import network_svg

READONLY = "This is a report; open the investigation in kanlab to change it."
MOST_INSPECTORS = 200


def page(investigation: Investigation, *, appendix: str = "") -> str:
    """HTML that needs nothing else: the workbench to look around in, the law, the steps and the script.

    Args:
        appendix: HTML that follows the workbench.
    """
    shown = {**payload(investigation), "readonly": READONLY}
    inspectors: dict[str, dict[str, Any]] = {}
    for depth, layer in enumerate(investigation.network.arrays().layers):
        for i, j in zip(*active_edges(layer).nonzero(), strict=True):
            edge = EdgeId(depth, int(i), int(j))
            if len(inspectors) < MOST_INSPECTORS:
                inspectors[edge_name(edge)] = inspector_payload(investigation, edge, ())
    return html(
        shown,
        inspectors,
        title=investigation.dataset.title or "kanlab report",
        svg=network_svg(investigation.network, investigation.dataset),
        script=script(investigation),
        appendix=appendix,
    )

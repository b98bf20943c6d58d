"""The colors of printed diagrams: those of the workbench in the light."""

from __future__ import annotations

INK = "#1b2430"
GROUND = "#ffffff"
SPLINE = "#2b6cb0"
FORM = "#23804f"
JOINT = "#5b6673"
UNUSED = "#9aa4b0"
SOFT = "#5b6673"

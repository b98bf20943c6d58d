"""The workbench in a notebook: traits, messages and wiring. Decides nothing about networks."""

from __future__ import annotations

from .workbench import Workbench

__all__ = ["Workbench"]

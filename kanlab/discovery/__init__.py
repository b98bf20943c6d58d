"""Investigations: actions, states, history, the runner, and discovery without hands."""

from __future__ import annotations

from .actions import Action
from .checks import edge_of
from .discover import discover
from .history import History
from .investigation import Investigation
from .observer import Nobody, Observer, Report
from .runner import Runner
from .shelf import Shelf
from .state import Metrics, State

__all__ = [
    "Action",
    "History",
    "Investigation",
    "Metrics",
    "Nobody",
    "Observer",
    "Report",
    "Runner",
    "Shelf",
    "State",
    "discover",
    "edge_of",
]

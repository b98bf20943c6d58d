"""Investigations: actions, states, history, the runner, and discovery without hands."""

from __future__ import annotations

from .actions import Action as Action
from .actions import edge_of as edge_of
from .discover import discover as discover
from .history import History as History
from .investigation import Investigation as Investigation
from .observer import Nobody as Nobody
from .observer import Observer as Observer
from .observer import Report as Report
from .runner import Runner as Runner
from .shelf import Shelf as Shelf
from .state import Metrics as Metrics
from .state import State as State

"""Candidates for the selected edge, computed in the background; only the newest wish counts."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from math import isfinite

from ..discovery import Investigation
from ..errors import KanlabError
from ..network import EdgeId
from ..symbolic.suggest import Candidate

logger = logging.getLogger("kanlab.widgets")
PATIENCE = 10.0
Ready = Callable[[int, EdgeId, Sequence[Candidate]], None]


class Inspection:
    """Asks an investigation for candidates in a thread that lives as long as there are wishes."""

    def __init__(self, investigation: Investigation, ready: Ready) -> None:
        self._investigation = investigation
        self._ready = ready
        self._wish: tuple[int, EdgeId, tuple[str, ...]] | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self, state: int, edge: EdgeId, own: Sequence[str] = ()) -> None:
        """Wish for the candidates of an edge of a state; an older wish that was not begun is forgotten.

        `own` are forms to compare besides the usual ones; one that cannot be on this edge is left out.
        """
        with self._lock:
            self._wish = (state, edge, tuple(own))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="kanlab-inspect", daemon=True)
                # compiled code must not be running when the interpreter is taken apart
                atexit.register(self.finish)
                self._thread.start()

    def forget(self) -> None:
        """Forget what was not begun."""
        with self._lock:
            self._wish = None

    def finish(self) -> None:
        """Forget what was not begun and wait for what was."""
        self.forget()
        thread = self._thread
        if thread is not None:
            thread.join(PATIENCE)

    def _run(self) -> None:
        while True:
            with self._lock:
                wish, self._wish = self._wish, None
                if wish is None:
                    self._thread = None
                    atexit.unregister(self.finish)
                    return
            try:
                self._answer(*wish)
            except Exception:
                logger.exception("The candidates of edge %s could not be computed.", tuple(wish[1]))

    def _answer(self, state: int, edge: EdgeId, own: Sequence[str]) -> None:
        if self._investigation.state.number != state:
            return
        found: Sequence[Candidate] = ()
        try:
            found = self._investigation.suggest(edge)
            known = {one.form for one in found}
            more = [one for form in own if form not in known for one in self._own(edge, form)]
            found = sorted((*found, *more), key=lambda one: one.score)
        finally:
            self._ready(state, edge, found)

    def _own(self, edge: EdgeId, form: str) -> list[Candidate]:
        try:
            found = self._investigation.suggest(edge, forms=[form])
        except KanlabError:
            return []
        return [one for one in found if one.form == form and isfinite(one.score)]

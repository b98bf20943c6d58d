"""When to send what a training thread has to show: not too often, and not faster than the browser draws."""

from __future__ import annotations

import time

INTERVAL = 0.1
PATIENCE = 1.0
AHEAD = 3


class Throttle:
    """At most ten updates a second, and at most three that were not drawn yet; one a second when nobody reports."""

    def __init__(self) -> None:
        self._last = 0.0
        self._drawn = 0

    def drawn(self, seq: int) -> None:
        """The browser has drawn update `seq`."""
        self._drawn = max(self._drawn, seq)

    def ready(self, seq: int) -> bool:
        """Whether the next update, after `seq`, may go out now."""
        waited = time.monotonic() - self._last
        if waited < INTERVAL or (seq - self._drawn >= AHEAD and waited < PATIENCE):
            return False
        self._last = time.monotonic()
        return True

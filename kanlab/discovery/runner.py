"""Actions in the background: one at a time, watched, stopped without losing what was reached."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable

from ..errors import ActionError, KanlabError
from .actions import Action
from .investigation import Investigation
from .observer import Report
from .state import State

logger = logging.getLogger("kanlab.runner")
PATIENCE = 10.0


class Work:
    """One action on its way. It is the observer of its own action.

    Attributes:
        action: what is being done.
        latest: the last report, or None.
        error: why it was refused, when it was.
        state: the state it led to, when it is done.
    """

    def __init__(self, action: Action, on_report: Callable[[Work], None] | None) -> None:
        self.action = action
        self.latest: Report | None = None
        self.error: KanlabError | None = None
        self.state: State | None = None
        self.started = time.monotonic()
        self.losses: list[tuple[float, float]] = []
        self._on_report = on_report
        self._stop = threading.Event()
        self._done = threading.Event()

    @property
    def running(self) -> bool:
        return not self._done.is_set()

    @property
    def stop_asked(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to end after the present step."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; false when the time ran out first."""
        return self._done.wait(timeout)

    def report(self, report: Report) -> None:
        self.latest = report
        checked = report.train if report.validation is None else report.validation
        self.losses.append((report.train, checked))
        if self._on_report is not None:
            self._on_report(self)

    def stopping(self) -> bool:
        return self._stop.is_set()

    def finish(self) -> None:
        self._done.set()

    def halt(self) -> None:
        """Stop and wait a while: compiled code must not be running when the interpreter is taken apart."""
        self.stop()
        self.wait(PATIENCE)


class Runner:
    """Runs the actions of an investigation in a thread of its own."""

    def __init__(self, investigation: Investigation) -> None:
        self._investigation = investigation
        self._work: Work | None = None
        self._lock = threading.Lock()

    @property
    def work(self) -> Work | None:
        """The action on its way, or the last one."""
        return self._work

    @property
    def running(self) -> bool:
        work = self._work
        return work is not None and work.running

    def start(
        self,
        action: Action,
        *,
        on_report: Callable[[Work], None] | None = None,
        on_end: Callable[[Work], None] | None = None,
    ) -> Work:
        """Start an action.

        Raises:
            ActionError: another one is still on its way.
        """
        with self._lock:
            if self.running:
                raise ActionError("Something is still running; wait for it or stop it first.")
            work = Work(action, on_report)
            self._work = work
        thread = threading.Thread(target=self._run, args=(work, on_end), name="kanlab-work", daemon=True)
        atexit.register(work.halt)
        thread.start()
        return work

    def stop(self) -> None:
        """Ask what is running to end."""
        work = self._work
        if work is not None:
            work.stop()

    def _run(self, work: Work, on_end: Callable[[Work], None] | None) -> None:
        try:
            work.state = self._investigation.do(work.action, work)
        except KanlabError as refused:
            work.error = refused
        except Exception:
            logger.exception("The action %s failed.", work.action.code())
            work.error = ActionError(f"The action {work.action.code()} failed; the log of kanlab says where.")
        finally:
            work.finish()
            atexit.unregister(work.halt)
            if on_end is not None:
                on_end(work)

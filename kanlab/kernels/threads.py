"""One thread for small work.

The matrices of a scientific KAN are small, and a BLAS that splits them over the cores spends more time waiting than
computing: 13 times the CPU time on two busy cores (measured on [2, 5, 1] with 800 rows). One thread also makes the
result independent of the number of cores.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

from threadpoolctl import OpenBLASController, ThreadpoolController

SMALL = 5e9
"""Floating-point operations below which one thread is faster."""


class _OneThread:
    """Counts who needs one thread, so that the setting is put back when the last of several threads leaves."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._limit: Any = None
        self._controller: ThreadpoolController | None = None

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._controller = self._controller or ThreadpoolController()
                _take_over()
                self._limit = self._controller.limit(limits=1, user_api="blas")

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                _take_over()
                self._limit.restore_original_limits()


def _take_over() -> None:
    """Let this thread set the limit: since threadpoolctl 3.8 only the first that did may, and others are ignored."""
    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


@lru_cache(maxsize=1)
def _one_thread() -> _OneThread:
    return _OneThread()


@contextmanager
def threads_for(operations: float) -> Generator[None]:
    """Run linear algebra of about so many operations with one thread if that is little, else as it is set.

    The setting belongs to the process while the block runs, and is put back at its end.
    """
    if operations >= SMALL:
        yield
        return
    _one_thread().enter()
    try:
        yield
    finally:
        _one_thread().leave()

"""A second, tiny model that carries Stop.

A comm on which a training thread sends makes its incoming messages wait behind the running cell (measured: 4293 ms
against 47 ms). So Stop travels on a model of its own, on which Python sends nothing but the answer to a greeting,
from inside the handler. The browser greets a few times: the first message after a display may still come in on the
main thread, and a later one on the thread that is free while a cell runs; the last answer decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget

ESM = "export default { render() {} };"


class Control(anywidget.AnyWidget):
    """Receives {type: "hello"} and {type: "stop"}."""

    _esm = ESM

    def __init__(self, stop: Callable[[], None]) -> None:
        super().__init__()
        self._stop = stop
        self.on_msg(self._receive)

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        del buffers
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "hello":
            self.send({"type": "hello"})
        elif kind == "stop":
            self._stop()

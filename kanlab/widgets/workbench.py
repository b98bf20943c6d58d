"""The workbench: one anywidget. Python holds the truth; the browser shows traits and sends wishes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from threading import RLock
from time import monotonic
from types import MappingProxyType
from typing import Any

import anywidget
import numpy as np
import traitlets

from ..discovery import Action, Investigation, Report, Runner
from ..discovery.fitting import suggested_fit
from ..discovery.runner import Work
from ..errors import ActionError, FormError, KanlabError
from ..forms import resolve
from ..network import EdgeId
from ..network.edit import edge_status
from ..report.export import export
from ..report.payload import (
    PROTOCOL,
    edge_name,
    graph_payload,
    idle_training,
    inspector_payload,
    number,
    payload,
)
from ..symbolic.suggest import Candidate
from .control import Control
from .inspection import Inspection
from .protocol import Message, action_of, edge_from, read_message, seq_of
from .streaming import Throttle

logger = logging.getLogger("kanlab.widgets")
LOSS_TAIL = 400
MOST_OWN = 8
"""So many of the typed formulas, the latest, are compared on every edge."""
_STATIC = files("kanlab") / "widgets" / "static"


class Workbench(anywidget.AnyWidget):
    """The workbench of one investigation. Several views of it may be open; all show the same."""

    _esm = (_STATIC / "widget.js").read_text(encoding="utf-8")
    _css = (_STATIC / "widget.css").read_text(encoding="utf-8")

    protocol = traitlets.Int(PROTOCOL).tag(sync=True)
    mode = traitlets.Unicode("workbench").tag(sync=True)
    readonly = traitlets.Unicode("").tag(sync=True)
    control = traitlets.Unicode("").tag(sync=True)
    seq = traitlets.Int(0).tag(sync=True)
    ack = traitlets.Int(0).tag(sync=True)
    dataset = traitlets.Dict().tag(sync=True)
    graph = traitlets.Dict().tag(sync=True)
    curves = traitlets.Bytes(b"").tag(sync=True)
    selection = traitlets.Unicode("").tag(sync=True)
    inspector = traitlets.Dict(allow_none=True).tag(sync=True)
    law = traitlets.Dict(allow_none=True).tag(sync=True)
    history = traitlets.Dict().tag(sync=True)
    training = traitlets.Dict().tag(sync=True)
    loss = traitlets.Bytes(b"").tag(sync=True)
    preview = traitlets.Dict(allow_none=True).tag(sync=True)
    message = traitlets.Dict(allow_none=True).tag(sync=True)

    def __init__(
        self, investigation: Investigation, runner: Runner, *, typed: Mapping[str, str] | None = None
    ) -> None:
        self._guard = RLock()
        self._investigation = investigation
        self._runner = runner
        self._throttle = Throttle()
        self._messages = 0
        self._own = dict(typed or {})
        self._asked = ""
        self.closed = False
        self._control = Control(self._stop)
        super().__init__(
            control=self._control.model_id or "",
            **payload(investigation),
        )
        self._inspection = Inspection(investigation, self._show_candidates)
        self._unlisten = investigation.listen(lambda _: self.show_state())
        self.on_msg(self._receive)

    @property
    def typed(self) -> Mapping[str, str]:
        """The formulas that were typed to be compared, by name; for the workbench that takes this one's place."""
        return MappingProxyType(self._own)

    def close(self) -> None:
        """End all views and let go of the network."""
        # ipywidgets closes a widget once more when it is collected, and one whose start failed has nothing yet
        if not self.closed and hasattr(self, "_inspection"):
            self._unlisten()
            self._inspection.forget()
            self._control.close()
        self.closed = True
        super().close()

    def push(self, **traits: Any) -> None:
        """Set traits as one update; safe from any thread."""
        with self._guard, self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)
            self.seq += 1

    def show_state(self) -> None:
        """Show the present state of the investigation."""
        with self._guard:
            state = self._investigation.state
            selection = self._kept_selection()
            fresh = payload(self._investigation, selection=selection)
            for name in ("message", "training", "loss", "readonly", "mode", "protocol", "dataset"):
                fresh.pop(name)
            if selection:
                fresh["inspector"] = inspector_payload(self._investigation, edge_from(selection), None)
            self.push(**fresh)
        if selection and not self._runner.running:
            self._inspection.ask(state.number, edge_from(selection), tuple(self._own))

    def show_work(self, work: Work) -> None:
        """Show an action on its way, when it is time for an update."""
        if work.latest is None or not self._throttle.ready(self.seq):
            return
        shown: dict[str, Any] = {"training": _training(work, work.latest), "loss": _loss(work)}
        if work.latest.snapshot is not None:
            shown["graph"], shown["curves"] = graph_payload(
                work.latest.snapshot(), self._investigation.dataset, None
            )
        self.push(**shown)

    def show_end(self, work: Work) -> None:
        """Show that an action has ended, and why if it was refused."""
        idle = {**idle_training(), "label": work.action.name, "elapsed": monotonic() - work.started}
        self.push(training=idle, loss=_loss(work))
        if work.error is not None:
            self.show_state()
            self.complain(work.error)
        elif self.selection:
            self._inspection.ask(
                self._investigation.state.number, edge_from(self.selection), tuple(self._own)
            )

    def complain(self, problem: KanlabError) -> None:
        """Show an error message."""
        self.tell("error", str(problem))

    def tell(self, kind: str, text: str) -> None:
        """Show a message."""
        with self._guard:
            self._messages += 1
            self.push(message={"kind": kind, "text": text, "id": self._messages})

    def start(self, action: Action) -> Work:
        """Start an action in the background, shown as it goes.

        Raises:
            ActionError: another one is still on its way.
        """
        with self._guard:
            before = self.training
            if not self._runner.running:
                # shown before it begins, so that its end cannot be shown first
                running = {"running": True, "label": action.name, "phase": action.code()}
                self.push(training={**idle_training(), **running}, message=None, preview=None)
            try:
                return self._runner.start(action, on_report=self.show_work, on_end=self.show_end)
            except KanlabError:
                self.push(training=before)
                raise

    def _kept_selection(self) -> str:
        if not self.selection:
            return ""
        edge = edge_from(self.selection)
        layers = self._investigation.network.arrays().layers
        inside = edge.layer < len(layers) and edge.source < layers[edge.layer].inputs
        return self.selection if inside and edge.target < layers[edge.layer].outputs else ""

    def _stop(self) -> None:
        self._runner.stop()
        if self._runner.running:
            self.push(training={**self.training, "stopping": True})

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        del buffers
        try:
            message = read_message(content)
            if message.kind == "drawn":
                self._throttle.drawn(message.values["drawn"])
                return
            self._handle(message)
        except KanlabError as refused:
            self.complain(refused)
        except Exception:
            logger.exception("The message %r could not be handled.", content)
            self.complain(ActionError("Something went wrong; the log of kanlab says where."))
        self._acknowledge(seq_of(content))

    def _handle(self, message: Message) -> None:
        """Do what a message asks for, or start it."""
        quick: dict[str, Callable[[], object]] = {
            "hello": lambda: None,
            "stop": self._stop,
            "select": lambda: self.select(message.values["edge"], ack=max(self.ack, message.seq)),
            "compare": lambda: self._compare_form(
                message.values["edge"], message.values["form"], ack=max(self.ack, message.seq)
            ),
            "preview_prune": lambda: self._preview(message.values["threshold"]),
            "export": lambda: self._export(message.values["kind"]),
            "undo": self._when_idle(self._investigation.undo),
            "redo": self._when_idle(self._investigation.redo),
            "go": self._when_idle(lambda: self._investigation.go(message.values["state"])),
        }
        if message.kind in quick:
            quick[message.kind]()
            return
        action = action_of(message, suggested_fit(self._investigation.network, self._investigation.actions))
        if action is not None:
            self.start(action)

    def _when_idle(self, move: Callable[[], object]) -> Callable[[], object]:
        def moved() -> object:
            if self._runner.running:
                raise ActionError("Something is still running; stop it first, then go back.")
            return move()

        return moved

    def select(self, edge: EdgeId | None, **answer: int) -> None:
        """Show an edge in the inspector, its curve at once and its candidates when they are known.

        `answer` are further traits, such as the acknowledgement, that go out with it as one update.
        """
        self._asked = ""
        if edge is None:
            self.push(selection="", inspector=None, **answer)
            return
        shown = inspector_payload(self._investigation, edge, None)
        self.push(selection=edge_name(edge), inspector=shown, **answer)
        if shown["status"] != "removed" and not self._runner.running:
            self._inspection.ask(self._investigation.state.number, edge, tuple(self._own))

    def _compare_form(self, edge: EdgeId, text: str, **answer: int) -> None:
        """Rank a formula that a person typed with the other candidates, on this edge and from now on on any.

        Raises:
            FormError: the text is no form.
            ActionError, ShapeError: there is no curve to compare it with now.
        """
        name = resolve(text).name
        if edge_status(self._investigation.network, edge) == "removed":
            raise ActionError(f"Edge {tuple(edge)} was removed, so there is no curve to compare a form with.")
        if self._runner.running:
            raise ActionError("Something is still running; stop it first, then compare forms.")
        with self._guard:
            self._own.pop(name, None)
            self._own = dict([*self._own.items(), (name, text)][-MOST_OWN:])
            self.select(edge, **answer)
            self._asked = name

    def _show_candidates(self, state: int, edge: EdgeId, found: Sequence[Candidate]) -> None:
        with self._guard:
            if self._investigation.state.number != state or self.selection != edge_name(edge):
                return
            asked, self._asked = self._asked, ""
            refused = asked if asked not in {one.form for one in found} else ""
            text = self._own.pop(refused, "")
            self.push(inspector=inspector_payload(self._investigation, edge, found, own=self._own))
            if refused:
                self.complain(
                    FormError(
                        f"The form {text[:60]!r} cannot be defined on all that edge {tuple(edge)} sees; "
                        "choose another form."
                    )
                )

    def _preview(self, threshold: float) -> None:
        edges, nodes, after = self._investigation.preview_prune(threshold)
        before = self._investigation.state.metrics.shown
        self.push(
            preview={
                "threshold": threshold,
                "edges": edges,
                "nodes": nodes,
                "before": number(before),
                "after": number(after.shown),
            }
        )

    def _export(self, kind: str) -> None:
        made = export(self._investigation, kind)
        self.send(
            {"type": "export", "kind": kind, "filename": made.filename, "mime": made.mime, "text": made.text}
        )

    def _acknowledge(self, seq: int) -> None:
        with self._guard:
            if seq > self.ack:
                self.push(ack=seq)


def _training(work: Work, report: Report) -> dict[str, Any]:
    checked = report.train if report.validation is None else report.validation
    return {
        "running": True,
        "label": report.label,
        "step": report.step,
        "steps": report.steps,
        "rmse": number(checked),
        "elapsed": monotonic() - work.started,
        "phase": f"{report.phase}: {report.text}" if report.text else report.phase,
        "stopping": work.stop_asked,
    }


def _loss(work: Work) -> bytes:
    return np.asarray(work.losses[-LOSS_TAIL:], dtype="<f4").tobytes()

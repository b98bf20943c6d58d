"""Messages from the browser, checked before anything happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..discovery import Action
from ..discovery.actions import (
    Discover,
    Fit,
    Fix,
    Lock,
    Prune,
    Refine,
    Release,
    RemoveEdge,
    RemoveNode,
    Unlock,
)
from ..errors import ActionError
from ..network import EdgeId, NodeId

EXPORTS = ("script", "html", "latex", "python", "text", "svg")
MOST_TEXT = 2000
LARGEST_SEQ = 2**53


@dataclass(frozen=True)
class Message:
    """A message that has been checked: its kind, its number, and its values in kanlab's types."""

    kind: str
    seq: int
    values: Mapping[str, Any]


def read_message(content: Any) -> Message:
    """Check a message from the browser.

    Raises:
        ActionError: it is not one that the workbench knows.
    """
    kind = content.get("type") if isinstance(content, dict) else None
    if not isinstance(kind, str) or kind not in FIELDS:
        raise ActionError("The browser sent a message that the workbench does not know; reload the page.")
    values: dict[str, Any] = {name: READERS[name](content.get(name)) for name in FIELDS[kind]}
    if kind == "select":
        values["edge"] = _maybe_edge(content.get("edge"))
    return Message(kind, seq_of(content), values)


def seq_of(content: Any) -> int:
    """The number of a message, 0 when it has none; refused messages are acknowledged too."""
    seq = content.get("seq") if isinstance(content, dict) else None
    if not isinstance(seq, int) or isinstance(seq, bool):
        return 0
    return seq if 0 <= seq < LARGEST_SEQ else 0


def action_of(message: Message, suggested: Action | None = None) -> Action | None:
    """The action that a message asks for, or None when it asks for something else.

    Args:
        suggested: what a plain "fit" means in the present state.
    """
    make = ACTIONS.get(message.kind)
    if message.kind == "fit":
        return suggested or Fit()
    return None if make is None else make(message.values)


def edge_from(text: Any) -> EdgeId:
    """`"0.1.0"` as an edge."""
    parts = str(text).split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        raise ActionError(f"The browser named an edge {str(text)[:40]!r}, which is none; reload the page.")
    layer, source, target = (int(part) for part in parts)
    return EdgeId(layer, source, target)


def _node(text: Any) -> NodeId:
    parts = str(text).split(".")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        raise ActionError(f"The browser named a node {str(text)[:40]!r}, which is none; reload the page.")
    return NodeId(int(parts[0]), int(parts[1]))


def _maybe_edge(text: Any) -> EdgeId | None:
    return None if text in ("", None) else edge_from(text)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        raise ActionError("The browser sent a number that is none; reload the page.")
    return float(value)


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number) or abs(number) > 1e9:
        raise ActionError("A whole number was expected; give one such as 10.")
    return int(number)


def _form(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_TEXT:
        raise ActionError("A form is missing; choose a candidate or type one such as sin(x).")
    return value.strip()


def _export(value: Any) -> str:
    if value not in EXPORTS:
        raise ActionError(f"There is no export {str(value)[:40]!r}; choose one of {', '.join(EXPORTS)}.")
    return str(value)


READERS = {
    "threshold": _number,
    "intervals": _whole,
    "state": _whole,
    "edge": edge_from,
    "node": _node,
    "form": _form,
    "kind": _export,
    "drawn": _whole,
}
FIELDS: dict[str, tuple[str, ...]] = {
    "hello": (),
    "fit": (),
    "stop": (),
    "prune": ("threshold",),
    "refine": ("intervals",),
    "undo": (),
    "redo": (),
    "go": ("state",),
    "select": (),
    "fix": ("edge", "form"),
    "compare": ("edge", "form"),
    "release": ("edge",),
    "lock": ("edge",),
    "unlock": ("edge",),
    "remove": ("edge",),
    "remove_node": ("node",),
    "preview_prune": ("threshold",),
    "discover": (),
    "export": ("kind",),
    "drawn": ("drawn",),
}
ACTIONS = {
    "prune": lambda v: Prune(v["threshold"]),
    "refine": lambda v: Refine(v["intervals"]),
    "fix": lambda v: Fix(v["edge"], v["form"]),
    "release": lambda v: Release(v["edge"]),
    "lock": lambda v: Lock(v["edge"]),
    "unlock": lambda v: Unlock(v["edge"]),
    "remove": lambda v: RemoveEdge(v["edge"]),
    "remove_node": lambda v: RemoveNode(v["node"]),
    "discover": lambda _: Discover(),
}

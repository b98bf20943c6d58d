"""What a scientist can do to a network. An action is data; `code()` is its line of Python."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from ..errors import ActionError, FileError
from ..network import EdgeId, NodeId

SPARSITY = 0.02
THRESHOLD = 0.02


@dataclass(frozen=True)
class Fit:
    """Fit the network to the training rows.

    Attributes:
        steps: the most steps in each phase.
        sparsity: weight of the group penalty; 0 for a plain fit.
        grids: interval counts to refine through, the last kept being chosen by validation; empty keeps the grids.
        smoothness: weight of the roughness penalty relative to the squared error.
        optimizer: "lm", "lbfgs" or "adam".
        stop_after: steps after which it was stopped by hand; None when it ran to its end.
    """

    name: ClassVar[str] = "fit"
    steps: int = 40
    sparsity: float = 0.0
    grids: tuple[int, ...] = ()
    smoothness: float = 1e-7
    optimizer: str = "lm"
    stop_after: int | None = None

    def code(self) -> str:
        return _call(self)


@dataclass(frozen=True)
class Prune:
    """Remove all spline edges whose attribution is below the threshold."""

    name: ClassVar[str] = "prune"
    threshold: float = THRESHOLD

    def code(self) -> str:
        return f"prune({self.threshold:g})"


@dataclass(frozen=True)
class Refine:
    """The same function on finer grids."""

    name: ClassVar[str] = "refine"
    intervals: int

    def code(self) -> str:
        return f"refine({self.intervals})"


@dataclass(frozen=True)
class RemoveEdge:
    """Remove one edge."""

    name: ClassVar[str] = "remove"
    edge: EdgeId

    def code(self) -> str:
        return f"remove({tuple(self.edge)})"


@dataclass(frozen=True)
class RemoveNode:
    """Remove one node with its edges."""

    name: ClassVar[str] = "remove_node"
    node: NodeId

    def code(self) -> str:
        return f"remove_node({tuple(self.node)})"


@dataclass(frozen=True)
class Fix:
    """Make an edge symbolic and fit all that is free together."""

    name: ClassVar[str] = "fix"
    edge: EdgeId
    form: str

    def code(self) -> str:
        return f'fix({tuple(self.edge)}, "{self.form}")'


@dataclass(frozen=True)
class Release:
    """Turn a symbolic edge back into a spline."""

    name: ClassVar[str] = "release"
    edge: EdgeId

    def code(self) -> str:
        return f"release({tuple(self.edge)})"


@dataclass(frozen=True)
class Lock:
    """Keep an edge out of training."""

    name: ClassVar[str] = "lock"
    edge: EdgeId

    def code(self) -> str:
        return f"lock({tuple(self.edge)})"


@dataclass(frozen=True)
class Unlock:
    """Let training change an edge again."""

    name: ClassVar[str] = "unlock"
    edge: EdgeId

    def code(self) -> str:
        return f"unlock({tuple(self.edge)})"


@dataclass(frozen=True)
class Discover:
    """Search for a law without hands and adopt the network of the best.

    Attributes:
        seed: where the random numbers start.
        trials: how many trials the search makes; None for all of them. A search that the clock stopped is recorded
            with the number it made, so that it can be replayed.
    """

    name: ClassVar[str] = "discover"
    seed: int = 0
    trials: int | None = None

    def code(self) -> str:
        return _call(self)


Action = Fit | Prune | Refine | RemoveEdge | RemoveNode | Fix | Release | Lock | Unlock | Discover
KINDS: dict[str, type[Any]] = {
    kind.name: kind
    for kind in (Fit, Prune, Refine, RemoveEdge, RemoveNode, Fix, Release, Lock, Unlock, Discover)
}


def to_json(action: Action) -> dict[str, Any]:
    """Plain data that `from_json` takes back."""
    return {"action": action.name, **{key: _plain(value) for key, value in asdict(action).items()}}


def from_json(record: dict[str, Any]) -> Action:
    """The inverse of `to_json`.

    Raises:
        FileError: the record is not an action.
    """
    kind = KINDS.get(str(record.get("action")))
    if kind is None:
        raise FileError(
            f"The file holds an action {record.get('action')!r} that this version of kanlab does not know."
        )
    known = {field.name for field in fields(kind)}
    values = {key: _restored(key, value) for key, value in record.items() if key != "action"}
    if set(values) - known:
        raise FileError(
            f"The file holds an action {kind.name!r} with unknown entries {sorted(set(values) - known)}."
        )
    try:
        return kind(**values)
    except TypeError as problem:
        raise FileError(f"The file holds an incomplete action {kind.name!r}.") from problem


def edge_of(value: Any) -> EdgeId:
    """An edge from three whole numbers.

    Raises:
        ActionError: it is something else.
    """
    try:
        layer, source, target = (int(part) for part in value)
    except (TypeError, ValueError):
        raise ActionError(
            f"The edge is {value!r}; give three whole numbers (layer, source, target), for example (0, 0, 0)."
        ) from None
    return EdgeId(layer, source, target)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _restored(key: str, value: Any) -> Any:
    if key == "edge":
        return edge_of(value)
    if key == "node":
        layer, index = (int(part) for part in value)
        return NodeId(layer, index)
    return tuple(value) if isinstance(value, list) else value


def _call(action: Any) -> str:
    """`fit(sparsity=0.02)`: the name and what differs from the defaults."""
    parts = [
        f"{field.name}={_literal(getattr(action, field.name))}"
        for field in fields(action)
        if getattr(action, field.name) != field.default
    ]
    return f"{action.name}({', '.join(parts)})"


def _literal(value: Any) -> str:
    return (
        f'"{value}"'
        if isinstance(value, str)
        else (f"{value:g}" if isinstance(value, float) else repr(value))
    )

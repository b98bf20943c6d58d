"""What a scientist can do to a network. An action is data; `code()` is its line of Python.

An action that exists is well-formed: numbers in their ranges, names known. Whether it makes sense in the present state
is found out when it is applied.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from ..data.source import literal
from ..errors import ActionError, FileError, KanlabError, did_you_mean
from ..network import EdgeId, NodeId
from ..sparsity import TOLERANCE
from ..training import OBJECTIVES, OPTIMIZERS
from .checks import edge_of, form_name, form_names, node_of, number, whole

SPARSITY = 0.02
THRESHOLD = 0.02


@dataclass(frozen=True)
class Fit:
    """Fit the network to the training rows.

    Attributes:
        steps: the most steps in each phase.
        sparsity: weight of the group penalty; 0 for a plain fit.
        grids: interval counts to refine through, the last kept being chosen by validation; empty keeps the grids.
        smoothness: weight of the roughness penalty relative to the loss; None lets the evidence choose it with "lm".
        optimizer: "lm", "lbfgs" or "adam".
        loss: name of what is made small; None for squared error, and for cross-entropy where classes are fitted.
        batch: rows in a batch of "adam"; None for all rows at once.
        patience: steps without a better validation error after which the last phase ends, at its best step; None runs
            on.
        stop_after: steps after which it was stopped by hand; None when it ran to its end.
        grid_blend: where the fit lays grids: 0 for equally spaced knots, 1 for quantiles of the samples.
    """

    name: ClassVar[str] = "fit"
    steps: int = 40
    sparsity: float = 0.0
    grids: tuple[int, ...] = ()
    smoothness: float | None = None
    optimizer: str = "lm"
    loss: str | None = None
    batch: int | None = None
    patience: int | None = None
    stop_after: int | None = None
    grid_blend: float = 0.0

    def __post_init__(self) -> None:
        _set(self, "steps", whole(self.steps, "number of steps", least=1))
        _set(self, "sparsity", number(self.sparsity, "sparsity"))
        if self.smoothness is not None:
            _set(self, "smoothness", number(self.smoothness, "smoothness"))
        if isinstance(self.grids, str) or not hasattr(self.grids, "__iter__"):
            raise ActionError(
                f"The grids are {self.grids!r}; give a list of interval counts such as (5, 10)."
            )
        _set(self, "grids", tuple(whole(count, "interval count", least=1, most=5000) for count in self.grids))
        _set(self, "grid_blend", number(self.grid_blend, "grid blend"))
        if self.grid_blend > 1:
            raise ActionError(
                f"The grid blend is {self.grid_blend:g}; give a number from 0 (equally spaced) to 1 (quantiles)."
            )
        if self.stop_after is not None:
            _set(self, "stop_after", whole(self.stop_after, "step to stop after", least=1))
        if self.optimizer not in OPTIMIZERS:
            raise ActionError(
                f"The optimizer {self.optimizer!r} is not known; use one of {', '.join(OPTIMIZERS)}."
                + did_you_mean(str(self.optimizer), OPTIMIZERS)
            )
        if self.loss is not None and self.loss not in OBJECTIVES:
            raise ActionError(
                f"The loss {self.loss!r} is not known here; use one of {', '.join(OBJECTIVES)}, "
                "or kanlab.fit for a loss of your own." + did_you_mean(str(self.loss), OBJECTIVES)
            )
        for name, what in (("batch", "number of rows in a batch"), ("patience", "patience in steps")):
            if getattr(self, name) is not None:
                _set(self, name, whole(getattr(self, name), what, least=1))
        if self.batch is not None and self.optimizer != "adam":
            raise ActionError(
                f'Batches are for the optimizer "adam" and this one is {self.optimizer!r}; '
                'leave batch out or use optimizer="adam".'
            )

    def code(self) -> str:
        # a session chooses the sparsity when none is said, so it is always said where it could choose
        return _call(self, () if self.grids else ("sparsity",))


@dataclass(frozen=True)
class Prune:
    """Remove all spline edges whose attribution is below the threshold."""

    name: ClassVar[str] = "prune"
    threshold: float = THRESHOLD

    def __post_init__(self) -> None:
        _set(self, "threshold", number(self.threshold, "threshold"))
        if self.threshold >= 1:
            raise ActionError(
                f"The threshold is {self.threshold:g}; give a number from 0 to 1, for example 0.02."
            )

    def code(self) -> str:
        return f"prune({_literal(self.threshold)})"


@dataclass(frozen=True)
class Merge:
    """Fold hidden nodes into one another that are twins: affine functions of each other on the training rows.

    Attributes:
        tolerance: twins correlate by at least 1 - this.
    """

    name: ClassVar[str] = "merge"
    tolerance: float = TOLERANCE

    def __post_init__(self) -> None:
        _set(self, "tolerance", number(self.tolerance, "tolerance"))
        if self.tolerance >= 1:
            raise ActionError(
                f"The tolerance is {self.tolerance:g}; give a number from 0 to 1, for example 0.001."
            )

    def code(self) -> str:
        return f"merge({_literal(self.tolerance)})"


@dataclass(frozen=True)
class Refine:
    """The same function on finer grids."""

    name: ClassVar[str] = "refine"
    intervals: int

    def __post_init__(self) -> None:
        _set(self, "intervals", whole(self.intervals, "number of intervals", least=1))

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

    def __post_init__(self) -> None:
        _set(self, "form", form_name(self.form))

    def code(self) -> str:
        return f"fix({tuple(self.edge)}, {literal(self.form)})"


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
class Share:
    """Let spline edges of one layer share one curve from now on.

    Attributes:
        edges: at least two.
    """

    name: ClassVar[str] = "share"
    edges: tuple[EdgeId, ...]

    def __post_init__(self) -> None:
        if isinstance(self.edges, str) or not hasattr(self.edges, "__iter__"):
            raise ActionError(f"The edges are {self.edges!r}; give a list such as [(0, 0, 0), (0, 1, 0)].")
        _set(self, "edges", tuple(edge_of(edge) for edge in self.edges))

    def code(self) -> str:
        return f"share([{', '.join(str(tuple(edge)) for edge in self.edges)}])"


@dataclass(frozen=True)
class Discover:
    """Search for a law without hands and adopt the network of the best.

    Attributes:
        seed: where the random numbers start.
        trials: how many trials the search makes; None for all of them. A search that the clock stopped is recorded
            with the number it made, so that it can be replayed.
        forms: names or formulas in x to try besides the usual forms.
    """

    name: ClassVar[str] = "discover"
    seed: int = 0
    trials: int | None = None
    forms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _set(self, "seed", whole(self.seed, "seed", least=0))
        _set(self, "forms", form_names(self.forms))
        if self.trials is not None:
            _set(self, "trials", whole(self.trials, "number of trials", least=1))

    def code(self) -> str:
        return _call(self)


Action = (
    Fit | Prune | Merge | Refine | RemoveEdge | RemoveNode | Fix | Release | Lock | Unlock | Share | Discover
)
KINDS: dict[str, type[Any]] = {
    kind.name: kind
    for kind in (
        Fit,
        Prune,
        Merge,
        Refine,
        RemoveEdge,
        RemoveNode,
        Fix,
        Release,
        Lock,
        Unlock,
        Share,
        Discover,
    )
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
    values = {key: value for key, value in record.items() if key != "action"}
    if set(values) - known:
        raise FileError(
            f"The file holds an action {kind.name!r} with unknown entries {sorted(set(values) - known)}."
        )
    try:
        return kind(**{key: _restored(key, value) for key, value in values.items()})
    except TypeError as problem:
        raise FileError(f"The file holds an incomplete action {kind.name!r}.") from problem
    except KanlabError as problem:
        raise FileError(f"The file holds a wrong action {kind.name!r}: {problem}") from problem


def _set(action: Any, name: str, value: Any) -> None:
    """Frozen dataclasses are filled in this way while they are made."""
    object.__setattr__(action, name, value)


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _restored(key: str, value: Any) -> Any:
    if key == "edge":
        return edge_of(value)
    if key == "node":
        return node_of(value)
    return tuple(value) if isinstance(value, list) else value


def _call(action: Any, always: tuple[str, ...] = ()) -> str:
    """`fit(sparsity=0.02)`: the name, what differs from the defaults, and what is always said."""
    parts = [
        f"{field.name}={_literal(getattr(action, field.name))}"
        for field in fields(action)
        if field.name in always or getattr(action, field.name) != field.default
    ]
    return f"{action.name}({', '.join(parts)})"


def _literal(value: Any) -> str:
    """Python text that evaluates to the same value; a float in as few characters as that takes."""
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return literal(value) if isinstance(value, str) else repr(value)

"""One investigation: a dataset and the tree of states that actions led to. It knows no picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

from ..data import Dataset
from ..errors import ActionError
from ..forms import Form
from ..network import KAN, EdgeId, NetworkSpec
from ..sparsity import Attribution, attribution, plan_prune, prune
from ..symbolic.law import Law, read_law
from ..symbolic.suggest import Candidate, suggest
from . import store
from .actions import Action, Discover, Prune
from .apply import apply
from .history import History
from .observer import Nobody, Observer
from .setup import first_network, rows_of
from .shelf import Shelf
from .state import Metrics, State, measure

Listener = Callable[["Investigation"], None]


class Investigation:
    """What a session is about, safe to use from several threads.

    States never change. The only thing that moves is which history is held; it is replaced as a whole, under a lock,
    when an action has succeeded, so a refused or failed action leaves everything as it was.
    """

    def __init__(self, dataset: Dataset, history: History, *, seed: int = 0) -> None:
        self.dataset = dataset
        self.seed = seed
        self._history = history
        self._lock = RLock()
        self._working = RLock()
        self._laws: dict[int, Law | None] = {}
        self._suggestions: dict[tuple[int, EdgeId], tuple[Candidate, ...]] = {}
        self._listeners: list[Listener] = []

    @classmethod
    def start(  # noqa: PLR0913  what a session says
        cls,
        dataset: Dataset,
        *,
        shape: Sequence[Any] | None = None,
        seed: int = 0,
        order: int | Sequence[int] = 3,
        intervals: int | Sequence[int] = 5,
        base: str | Sequence[str] = "silu",
        start: str = "dense",
    ) -> Investigation:
        """A new investigation with an untrained network."""
        network = first_network(
            dataset, shape, seed=seed, order=order, intervals=intervals, base=base, start=start
        )
        first = State(0, None, None, network, measure(network, dataset), None, 0.0)
        return cls(dataset, History((first,)), seed=seed)

    @classmethod
    def of_shelf(cls, dataset: Dataset, shelf: Shelf) -> Investigation:
        """The investigation that a search without hands amounts to: the first network, and the network of its best."""
        start = cls.start(dataset)
        first = start.state
        if shelf.network is None:
            return start
        action = Discover(shelf.seed, shelf.trials, shelf.forms)
        found = State(
            1, 0, action, shelf.network, measure(shelf.network, dataset), first.metrics, shelf.seconds
        )
        return cls(dataset, History((first, found), current=1))

    @property
    def history(self) -> History:
        return self._history

    @property
    def state(self) -> State:
        return self._history.state

    @property
    def network(self) -> KAN:
        return self.state.network

    @property
    def first_spec(self) -> NetworkSpec:
        """What the first network was made from."""
        return self._history.states[0].network.spec

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change; the function given back ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def do(self, action: Action, observer: Observer | None = None) -> State:
        """Carry out an action and stand at its state.

        Raises:
            KanlabError: the action is refused; nothing has changed.
        """
        with self._working:
            before = self.state
            started = time.perf_counter()
            network, real = apply(before.network, action, self.dataset, observer or Nobody())
            metrics = measure(network, self.dataset)
            seconds = time.perf_counter() - started
            with self._lock:
                number = len(self._history.states)
                state = State(number, before.number, real, network, metrics, before.metrics, seconds)
                self._history = self._history.add(state)
        # outside of the lock: whoever is told may have to wait for somebody who waits for it
        self._tell()
        return state

    def replay(self, actions: Iterable[Action]) -> Investigation:
        """A new investigation from the same start with these actions."""
        start = self._history.states[0]
        fresh = Investigation(self.dataset, History((start,)), seed=self.seed)
        for action in actions:
            fresh.do(action)
        return fresh

    @property
    def actions(self) -> tuple[Action, ...]:
        """What led from the first state to the present one."""
        return tuple(state.action for state in self._history.path if state.action is not None)

    def undo(self) -> State:
        return self._move(lambda history: history.undo())

    def redo(self) -> State:
        return self._move(lambda history: history.redo())

    def go(self, number: int) -> State:
        return self._move(lambda history: history.go(number))

    def law(self) -> Law:
        """The law of the present network.

        Raises:
            ActionError: no edge is symbolic yet, or the dataset is a classification.
        """
        if self.dataset.classes:
            raise ActionError(
                "The dataset is a classification, and a law is of a number; "
                "look at the curves of the edges, or make one dataset for each class with its probability as target."
            )
        state = self.state
        held = self._laws.get(state.number)
        if held is None:
            held = read_law(state.network, self.dataset)
            self._laws[state.number] = held
        return held

    def suggest(self, edge: EdgeId, *, forms: Sequence[str | Form] | None = None) -> tuple[Candidate, ...]:
        """Ranked candidates for an edge of the present network."""
        state = self.state
        key = (state.number, edge)
        if forms is not None:
            return suggest(state.network, edge, rows_of(self.dataset), forms=forms)
        if key not in self._suggestions:
            self._suggestions[key] = suggest(state.network, edge, rows_of(self.dataset))
        return self._suggestions[key]

    def attribution(self) -> Attribution:
        """Scores of the present network on the training rows."""
        return attribution(self.network, self.dataset.part("train").inputs)

    def preview_prune(self, threshold: float) -> tuple[int, int, Metrics]:
        """How many edges and hidden nodes pruning would remove, and the errors it would leave.

        Raises:
            ActionError: the threshold is none.
        """
        threshold = Prune(threshold).threshold
        inputs = self.dataset.part("train").inputs
        plan = plan_prune(self.network, inputs, threshold)
        after = prune(self.network, inputs, threshold)
        nodes = sum(width.nodes for width in self.network.spec.widths)
        left = sum(width.nodes for width in after.spec.widths)
        return len(plan.edges), nodes - left, measure(after, self.dataset)

    def save(self, path: str | Path) -> Path:
        """Write everything into one file."""
        return store.save(self._history, self.dataset, self.seed, Path(path))

    @classmethod
    def open(cls, path: str | Path) -> Investigation:
        """Read a file that `save` wrote.

        Raises:
            FileError: the file is missing, damaged or something else.
        """
        history, dataset, seed = store.open_file(Path(path))
        return cls(dataset, history, seed=seed)

    def same_as(self, other: Investigation) -> bool:
        """Same data, same tree, same networks bit for bit, standing at the same place."""
        mine, theirs = self._history, other.history
        return (
            self.dataset.same_as(other.dataset)
            and mine.current == theirs.current
            and mine.undone == theirs.undone
            and len(mine.states) == len(theirs.states)
            and all(
                a.parent == b.parent and a.same_as(b) for a, b in zip(mine.states, theirs.states, strict=True)
            )
        )

    def _move(self, move: Callable[[History], History]) -> State:
        with self._working, self._lock:
            self._history = move(self._history)
        self._tell()
        return self.state

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self)

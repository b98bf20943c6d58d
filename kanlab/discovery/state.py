"""What an action leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data import Dataset
from ..data.dataset import PartName
from ..network import KAN, to_record
from .actions import Action
from .setup import CROSS_ENTROPY


@dataclass(frozen=True)
class Metrics:
    """Root mean squared errors in the user's units; those of rows that do not exist are None.

    Of a classification they are mean cross-entropies, and `wrong` holds the shares of rows that get another class: of
    the training, validation and test rows.
    """

    train: float
    validation: float | None
    test: float | None
    parameters: int
    wrong: tuple[float, float | None, float | None] | None = None

    @property
    def measure(self) -> str:
        """What the errors are."""
        return "rmse" if self.wrong is None else "cross-entropy"

    @property
    def text(self) -> str:
        """The error that decides, for a reader."""
        if self.wrong is None:
            return f"rmse {self.shown:.3g}"
        train, checked, _ = self.wrong
        return f"cross-entropy {self.shown:.3g}, {train if checked is None else checked:.1%} wrong"

    @property
    def shown(self) -> float:
        """The error that decides: on validation rows where there are any."""
        return self.train if self.validation is None else self.validation


@dataclass(frozen=True, eq=False)
class State:
    """A point of an investigation.

    Attributes:
        number: its name in the history.
        parent: the state it came from, None for the first.
        action: what was done, None for the first.
        network: the network then.
        metrics, before: errors after and before the action.
        seconds: how long it took.
    """

    number: int
    parent: int | None
    action: Action | None
    network: KAN
    metrics: Metrics
    before: Metrics | None
    seconds: float

    def same_as(self, other: State) -> bool:
        """Same action and bit for bit the same network."""
        return self.action == other.action and same_network(self.network, other.network)


def same_network(one: KAN, other: KAN) -> bool:
    """Whether two networks are equal bit for bit."""
    record, tensors = to_record(one)
    other_record, others = to_record(other)
    return record == other_record and all(np.array_equal(tensors[name], others[name]) for name in tensors)


def measure(network: KAN, dataset: Dataset) -> Metrics:
    """Errors of a network on the parts of a dataset."""

    def rmse(part: PartName) -> float:
        rows = dataset.part(part)
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.mean((network.predict(rows.inputs) - rows.targets) ** 2)))

    def entropy(part: PartName) -> float:
        rows = dataset.part(part)
        logits = network.predict(rows.inputs)
        return CROSS_ENTROPY.value(logits, CROSS_ENTROPY.encode(rows.targets, logits.shape[1]), None)

    def wrong(part: PartName) -> float:
        rows = dataset.part(part)
        return float(np.mean(network.predict(rows.inputs).argmax(axis=1) != rows.targets[:, 0]))

    held_out = dataset.split.held_out
    error = entropy if dataset.classes else rmse
    return Metrics(
        train=error("train"),
        validation=error("validation") if held_out else None,
        test=error("test") if held_out else None,
        parameters=network.parameter_count(),
        wrong=None
        if not dataset.classes
        else (wrong("train"), wrong("validation"), wrong("test"))
        if held_out
        else (wrong("train"), None, None),
    )

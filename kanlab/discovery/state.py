"""What an action leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data import Dataset
from ..network import KAN, to_record
from .actions import Action


@dataclass(frozen=True)
class Metrics:
    """Root mean squared errors in the user's units; those of rows that do not exist are None."""

    train: float
    validation: float | None
    test: float | None
    parameters: int

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

    def rmse(part: str) -> float:
        rows = dataset.part(part)  # type: ignore[arg-type]
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.mean((network.predict(rows.inputs) - rows.targets) ** 2)))

    held_out = dataset.split.held_out
    return Metrics(
        train=rmse("train"),
        validation=rmse("validation") if held_out else None,
        test=rmse("test") if held_out else None,
        parameters=network.parameter_count(),
    )

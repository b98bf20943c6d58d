"""How long work reports and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..network import KAN


@dataclass(frozen=True, eq=False)
class Report:
    """Where long work stands.

    Attributes:
        label: the action.
        phase: what it is doing, for a reader.
        step, steps: how far it is, of at most.
        train, validation: errors now, in the user's units; of a search both are of the best law, on held-out rows
            where there are any, and `validation` is None where there are none.
        snapshot: makes the network as it is now, or None when it did not change.
        text: the best law so far, where a law is searched.
        measure: what the errors are, "rmse" or the name of a loss.
        seconds: how long the work has taken, where it says so.
    """

    label: str
    phase: str
    step: int
    steps: int
    train: float
    validation: float | None
    snapshot: Callable[[], KAN] | None = None
    text: str = ""
    measure: str = "rmse"
    seconds: float = 0.0


class Observer(Protocol):
    """Who watches."""

    def report(self, report: Report) -> None:
        """Called after every step."""
        ...

    def stopping(self) -> bool:
        """Asked after every step; when true the work ends and keeps what it has."""
        ...


class Nobody:
    """An observer that neither looks nor stops."""

    def report(self, report: Report) -> None:
        del report

    def stopping(self) -> bool:
        return False

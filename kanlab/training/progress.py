"""What a fit reports while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..kernels import NetworkArrays
from ..network import KAN


@dataclass(frozen=True, eq=False)
class Progress:
    """The state of a fit after a step.

    Attributes:
        step: steps taken so far.
        steps: the most that will be taken.
        phase: what is being done, for a reader.
        train, validation: root mean squared errors in the user's units, or the mean loss when something else than
            squared error is made small; validation is None without such rows.
    """

    step: int
    steps: int
    phase: str
    train: float
    validation: float | None
    arrays: NetworkArrays
    origin: KAN

    @cached_property
    def network(self) -> KAN:
        """The network at this point."""
        return self.origin.replace(self.arrays)

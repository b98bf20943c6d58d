"""What a fit reports while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..kernels import NetworkArrays
from ..network import KAN
from .state import FitState


@dataclass(frozen=True, eq=False)
class Progress:
    """The state of a fit after a step.

    Attributes:
        step: steps taken so far.
        steps: the most that will be taken.
        phase: what is being done, for a reader.
        train, validation: root mean squared errors in the user's units, or the mean loss when something else than
            squared error is made small; validation is None without such rows.
        arrays: where the step led.
        measure: what train and validation are: "rmse", or the name of the objective.
        state: all that is needed to go on from here; `fit_steps(..., after=progress)` does.
    """

    step: int
    steps: int
    phase: str
    train: float
    validation: float | None
    arrays: NetworkArrays
    origin: KAN
    state: FitState
    measure: str = "rmse"

    @cached_property
    def network(self) -> KAN:
        """The network at this point."""
        return self.origin.replace(self.arrays)

    @cached_property
    def kept(self) -> KAN:
        """What a fit that ended here would give: the best so far."""
        return self.origin.replace(self.state.kept)

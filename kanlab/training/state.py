"""Where a fit stands, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..kernels import NetworkArrays
from .penalties import Penalty, Roughness


@dataclass(frozen=True, eq=False)
class FitState:
    """All that changes while a fit runs: with the same rows and options, the next step is a function of it.

    Attributes:
        arrays: the network now.
        train, validation: its errors.
        best, best_error: the best end of a phase so far.
        held, held_error: what the present phase would end with.
        lowest, lowest_error: its step with the lowest error, which it ends with if it goes `ASTRAY`.
        taken: steps of the whole fit; `number`: of this phase.
        grid, smoother: which grid is fitted, and whether it is tried once more with the larger roughness penalty.
        memory: what the optimizer remembers; None where a phase is to begin.
        roughness, least: the roughness penalty, and the lowest loss that it was measured by.
        idle, waiting: steps in a row without gain, and without a better validation error.
        phase: what the last step was part of, for a reader.
        done: no phase is left.
    """

    arrays: NetworkArrays
    best: NetworkArrays
    train: float = np.inf
    validation: float | None = None
    best_error: float = np.inf
    held: NetworkArrays | None = None
    held_error: float = np.inf
    lowest: NetworkArrays | None = None
    lowest_error: float = np.inf
    taken: int = 0
    number: int = 0
    grid: int = 0
    smoother: bool = False
    memory: Any = None
    roughness: Penalty = field(default_factory=lambda: Roughness(0.0))
    least: float = np.inf
    idle: int = 0
    waiting: int = 0
    phase: str = "start"
    done: bool = False

    @property
    def error(self) -> float:
        """The error that decides: of the validation rows where there are any."""
        return self.train if self.validation is None else self.validation

    @property
    def kept(self) -> NetworkArrays:
        """What the fit would give if it ended here."""
        if self.held is not None and (self.held_error < self.best_error or not np.isfinite(self.best_error)):
            return self.held
        return self.best

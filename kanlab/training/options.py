"""How to fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..errors import ActionError, did_you_mean
from .adam import Adam
from .lbfgs import LBFGS
from .levenberg_marquardt import LevenbergMarquardt
from .losses import objective_of
from .objectives import Objective
from .optimizer import Optimizer
from .penalties import AnyPenalty
from .torch_loss import Loss

OPTIMIZERS: Mapping[str, Callable[[], Optimizer[Any]]] = MappingProxyType(
    {"lm": LevenbergMarquardt, "lbfgs": LBFGS, "adam": Adam}
)


@dataclass(frozen=True)
class FitOptions:
    """How to fit.

    Attributes:
        steps: the most steps in each phase.
        grids: interval counts G to go through, coarse to fine; empty keeps the grids as they are. A finer
            grid is kept only if it lowers the validation error, and refinement stops when it does not.
        smoothness: weight of the roughness penalty relative to the loss that is left, which is the noise in the end.
            None lets the evidence choose it, edge by edge, where it can: squared error with "lm" and no further
            penalty. Elsewhere it takes what the optimizer needs: 1e-7 with "lm", none with the others.
        penalties: further penalties.
        optimizer: "lm", "lbfgs", "adam", or an optimizer with options of its own such as Adam(batch=64).
        tolerance: a phase ends when three steps in a row lower the objective by less than this fraction.
        move_grids: let the grids of hidden nodes follow their activations.
        grid_blend: where new grids lie: 0 for equally spaced knots, 1 for quantiles of the samples, between them for
            a blend of both. Above 0 a fit lays the grids of the inputs anew as well.
        objective: what is made small; a name of `OBJECTIVES`, an objective, or a function loss(outputs, targets) of
            torch tensors that gives one number for each row. None takes that of the rows.
        patience: end a phase when the validation error (or without such rows the training error) has not fallen for so
            many steps, and keep the step where it was lowest; None runs on and keeps the last.
    """

    steps: int = 40
    grids: tuple[int, ...] = ()
    smoothness: float | None = None
    penalties: tuple[AnyPenalty, ...] = ()
    optimizer: str | Optimizer[Any] = "lm"
    tolerance: float = 1e-6
    move_grids: bool = True
    grid_blend: float = 0.0
    objective: str | Objective | Loss | None = None
    patience: int | None = None

    @property
    def relative_smoothness(self) -> float:
        """The weight of the roughness penalty relative to the loss, where the evidence does not choose it."""
        return optimizer_of(self.optimizer).smoothness if self.smoothness is None else self.smoothness

    def __post_init__(self) -> None:
        optimizer_of(self.optimizer)
        if self.objective is not None:
            objective_of(self.objective)
        if not 0 <= self.grid_blend <= 1:
            raise ActionError(
                f"The grid blend is {self.grid_blend}; give a number from 0 (equally spaced) to 1 (quantiles)."
            )
        if self.steps < 1:
            raise ActionError(f"The number of steps is {self.steps}; give at least 1.")
        if self.patience is not None and self.patience < 1:
            raise ActionError(f"The patience is {self.patience} steps; give at least 1, or None.")


def optimizer_of(given: str | Optimizer[Any]) -> Optimizer[Any]:
    """The optimizer of a name in `OPTIMIZERS`, or the one given.

    Raises:
        ActionError: there is no such optimizer.
    """
    if not isinstance(given, str):
        return given
    if given not in OPTIMIZERS:
        raise ActionError(
            f"The optimizer {given!r} is not known; use one of {', '.join(OPTIMIZERS)}."
            + did_you_mean(given, OPTIMIZERS)
        )
    return OPTIMIZERS[given]()

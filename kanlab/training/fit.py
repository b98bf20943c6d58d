"""Fitting as a stream of steps: whoever consumes it may stop at any step and keep what was reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import ActionError, did_you_mean
from ..kernels import NetworkArrays, columns_of
from ..network import KAN
from .equations import mean_loss
from .first_order import FIRST_ORDER
from .gauge import normalize_hidden
from .grids import follow_activations
from .levenberg_marquardt import step as levenberg_marquardt_step
from .losses import SQUARED_ERROR, objective_of
from .objectives import Objective
from .penalties import Penalty, Roughness
from .problem import Samples
from .progress import Progress
from .rows import Rows, samples_of
from .torch_loss import Loss

REGRID_EVERY = 5
SMOOTHER = 100.0
SETTLE = 8
OPTIMIZERS = ("lm", *FIRST_ORDER)


@dataclass(frozen=True)
class FitOptions:
    """How to fit.

    Attributes:
        steps: the most steps in each phase.
        grids: interval counts G to go through, coarse to fine; empty keeps the grids as they are. A finer
            grid is kept only if it lowers the validation error, and refinement stops when it does not.
        smoothness: weight of the roughness penalty relative to the mean squared error.
        penalties: further penalties.
        optimizer: "lm", "lbfgs" or "adam".
        tolerance: a phase ends when three steps in a row lower the objective by less than this fraction.
        objective: what is made small; a name of `OBJECTIVES`, an objective, or a function loss(outputs, targets) of
            torch tensors that gives one number for each row. None takes that of the rows.
        move_grids: let the grids of hidden nodes follow their activations.
    """

    steps: int = 40
    grids: tuple[int, ...] = ()
    smoothness: float = 1e-7
    penalties: tuple[Penalty, ...] = ()
    optimizer: str = "lm"
    tolerance: float = 1e-6
    move_grids: bool = True
    objective: str | Objective | Loss | None = None

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ActionError(
                f"The optimizer {self.optimizer!r} is not known; use one of {', '.join(OPTIMIZERS)}."
                + did_you_mean(self.optimizer, OPTIMIZERS)
            )
        if self.objective is not None:
            objective_of(self.objective)
        if self.steps < 1:
            raise ActionError(f"The number of steps is {self.steps}; give at least 1.")


def fit_steps(network: KAN, rows: Rows, options: FitOptions | None = None) -> Iterator[Progress]:
    """Fit and report after every step; the last report carries the best network.

    With validation rows the best is the phase with the lowest validation error, otherwise the last.
    """
    options = options or FitOptions()
    train, validation, unit = samples_of(network, rows, options.objective)
    arrays = network.arrays()
    phases = options.grids or (0,)
    reporter = _Reporter(network, train, validation, unit, options.steps * len(phases))
    best, best_error, taken = arrays, np.inf, 0
    report = reporter.report(arrays, 0, "start")
    for grid in phases:
        improved = False
        for smoothness in (options.smoothness, SMOOTHER * options.smoothness)[: 2 if options.grids else 1]:
            laid = _lay_grids(best, train, grid, options)
            for arrays in _phase(best, laid, train, replace(options, smoothness=smoothness)):
                taken += 1
                label = f"G = {grid}" if grid else "fit"
                report = reporter.report(arrays, taken, label)
                yield report
            error = report.validation if report.validation is not None else report.train
            if error < best_error:
                best, best_error, improved = arrays, error, True
                break
        if not improved:
            break
    yield reporter.report(best, taken, "done")


def fit(network: KAN, rows: Rows, options: FitOptions | None = None) -> KAN:
    """The network that `fit_steps` ends with."""
    last: Progress | None = None
    for progress in fit_steps(network, rows, options):
        last = progress
    return last.network if last else network


def _phase(
    before: NetworkArrays, arrays: NetworkArrays, train: Samples, options: FitOptions
) -> Iterator[NetworkArrays]:
    if options.optimizer != "lm":
        yield from FIRST_ORDER[options.optimizer](arrays, train, options.steps, options.penalties)
        return
    damping, idle = 1e-2, 0
    roughness, least = Roughness(0.0), mean_loss(before, train)
    for number in range(options.steps):
        if number % REGRID_EVERY == 0:
            if options.move_grids and number < options.steps - SETTLE:
                # only a penalty on the size of edges drives the scale of hidden nodes away
                arrays = normalize_hidden(arrays, train.inputs) if options.penalties else arrays
                arrays = follow_activations(arrays, train.inputs)
            error = mean_loss(arrays, train)
            # laying grids anew may lift the error for a moment; the penalty must not follow it up
            least = min(least, error) if np.isfinite(error) else least
            roughness = Roughness(options.smoothness * max(least, 1e-30))
        penalties: Sequence[Penalty] = (roughness, *options.penalties)
        done = levenberg_marquardt_step(
            arrays, train, columns_of(arrays), damping=damping, penalties=penalties
        )
        arrays, damping = done.network, done.damping
        yield arrays
        idle = idle + 1 if done.gain < options.tolerance else 0
        if idle >= 3:
            return


def _lay_grids(arrays: NetworkArrays, train: Samples, grid: int, options: FitOptions) -> NetworkArrays:
    if grid:
        return follow_activations(arrays, train.inputs, intervals=grid)
    return follow_activations(arrays, train.inputs) if options.move_grids else arrays


@dataclass(frozen=True, eq=False)
class _Reporter:
    """What all reports of a fit have in common; `unit` is the user's unit of the errors."""

    origin: KAN
    train: Samples
    validation: Samples | None
    unit: float
    total: int

    def report(self, arrays: NetworkArrays, step: int, phase: str) -> Progress:
        def error(samples: Samples) -> float:
            loss = mean_loss(arrays, samples)
            return self.unit * float(np.sqrt(loss)) if samples.objective is SQUARED_ERROR else loss

        train = error(replace(self.train, weights=None))
        checked = None if self.validation is None else error(self.validation)
        return Progress(step, self.total, phase, train, checked, arrays, self.origin)

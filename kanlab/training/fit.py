"""Fitting as a stream of steps: whoever consumes it may stop at any step, keep what was reached, and go on later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..kernels import NetworkArrays, columns_of, trace_layers
from ..network import KAN
from .equations import mean_loss, shown_error
from .evidence import FINER, MOST_PARAMETERS, START, EdgeRoughness, weighed_by_evidence
from .gauge import normalize_hidden
from .grids import follow_activations
from .losses import SQUARED_ERROR
from .optimizer import Optimizer
from .options import FitOptions, optimizer_of
from .penalties import AnyPenalty, Penalized, Penalty, Roughness
from .problem import Samples
from .progress import Progress
from .rows import Rows, samples_of
from .state import FitState

REGRID_EVERY = 5
SMOOTHER = 100.0
SETTLE = 8
IDLE = 3
LIFT = 0.1
ASTRAY = 10.0
"""A phase has gone astray when its last error is this many times its lowest, and ends with the step that had that."""
AT_REST = 4.0
"""A fit is over when the evidence would change no weight of an edge by more than this factor."""

Callback = Callable[[Progress], bool | None]


def fit_steps(
    network: KAN, rows: Rows, options: FitOptions | None = None, *, after: Progress | None = None
) -> Iterator[Progress]:
    """Fit and report after every step; the last report carries the best network.

    With validation rows the best is the phase with the lowest validation error, otherwise the last; with patience it is
    the step. Without penalties a phase whose error has grown by a factor of `ASTRAY` counts by its best step as well.

    Args:
        after: a report of a fit of the same rows with the same options, to go on from: the reports are those that would
            have followed it.

    Raises:
        ActionError, DataError: the targets are not what the objective needs.
    """
    loop = _Loop.of(network, rows, options or FitOptions())
    state = loop.begin(network.arrays()) if after is None else after.state
    while not state.done:
        state = loop.advance(state)
        yield loop.progress(state)
    yield loop.end(state)


def fit(
    network: KAN,
    rows: Rows,
    options: FitOptions | None = None,
    *,
    callback: Callback | None = None,
) -> KAN:
    """The network that `fit_steps` ends with.

    An interrupt from the keyboard ends the fit, and the best network that it had reached is returned.

    Args:
        callback: called with the report of every step; when it returns True the fit ends.
    """
    last: Progress | None = None
    try:
        for last in fit_steps(network, rows, options):
            if callback is not None and callback(last):
                break
    except KeyboardInterrupt:
        if last is None:
            raise
    return last.kept if last else network


@dataclass(frozen=True, eq=False)
class _Loop:
    """What does not change while a fit runs; `unit` is the user's unit of the errors."""

    origin: KAN
    train: Samples
    validation: Samples | None
    unit: float
    options: FitOptions
    optimizer: Optimizer[Any]

    @classmethod
    def of(cls, network: KAN, rows: Rows, options: FitOptions) -> _Loop:
        train, validation, unit = samples_of(network, rows, options.objective)
        return cls(network, train, validation, unit, options, optimizer_of(options.optimizer))

    @property
    def grids(self) -> tuple[int, ...]:
        return self.options.grids or (0,)

    def begin(self, arrays: NetworkArrays) -> FitState:
        return FitState(arrays, arrays)

    def advance(self, state: FitState) -> FitState:
        """The state after one more step."""
        if state.memory is None:
            state = self._start(state)
        state = self._settle_grids(state)
        taken = self.optimizer.step(state.arrays, self.train, self._penalties(state), state.memory)
        state = self._measured(
            replace(
                state,
                arrays=taken.network,
                memory=taken.memory,
                taken=state.taken + 1,
                number=state.number + 1,
                idle=state.idle + 1 if taken.gain < self.options.tolerance else 0,
            )
        )
        if self.options.patience is not None and state.waiting >= self.options.patience:
            return self._next_phase(state)
        if state.number >= self.options.steps:
            return self._next_phase(state)
        return state if state.idle < IDLE else self._converged(state)

    def _converged(self, state: FitState) -> FitState:
        """The end of the phase, unless the evidence wants other weights where the fit has come to rest."""
        if not isinstance(state.roughness, EdgeRoughness):
            return self._next_phase(state)
        fresh = weighed_by_evidence(state.arrays, self.train, state.roughness)
        if fresh.distance(state.roughness) < AT_REST:
            return self._next_phase(state)
        return replace(self._under(state, fresh), idle=0)

    def _under(self, state: FitState, roughness: Penalty) -> FitState:
        """The state with this penalty; an optimizer that had come to rest under the old one starts afresh."""
        rested = state.idle > 0 and isinstance(roughness, EdgeRoughness) and roughness is not state.roughness
        if not rested:
            return replace(state, roughness=roughness)
        memory = self.optimizer.start(state.arrays, self.train, self.options.steps)
        return replace(state, roughness=roughness, memory=memory)

    def end(self, state: FitState) -> Progress:
        train, validation = self._errors(state.best)
        return self.progress(
            replace(state, arrays=state.best, train=train, validation=validation, phase="done")
        )

    def progress(self, state: FitState) -> Progress:
        total = self.options.steps * len(self.grids)
        return Progress(
            state.taken,
            total,
            state.phase,
            state.train,
            state.validation,
            state.arrays,
            self.origin,
            state,
            "rmse" if self.train.objective is SQUARED_ERROR else self.train.objective.name,
        )

    def _start(self, state: FitState) -> FitState:
        """Begin the phase of the present grid from the best network so far."""
        arrays, grid = state.best, self.grids[state.grid]
        if grid or self.options.move_grids:
            arrays = self._followed(arrays, grid or None)
        return replace(
            state,
            arrays=arrays,
            memory=self.optimizer.start(arrays, self.train, self.options.steps),
            least=mean_loss(state.best, self.train),
            phase=f"G = {grid}" if grid else "fit",
            held=None,
            held_error=np.inf,
            lowest=None,
            lowest_error=np.inf,
            number=0,
            idle=0,
            waiting=0,
        )

    def _settle_grids(self, state: FitState) -> FitState:
        if state.number % REGRID_EVERY:
            return state
        options = self.options
        moves = options.move_grids and state.number < options.steps - SETTLE
        arrays = self._moved(state.arrays) if moves else state.arrays
        return self._weighed(replace(state, arrays=arrays), state.arrays)

    def _moved(self, arrays: NetworkArrays) -> NetworkArrays:
        # only a penalty on the size of edges drives the scale of hidden nodes away
        arrays = normalize_hidden(arrays, self.train.inputs) if self.options.penalties else arrays
        return self._followed(arrays)

    def _followed(self, arrays: NetworkArrays, intervals: int | None = None) -> NetworkArrays:
        return follow_activations(
            arrays, self.train.inputs, intervals=intervals, blend=self.options.grid_blend
        )

    def _weighed(self, state: FitState, before: NetworkArrays) -> FitState:
        """The state with the weight of its roughness penalty, or with the grids `before` where new ones did harm."""
        error = mean_loss(state.arrays, self.train)
        # laying grids anew may lift the error for a moment; the penalty must not follow it up
        least = min(state.least, error) if np.isfinite(error) else state.least
        smoothness = self.options.relative_smoothness
        smoothness *= SMOOTHER if state.smoother else 1.0
        roughness = self._by_evidence(state) or Roughness(
            smoothness * max(least, 1e-30), by_interval=self.options.grid_blend > 0
        )
        weighed = replace(state, least=least, roughness=roughness)
        if self.train.objective.scaled or state.arrays is before:
            return weighed
        # logits may be large, and then a small change of a spline is a large change of the loss
        old, new = (self._total(arrays, weighed) for arrays in (before, state.arrays))
        return (
            weighed if new <= old + LIFT * abs(old) else self._weighed(replace(state, arrays=before), before)
        )

    def _by_evidence(self, state: FitState) -> EdgeRoughness | None:
        """Weights that the evidence chooses, anew after 5, 10, 20, 40 ... steps of a phase; None where it does not."""
        options = self.options
        asked = options.smoothness is None and self.optimizer.name == "lm" and not options.penalties
        if not asked or self.train.objective is not SQUARED_ERROR:
            return None
        if columns_of(state.arrays).count > MOST_PARAMETERS:
            return None
        held = state.roughness
        if not isinstance(held, EdgeRoughness):
            # of a network that was fitted before, little is left to explain, and little should be smoothed away
            weight = START * max(mean_loss(state.arrays, self.train), 1e-30)
            return EdgeRoughness.even(state.arrays, weight, by_interval=options.grid_blend > 0)
        if state.number == 0:
            return held.scaled(FINER) if state.grid else held
        return weighed_by_evidence(state.arrays, self.train, held) if _doubling(state.number) else held

    def _total(self, arrays: NetworkArrays, state: FitState) -> float:
        """Loss and penalties."""
        passes = trace_layers(self.train.inputs, arrays)
        near = Penalized.at(arrays, passes, columns_of(arrays), self._penalties(state))
        return mean_loss(arrays, self.train) + near.value

    def _penalties(self, state: FitState) -> Sequence[AnyPenalty]:
        return (state.roughness, *self.options.penalties)

    def _measured(self, state: FitState) -> FitState:
        train, validation = self._errors(state.arrays)
        state = replace(state, train=train, validation=validation)
        if state.error < state.lowest_error:
            state = replace(state, lowest=state.arrays, lowest_error=state.error)
        if self._astray(state):
            return replace(state, held=state.lowest, held_error=state.lowest_error, waiting=0)
        if self.options.patience is None or state.held is None or state.error < state.held_error:
            return replace(state, held=state.arrays, held_error=state.error, waiting=0)
        return replace(state, waiting=state.waiting + 1)

    def _astray(self, state: FitState) -> bool:
        """Whether the error has grown and nothing asked for that, as a penalty does."""
        plain = self.options.smoothness is None and not self.options.penalties
        return plain and self.options.patience is None and state.error > ASTRAY * state.lowest_error

    def _next_phase(self, state: FitState) -> FitState:
        """What follows a phase: the next grid when this one is better, else more smoothness, else the end."""
        better = state.held is not None and state.held_error < state.best_error
        weighed = isinstance(state.roughness, EdgeRoughness)
        again = not better and bool(self.options.grids) and not state.smoother and not weighed
        state = replace(
            state,
            memory=None,
            best=state.held if better and state.held is not None else state.best,
            best_error=state.held_error if better else state.best_error,
            smoother=again,
        )
        last = state.grid + 1 >= len(self.grids)
        done = not again and (last or not better)
        return replace(state, done=done, grid=state.grid + 1 if better and not last else state.grid)

    def _errors(self, arrays: NetworkArrays) -> tuple[float, float | None]:
        train = shown_error(arrays, replace(self.train, weights=None), self.unit)
        checked = self.validation
        return train, None if checked is None else shown_error(arrays, checked, self.unit)


def _doubling(number: int) -> bool:
    """Whether a number of steps is 5, 10, 20, 40, ..."""
    times, rest = divmod(number, REGRID_EVERY)
    return rest == 0 and times & (times - 1) == 0

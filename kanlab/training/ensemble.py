"""Many networks of one shape fitted at once: seeds, and penalties of different weight.

Each member goes the way that `fit` goes with it alone, to rounding: the same steps, grids and penalties, a damping of
its own. What is shared is the work: one pass over the rows for all members. Members that have converged drop out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .._typing import Array, IntArray
from ..errors import ActionError
from ..kernels import NetworkArrays, threads_for
from ..kernels.batch import Batch, batch_activations, batch_errors, batch_of, can_batch, member_of
from ..kernels.batch_rows import batch_rows
from ..network import KAN, Scaling
from .batch_grids import follow_all
from .batch_phase import Phase, Reached, run_phase
from .fit import SMOOTHER, fit_steps
from .grids import follow_activations
from .losses import SQUARED_ERROR, objective_of
from .options import FitOptions
from .penalties import split_penalties
from .problem import Samples, mean_squared_error
from .rows import Rows, samples_of

SAME = ("steps", "grids", "optimizer", "move_grids")
"""Options that all members share."""


@dataclass(frozen=True, eq=False)
class EnsembleProgress:
    """The state of all fits after a step.

    Attributes:
        step, steps: steps taken so far and the most that will be taken.
        phase: what is being done, for a reader.
        train: root mean squared errors in the user's units, one for each member; NaN before its first step.
        active: how many members have not converged.
        current: makes the networks as they are.
    """

    step: int
    steps: int
    phase: str
    train: tuple[float, ...]
    active: int
    current: Callable[[], tuple[KAN, ...]]

    @cached_property
    def networks(self) -> tuple[KAN, ...]:
        """The members at this point."""
        return self.current()


def fit_together(
    networks: Sequence[KAN], rows: Rows, options: FitOptions | Sequence[FitOptions] | None = None
) -> tuple[KAN, ...]:
    """The networks that `fit` would give one by one, to rounding, fitted at once; see `fit_together_steps`."""
    last = deque(fit_together_steps(networks, rows, options), maxlen=1)
    return last[0].networks if last else ()


def fit_together_steps(
    networks: Sequence[KAN], rows: Rows, options: FitOptions | Sequence[FitOptions] | None = None
) -> Iterator[EnsembleProgress]:
    """Fit and report after every step; the last report carries the best networks.

    Networks that cannot be put side by side (symbolic or locked edges, product nodes, different shapes or grids) are
    fitted one after the other, and so is what asks for more than least squares with quadratic penalties. Side by side,
    the weight of the roughness penalty is the fixed part of the error that options without evidence have.

    Args:
        options: for all, or for each; steps, grids, optimizer and move_grids are the same for all.

    Raises:
        ActionError: the options do not fit together.
    """
    each = _options(options, len(networks))
    if not networks:
        return
    together = all(_plain(own, rows) for own in each) and can_batch([own.arrays() for own in networks])
    if not (together and all(_same(network.scaling, networks[0].scaling) for network in networks)):
        yield from _one_by_one(networks, rows, each)
        return
    train, validation, unit = samples_of(networks[0], rows)
    yield from _Together(tuple(networks), train, validation, unit, each).run()


def _plain(options: FitOptions, rows: Rows) -> bool:
    objective = options.objective or rows.objective
    squares = objective is None or objective_of(objective) is SQUARED_ERROR
    return (
        options.optimizer == "lm"
        and squares
        and options.patience is None
        and not options.grid_blend
        and not split_penalties(options.penalties)[1]
    )


def _options(options: FitOptions | Sequence[FitOptions] | None, members: int) -> tuple[FitOptions, ...]:
    if options is None or isinstance(options, FitOptions):
        return (options or FitOptions(),) * members
    each = tuple(options)
    if len(each) != members:
        raise ActionError(
            f"There are {len(each)} options for {members} networks; give one for each, or one for all."
        )
    for name in SAME:
        if len({getattr(own, name) for own in each}) > 1:
            raise ActionError(f"The options differ in {name}; give all networks the same {name}.")
    return each


def _same(one: Scaling, other: Scaling) -> bool:
    names = ("input_center", "input_scale", "output_center", "output_scale")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def _one_by_one(
    networks: Sequence[KAN], rows: Rows, each: Sequence[FitOptions]
) -> Iterator[EnsembleProgress]:
    current = list(networks)
    errors = [np.nan] * len(networks)
    taken, most = 0, sum(own.steps * max(1, len(own.grids)) for own in each)
    for number, (network, own) in enumerate(zip(networks, each, strict=True)):
        for told in fit_steps(network, rows, own):
            current[number], errors[number] = told.network, told.train
            taken += told.phase != "done"
            kept = tuple(current)
            active = len(networks) - number
            yield EnsembleProgress(taken, most, told.phase, tuple(errors), active, lambda kept=kept: kept)


@dataclass(frozen=True, eq=False)
class _Together:
    origins: tuple[KAN, ...]
    train: Samples
    validation: Samples | None
    unit: float
    options: tuple[FitOptions, ...]

    def run(self) -> Iterator[EnsembleProgress]:
        """The phases of `fit_steps`, for each member as long as it gets better."""
        options = self.options[0]
        phases = options.grids or (0,)
        total = options.steps * len(phases)
        best = [origin.arrays() for origin in self.origins]
        least, shown = np.full(len(best), np.inf), np.full(len(best), np.nan)
        going, taken = np.arange(len(best)), 0
        for grid in phases:
            todo = going
            for factor in (1.0, SMOOTHER)[: 2 if options.grids else 1]:
                reached: Reached | None = None
                for reached in self._phase([best[s] for s in todo], todo, grid, factor):
                    taken += 1
                    shown[todo] = self.unit * np.sqrt(reached.errors)
                    yield EnsembleProgress(
                        taken,
                        total,
                        f"G = {grid}" if grid else "fit",
                        tuple(shown),
                        reached.active,
                        self._snapshot(best, reached.batch, todo),
                    )
                assert reached is not None
                judged = self._errors(reached.batch, self.validation or self.train)
                won = judged < least[todo]
                for place in np.nonzero(won)[0]:
                    s = int(todo[place])
                    best[s], least[s] = member_of(reached.batch, int(place), best[s]), judged[place]
                todo = todo[~won]
                if not len(todo):
                    break
            going = np.setdiff1d(going, todo)
            if not len(going):
                break
        plain = replace(self.train, weights=None)
        if can_batch(best):
            errors = self._errors(batch_of(best), plain)
        else:  # they have stopped at different grids
            errors = np.array([mean_squared_error(arrays, plain) for arrays in best])
        shown = tuple(self.unit * np.sqrt(errors))
        yield EnsembleProgress(taken, total, "done", shown, 0, self._snapshot(best))

    def _phase(
        self, best: list[NetworkArrays], todo: IntArray, grid: int, factor: float
    ) -> Iterator[Reached]:
        options = [
            replace(self.options[s], smoothness=factor * self.options[s].relative_smoothness) for s in todo
        ]
        batch = batch_of(best)
        least = self._errors(batch, self.train)
        if grid:
            best = [follow_activations(arrays, self.train.inputs, intervals=grid) for arrays in best]
            batch = batch_of(best)
        rows = batch_rows(self.train.inputs, self.train.targets, self.train.weights, best[0].layers[0])
        if options[0].move_grids and not grid:
            with threads_for(0):
                batch = follow_all(batch, batch_activations(batch, rows))
        yield from run_phase(Phase(self.train, rows, options, best[0]), batch, least)

    def _errors(self, batch: Batch, samples: Samples) -> Array:
        first = member_of(batch, 0, self.origins[0].arrays()).layers[0]
        rows = batch_rows(samples.inputs, samples.targets, samples.weights, first)
        with threads_for(0):
            return batch_errors(batch, rows)

    def _snapshot(
        self, best: list[NetworkArrays], batch: Batch | None = None, todo: IntArray | None = None
    ) -> Callable[[], tuple[KAN, ...]]:
        kept = tuple(best)

        def networks() -> tuple[KAN, ...]:
            arrays = list(kept)
            if batch is not None and todo is not None:
                for place, s in enumerate(todo):
                    arrays[s] = member_of(batch, place, kept[s])
            return tuple(origin.replace(own) for origin, own in zip(self.origins, arrays, strict=True))

        return networks

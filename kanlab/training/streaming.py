"""Fits over more rows than fit into memory.

The same Levenberg-Marquardt as `fit`: the error, J'r and J'J are sums over rows and are added up chunk by chunk, on the
workers of an executor if there is one. Scaling and the grids of the inputs come from a first pass over all rows; the
grids of hidden nodes follow the activations of a fixed, even sample of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import Array
from ..errors import ActionError, ShapeError
from ..kernels import NetworkArrays, columns_of, threads_for, trace_layers
from ..kernels.terms import Quadratics
from ..network import KAN, NetworkSpec
from .damped import damped_step, damping_of
from .fit import REGRID_EVERY, SETTLE, SMOOTHER
from .gauge import normalize_hidden
from .grids import cover_inputs, follow_activations
from .levenberg_marquardt import FALL, LEAST_DAMPING, MOST_DAMPING, RISE, TRIES
from .losses import SQUARED_ERROR, objective_of
from .options import FitOptions
from .penalties import AnyPenalty, Roughness, split_penalties
from .progress import Progress
from .row_sources import Target, row_source
from .row_sums import RowSums
from .state import FitState

FIRST_DAMPING = 1e-2


@dataclass(frozen=True)
class Streaming:
    """How rows are gone through.

    Attributes:
        chunk_rows: rows of a chunk; sources that come in pieces of their own (Dask) keep those.
        sample_rows: rows on which grids follow the activations.
        validation: share of the rows that is held out, chosen by row number; 0 for none.
        patience: the fit ends when the held-out error has not improved for so many steps.
    """

    chunk_rows: int = 65_536
    sample_rows: int = 20_000
    validation: float = 0.1
    patience: int = 10

    def __post_init__(self) -> None:
        if min(self.chunk_rows, self.sample_rows, self.patience) < 1:
            raise ActionError(
                f"Chunks have {self.chunk_rows} rows, the sample {self.sample_rows}, patience is {self.patience}; "
                "give at least 1 for each."
            )
        if not 0 <= self.validation < 1:
            raise ActionError(
                f"The share of validation rows is {self.validation}; give a number from 0 to below 1, such as 0.1."
            )


@dataclass(frozen=True, eq=False)
class LargeFit:
    """What a fit over many rows reached.

    Attributes:
        network: the best network.
        rows: how many rows the source has.
        steps: what was reported after each step.
        train, validation: root mean squared errors of `network` in the user's units; validation is None when
            nothing was held out.
        stopped: True when it was interrupted.
    """

    network: KAN
    rows: int
    steps: tuple[Progress, ...]
    train: float
    validation: float | None
    stopped: bool


def fit_large(  # noqa: PLR0913  keywords are the public face
    network: KAN | NetworkSpec | Sequence[Any],
    source: Any,
    *,
    target: Target = None,
    seed: int = 0,
    options: FitOptions | None = None,
    streaming: Streaming | None = None,
    executor: Executor | None = None,
    progress: Callable[[Progress], Any] | None = None,
) -> LargeFit:
    """Fit a network to rows that need not fit into memory.

    The same bits come out whatever the executor and however many workers it has. An interrupt (Ctrl-C, the stop button
    of a notebook) ends the fit and gives back the best network so far.

    Args:
        network: a network to go on with, or the shape of a new one, for example [4, 5, 1].
        source: a pair (inputs, targets) or one table with `target`: arrays, `numpy.memmap`, paths of `.npy` files,
            tensors, frames, Dask arrays or frames; a torch Dataset or DataLoader; or a function that returns a fresh
            iterator of (inputs, targets) chunks.
        target: target columns of a table, by number (-1 is the last) or by name.
        seed: of a new network.
        options: how to fit; only the optimizer "lm" streams.
        streaming: chunks, sample, validation.
        executor: any `concurrent.futures.Executor`; chunks are worked on there.
        progress: called after every step.

    Raises:
        DataError: no rows, values that are not finite numbers, or a source that cannot be read twice.
        ShapeError: widths that change or do not fit the network.
        ActionError: options that do not stream.
    """
    steps: list[Progress] = []
    last: LargeStep | None = None
    stopped = False
    try:
        for report in fit_large_steps(
            network, source, target=target, seed=seed, options=options, streaming=streaming, executor=executor
        ):
            last = report
            steps.append(report.progress)
            if progress is not None:
                progress(report.progress)
    except KeyboardInterrupt:
        if last is None:
            raise
        stopped = True
    assert last is not None
    best = last.best
    return LargeFit(best.network, last.rows, tuple(steps), best.train, best.validation, stopped)


@dataclass(frozen=True, eq=False)
class LargeStep:
    """One step of a fit over many rows: its report, that of the best step so far, and the number of rows."""

    progress: Progress
    best: Progress
    rows: int


def fit_large_steps(  # noqa: PLR0913  keywords are the public face
    network: KAN | NetworkSpec | Sequence[Any],
    source: Any,
    *,
    target: Target = None,
    seed: int = 0,
    options: FitOptions | None = None,
    streaming: Streaming | None = None,
    executor: Executor | None = None,
) -> Iterator[LargeStep]:
    """`fit_large` as a stream of steps: whoever consumes it may stop at any step and keep what was reached."""
    options, streaming = options or FitOptions(), streaming or Streaming()
    if options.optimizer != "lm":
        raise ActionError(
            f'The optimizer {options.optimizer!r} does not stream over rows; use optimizer="lm".'
        )
    if options.objective is not None and objective_of(options.objective) is not SQUARED_ERROR:
        raise ActionError(
            "Only squared error streams over rows; leave out the objective, or fit rows in memory with kanlab.fit."
        )
    if split_penalties(options.penalties)[1] or options.patience is not None:
        raise ActionError(
            "A streamed fit takes penalties that are quadratics of the parameters, and its patience from Streaming; "
            "fit rows in memory with kanlab.fit for more."
        )
    sums = RowSums(row_source(source, target), streaming.chunk_rows, streaming.validation, executor)
    seen = sums.statistics()
    origin = _origin(network, seed, seen.inputs, len(seen.mean) - seen.inputs)
    if not isinstance(network, KAN):
        scaling = seen.scaling()
        origin = KAN(origin.spec, seed=seed, scaling=scaling)
        ends = scaling.scale_inputs(np.stack([seen.low[: seen.inputs], seen.high[: seen.inputs]]))
        origin = origin.replace(cover_inputs(origin.arrays(), ends))
    sample = sums.sample(origin, seen.rows, streaming.sample_rows)
    if not len(sample):
        raise ActionError(
            f"All of the {seen.rows} rows are held out for validation; lower the share {streaming.validation}."
        )
    loop = _Loop(origin, sums, seen.rows, sample, options, streaming.patience)
    yield from loop.run()


def _origin(network: KAN | NetworkSpec | Sequence[Any], seed: int, inputs: int, outputs: int) -> KAN:
    if isinstance(network, KAN):
        made = network
    else:
        made = KAN(network if isinstance(network, NetworkSpec) else NetworkSpec.of(network), seed=seed)
    spec = made.spec
    if (spec.inputs, spec.outputs) != (inputs, outputs):
        raise ShapeError(
            f"The network {spec} has {spec.inputs} inputs and {spec.outputs} outputs, but the source gives rows of "
            f"{inputs} and {outputs}; give a network from {inputs} to {outputs}."
        )
    return made


@dataclass(frozen=True, eq=False)
class _Point:
    """Where a step led: the network and its mean squared errors."""

    arrays: NetworkArrays
    train: float
    validation: float | None

    @property
    def judged(self) -> float:
        return self.train if self.validation is None else self.validation


@dataclass(frozen=True, eq=False)
class _Loop:
    origin: KAN
    sums: RowSums
    rows: int
    sample: Array
    options: FitOptions
    patience: int

    def run(self) -> Iterator[LargeStep]:
        """The phases of `fit_steps`, over chunks."""
        options = self.options
        phases = options.grids or (0,)
        total = options.steps * len(phases)
        # a penalty may cost accuracy, and nothing but held-out rows can tell when to go back
        judging = self.sums.share > 0 and not options.penalties
        best: _Point | None = None
        first = self.at(self.origin.arrays())
        told = best_told = self._report(first, 0, total, "start")
        taken = 0
        for grid in phases:
            improved = False
            for smoothness in (options.relative_smoothness, SMOOTHER * options.relative_smoothness)[
                : 2 if options.grids else 1
            ]:
                reached: _Point | None = None
                before = best or first
                for here in self._phase(before, self._laid(before.arrays, grid), smoothness):
                    taken += 1
                    label = f"G = {grid}" if grid else "fit"
                    now = self._report(here, taken, total, label)
                    if reached is None or not judging or here.judged < reached.judged:
                        reached, told = here, now
                    better = best is None or reached.judged < best.judged
                    yield LargeStep(now, told if better else best_told, self.rows)
                if reached is not None and (best is None or reached.judged < best.judged):
                    best, best_told = reached, told
                    improved = True
                    break
            if not improved:
                break

    def at(self, arrays: NetworkArrays) -> _Point:
        """The errors of a network; infinite where it is not defined."""
        numbers = [getattr(layer, name) for layer in arrays.layers for name in _NUMBERS]
        if not all(np.isfinite(part).all() for part in numbers):
            return _Point(arrays, np.inf, None)
        train, validation = self.sums.errors(self.origin.replace(arrays), self.rows)
        return _Point(arrays, train, validation)

    def _laid(self, arrays: NetworkArrays, grid: int) -> NetworkArrays:
        return self._followed(arrays, grid or None) if grid or self.options.move_grids else arrays

    def _followed(self, arrays: NetworkArrays, intervals: int | None = None) -> NetworkArrays:
        return follow_activations(arrays, self.sample, intervals=intervals, blend=self.options.grid_blend)

    def _phase(self, before: _Point, laid: NetworkArrays, smoothness: float) -> Iterator[_Point]:
        options = self.options
        mu, idle, waited = FIRST_DAMPING, 0, 0
        roughness, least, lowest = Roughness(0.0), before.train, np.inf
        arrays = laid
        for number in range(options.steps):
            if number % REGRID_EVERY == 0:
                if options.move_grids and number < options.steps - SETTLE:
                    arrays = normalize_hidden(arrays, self.sample) if options.penalties else arrays
                    arrays = self._followed(arrays)
                error = self.at(arrays).train
                least = min(least, error) if np.isfinite(error) else least
                roughness = Roughness(smoothness * max(least, 1e-30), by_interval=options.grid_blend > 0)
            point, mu, gain = self._step(arrays, mu, (roughness, *options.penalties))
            arrays = point.arrays
            yield point
            idle = idle + 1 if gain < options.tolerance else 0
            waited = 0 if point.judged < lowest else waited + 1
            lowest = min(lowest, point.judged)
            if idle >= 3 or (point.validation is not None and waited >= self.patience):
                return

    def _step(
        self, arrays: NetworkArrays, mu: float, penalties: Sequence[AnyPenalty]
    ) -> tuple[_Point, float, float]:
        columns = columns_of(arrays)
        normal = self.sums.normal(self.origin.replace(arrays), self.rows)
        theta = columns.pack(arrays)
        # the roughness of an edge is known without its activations
        passes = trace_layers(self.sample, arrays) if len(penalties) > 1 else ()
        quadratic = Quadratics.of(
            [block for one in split_penalties(penalties)[0] for block in one.blocks(arrays, passes, columns)]
        )
        matrix, gradient = normal.matrix, normal.gradient + quadratic.product(theta)
        quadratic.add_to(matrix)
        before = normal.error + quadratic.value(theta)
        if np.isfinite(before) and np.isfinite(gradient).all() and np.isfinite(matrix).all():
            level, least = damping_of(matrix.diagonal())
            for _ in range(TRIES):
                with threads_for(0):
                    move = damped_step(matrix, gradient, mu * level + least)
                if move is not None:
                    trial = self.at(columns.unpack(theta + move, arrays))
                    after = trial.train + quadratic.value(theta + move)
                    if after < before:
                        return trial, max(FALL * mu, LEAST_DAMPING), (before - after) / before
                mu = min(RISE * mu, MOST_DAMPING)
        return self.at(arrays), mu, 0.0

    def _report(self, here: _Point, step: int, steps: int, phase: str) -> Progress:
        unit = float(np.sqrt(np.mean(self.origin.scaling.output_scale**2)))
        train = unit * float(np.sqrt(here.train))
        validation = None if here.validation is None else unit * float(np.sqrt(here.validation))
        state = FitState(here.arrays, here.arrays)
        return Progress(step, steps, phase, train, validation, here.arrays, self.origin, state)


_NUMBERS = ("coefficients", "base_scale", "bias", "affine")

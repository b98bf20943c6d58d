"""One phase of a fit, for many members at once; see `levenberg_marquardt` and `fit` for the steps of one.

Each member has a damping, a roughness penalty and further penalties of its own and stops on its own; the passes over
the rows are shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array, IntArray
from ..kernels import NetworkArrays, threads_for, trace_layers
from ..kernels.batch import (
    Batch,
    batch_activations,
    batch_errors,
    batch_normal,
    batch_of,
    columns_order,
    member_of,
)
from ..kernels.batch_penalty import add_roughness, roughness_values
from ..kernels.batch_rows import BatchRows
from ..kernels.cholesky import damped_solutions
from .batch_grids import follow_all
from .damped import damping_of
from .fit import REGRID_EVERY, SETTLE
from .gauge import normalize_hidden
from .levenberg_marquardt import FALL, LEAST_DAMPING, MOST_DAMPING, RISE, TRIES
from .options import FitOptions
from .penalties import split_penalties
from .problem import Samples

FIRST_DAMPING = 1e-2
PATIENCE = 3


@dataclass(frozen=True, eq=False)
class Reached:
    """All members after a step, their mean squared errors, and how many go on."""

    batch: Batch
    errors: Array
    active: int


@dataclass(frozen=True, eq=False)
class _Quadratics:
    """Penalties v' M v on parts v of each member's parameters: [A, n] places in theta, [A, n, n] matrices."""

    places: tuple[IntArray, ...]
    matrices: tuple[Array, ...]

    def values(self, theta: Array, members: IntArray) -> Array:
        total = np.zeros(len(members))
        for place, matrix in zip(self.places, self.matrices, strict=True):
            part = np.take_along_axis(theta, place[members], axis=1)
            total += np.einsum("am,amn,an->a", part, matrix[members], part)
        return total

    def add(self, theta: Array, matrix: Array, gradient: Array) -> None:
        member = np.arange(len(theta))[:, None]
        for place, own in zip(self.places, self.matrices, strict=True):
            part = np.take_along_axis(theta, place, axis=1)
            matrix[member[:, :, None], place[:, :, None], place[:, None, :]] += own
            gradient[member, place] += np.einsum("amn,an->am", own, part)


@dataclass(frozen=True, eq=False)
class Phase:
    """The fit of some members, from networks whose grids are laid.

    Attributes:
        samples, rows: the training rows, plain and prepared for the batch.
        options: of each member; `smoothness` is that of this phase.
        template: a network with the shape of the members.
    """

    samples: Samples
    rows: BatchRows
    options: Sequence[FitOptions]
    template: NetworkArrays

    def run(self, batch: Batch, least: Array) -> Iterator[Reached]:
        """Step until every member has converged; `least` [A] is the error of each before its grids were laid."""
        first = self.options[0]
        smoothness = np.array([own.relative_smoothness for own in self.options])
        tolerance = np.array([own.tolerance for own in self.options])
        members = batch.members
        damping, idle = np.full(members, FIRST_DAMPING), np.zeros(members, dtype=np.int64)
        errors, weight, least = np.full(members, np.nan), np.zeros(members), least.copy()
        active = np.arange(members)
        for number in range(first.steps):
            part = batch.take(active)
            if number % REGRID_EVERY == 0:
                if first.move_grids and number < first.steps - SETTLE:
                    part = self._normalized(part, active)
                    part = follow_all(part, batch_activations(part, self.rows))
                now = batch_errors(part, self.rows)
                better = np.isfinite(now) & (now < least[active])
                least[active[better]] = now[better]
                weight[active] = smoothness[active] * np.maximum(least[active], 1e-30)
            done = self._step(part, damping[active], weight[active], active)
            batch = batch.put(active, done.batch)
            errors[active], damping[active] = done.errors, done.damping
            idle[active] = np.where(done.gain < tolerance[active], idle[active] + 1, 0)
            active = active[idle[active] < PATIENCE]
            yield Reached(batch, errors.copy(), len(active))
            if not len(active):
                return

    def _normalized(self, batch: Batch, active: IntArray) -> Batch:
        if not any(self.options[s].penalties for s in active):
            return batch
        arrays = [member_of(batch, place, self.template) for place in range(batch.members)]
        return batch_of(
            [
                normalize_hidden(own, self.samples.inputs) if self.options[s].penalties else own
                for s, own in zip(active, arrays, strict=True)
            ]
        )

    def _step(self, batch: Batch, damping: Array, weight: Array, active: IntArray) -> _Stepped:
        theta = batch.theta
        matrix, gradient, errors = batch_normal(batch, self.rows)
        quadratics = (_Roughness.of(batch, weight), *self._further(batch, active))
        for terms in quadratics:
            terms.add(theta, matrix, gradient)
        every = np.arange(batch.members)
        before = errors + sum(terms.values(theta, every) for terms in quadratics)
        sound = np.isfinite(before) & np.isfinite(gradient).all(axis=1)
        # a number of J that is not finite shows on the diagonal of J'J
        diagonal = matrix.diagonal(axis1=1, axis2=2)
        sound &= np.isfinite(diagonal).all(axis=1)
        level, lowest = damping_of(diagonal)
        waiting = np.nonzero(sound)[0]
        damping, gain, theta = damping.copy(), np.zeros(batch.members), theta.copy()
        for _ in range(TRIES):
            if not len(waiting):
                break
            added = damping[waiting, None] * level[waiting] + lowest[waiting]
            moves = damped_solutions(matrix, gradient, added, waiting)
            # a sum is finite only if all its numbers are
            solved = np.isfinite(moves.sum(axis=1))
            tried = waiting[solved]
            left = np.ones(batch.members, dtype=bool)
            if len(tried):
                trial = theta[tried] + moves[solved]
                error = batch_errors(batch.take(tried).with_theta(trial), self.rows)
                after = error + sum(terms.values(trial, tried) for terms in quadratics)
                good = after < before[tried]
                taken = tried[good]
                left[taken] = False
                theta[taken], errors[taken] = trial[good], error[good]
                gain[taken] = (before[taken] - after[good]) / before[taken]
                damping[taken] = np.maximum(FALL * damping[taken], LEAST_DAMPING)
            waiting = waiting[left[waiting]]
            damping[waiting] = np.minimum(RISE * damping[waiting], MOST_DAMPING)
        return _Stepped(batch.with_theta(theta), errors, damping, gain)

    def _further(self, batch: Batch, active: IntArray) -> tuple[_Quadratics, ...]:
        """Penalties besides the roughness, from their quadratics for each network alone."""
        if not any(self.options[s].penalties for s in active):
            return ()
        columns, order = columns_order(self.template)
        inputs = self.samples.inputs
        found: list[list[tuple[IntArray, Array]]] = []
        for place, s in enumerate(active):
            arrays = member_of(batch, place, self.template)
            passes = trace_layers(inputs, arrays)
            blocks = [
                block
                for own in split_penalties(self.options[s].penalties)[0]
                for block in own.blocks(arrays, passes, columns)
            ]
            found.append([(order[b.start : b.start + len(b.matrix)], b.matrix) for b in blocks])
        most = max(len(own) for own in found)
        size = max(len(place) for own in found for place, _ in own)
        places = np.zeros((most, len(active), size), dtype=np.int64)
        matrices = np.zeros((most, len(active), size, size))
        for a, own in enumerate(found):
            for number, (place, matrix) in enumerate(own):
                places[number, a, : len(place)] = place
                matrices[number, a, : len(place), : len(place)] = matrix
        return (_Quadratics(tuple(places), tuple(matrices)),)


@dataclass(frozen=True, eq=False)
class _Stepped:
    batch: Batch
    errors: Array
    damping: Array
    gain: Array


@dataclass(frozen=True, eq=False)
class _Roughness:
    """The penalty `Roughness` of every spline.

    Attributes:
        outputs: of each layer.
        matrices: of each layer [A, I, G + k, G + k], times each member's weight.
    """

    outputs: tuple[int, ...]
    matrices: tuple[Array, ...]

    @classmethod
    def of(cls, batch: Batch, weight: Array) -> _Roughness:
        outputs = tuple(layer.weights.shape[1] for layer in batch.layers)
        return cls(outputs, tuple(weight[:, None, None, None] * layer.roughness for layer in batch.layers))

    def values(self, theta: Array, members: IntArray) -> Array:
        total, start = np.zeros(len(members)), 0
        for outputs, matrices in zip(self.outputs, self.matrices, strict=True):
            start = roughness_values(theta, start, outputs, matrices, members, total)
        return total

    def add(self, theta: Array, matrix: Array, gradient: Array) -> None:
        start = 0
        for outputs, matrices in zip(self.outputs, self.matrices, strict=True):
            start = add_roughness(theta, start, outputs, matrices, matrix, gradient)


def run_phase(phase: Phase, batch: Batch, least: Array) -> Iterator[Reached]:
    """`phase.run` with one BLAS thread: the matrices are small."""
    steps = phase.run(batch, least)
    while True:
        with threads_for(0):
            reached = next(steps, None)
        if reached is None:
            return
        yield reached

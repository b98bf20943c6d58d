"""Adam (Kingma and Ba 2015) with mini-batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .._typing import Array
from ..errors import ActionError, did_you_mean
from ..kernels import NetworkArrays, columns_of, threads_for
from .optimizer import Taken
from .penalties import AnyPenalty
from .problem import Samples
from .schedules import SCHEDULES
from .slopes import quadratic_of, slope_of

FORGET_MEAN, FORGET_SQUARE, FLOOR = 0.9, 0.999, 1e-8


@dataclass(frozen=True, eq=False)
class Moments:
    """Running means of the gradient and of its square, epochs and updates done, and the updates there will be."""

    mean: Array
    square: Array
    epochs: int
    updates: int
    total: int


@dataclass(frozen=True)
class Adam:
    """A step is an epoch: every row once, in batches.

    Attributes:
        rate: largest step length of a parameter.
        batch: rows in a batch; None takes all rows at once.
        schedule: a row of `SCHEDULES`.
        seed: where the random order of the rows starts; each epoch has a generator of its own, made from the seed and
            the number of the epoch.
    """

    rate: float = 1e-2
    batch: int | None = None
    schedule: str = "cosine"
    seed: int = 0
    name: str = field(default="adam", init=False)
    smoothness: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            raise ActionError(
                f"The schedule {self.schedule!r} is not known; use one of {', '.join(SCHEDULES)}."
                + did_you_mean(str(self.schedule), SCHEDULES)
            )
        if self.batch is not None and self.batch < 1:
            raise ActionError(f"The batch has {self.batch} rows; give at least 1, or None for all rows.")
        if not self.rate > 0:
            raise ActionError(f"The rate is {self.rate!r}; give a positive number, for example 0.01.")

    def start(self, network: NetworkArrays, samples: Samples, steps: int) -> Moments:
        count = columns_of(network).count
        batches = -(-samples.rows // (self.batch or samples.rows))
        return Moments(np.zeros(count), np.zeros(count), 0, 0, steps * batches)

    def step(
        self, network: NetworkArrays, samples: Samples, penalties: Sequence[AnyPenalty], memory: Moments
    ) -> Taken[Moments]:
        columns = columns_of(network)
        theta = columns.pack(network)
        mean, square, updates = memory.mean, memory.square, memory.updates
        with threads_for(0):
            quadratic = quadratic_of(network, samples, columns, penalties)
            for part in self._batches(samples, memory.epochs):
                updates += 1
                _, gradient = slope_of(network, part, columns, penalties, quadratic)(theta)
                mean = FORGET_MEAN * mean + (1 - FORGET_MEAN) * gradient
                square = FORGET_SQUARE * square + (1 - FORGET_SQUARE) * gradient**2
                rate = self.rate * SCHEDULES[self.schedule](updates / (memory.total + 1))
                spread = np.sqrt(square / (1 - FORGET_SQUARE**updates)) + FLOOR
                theta = theta - rate * (mean / (1 - FORGET_MEAN**updates)) / spread
        memory = Moments(mean, square, memory.epochs + 1, updates, memory.total)
        return Taken(columns.unpack(theta, network), memory, float("inf"))

    def _batches(self, samples: Samples, epoch: int) -> Iterator[Samples]:
        if self.batch is None or self.batch >= samples.rows:
            yield samples
            return
        order = np.random.default_rng([self.seed, epoch]).permutation(samples.rows)
        for start in range(0, samples.rows, self.batch):
            own = order[start : start + self.batch]
            weights = None if samples.weights is None else samples.weights[own]
            yield replace(samples, inputs=samples.inputs[own], targets=samples.targets[own], weights=weights)

"""The search for sums of products of forms, with surrogates of what it reduces to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .._typing import Array, BoolArray
from ..data import Dataset
from ..errors import KanlabError
from ..network import KAN
from ..search.explain import Effort, reduced, searched
from ..search.factors import Shape
from ..search.problem import Problem
from ..search.settle import settle
from ..sparsity import prune
from ..symbolic.law import Law
from ..symbolic.polish import Table, weighted_error
from ..symbolic.surrogate import Surrogate
from ..symbolic.tree import Sum, evaluate
from ..training import FitOptions, Rows, fit
from .actions import SPARSITY, Fit
from .fitting import fit_phases
from .rival import Rival, duel
from .setup import first_network, rows_of
from .surrogate import GRIDS, fitted_surrogate, shared_misfit

FEW = 3
"""Up to so many columns all terms are tried before the problem is reduced."""
MANY = 6
"""Of more columns, those that a sparse network leaves unused are set aside first."""
PRUNE_AT = 0.01
LEAST_ROWS = 40
LEAST_R2, LEAST_NOISE, ALIKE = 0.3, 1e-3, 2.0
DETOURS = 2
CLEARLY = 1.0

Stage = tuple[str, Callable[[], Iterator[Sum]]]


class Explaining:
    """The stages of the search on one dataset; what one stage finds out about the problem serves the next."""

    def __init__(
        self, dataset: Dataset, rows: Rows, *, seed: int, forms: Sequence[str], stopping: Callable[[], bool]
    ) -> None:
        self._dataset, self._rows, self._seed = dataset, rows, seed
        self._effort = Effort(tuple(Shape(name) for name in forms), stopping)
        self._table = Table.measured(rows.inputs, rows.targets[:, 0], _column(rows))
        self._chain: list[Problem] | None = None
        self._start: Problem | None = None
        self._surrogate: Surrogate | None = None

    def stages(self) -> list[Stage]:
        """Label and search of every stage, in order."""
        if len(self._rows.inputs) < LEAST_ROWS:
            return []
        few = self._rows.inputs.shape[1] <= FEW
        return [
            *([("terms", lambda: self._laws(self.start, 0))] if few else []),
            ("terms of fewer columns", self._smallest),
            ("more terms", lambda: self._laws(self.smallest, 1)),
            *([] if few else [("terms of more columns", self._detours)]),
        ]

    @property
    def start(self) -> Problem:
        """The problem of the columns that matter."""
        if self._start is None:
            rows = self._rows
            inputs = rows.inputs
            if inputs.shape[1] > MANY:
                unused = ~_used(self._dataset, rows, self._seed, self._effort.stopping)
                inputs = np.where(unused, inputs[:1], inputs)
            self._start = Problem.of(inputs, rows.targets[:, 0], _column(rows))
        return self._start

    @property
    def chain(self) -> list[Problem]:
        """The problem reduced step by step."""
        if self._chain is None:
            self._chain = reduced(self.start, self._fitted, self._effort)
        return self._chain

    @property
    def smallest(self) -> Problem:
        return self.chain[-1] if self.chain else self.start

    def explains_all_but_noise(self, law: Law) -> bool:
        """Whether a law leaves no more than the noise that a network sees in the data.

        On rows that a network has not seen it does not do clearly worse than the network, row by row, and what it
        leaves is not alike in neighboring rows. Only a law that explains something is asked about, and not where there
        is hardly any noise.
        """
        count = len(self.start.columns)
        if not law.r2 > LEAST_R2 or count < 2 or (count > 2 and self._chain is None):
            return False
        surrogate = self._fitted(self.start)
        table = self._table
        left, variance = weighted_error(law.tree, table), float(np.var(table.target))
        if surrogate is None or left < LEAST_NOISE**2 * variance:
            return False
        if self._loses(law, surrogate):
            return False
        misfit = table.target - evaluate(law.tree, table.inputs)
        misfit *= 1.0 if table.weights is None else np.sqrt(table.weights)
        columns = (self.smallest if self._chain else self.start).inputs
        return shared_misfit(misfit, columns) <= ALIKE / np.sqrt(len(misfit)) * left

    def _loses(self, law: Law, surrogate: Surrogate) -> bool:
        """Whether the surrogate predicts rows that it has not seen better, by more than one standard error.

        Both meet the same noise in the same rows, which the two errors by themselves do not: on few rows, these differ
        by chance by more than a law can be wrong.
        """
        held, table = self._data(self.start).split.test, self._table
        rows = Table(
            table.inputs[held], table.target[held], None if table.weights is None else table.weights[held]
        )
        told = duel(evaluate(law.tree, rows.inputs), surrogate.function(self.start.inputs[held]), rows)
        return told.difference > CLEARLY * told.standard_error

    def rival(self, seconds: float | None) -> Rival | None:
        """A network of the columns that matter; None for few rows, or when there is none yet and no time to fit one.

        Args:
            seconds: that a fit may take, or None for no limit.
        """
        late = seconds is not None and seconds <= 0
        if len(self._rows.inputs) < LEAST_ROWS or (late and self._surrogate is None):
            return None
        places = [min(column.inputs) for column in self.start.columns]
        if len(places) == 1:
            return None if late else self._rival_of_one(places)
        surrogate = self._fitted(self.start, seconds)
        if surrogate is None:
            return None
        noise = surrogate.noise * float(np.std(self._rows.targets))
        told = noise if surrogate.noise > surrogate.error else None
        return Rival(lambda inputs: surrogate.function(inputs[:, places]), told)

    def _rival_of_one(self, places: list[int]) -> Rival:
        data = self._data(self.start)
        network = first_network(data, [1, 1], seed=self._seed, intervals=GRIDS[0])
        network = fit(network, rows_of(data), FitOptions(grids=GRIDS))
        return Rival(lambda inputs: network.predict(inputs[:, places])[:, 0], None)

    def _smallest(self) -> Iterator[Sum]:
        if self.chain or len(self.start.columns) > FEW:
            yield from self._laws(self.smallest, 0)

    def _detours(self) -> Iterator[Sum]:
        """The problems on the way, where a step may have been one too many."""
        for problem in reversed([self.start, *self.chain[:-1]][-DETOURS:]):
            yield from self._laws(problem, 0)

    def _laws(self, problem: Problem, level: int) -> Iterator[Sum]:
        if not problem.columns:
            return
        found = searched(problem, level, self._effort)
        exact = [one for one in found if one.exact]
        yield from (one.tree for one in settle(exact or found, self._table))

    def _fitted(self, problem: Problem, seconds: float | None = None) -> Surrogate | None:
        if problem is self._start and self._surrogate is not None:
            return self._surrogate
        try:
            found = fitted_surrogate(self._data(problem), seed=self._seed, time_limit=seconds)
        except KanlabError:
            return None
        if problem is self._start:
            self._surrogate = found
        return found

    def _data(self, problem: Problem) -> Dataset:
        return Dataset.from_arrays(
            problem.inputs,
            problem.target,
            names=[f"x{number}" for number in range(1, len(problem.columns) + 1)],
            uncertainty=1 / problem.weights,
            seed=self._seed,
        )


def _column(rows: Rows) -> Array | None:
    return (
        None if rows.uncertainty is None else np.asarray(rows.uncertainty).reshape(len(rows.inputs), -1)[:, 0]
    )


def _used(dataset: Dataset, rows: Rows, seed: int, stopping: Callable[[], bool]) -> BoolArray:
    """Which inputs a sparse network keeps an edge of, [n]; all of them where it keeps none."""
    network = sparse_network(dataset, rows, None, seed, stopping)
    used = network.arrays().layers[0].splines.any(axis=1)
    return np.asarray(used if used.any() else np.ones_like(used))


def sparse_network(
    dataset: Dataset, rows: Rows, shape: Sequence[object] | None, seed: int, stopping: Callable[[], bool]
) -> KAN:
    """A network fitted sparsely and pruned."""
    network = first_network(dataset, shape, seed=seed)
    for _, options in fit_phases(Fit(sparsity=SPARSITY)):
        if stopping():
            return network
        network = fit(network, rows, options)
    return prune(network, rows.inputs, PRUNE_AT)

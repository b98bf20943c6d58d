"""What regression and classification have in common: parameters, rows, the fit and its domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, check_random_state

from .._typing import Array, BoolArray
from ..discovery.actions import Fit
from ..discovery.fitting import fit_phases
from ..discovery.setup import HIDDEN, INTERVALS
from ..errors import DataError, ShapeError
from ..network import KAN, NetworkSpec, Scaling
from ..sparsity import Shrinkage
from ..training import Rows, cover_inputs, fit
from .cells import inputs_of

LEAST_ROWS = 4
LAYING_STEPS = 8
"""Steps in which grids find their places before edges are shrunk."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows without repeats, in one order whatever the order they came in.

    Attributes:
        inputs: [N, n].
        targets: [N, m].
        weights: [N], what each row counts, with a mean of 1; None when all count the same.
    """

    inputs: Array
    targets: Array
    weights: Array | None

    @classmethod
    def of(cls, inputs: Array, targets: Array, weights: Array) -> Sample:
        """Rows that are the same are one row with the sum of their weights, and rows of weight 0 are left out.

        So a weight means what a repetition means, exactly, and the order of the rows means nothing.

        Raises:
            DataError: too few rows are left.
        """
        kept = weights > 0
        refuse_few(weights)
        rows = np.concatenate([inputs[kept], targets[kept]], axis=1)
        unique, place = np.unique(rows, axis=0, return_inverse=True)
        total = np.bincount(place.reshape(-1), weights=weights[kept])
        same = bool((total == total[0]).all())
        columns = inputs.shape[1]
        return cls(unique[:, :columns], unique[:, columns:], None if same else total / total.mean())


def refuse_few(weights: Array) -> None:
    """Raises DataError when fewer rows than are needed have a weight."""
    count = int(np.count_nonzero(weights))
    if count < LEAST_ROWS:
        raise DataError(
            f"X has too few rows that count: n_samples={count}, "
            f"and at least {LEAST_ROWS} are needed, some hundred are better."
        )


def range_of(inputs: Array) -> Array:
    """Least and greatest value of each column [2, n]."""
    return np.stack([inputs.min(axis=0), inputs.max(axis=0)])


class KANEstimator(BaseEstimator):
    """Base of the estimators; not for use by itself."""

    def __init__(  # noqa: PLR0913  keywords are the public face
        self,
        *,
        hidden: Sequence[Any] | None = None,
        order: int | Sequence[int] = 3,
        intervals: int | Sequence[int] = INTERVALS,
        base: str | Sequence[str] = "silu",
        steps: int = 40,
        sparsity: float = 0.0,
        grids: Sequence[int] = (),
        smoothness: float | None = None,
        shrinkage: float = 0.0,
        optimizer: str = "lm",
        validation_fraction: float = 0.2,
        random_state: Any = 0,
    ) -> None:
        self.hidden = hidden
        self.order = order
        self.intervals = intervals
        self.base = base
        self.steps = steps
        self.sparsity = sparsity
        self.grids = grids
        self.smoothness = smoothness
        self.shrinkage = shrinkage
        self.optimizer = optimizer
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    network_: KAN
    domain_: Array

    def in_domain(self, X: Any) -> BoolArray:
        """True for each row [rows] of X in which every input lies in the range of the rows that were fitted."""
        check_is_fitted(self)
        return self._inside(inputs_of(self, X, reset=False))

    def _inside(self, inputs: Array) -> BoolArray:
        return ((inputs >= self.domain_[0]) & (inputs <= self.domain_[1])).all(axis=1)

    def _outputs(self, X: Any) -> tuple[Array, BoolArray]:
        """Outputs of the network [rows, outputs] and where it was fitted [rows]."""
        check_is_fitted(self)
        inputs = inputs_of(self, X, reset=False)
        return self.network_.predict(inputs), self._inside(inputs)

    def _seed(self) -> int:
        seed = self.random_state
        if isinstance(seed, (int, np.integer)) and seed >= 0:
            return int(seed)
        return int(check_random_state(seed).randint(np.iinfo(np.int32).max))

    def _action(self) -> Fit:
        return Fit(
            steps=self.steps,
            sparsity=self.sparsity,
            grids=tuple(self.grids),
            smoothness=self.smoothness,
            optimizer=self.optimizer,
        )

    def _fresh(self, sample: Sample, outputs: int, scaling: Scaling, seed: int) -> KAN:
        """An untrained network whose first grids lie on the rows."""
        inputs = sample.inputs.shape[1]
        if self.hidden is None:
            affordable = len(sample.inputs) // (2 * (INTERVALS + 4) * (inputs + outputs))
            # a single hidden node adds little to curves of the inputs that are summed
            hidden: list[Any] = [min(HIDDEN, affordable)] if affordable >= 2 else []
        elif isinstance(self.hidden, (str, int)) or not hasattr(self.hidden, "__iter__"):
            raise ShapeError(f"hidden is {self.hidden!r}; give a list of layer widths such as [5] or [5, 3].")
        else:
            hidden = list(self.hidden)
        spec = NetworkSpec.of(
            [inputs, *hidden, outputs], order=self.order, intervals=self.intervals, base=self.base
        )
        network = KAN(spec, seed=seed, scaling=scaling)
        return network.replace(cover_inputs(network.arrays(), scaling.scale_inputs(sample.inputs)))

    def _rows(self, sample: Sample, seed: int) -> Rows:
        """All rows for training; with grids to choose from, some are set apart to choose by."""
        weights = sample.weights
        if not self.grids or not 0 < self.validation_fraction < 1:
            return Rows(sample.inputs, sample.targets, weights=weights)
        order = np.random.default_rng(seed).permutation(len(sample.inputs))
        apart = max(1, round(self.validation_fraction * len(order)))
        held, train = np.sort(order[:apart]), np.sort(order[apart:])
        return Rows(
            sample.inputs[train],
            sample.targets[train],
            sample.inputs[held],
            sample.targets[held],
            weights=None if weights is None else weights[train],
        )

    def _trained(self, network: KAN, rows: Rows) -> KAN:
        for _, options in fit_phases(self._action()):
            if self.shrinkage > 0:
                # grids that move while hidden nodes are shrunk lift the objective again and again
                laid = replace(options, steps=min(LAYING_STEPS, options.steps), grids=())
                network = fit(network, rows, laid)
                penalties = (*options.penalties, Shrinkage(self.shrinkage / len(rows.inputs)))
                options = replace(options, penalties=penalties, move_grids=False)  # noqa: PLW2901
            network = fit(network, rows, options)
        return network

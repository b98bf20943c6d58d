"""Regression with scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self, overload

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_consistent_length

from .._typing import Array, BoolArray
from ..data import Dataset
from ..discovery import Shelf, discover
from ..discovery.setup import INTERVALS
from ..network import Scaling
from ..symbolic.law import Law
from .base import KANEstimator, Sample, range_of
from .cells import inputs_of, targets_of, weights_of


class KANRegressor(RegressorMixin, MultiOutputMixin, KANEstimator):
    """A Kolmogorov-Arnold network as a scikit-learn regressor.

    Args:
        hidden: widths of the hidden layers, such as [5] or [5, (3, 2)]; [] has none: curves of the inputs are summed;
            None is one layer of at most five nodes, or [] when there are too few rows for two nodes.
        order, intervals, base: degree of the splines, intervals and base function; one for all layers or a list
            of one for each.
        steps, sparsity, grids, smoothness, optimizer: as in `Session.fit`.
        shrinkage: pulls every edge toward a constant, with the weight of so many rows; 0 for none.
        validation_fraction: share of the rows that choose among `grids`; without grids all rows are fitted.
        law_seconds: when positive, `kl.discover` searches that long for a law of the rows, for one target.
        random_state: where the random numbers start.

    Attributes:
        law_: the law that was found, or None. Where there is one, predictions are those of its printed text.
        network_: the fitted network, a torch module; that of the law where there is one.
        domain_: least and greatest value of each input that was fitted, [2, columns].
        target_names_: names of the targets.
        n_features_in_, feature_names_in_: as everywhere in scikit-learn.
    """

    law_: Law | None
    target_names_: tuple[str, ...]

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
        law_seconds: float = 0.0,
        random_state: Any = 0,
    ) -> None:
        super().__init__(
            hidden=hidden,
            order=order,
            intervals=intervals,
            base=base,
            steps=steps,
            sparsity=sparsity,
            grids=grids,
            smoothness=smoothness,
            shrinkage=shrinkage,
            optimizer=optimizer,
            validation_fraction=validation_fraction,
            random_state=random_state,
        )
        self.law_seconds = law_seconds

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to X [rows, columns] and y [rows] or [rows, outputs].

        Raises:
            KanlabError, ValueError, TypeError: data or parameters that cannot be used.
        """
        inputs = inputs_of(self, X, reset=True)
        targets, names = targets_of(self, y)
        check_consistent_length(inputs, targets)
        sample = Sample.of(inputs, targets.reshape(len(targets), -1), weights_of(sample_weight, len(inputs)))
        scaling = Scaling.of(sample.inputs, sample.targets, sample.weights)
        seed = self._seed()
        shelf = self._shelf(sample, names, seed) if self.law_seconds else None
        self.law_ = None if shelf is None else shelf.best
        if shelf is not None and shelf.network is not None:
            self.network_ = shelf.network
        else:
            network = self._fresh(sample, sample.targets.shape[1], scaling, seed)
            self.network_ = self._trained(network, self._rows(sample, seed))
        self.domain_ = range_of(sample.inputs)
        self.target_names_ = names
        self._flat = targets.ndim == 1
        return self

    def _shelf(self, sample: Sample, targets: tuple[str, ...], seed: int) -> Shelf:
        names = getattr(self, "feature_names_in_", None)
        clash = names is not None and bool(set(names) & set(targets))
        data = Dataset.from_arrays(
            sample.inputs,
            sample.targets,
            names=None if names is None else [str(name) for name in names],
            target_name="y" if clash else list(targets),
            uncertainty=None if sample.weights is None else 1 / np.sqrt(sample.weights),
        )
        return discover(data, time_limit=self.law_seconds, seed=seed)

    @overload
    def predict(self, X: Any, *, return_in_domain: Literal[False] = False) -> Array: ...

    @overload
    def predict(self, X: Any, *, return_in_domain: Literal[True]) -> tuple[Array, BoolArray]: ...

    def predict(self, X: Any, *, return_in_domain: bool = False) -> Array | tuple[Array, BoolArray]:
        """Predictions of the shape that y had.

        Args:
            return_in_domain: also give a mask [rows], true where every input lies in the range that was fitted.
        """
        outputs, inside = self._outputs(X)
        if self.law_ is not None:
            outputs = self.law_(inputs_of(self, X, reset=False))[:, None]
        values = outputs[:, 0] if self._flat else outputs
        return (values, inside) if return_in_domain else values

"""Classification with scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, Self, overload

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, column_or_1d

from .._typing import Array, BoolArray
from ..discovery.setup import INTERVALS
from ..errors import DataError
from ..network import Scaling
from .base import KANEstimator, Sample, range_of, refuse_few
from .cells import inputs_of, weights_of

OBJECTIVES = {True: "binary-cross-entropy", False: "cross-entropy"}
"""What is made small, for two classes and for more."""


class KANClassifier(ClassifierMixin, KANEstimator):
    """A Kolmogorov-Arnold network as a scikit-learn classifier.

    Two classes are one output, the logarithm of the odds of the second; more are one output each, whose softmax are the
    probabilities. The fit makes the cross-entropy small, by Levenberg-Marquardt like any other.

    Args:
        hidden: widths of the hidden layers, such as [5] or [5, (3, 2)]; [] has none: curves of the inputs are summed;
            None is one layer of at most five nodes, or [] when there are too few rows for two nodes.
        order, intervals, base: degree of the splines, intervals and base function; one for all layers or a list
            of one for each.
        steps, sparsity, grids, smoothness, optimizer: as in `Session.fit`.
        shrinkage: pulls every edge toward a constant, with the weight of so many rows; 0 for none.
        validation_fraction: share of the rows that choose among `grids`; without grids all rows are fitted.
        random_state: where the random numbers start.

    Attributes:
        classes_: the labels, sorted; text, numbers or truth values.
        network_: the fitted network, a torch module.
        domain_: least and greatest value of each input that was fitted, [2, columns].
        n_features_in_, feature_names_in_: as everywhere in scikit-learn.
    """

    classes_: NDArray[Any]

    def __init__(  # noqa: PLR0913  keywords are the public face
        self,
        *,
        hidden: Sequence[Any] | None = None,
        order: int | Sequence[int] = 3,
        intervals: int | Sequence[int] = INTERVALS,
        base: str | Sequence[str] = "silu",
        steps: int = 20,
        sparsity: float = 0.0,
        grids: Sequence[int] = (),
        smoothness: float | None = 1e-3,
        shrinkage: float = 1.0,
        optimizer: str = "lm",
        validation_fraction: float = 0.2,
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

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to X [rows, columns] and labels y [rows].

        Raises:
            KanlabError, ValueError, TypeError: data or parameters that cannot be used.
        """
        inputs = inputs_of(self, X, reset=True)
        labels = _labels(self, y)
        check_consistent_length(inputs, labels)
        weights = weights_of(sample_weight, len(inputs))
        refuse_few(weights)
        seen = np.unique(labels[weights > 0])
        if len(seen) < 2:
            raise DataError(
                f"Every row that counts has the class {str(seen[0])!r}; a classification needs at least two classes."
            )
        self.classes_, codes = np.unique(labels, return_inverse=True)
        sample = Sample.of(inputs, codes.reshape(-1, 1).astype(np.float64), weights)
        outputs = 1 if len(self.classes_) == 2 else len(self.classes_)
        zero, one = np.zeros(outputs), np.ones(outputs)
        scaling = replace(Scaling.of(sample.inputs, sample.targets), output_center=zero, output_scale=one)
        seed = self._seed()
        rows = replace(self._rows(sample, seed), objective=OBJECTIVES[outputs == 1])
        self.network_ = self._trained(self._fresh(sample, outputs, scaling, seed), rows)
        self.domain_ = range_of(sample.inputs)
        return self

    @overload
    def predict(self, X: Any, *, return_in_domain: Literal[False] = False) -> NDArray[Any]: ...

    @overload
    def predict(self, X: Any, *, return_in_domain: Literal[True]) -> tuple[NDArray[Any], BoolArray]: ...

    def predict(
        self, X: Any, *, return_in_domain: bool = False
    ) -> NDArray[Any] | tuple[NDArray[Any], BoolArray]:
        """The most probable label of each row.

        Args:
            return_in_domain: also give a mask [rows], true where every input lies in the range that was fitted.
        """
        outputs, inside = self._outputs(X)
        place = (outputs[:, 0] > 0).astype(np.int64) if outputs.shape[1] == 1 else outputs.argmax(axis=1)
        labels = self.classes_[place]
        return (labels, inside) if return_in_domain else labels

    def decision_function(self, X: Any) -> Array:
        """Outputs of the network: log-odds of the second class [rows], or one value for each class [rows, classes]."""
        outputs, _ = self._outputs(X)
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    def predict_proba(self, X: Any) -> Array:
        """Probabilities [rows, classes]."""
        outputs, _ = self._outputs(X)
        if outputs.shape[1] == 1:
            return np.concatenate([expit(-outputs), expit(outputs)], axis=1)
        return np.asarray(softmax(outputs, axis=1))

    def predict_log_proba(self, X: Any) -> Array:
        """Logarithms of the probabilities [rows, classes]."""
        outputs, _ = self._outputs(X)
        full = np.concatenate([np.zeros_like(outputs), outputs], axis=1) if outputs.shape[1] == 1 else outputs
        return full - np.logaddexp.reduce(full, axis=1, keepdims=True)


def _labels(estimator: KANClassifier, y: Any) -> NDArray[Any]:
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None; give one label a row."
        )
    missing = getattr(y, "isna", None)
    if missing is not None and bool(np.asarray(missing()).any()):
        row = int(np.argwhere(np.asarray(missing()).reshape(len(y), -1).any(axis=1))[0, 0])
        raise DataError(f"The target has an empty cell in row {row}, counted from 0; drop such rows first.")
    values = y.to_numpy() if hasattr(y, "to_numpy") else y
    labels = column_or_1d(values, warn=True)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        row = int(np.argwhere(~np.isfinite(labels))[0, 0])
        raise DataError(f"The target is {labels[row]} in row {row}, counted from 0; drop such rows first.")
    check_classification_targets(labels)
    return labels

"""The rows of a fit, in the user's units, and what they are in the network's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..network import KAN
from .losses import SQUARED_ERROR, objective_of
from .objectives import InUnits, Objective
from .problem import Samples
from .torch_loss import Loss


@dataclass(frozen=True, eq=False)
class Rows:
    """Training rows and validation rows in the user's units.

    Attributes:
        inputs, targets: [N, n] and [N, m]; classes as numbers in one column or one-hot.
        validation_inputs, validation_targets: rows that choose and stop, and that nothing is fitted to.
        uncertainty: one sigma of the target of each row, [N].
        weights: how much each row counts, [N]; relative.
        objective: what is made small when the options of a fit do not say: a name, an objective, or a torch function.
    """

    inputs: Array
    targets: Array
    validation_inputs: Array | None = None
    validation_targets: Array | None = None
    uncertainty: Array | None = None
    weights: Array | None = None
    objective: str | Objective | Loss = SQUARED_ERROR


def samples_of(
    network: KAN, rows: Rows, objective: str | Objective | Loss | None = None
) -> tuple[Samples, Samples | None, float]:
    """Training and validation rows in the network's units, and the size of such a unit in the user's.

    Raises:
        ActionError, DataError: the objective is not known, or the targets are not what it needs.
    """
    scaling = network.scaling
    wanted = objective_of(rows.objective if objective is None else objective)
    seen = wanted
    moved = bool((scaling.output_center != 0).any() or (scaling.output_scale != 1).any())
    if moved and not wanted.scaled:
        seen = InUnits(wanted, scaling.output_center, scaling.output_scale)

    def made(inputs: Array, targets: Array, weights: Array | None) -> Samples:
        encoded = wanted.encode(targets, len(scaling.output_center))
        encoded = scaling.scale_targets(encoded) if wanted.scaled else encoded
        return Samples(scaling.scale_inputs(inputs), encoded, weights, seen)

    train = made(rows.inputs, rows.targets, _weights(rows))
    validation = None
    if rows.validation_inputs is not None and rows.validation_targets is not None:
        validation = made(rows.validation_inputs, rows.validation_targets, None)
    return train, validation, float(np.sqrt(np.mean(scaling.output_scale**2)))


def _weights(rows: Rows) -> Array | None:
    """Weights with a mean of 1, or None."""
    weights = None if rows.uncertainty is None else 1 / np.square(rows.uncertainty)
    if rows.weights is not None:
        weights = rows.weights if weights is None else weights * rows.weights
    return None if weights is None else weights / weights.mean()

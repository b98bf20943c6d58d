"""From a dataset to the first network and to the rows that fits see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np

from ..data import Dataset
from ..errors import ActionError, ShapeError
from ..network import KAN, NetworkSpec, Scaling
from ..network.start import started
from ..training import OBJECTIVES, Rows, cover_activations, cover_inputs

CROSS_ENTROPY, SQUARED_ERROR = OBJECTIVES["cross-entropy"], OBJECTIVES["squared-error"]
HIDDEN = 5
INTERVALS = 5


def rows_of(dataset: Dataset) -> Rows:
    """Training and validation rows; the test rows are not among them."""
    train = dataset.part("train")
    objective = CROSS_ENTROPY if dataset.task == "classification" else SQUARED_ERROR
    rows = Rows(train.inputs, train.targets, uncertainty=train.uncertainty, objective=objective)
    if not dataset.split.held_out:
        return rows
    checked = dataset.part("validation")
    return replace(rows, validation_inputs=checked.inputs, validation_targets=checked.targets)


def check_seed(seed: object) -> None:
    """Raises ActionError when the seed is not a whole number, or negative."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or int(seed) < 0:
        raise ActionError(f"The seed is {seed!r}; give a whole number that is not negative, for example 0.")


def without_output_units(scaling: Scaling, outputs: int) -> Scaling:
    """For outputs that are no quantities like the targets: logits, logarithms of rates."""
    return replace(scaling, output_center=np.zeros(outputs), output_scale=np.ones(outputs))


def default_shape(dataset: Dataset) -> list[int]:
    """One hidden layer of five nodes, fewer when there are few rows: each parameter needs some."""
    inputs, outputs = dataset.inputs.shape[1], len(dataset.output_names)
    affordable = dataset.rows // (2 * (INTERVALS + 4) * (inputs + outputs))
    return [inputs, max(1, min(HIDDEN, affordable)), outputs]


def first_network(  # noqa: PLR0913  what a session says
    dataset: Dataset,
    shape: Sequence[Any] | None = None,
    *,
    seed: int = 0,
    order: int | Sequence[int] = 3,
    intervals: int | Sequence[int] = INTERVALS,
    base: str | Sequence[str] = "silu",
    start: str = "dense",
) -> KAN:
    """An untrained network for a dataset, in its units and with its grids on the data.

    Raises:
        ShapeError: the shape does not fit the columns, or there is no such start.
        ActionError: the seed is not a whole number.
    """
    check_seed(seed)
    spec = NetworkSpec.of(
        default_shape(dataset) if shape is None else shape, order=order, intervals=intervals, base=base
    )
    inputs, outputs = dataset.inputs.shape[1], len(dataset.output_names)
    if spec.inputs != inputs:
        raise ShapeError(
            f"The shape {spec} starts with {spec.inputs} inputs, but the dataset has {inputs} columns "
            f"({', '.join(dataset.names[:6])}{', ...' if inputs > 6 else ''}); start the shape with {inputs}."
        )
    if spec.outputs != outputs:
        raise ShapeError(
            f"The shape {spec} ends with {spec.outputs} outputs, but the dataset has {outputs} "
            f"{'classes' if dataset.classes else 'target columns'}; end the shape with {outputs}."
        )
    seen = dataset.part("fit")
    scaling = Scaling.of(seen.inputs, seen.targets)
    scaling = without_output_units(scaling, outputs) if dataset.classes else scaling
    network = KAN(spec, seed=int(seed), scaling=scaling)
    inputs = scaling.scale_inputs(seen.inputs)
    arrays = started(network.arrays(), start, int(seed))
    return network.replace(cover_activations(cover_inputs(arrays, inputs), inputs))

"""The table of named objectives.

With z an output, y its target, p = softmax(z) over the outputs of a row and s = sigmoid(z):

| name                 | loss of a row                                  | curvature                      |
|----------------------|------------------------------------------------|--------------------------------|
| squared-error        | sum (z - y)^2                                  | 2, exact                       |
| cross-entropy        | log sum exp z - sum y z (y one-hot or shares)  | diag(p) - pp', exact           |
| binary-cross-entropy | sum log(1 + exp z) - y z                       | s (1 - s), exact               |
| poisson              | sum exp z - y z + y log y - y (half deviance)  | exp z, exact                   |
| huber                | sum r^2 up to |r| = d, beyond it 2 d |r| - d^2 | 2 min(1, d / |r|), majorizing  |

(Nelder and Wedderburn 1972 for the exponential families; Huber 1964.) The outputs of a fitted network are logits for
the cross-entropies and logarithms of rates for poisson.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import expit, logsumexp, softmax, xlogy

from .._typing import Array
from ..errors import ActionError, DataError, did_you_mean
from .objectives import Objective, RowLoss
from .torch_loss import Loss, TorchLoss

HUBER_DELTA = 0.1
"""Of the targets' spread: a residual of more than a tenth of it counts as far."""


def _same_shape(targets: Array, outputs: int) -> Array:
    table = np.asarray(targets, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    if table.shape[1] != outputs:
        raise DataError(
            f"The targets have {table.shape[1]} columns and the network has {outputs} outputs; "
            "give one target column for each output."
        )
    return table


def one_hot(targets: Array, outputs: int) -> Array:
    """Class numbers 0 .. C-1, [N] or [N, 1], as [N, C] of zeros and ones; shares [N, C] stay.

    Raises:
        DataError: there is one output only, a number is no class, or the shares of a row do not sum to 1.
    """
    table = np.asarray(targets, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    if outputs < 2:
        raise DataError(
            "Cross-entropy needs one output for each class and the network has 1 output; "
            'use "binary-cross-entropy", or end the shape with the number of classes.'
        )
    if table.shape[1] == 1:
        codes = table[:, 0]
        wrong = ~((codes >= 0) & (codes < outputs) & (codes == np.floor(codes)))
        if wrong.any():
            raise DataError(
                f"The target {codes[wrong][0]:g} is no class; "
                f"the network has {outputs} outputs, so classes are whole numbers from 0 to {outputs - 1}."
            )
        return np.eye(outputs)[codes.astype(np.int64)]
    table = _same_shape(table, outputs)
    if not ((table >= 0).all() and np.allclose(table.sum(axis=1), 1.0, rtol=0, atol=1e-6)):
        raise DataError(
            "The class shares of a row are negative or do not sum to 1; give shares, or class numbers in one column."
        )
    return table


def _fractions(targets: Array, outputs: int) -> Array:
    table = _same_shape(targets, outputs)
    if not ((table >= 0) & (table <= 1)).all():
        raise DataError(
            f"Binary cross-entropy needs targets from 0 to 1 and the table holds {_outside(table, 1):g}; "
            "write the two classes as 0 and 1."
        )
    return table


def _counts(targets: Array, outputs: int) -> Array:
    table = _same_shape(targets, outputs)
    if not (table >= 0).all():
        raise DataError(
            f"The Poisson loss needs counts and the table holds {table.min():g}; give numbers of at least 0."
        )
    return table


def _outside(table: Array, most: float) -> float:
    return float(table[~((table >= 0) & (table <= most))][0])


def _softmax_root(outputs: Array, targets: Array) -> Array:
    """diag(sqrt p) (I - 1 p'): its square is diag(p) - pp' because p sums to 1."""
    del targets
    shares = softmax(outputs, axis=1)
    return np.sqrt(shares)[:, :, None] * (np.eye(outputs.shape[1]) - shares[:, None, :])


def _poisson_row(outputs: Array, targets: Array) -> Array:
    constant = xlogy(targets, targets) - targets
    return (np.exp(outputs) - targets * outputs + constant).sum(axis=1)


def _named(name: str) -> Objective:
    return OBJECTIVES[name]


SQUARED_ERROR = RowLoss(
    "squared-error",
    lambda z, y: ((z - y) ** 2).sum(axis=1),
    lambda z, y: 2 * (z - y),
    lambda z, _: np.full_like(z, np.sqrt(2.0)),
    _same_shape,
    scaled=True,
    origin=(_named, "squared-error"),
)
CROSS_ENTROPY = RowLoss(
    "cross-entropy",
    lambda z, y: np.asarray(logsumexp(z, axis=1)) - (y * z).sum(axis=1),
    lambda z, y: softmax(z, axis=1) - y,
    _softmax_root,
    one_hot,
    origin=(_named, "cross-entropy"),
)
BINARY_CROSS_ENTROPY = RowLoss(
    "binary-cross-entropy",
    lambda z, y: (np.logaddexp(0, z) - y * z).sum(axis=1),
    lambda z, y: expit(z) - y,
    lambda z, _: np.sqrt(expit(z) * expit(-z)),
    _fractions,
    origin=(_named, "binary-cross-entropy"),
)
POISSON = RowLoss(
    "poisson",
    _poisson_row,
    lambda z, y: np.exp(z) - y,
    lambda z, _: np.exp(0.5 * z),
    _counts,
    origin=(_named, "poisson"),
)


def huber(delta: float = HUBER_DELTA) -> RowLoss:
    """Squared error up to `delta`, linear beyond: outliers pull with a bounded force.

    Args:
        delta: in the network's units, that is about standard deviations of the target.

    Raises:
        ActionError: delta is not positive.
    """
    if not delta > 0:
        raise ActionError(f"The Huber threshold is {delta!r}; give a positive number, for example 0.1.")

    def row(z: Array, y: Array) -> Array:
        size = np.abs(z - y)
        return np.where(size <= delta, size**2, 2 * delta * size - delta**2).sum(axis=1)

    def root(z: Array, y: Array) -> Array:
        return np.sqrt(2 * delta / np.maximum(np.abs(z - y), delta))

    def slope(z: Array, y: Array) -> Array:
        return 2 * np.clip(z - y, -delta, delta)

    return RowLoss("huber", row, slope, root, _same_shape, scaled=True, origin=(huber, delta))


OBJECTIVES: Mapping[str, Objective] = MappingProxyType(
    {
        objective.name: objective
        for objective in (SQUARED_ERROR, CROSS_ENTROPY, BINARY_CROSS_ENTROPY, POISSON, huber())
    }
)


def objective_of(given: str | Objective | Loss) -> Objective:
    """The objective of a name in `OBJECTIVES`, of an objective, or of a loss written in torch.

    Raises:
        ActionError: there is no such objective.
    """
    if isinstance(given, str):
        if given not in OBJECTIVES:
            raise ActionError(
                f"The loss {given!r} is not known; use one of {', '.join(OBJECTIVES)}, "
                f"or a function loss(outputs, targets) written in torch.{did_you_mean(given, OBJECTIVES)}"
            )
        return OBJECTIVES[given]
    if isinstance(given, Objective):
        return given
    if callable(given):
        return TorchLoss(given)
    raise ActionError(
        f"The loss is {given!r}; give one of {', '.join(OBJECTIVES)}, "
        "or a function loss(outputs, targets) written in torch."
    )

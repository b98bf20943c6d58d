"""Short joint refits of a network with symbolic edges, and its price as a description of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..kernels import Columns, NetworkArrays, columns_of, trace_layers
from ..network import KAN
from ..sparsity import Shrinkage
from ..training import (
    Penalty,
    Roughness,
    Rows,
    Samples,
    levenberg_marquardt_step,
    mean_loss,
    samples_of,
    shown_error,
)
from .guard import SHARES, guarded, unguarded

SMOOTHNESS, SMOOTHED = 1e-7, 0.25
START_DAMPING = 1e-4
SPLINE_EVIDENCE, FLOOR, STRAIN_PRICE = 40, 1e-30, 3.0


def refit(
    network: KAN, rows: Rows, *, steps: int, tolerance: float = 1e-4, penalties: Sequence[Penalty] = ()
) -> KAN:
    """All free parameters fitted together for a few Levenberg-Marquardt steps; grids stay where they are.

    Ends early when two steps in a row lower the error by less than `tolerance`. Forms with a pole or a branch point are
    continued beyond it while the steps are made, so that a row on its wrong side is no end of them; what counts in the
    end are the forms themselves.

    Args:
        penalties: besides those that keep splines smooth.
    """
    train, _, _ = samples_of(network, rows)
    start = network.arrays()
    how = _How(steps, tolerance, tuple(penalties))
    if guarded(start, train.inputs) is start:
        return network.replace(_refit(start, train, how))
    found = start
    for share in SHARES:
        made = _refit(guarded(found, train.inputs, share), train, how)
        found = unguarded(made, start)
        if mean_loss(found, train) == mean_loss(made, train):
            return network.replace(found)
    # rows are still where a form is continued: its own steps, from there or from the start, must do
    others = [_refit(one, train, how) for one in (start, found)]
    errors = [mean_loss(one, train) for one in others]
    return network.replace(others[int(np.argmin(np.nan_to_num(errors, nan=np.inf)))])


@dataclass(frozen=True)
class _How:
    steps: int
    tolerance: float
    penalties: tuple[Penalty, ...]


def _refit(arrays: NetworkArrays, train: Samples, how: _How) -> NetworkArrays:
    columns = columns_of(arrays)
    damping, idle, weight = START_DAMPING, 0, np.inf
    for _ in range(how.steps):
        error = mean_loss(arrays, train)
        if not np.isfinite(error):
            break
        penalties = list(how.penalties)
        if any(layer.has_splines for layer in arrays.layers):
            weight = min(weight, _smoothing(arrays, columns, max(error, 1e-30)))
            penalties.append(Roughness(weight))
            # logits of classes that can be told apart without error would grow for ever
            penalties += () if train.objective.scaled else (Shrinkage(1 / train.rows),)
        done = levenberg_marquardt_step(arrays, train, columns, damping=damping, penalties=penalties)
        arrays, damping = done.network, done.damping
        idle = idle + 1 if done.gain < how.tolerance else 0
        if idle >= 2:
            break
    return arrays


def _smoothing(arrays: NetworkArrays, columns: Columns, error: float) -> float:
    """The weight of roughness at an error: so small that smoothing alone cannot raise it by more than a share."""
    rough = Roughness(1.0).at(arrays, columns)
    return error * min(SMOOTHNESS, SMOOTHED / max(rough, 1e-300))


def misfit(network: KAN, rows: Rows) -> float:
    """The objective on the training rows: for quantities the mean squared error in the network's units."""
    train, _, _ = samples_of(network, rows)
    return mean_loss(network.arrays(), train)


def training_error(network: KAN, rows: Rows) -> float:
    """Root mean squared error on the training rows, in the user's units."""
    train, _, unit = samples_of(network, rows)
    return shown_error(network.arrays(), train, unit)


def checked_error(network: KAN, rows: Rows) -> float:
    """The same on the validation rows, or on the training rows where there are none."""
    train, validation, unit = samples_of(network, rows)
    return shown_error(network.arrays(), validation or train, unit)


def description_length(network: KAN, rows: Rows, *, full: bool = False) -> float:
    """N/2 log E + (log N / 2) * parameters + price of the forms, in nats (Rissanen 1978; BIC).

    E is the mean squared error on the training rows, in the network's units, down to rounding; where classes are
    fitted, the mean cross-entropy takes the place of (log E) / 2. As long as
    splines are left, what they cannot draw is part of E and tells nothing about forms; then N counts as at
    most 40, so that a form must be clearly better to win over a simpler one. With `full` all rows
    count: so networks with and without splines are compared.
    """
    train, _, _ = samples_of(network, rows)
    error = mean_loss(network.arrays(), train)
    if not np.isfinite(error):
        return float("inf")
    count, price = 0, 0
    for layer in network.arrays().layers:
        count += layer.curves * (layer.bases + 1) + 3 * len(layer.forms)
        price += sum(edge.form.complexity for edge in layer.forms)
    strain = STRAIN_PRICE * _strain(network, train)
    evidence = _evidence(network, train, full)
    # a loss of quantities is a variance; any other is a log-likelihood already
    misfit = 0.5 * float(np.log(error + FLOOR)) if train.objective.scaled else error
    return evidence * misfit + 0.5 * float(np.log(evidence)) * count + price + strain


def constant_price(network: KAN, rows: Rows) -> float:
    """What one more constant costs in `description_length`, in nats."""
    train, _, _ = samples_of(network, rows)
    return 0.5 * float(np.log(_evidence(network, train, False)))


def _evidence(network: KAN, train: Samples, full: bool) -> int:
    has_splines = any(layer.has_splines for layer in network.arrays().layers)
    return min(train.rows, SPLINE_EVIDENCE) if has_splines and not full else train.rows


def _strain(network: KAN, train: Samples) -> float:
    """Sum over symbolic edges of log(largest value of c f(a x + b) / its range): the digits that cancel, in nats."""
    arrays = network.arrays()
    total = 0.0
    with np.errstate(all="ignore"):
        for layer, seen in zip(arrays.layers, trace_layers(train.inputs, arrays), strict=True):
            for edge in layer.forms:
                a, b, _, _ = layer.affine[edge.source, edge.target]
                values = edge.form.numpy(a * seen.inputs[:, edge.source] + b)
                ratio = float(np.abs(values).max() / max(float(np.ptp(values)), 1e-300))
                total += float(np.log(max(ratio, 1.0))) if np.isfinite(ratio) else 700.0
    return total

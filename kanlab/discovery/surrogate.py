"""From a table, or a network that was fitted to it, to a surrogate that says how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from time import monotonic

import numpy as np
from scipy.spatial import KDTree

from .._typing import Array
from ..data import Dataset, Part
from ..errors import ActionError, DataError
from ..network import KAN
from ..symbolic.surrogate import Surrogate
from ..training import FitOptions, Progress, fit
from .setup import default_shape, first_network, rows_of

GRIDS = (5, 10, 20)
STARTS = 2
CELLS = 4


def fitted_surrogate(data: Dataset, *, seed: int = 0, time_limit: float | None = None) -> Surrogate:
    """The better of two starts of a small network with one hidden layer, refined as far as validation allows.

    Args:
        seed: of the first start; the second takes the next.
        time_limit: seconds after which the fits end with what they have; None for no limit.

    Raises:
        ActionError: the time limit is not positive.
        DataError: the data have several targets, are a classification, or have fewer than two inputs that vary.
    """
    if time_limit is not None and not time_limit > 0:
        raise ActionError(f"The time limit is {time_limit!r}; give a positive number of seconds, or None.")
    _check(data)
    inputs = data.inputs.shape[1]
    shape = [inputs, min(2 * inputs, default_shape(data)[1]), 1]
    rows = rows_of(data)
    start, found = monotonic(), list[KAN]()
    for number in range(STARTS):
        end = None if time_limit is None else start + time_limit * (number + 1) / STARTS
        fresh = first_network(data, shape, seed=seed + number, intervals=GRIDS[0])
        found.append(fit(fresh, rows, FitOptions(grids=GRIDS), callback=_until(end)))
    checked = data.part("validation")
    best = min(found, key=lambda network: _mean_square(checked.targets - network.predict(checked.inputs)))
    return surrogate_of(best, data)


def surrogate_of(network: KAN, data: Dataset) -> Surrogate:
    """A fitted network on the box of the rows that it has seen, with the error that rows it has not seen show.

    With r the residuals, the rows of the fit leave  e_t^2 = mean r^2  and those of the test  e_h^2.  Noise is in both,
    so the squared error of the network itself is estimated by

        e_h^2 - e_t^2       what was fitted to the noise
        + mean r r'         with r' of the nearest other row: what the network is too stiff for, from row to row
        + e_h^2 sqrt(2/N)   how well the N test rows tell the two

    and is never more than e_h^2. A table so small that all its parts are the same shows only e_t.

    Raises:
        DataError: the data have several targets, are a classification, or have fewer than two inputs that vary.
    """
    _check(data)
    seen, train = data.part("fit"), data.part("train")
    held = data.part("test")
    spread = float(np.std(seen.targets)) or 1.0
    fitted = (train.targets - network.predict(train.inputs))[:, 0] * _shares(train)
    missed = (held.targets - network.predict(held.inputs))[:, 0] * _shares(held)
    error, noise = _mean_square(missed), 0.0
    if data.split.held_out:
        surplus = max(error - _mean_square(fitted), 0.0) + max(shared_misfit(missed, held.inputs), 0.0)
        own = min(error, surplus + error * np.sqrt(2 / len(missed)))
        error, noise = own, np.sqrt(max(error - own, 0.0)) / spread
    low, high = seen.inputs.min(axis=0), seen.inputs.max(axis=0)
    return Surrogate.of_network(
        network,
        list(zip(low.tolist(), high.tolist(), strict=True)),
        names=data.names,
        target=data.target_names[0],
        error=float(np.sqrt(error)) / spread,
        noise=float(noise),
        filled=_filled(seen.inputs, low, high),
    )


def _shares(part: Part) -> Array | float:
    """How much residuals count: 1/sigma, with a mean square of 1."""
    if part.uncertainty is None:
        return 1.0
    precision = 1 / part.uncertainty
    return precision / np.sqrt(np.mean(precision**2))


def _check(data: Dataset) -> None:
    if data.classes or len(data.target_names) != 1:
        what = "classes" if data.classes else f"{len(data.target_names)} targets"
        raise DataError(f"The data have {what}; structure is looked for in one target that is a number.")
    varying = np.ptp(data.part("fit").inputs, axis=0) > 0
    if data.inputs.shape[1] < 2 or not varying.all():
        raise DataError(
            "Structure is between at least two inputs, all of which vary; "
            f"the data have {int(varying.sum())} that vary of {data.inputs.shape[1]}."
        )


def _until(end: float | None) -> Callable[[Progress], bool] | None:
    return None if end is None else lambda _: monotonic() > end


def _mean_square(values: Array) -> float:
    return float(np.mean(values**2))


def shared_misfit(residuals: Array, inputs: Array) -> float:
    """Mean product of the residuals [N] of rows and of their nearest neighbors by inputs [N, n]."""
    scaled = inputs / np.maximum(inputs.std(axis=0), 1e-300)
    nearest = np.asarray(KDTree(scaled).query(scaled, k=2)[1])[:, 1]
    return float(np.mean(residuals * residuals[nearest]))


def _filled(inputs: Array, low: Array, high: Array) -> float:
    """The share of a coarse grid that has rows, for the two inputs where it is smallest."""
    cells = np.minimum((CELLS * (inputs - low) / (high - low)).astype(np.int64), CELLS - 1)
    pairs = combinations(range(inputs.shape[1]), 2)
    return min(len(np.unique(cells[:, i] * CELLS + cells[:, j])) / CELLS**2 for i, j in pairs)

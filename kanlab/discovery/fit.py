"""The public `kanlab.fit`: a network, a dataset, and any loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..data import Dataset
from ..network import KAN
from ..training import Callback, FitOptions, Loss, Objective, objective_of
from ..training import fit as fit_rows
from .setup import first_network, rows_of, without_output_units


def fit(
    network: KAN | Sequence[Any] | None,
    data: Dataset,
    *,
    loss: str | Objective | Loss | None = None,
    options: FitOptions | None = None,
    seed: int = 0,
    callback: Callback | None = None,
) -> KAN:
    """Fit a network to the training rows of a dataset; the validation rows choose and stop, the test rows are not seen.

    An interrupt from the keyboard ends the fit and returns the best network that it had reached.

    Args:
        network: the network to start from, which is left as it is; or a shape such as [2, 5, 1], or None for one that
            fits the data.
        loss: a name of `kanlab.training.OBJECTIVES`, or a function loss(outputs, targets) of torch tensors [N, outputs]
            and [N, targets] in the user's units, that gives one number for each row, or one for all. None means squared
            error, and cross-entropy for classes. Outputs are logits for the cross-entropies (`torch` functions on
            logits work as they are; targets of classes are class numbers) and logarithms of rates for "poisson".
        options: steps, optimizer, penalties and the rest.
        seed: where the random numbers of a network that is made here start.
        callback: called with the report of every step; when it returns True the fit ends.

    Raises:
        KanlabError: the shape, the targets or the loss do not go together.
    """
    rows = rows_of(data)
    wanted = objective_of(loss if loss is not None else (options and options.objective) or rows.objective)
    options = replace(options or FitOptions(), objective=wanted)
    return fit_rows(_network(network, data, seed, wanted), rows, options, callback=callback)


def _network(given: KAN | Sequence[Any] | None, data: Dataset, seed: int, wanted: Objective) -> KAN:
    if isinstance(given, KAN):
        return given
    fresh = first_network(data, given, seed=seed)
    if wanted.scaled or data.classes:
        return fresh
    scaling = without_output_units(fresh.scaling, fresh.spec.outputs)
    return KAN.from_arrays(fresh.arrays(), scaling=scaling, dtype=fresh.dtype)

"""The trials of a search as values, and what each finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..data import Dataset
from ..errors import KanlabError
from ..network import KAN, NetworkSpec
from ..symbolic.assign import assign
from ..symbolic.assignment import AssignOptions
from ..symbolic.compile import compile_tree
from ..symbolic.law import law_from_tree, read_law
from ..symbolic.refit import refit
from ..symbolic.tree import Sum
from ..training import FitOptions, Rows, fit
from .direct import direct_networks
from .explaining import sparse_network
from .setup import rows_of
from .shelf import Scored, score_law

MOST_ROWS = 2000
LEAST_SPLINE_ROWS = 60
SEEDS = 3
MOST_EDGES = 12
DIRECT, TERMS, NETWORK = "direct", "terms", "network"

Stopping = Callable[[], bool]
Outcome = list[tuple[Scored, KAN]]
"""Laws with their networks."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is searched, the same for all trials.

    Attributes:
        rows: the training rows, thinned.
        forms: forms to try besides the usual ones.
    """

    dataset: Dataset
    rows: Rows
    seed: int
    forms: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, seed: int, forms: Sequence[str]) -> Task:
        """The task of a dataset."""
        return cls(dataset, _thinned(rows_of(dataset), seed), seed, tuple(forms))


@dataclass(frozen=True)
class Step:
    """A trial to be made.

    Attributes:
        kind: "direct", "terms" or "network". Those of terms build on each other; the others stand alone.
        shape: of the network.
        number: seed of the network.
    """

    label: str
    kind: str
    shape: tuple[object, ...] = ()
    number: int = 0


def planned(task: Task, terms: Iterable[str]) -> list[Step]:
    """All trials in order; `terms` are the labels of those that search for sums of terms."""
    plan = [Step("forms of single columns", DIRECT)]
    if len(task.rows.inputs) < LEAST_SPLINE_ROWS:
        return plan
    plan += [Step(label, TERMS) for label in terms]
    inputs = task.dataset.inputs.shape[1]
    shapes: list[tuple[object, ...]] = [(inputs, 5, 1), (inputs, 1, 1), (inputs, (2, 1), 1), (inputs, 1)]
    for start in range(SEEDS):
        for shape in shapes:
            if len(shape) > 2 or not start:
                label = f"network {NetworkSpec.of(shape)}, start {start + 1}"
                plan.append(Step(label, NETWORK, shape, task.seed * SEEDS + start))
    return plan


def outcome(step: Step, task: Task, stopping: Stopping) -> Outcome:
    """What a trial that stands alone finds; not all of it when it was told to stop."""
    return scored(MAKERS[step.kind](step, task, stopping), task.dataset)


def scored(found: Iterable[KAN | Sum], dataset: Dataset) -> Outcome:
    """The laws of networks, or of trees, that can be told completely."""
    told = (_scored(one, dataset) for one in found)
    return [one for one in told if one is not None]


def _scored(one: KAN | Sum, dataset: Dataset) -> tuple[Scored, KAN] | None:
    """The law of a network, or of a tree and the network that it compiles into."""
    try:
        law = law_from_tree(one, dataset) if isinstance(one, Sum) else read_law(one, dataset)
        if not law.complete or not np.isfinite(law.error):
            return None
        fitted = dataset.part("fit")
        network = compile_tree(law.tree, fitted.inputs, fitted.targets) if isinstance(one, Sum) else one
    except KanlabError:
        return None
    return score_law(law, dataset), network


def _direct(step: Step, task: Task, stopping: Stopping) -> Iterator[KAN]:
    del step, stopping
    for _, network in direct_networks(task.rows, forms=task.forms):
        yield refit(network, task.rows, steps=60, tolerance=1e-3)


def _network(step: Step, task: Task, stopping: Stopping) -> Iterator[KAN]:
    network = sparse_network(task.dataset, task.rows, step.shape, step.number, stopping)
    if stopping():
        return
    network = fit(network, task.rows, FitOptions(steps=15, grids=(5, 10, 20)))
    edges = sum(int(layer.splines.sum()) for layer in network.arrays().layers)
    if edges <= MOST_EDGES:
        for one in assign(network, task.rows, AssignOptions(forms=task.forms), stop=stopping):
            yield one.network


MAKERS: Mapping[str, Callable[[Step, Task, Stopping], Iterator[KAN]]] = MappingProxyType(
    {DIRECT: _direct, NETWORK: _network}
)


def _thinned(rows: Rows, seed: int) -> Rows:
    """At most `MOST_ROWS` training rows: forms show on those, and constants are fitted on all rows in the end."""
    if len(rows.inputs) <= MOST_ROWS:
        return rows
    keep = np.sort(np.random.default_rng(seed).choice(len(rows.inputs), MOST_ROWS, replace=False))
    sigma = None if rows.uncertainty is None else rows.uncertainty[keep]
    return Rows(rows.inputs[keep], rows.targets[keep], rows.validation_inputs, rows.validation_targets, sigma)

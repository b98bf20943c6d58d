"""Discovery without hands: the steps a scientist would take, from several starts, kept on one shelf."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..data import Dataset
from ..errors import ActionError, DataError, KanlabError
from ..forms import Form
from ..network import KAN, NetworkSpec
from ..symbolic.assign import assign
from ..symbolic.compile import compile_tree
from ..symbolic.law import Law, law_from_tree, read_law
from ..symbolic.refit import refit
from ..symbolic.simplify import constant
from ..symbolic.tree import Sum
from ..training import FitOptions, Rows, fit
from .checks import form_names
from .direct import direct_networks
from .explaining import Explaining, sparse_network
from .observer import Nobody, Observer, Report
from .setup import first_network, rows_of
from .shelf import Scored, Shelf, front, is_exact, score_law

MOST_ROWS = 2000
LEAST_SPLINE_ROWS = 60
SEEDS = 3
MOST_EDGES = 12


@dataclass(frozen=True, eq=False)
class Trial:
    """What the search knows after a trial.

    Attributes:
        label: what was tried.
        found: all laws so far, scored.
        best: the best law so far.
        best_network: the network of the best law, or None when it is the constant.
        number, total: how many trials were made, of how many.
    """

    label: str
    found: tuple[Scored, ...]
    best: Law
    best_network: KAN | None
    number: int
    total: int


def discover(
    dataset: Dataset,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    forms: Sequence[str | Form] = (),
    progress: Callable[[Report], None] | None = None,
) -> Shelf:
    """Search for the law of a dataset; the same seed gives the same shelf unless the clock ends the search.

    Sums of univariate forms under an outer form are tried first; then networks of several shapes are fitted sparsely,
    pruned, refined and made symbolic in context. Every candidate's constants are fitted and snapped, and its printed
    text is scored on rows that were held out. The search ends when a law is exact to rounding, when all trials are
    made, or after `time_limit` seconds, with the best so far.

    Args:
        forms: forms to try besides the usual ones: names such as "J0", formulas in x, or `kl.forms.add(...)`.

    Raises:
        KanlabError: the dataset cannot be searched.
    """
    if time_limit is not None and not time_limit >= 0:
        raise ActionError(f"The time limit is {time_limit!r}; give a number of seconds, for example 60.")
    started = time.monotonic()
    extra = form_names(forms)
    watcher = _Watcher(None if time_limit is None else started + time_limit, progress)
    last = last_trial(search(dataset, seed=seed, forms=extra, observer=watcher), lambda _: watcher.stopping())
    if last is None:
        return Shelf((), None, None, seed, 0, False, time.monotonic() - started, extra)
    # the clock may end a search at a law that is worse than the mean on rows it has not seen
    found = last.best_network is not None and last.best.r2 > 0
    return Shelf(
        laws=front(list(last.found), dataset),
        best=last.best if found else None,
        network=last.best_network if found else None,
        seed=seed,
        trials=last.number,
        finished=last.number == last.total,
        seconds=time.monotonic() - started,
        forms=extra,
    )


def last_trial(trials: Iterator[Trial], enough: Callable[[Trial], bool]) -> Trial | None:
    """The first trial that is enough, or else the last; None when there was none."""
    last: Trial | None = None
    for trial in trials:
        last = trial
        if enough(trial):
            break
    return last


class _Noticing:
    """Remembers whether it was ever told to stop: what was tried then may not be all that would have been."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.stopped = False

    def report(self, report: Report) -> None:
        self._observer.report(report)

    def stopping(self) -> bool:
        self.stopped = self.stopped or self._observer.stopping()
        return self.stopped


class _Watcher:
    """Passes reports on and stops at a time."""

    def __init__(self, deadline: float | None, progress: Callable[[Report], None] | None) -> None:
        self._deadline = deadline
        self._progress = progress

    def report(self, report: Report) -> None:
        if self._progress is not None:
            self._progress(report)

    def stopping(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline


def search(
    dataset: Dataset, *, seed: int = 0, forms: Sequence[str] = (), observer: Observer | None = None
) -> Iterator[Trial]:
    """All trials in a fixed order; a consumer may stop after any.

    A trial that was interrupted is left out, so that the trials made are the same as in a search that ran longer: the
    seed and their number make the result again.

    Raises:
        KanlabError: the dataset cannot be searched.
    """
    observer = _Noticing(observer or Nobody())
    first_network(dataset, seed=seed)
    if dataset.classes:
        raise DataError(
            "The dataset is a classification, and a search explains a number; "
            'encode the classes as numbers and use task="regression", or fit and prune a Session.'
        )
    if len(dataset.target_names) != 1:
        raise DataError(
            f"A search explains one target and the dataset has {len(dataset.target_names)}; "
            "make one dataset for each target."
        )
    rows = _thinned(rows_of(dataset), seed)
    explaining = Explaining(dataset, rows, seed=seed, forms=forms, stopping=observer.stopping)
    plan = _plan(dataset, rows, explaining, seed, forms, observer)
    found = [score_law(law_from_tree(constant(float(rows.targets[:, 0].mean())), dataset), dataset)]
    best, network = found[0], None
    for number, (label, make) in enumerate(plan, start=1):
        observer.report(
            Report("discover", label, number, len(plan), best.law.error, None, None, str(best.law))
        )
        tried = [scored for one in make() if (scored := _scored(one, dataset)) is not None]
        if observer.stopped:
            return
        for scored, candidate in tried:
            found.append(scored)
            if scored.score < best.score:
                best, network = scored, candidate
        done = is_exact(best.law, dataset) or explaining.explains_all_but_noise(best.law)
        total = number if done else len(plan)
        yield Trial(label, tuple(found), best.law, network, number, total)
        if done:
            return


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


Plan = list[tuple[str, Callable[[], Iterator[KAN | Sum]]]]


def _plan(
    dataset: Dataset, rows: Rows, explaining: Explaining, seed: int, forms: Sequence[str], observer: Observer
) -> Plan:
    plan: Plan = [("forms of single columns", lambda: _direct(rows, forms))]
    if len(rows.inputs) < LEAST_SPLINE_ROWS:
        return plan
    plan += explaining.stages()
    inputs = dataset.inputs.shape[1]
    shapes: list[list[object]] = [[inputs, 5, 1], [inputs, 1, 1], [inputs, (2, 1), 1], [inputs, 1]]
    for start in range(SEEDS):
        for shape in shapes:
            if shape == [inputs, 1] and start:
                continue
            spec = NetworkSpec.of(shape)
            label = f"network {spec}, start {start + 1}"

            def make(shape: list[object] = shape, number: int = seed * SEEDS + start) -> Iterator[KAN]:
                return _spline(dataset, rows, shape, number, forms, observer)

            plan.append((label, make))
    return plan


def _direct(rows: Rows, forms: Sequence[str]) -> Iterator[KAN]:
    for _, network in direct_networks(rows, forms=forms):
        yield refit(network, rows, steps=60, tolerance=1e-3)


def _spline(
    dataset: Dataset, rows: Rows, shape: list[object], seed: int, forms: Sequence[str], observer: Observer
) -> Iterator[KAN]:
    network = sparse_network(dataset, rows, shape, seed, observer.stopping)
    if observer.stopping():
        return
    network = fit(network, rows, FitOptions(steps=15, grids=(5, 10, 20)))
    edges = sum(int(layer.splines.sum()) for layer in network.arrays().layers)
    if edges <= MOST_EDGES:
        for one in assign(network, rows, forms=forms, stop=observer.stopping):
            yield one.network


def _thinned(rows: Rows, seed: int) -> Rows:
    """At most `MOST_ROWS` training rows: forms show on those, and constants are fitted on all rows in the end."""
    if len(rows.inputs) <= MOST_ROWS:
        return rows
    keep = np.sort(np.random.default_rng(seed).choice(len(rows.inputs), MOST_ROWS, replace=False))
    sigma = None if rows.uncertainty is None else rows.uncertainty[keep]
    return Rows(rows.inputs[keep], rows.targets[keep], rows.validation_inputs, rows.validation_targets, sigma)

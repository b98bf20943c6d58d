"""Discovery without hands: the steps a scientist would take, from several starts, kept on one shelf."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ..data import Dataset
from ..errors import ActionError, DataError
from ..forms import Form
from ..network import KAN
from ..symbolic.law import Law, law_from_tree
from ..symbolic.simplify import constant
from .checks import form_names
from .explaining import Explaining
from .observer import Nobody, Observer, Report
from .rival import Verdict, verdict
from .setup import first_network
from .shelf import Scored, Shelf, front, is_exact, score_law, shown, without
from .trials import TERMS, Step, Task, planned, scored
from .workers import cores_of, helpers


@dataclass(frozen=True, eq=False)
class Trial:
    """What the search knows after a trial.

    Attributes:
        label: what was tried.
        found: all laws so far, scored.
        best: the best law so far.
        best_network: the network of the best law, or None when it is the constant.
        number, total: how many trials were made, of how many.
        explaining: what the search has found out about the dataset.
    """

    label: str
    found: tuple[Scored, ...]
    best: Law
    best_network: KAN | None
    number: int
    total: int
    explaining: Explaining


def discover(
    dataset: Dataset,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    forms: Sequence[str | Form] = (),
    cores: int | None = 1,
    progress: Callable[[Report], None] | None = None,
) -> Shelf:
    """Search for the law of a dataset; the same seed gives the same shelf unless the clock ends the search.

    Sums of univariate forms under an outer form are tried first; then sums of products of forms and ratios of such
    sums, after columns that a network shows to act as one were joined; then networks of several shapes are fitted
    sparsely, pruned, refined and made symbolic in context. Every candidate's constants are fitted and snapped, and
    its printed text is scored on rows that were held out. The search ends when a law is exact to rounding, when all
    trials are made, or after `time_limit` seconds, with the best so far. In the end the best law is compared with a
    spline network, and `shelf.notes` says so where the network predicts better.

    Args:
        forms: forms to try besides the usual ones: names such as "J0", formulas in x, or `kl.forms.add(...)`.
        cores: how many processes make trials, the shelf being the same; None takes all cores that there are. A script
            that asks for more than one needs `if __name__ == "__main__":`, because its processes read it again.

    Raises:
        KanlabError: the dataset cannot be searched.
    """
    if time_limit is not None and not time_limit >= 0:
        raise ActionError(f"The time limit is {time_limit!r}; give a number of seconds, for example 60.")
    started = time.monotonic()
    extra, deadline = form_names(forms), None if time_limit is None else started + time_limit
    watcher = _Watcher(deadline, progress)
    with closing(search(dataset, seed=seed, forms=extra, cores=cores, observer=watcher)) as trials:
        last = last_trial(trials, lambda _: watcher.stopping())
    if last is None:
        return Shelf((), None, None, seed, 0, False, time.monotonic() - started, extra)
    # the clock may end a search at a law that is worse than the mean on rows it has not seen
    found = last.best_network is not None and last.best.r2 > 0
    best = last.best if found else None
    told = _verdict(last, best, dataset, deadline)
    laws = front(last.found, dataset)
    return Shelf(
        laws=laws,
        best=best,
        network=last.best_network if found else None,
        seed=seed,
        trials=last.number,
        finished=last.number == last.total,
        seconds=time.monotonic() - started,
        forms=extra,
        scored=shown(last.found, laws, best),
        noise=told.noise,
        notes=(*without(best), *told.notes),
    )


def _verdict(last: Trial, best: Law | None, dataset: Dataset, deadline: float | None) -> Verdict:
    """What is said of the best law, or of the mean, which is the first law of every search."""
    finished = last.number == last.total
    law = last.found[0].law if best is None else best
    if best is not None and is_exact(best, dataset):
        return verdict(law, dataset, None, found=True, finished=finished)
    seconds = None if deadline is None else deadline - time.monotonic()
    rival = last.explaining.rival(seconds)
    return verdict(law, dataset, rival, found=best is not None, finished=finished)


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
    dataset: Dataset,
    *,
    seed: int = 0,
    forms: Sequence[str] = (),
    cores: int | None = 1,
    observer: Observer | None = None,
) -> Generator[Trial]:
    """All trials in a fixed order; a consumer may stop after any.

    A trial that was interrupted is left out, so that the trials made are the same as in a search that ran longer: the
    seed and their number make the result again.

    Raises:
        KanlabError: the dataset cannot be searched.
    """
    started, count = time.monotonic(), cores_of(cores)
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
    task = Task.of(dataset, seed, forms)
    explaining = Explaining(dataset, task.rows, seed=seed, forms=forms, stopping=observer.stopping)
    stages = dict(explaining.stages())
    plan = planned(task, stages)
    found = [score_law(law_from_tree(constant(float(task.rows.targets[:, 0].mean())), dataset), dataset)]
    best, network = found[0], None
    with closing(helpers(task, plan, count)) as helping:
        for number, step in enumerate(plan, start=1):
            observer.report(_report(step, number, len(plan), best.law, time.monotonic() - started))
            if step.kind == TERMS:
                tried = scored(stages[step.label](), dataset)
            else:
                tried = helping.outcome(step, observer.stopping)
            if observer.stopped:
                return
            for one, candidate in tried:
                found.append(one)
                if one.score < best.score:
                    best, network = one, candidate
            done = is_exact(best.law, dataset) or explaining.explains_all_but_noise(best.law)
            total = number if done else len(plan)
            yield Trial(step.label, tuple(found), best.law, network, number, total, explaining)
            if done:
                return
            helping.start()


def _report(step: Step, number: int, steps: int, best: Law, seconds: float) -> Report:
    error = best.error if best.held_out else None
    return Report("discover", step.label, number, steps, best.error, error, text=str(best), seconds=seconds)

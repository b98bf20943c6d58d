"""Trials that stand alone, made by other processes while this one does something else.

Every process takes the first trial that nobody has taken, also this one when it would only wait. What a trial finds
does not depend on who makes it, and is asked for in the order of the plan, so the search is the same as in one process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from queue import Empty
from typing import Any

import torch
from threadpoolctl import threadpool_limits

from ..network import from_record, to_record
from .checks import whole
from .trials import NETWORK, Outcome, Step, Stopping, Task, outcome

NOBODY, HERE = -1, 0
MOMENT = 0.1


def cores_of(cores: int | None) -> int:
    """How many processes to use; None means one for each core that this process may use.

    Raises:
        ActionError: it is not a positive whole number.
    """
    if cores is not None:
        return whole(cores, "number of cores", least=1)
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Alone:
    """All trials in this process, when they are asked for."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def start(self) -> None:
        """There is nobody to start."""

    def outcome(self, step: Step, stopping: Stopping) -> Outcome:
        """Make a trial."""
        return outcome(step, self._task, stopping)

    def close(self) -> None:
        """There is nobody to end."""


def helpers(task: Task, plan: Sequence[Step], cores: int) -> Alone | Workers:
    """Who makes the trials of a plan that stand alone; with several cores the networks go to further processes."""
    networks = [step for step in plan if step.kind == NETWORK]
    return Workers(task, networks, cores - 1) if cores > 1 and networks else Alone(task)


class Workers:
    """Trials in `count` further processes of one thread each, and in this one."""

    def __init__(self, task: Task, steps: Sequence[Step], count: int) -> None:
        self._task, self._steps = task, list(steps)
        self._count = min(count, len(self._steps))
        self._found: dict[int, Outcome] = {}
        context: Any = multiprocessing.get_context("spawn")
        self._context = context
        self._taken: Any = context.Array("i", [NOBODY] * len(self._steps))
        self._results: Any = context.Queue()
        self._processes: list[Any] = []

    def start(self) -> None:
        """Start the processes, once."""
        if self._processes:
            return
        for who in range(1, self._count + 1):
            arguments = (self._task, self._steps, self._taken, self._results, who)
            process = self._context.Process(target=_work, args=arguments, name="kanlab-trials", daemon=True)
            process.start()
            self._processes.append(process)

    def outcome(self, step: Step, stopping: Stopping) -> Outcome:
        """What a trial finds; made here when nobody has begun it, or when its process is gone."""
        if step not in self._steps:
            return outcome(step, self._task, stopping)
        wanted = self._steps.index(step)
        if _take(self._taken, wanted, HERE):
            return outcome(step, self._task, stopping)
        while wanted not in self._found and not stopping():
            if self._received(wait=False):
                continue
            other = _first(self._taken, HERE)
            if other is not None:
                self._found[other] = outcome(self._steps[other], self._task, stopping)
            elif not self._received(wait=True) and not self._alive(wanted):
                self._found[wanted] = outcome(step, self._task, stopping)
        return self._found.get(wanted, [])

    def close(self) -> None:
        """End the processes, also in the middle of a trial."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        self._results.close()

    def _received(self, *, wait: bool) -> bool:
        try:
            number, found = self._results.get(timeout=MOMENT) if wait else self._results.get_nowait()
        except Empty:
            return False
        self._found[number] = [(one, from_record(*network)) for one, network in found]
        return True

    def _alive(self, number: int) -> bool:
        return self._processes[self._taken[number] - 1].is_alive()


def _take(taken: Any, number: int, who: int) -> bool:
    with taken.get_lock():
        free = taken[number] == NOBODY
        if free:
            taken[number] = who
        return free


def _first(taken: Any, who: int) -> int | None:
    """The first trial that nobody had taken, or None."""
    return next((number for number in range(len(taken)) if _take(taken, number, who)), None)


def _work(task: Task, steps: Sequence[Step], taken: Any, results: Any, who: int) -> None:
    """Make trials until all are taken."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    with threadpool_limits(limits=1):
        while (number := _first(taken, who)) is not None:
            found = outcome(steps[number], task, lambda: False)
            # torch would share the memory of its tensors, which goes with this process
            results.put((number, [(one, to_record(network)) for one, network in found]))

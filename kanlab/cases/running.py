"""Carrying out the steps of cases, in this process or in several, each step with one thread."""

from __future__ import annotations

import json
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .case import Case, Figures, Scale
from .catalog import find
from .claim import YES, Claim
from .replay import replayed_elsewhere
from .threads import one_thread

REPLAY = "replay-"
"""How the steps are called that replay a story; every case with stories has one for each."""


@dataclass(frozen=True)
class Task:
    """A step of a case, named so that another process finds it."""

    case: str
    step: str


@dataclass(frozen=True)
class Outcome:
    """What a step came to.

    Attributes:
        task: which.
        figures: what it measured; empty when it failed.
        cpu_s, seconds: processor and wall time.
        problem: why it failed, or empty.
    """

    task: Task
    figures: Figures = field(default_factory=dict[str, Any])
    cpu_s: float = 0.0
    seconds: float = 0.0
    problem: str = ""


def tasks_of(name: str, case: Case, scale: Scale) -> list[Task]:
    """The steps of a case at a scale, and the replays of its stories."""
    return [
        *(Task(name, step.name) for step in case.measured(scale)),
        *(Task(name, REPLAY + story.name) for story in case.stories),
    ]


def claims_of(case: Case, scale: Scale) -> list[Claim]:
    """The claims of a case at a scale, with those of its replays."""
    measured = {step.name for step in case.measured(scale)}
    return [
        *(claim for claim in case.claims if claim.step in measured),
        *(
            Claim(f"{story.title}: same bits elsewhere and from its file", f"{REPLAY}{story.name}.same", YES)
            for story in case.stories
        ),
    ]


def carry_out(
    tasks: Sequence[Task],
    scale: Scale,
    *,
    cores: int = 1,
    begun: Callable[[Task], None] = lambda _task: None,
) -> Iterator[Outcome]:
    """The outcomes as they come; with several cores in further processes, in the order in which they end.

    A caller that stops listening ends the processes; the steps that they were at are lost.

    Args:
        begun: called when a step begins (with several cores: when it is handed to a process).
    """
    if cores == 1 or len(tasks) < 2:
        for task in tasks:
            begun(task)
            yield outcome_of(task, scale)
        return
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(min(cores, len(tasks)), mp_context=context, initializer=_deaf)
    try:
        yield from _shared_out(executor, tasks, scale, cores, begun)
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    executor.shutdown()


def _shared_out(
    executor: ProcessPoolExecutor,
    tasks: Sequence[Task],
    scale: Scale,
    cores: int,
    begun: Callable[[Task], None],
) -> Iterator[Outcome]:
    waiting, running = list(reversed(tasks)), dict[Future[Outcome], Task]()
    while waiting or running:
        while waiting and len(running) < cores:
            task = waiting.pop()
            begun(task)
            running[executor.submit(outcome_of, task, scale)] = task
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            task = running.pop(future)
            problem = future.exception()
            yield future.result() if problem is None else Outcome(task, problem=_told(problem))


def _deaf() -> None:
    """Let the interrupt key reach the first process only, which then ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def outcome_of(task: Task, scale: Scale) -> Outcome:
    """Carry out one step. A step that fails is an outcome too: the others go on."""
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        with one_thread():
            figures, problem = plain(_measured(task, scale)), ""
    except Exception as error:  # noqa: BLE001  whatever a step does, the table says it
        figures, problem = {}, _told(error)
    return Outcome(task, figures, time.process_time() - cpu, time.perf_counter() - wall, problem)


def _measured(task: Task, scale: Scale) -> Figures:
    if task.step.startswith(REPLAY):
        here, again, opened = replayed_elsewhere(task.case, task.step.removeprefix(REPLAY))
        return {"same": here == again == opened, "law": here.law, "digest": here.network}
    return find(task.case).step(task.step).measure(scale)


def plain(figures: Figures) -> dict[str, Any]:
    """Figures as JSON holds them."""
    return json.loads(json.dumps(dict(figures), default=_number))


def _number(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(
        f"A figure is a number, a text, a truth value or a list of them, not {type(value).__name__}."
    )


def _told(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}"

"""Trials in other processes are the trials of one process."""

from __future__ import annotations

import os
import sys

import pytest

from kanlab import discover
from kanlab.discovery import trials
from kanlab.discovery.trials import DIRECT, NETWORK, Outcome, Step, Task
from kanlab.discovery.workers import Alone, Workers, cores_of, helpers
from tests.sentences import refused
from tests.tables import digest, wavy

STEPS = [Step(f"network {number}", NETWORK, (2, 1), number) for number in range(2)]
PLAN = [Step("forms of single columns", DIRECT), *STEPS]


def told(found: Outcome) -> list[tuple[str, float, str]]:
    return [(str(one.law), one.score, digest(network)) for one, network in found]


def alone(step: Step, task: Task) -> list[tuple[str, float, str]]:
    return told(Alone(task).outcome(step, lambda: False))


@pytest.mark.slow
def test_a_search_on_two_cores_has_the_same_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    # the package has a function of the name of this module
    monkeypatch.setattr(sys.modules["kanlab.discovery.discover"], "planned", lambda *_: PLAN)
    shelves = [discover(wavy(), time_limit=None, cores=cores) for cores in (1, 2)]
    first, second = (
        [(str(row.law), row.law.error, row.behind, row.on_front) for row in shelf.rows()] for shelf in shelves
    )
    assert first == second
    assert [shelf.trials for shelf in shelves] == [3, 3]
    assert str(shelves[0].best) == str(shelves[1].best)


def test_what_a_worker_found_outlives_it() -> None:
    task = Task.of(wavy(), 0, ())
    workers = Workers(task, STEPS[:1], 1)
    workers.start()
    for process in workers._processes:
        process.join()
    assert workers._taken[0] == 1
    assert told(workers.outcome(STEPS[0], lambda: False)) == alone(STEPS[0], task)
    workers.close()


def test_a_worker_that_is_gone_is_replaced_by_this_process() -> None:
    task = Task.of(wavy(), 0, ())
    workers = Workers(task, STEPS, 1)
    workers.start()
    for process in workers._processes:
        process.kill()
        process.join()
    # as if it had begun the first
    workers._taken[0] = 1
    assert told(workers.outcome(STEPS[0], lambda: False)) == alone(STEPS[0], task)
    workers.close()


def test_a_search_that_ends_ends_its_processes() -> None:
    workers = Workers(Task.of(wavy(), 0, ()), STEPS, 1)
    workers.start()
    workers.close()
    assert not any(process.is_alive() for process in workers._processes)


def test_who_is_told_to_stop_waits_for_nobody() -> None:
    workers = Workers(Task.of(wavy(), 0, ()), STEPS, 1)
    workers._taken[0] = 1
    assert workers.outcome(STEPS[0], lambda: True) == []


def test_one_core_or_no_networks_need_nobody() -> None:
    task = Task.of(wavy(), 0, ())
    assert isinstance(helpers(task, PLAN, 1), Alone)
    assert isinstance(helpers(task, PLAN[:1], 4), Alone)
    assert len(trials.planned(task, ["terms"])) == 1 + 1 + 10


def test_cores() -> None:
    assert cores_of(3) == 3
    assert 1 <= cores_of(None) <= (os.cpu_count() or 1)
    refused(lambda: cores_of(0), "number of cores is 0")
    refused(lambda: discover(wavy(), cores=0), "number of cores is 0")

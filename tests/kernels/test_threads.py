"""Small work runs with one BLAS thread, in whichever thread of Python it is done."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread

import numpy as np
from threadpoolctl import threadpool_info

from kanlab.kernels import threads_for

REPLAY = """
import kanlab as kl
kl.discover(kl.load("planets"))
session = kl.Session(kl.load("exp_sin"), shape=[2, 5, 1], seed=0).fit().prune()
assert session.investigation.replay(session.actions).state.same_as(session.state)
"""


def blas_threads() -> set[int]:
    np.ones((4, 4)) @ np.ones((4, 4))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_the_limit_holds_in_every_thread_and_is_put_back() -> None:
    before = blas_threads()
    with threads_for(0):
        assert blas_threads() == {1}
    seen: list[set[int]] = []

    def work() -> None:
        with threads_for(0):
            seen.append(blas_threads())

    for _ in range(2):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [{1}, {1}]
    assert blas_threads() == before


def test_a_worker_thread_after_a_search_gives_the_same_bits() -> None:
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    subprocess.run([sys.executable, "-c", REPLAY], env=free, check=True, timeout=300)

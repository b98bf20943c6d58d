"""The same bits in every process, whatever the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import numpy as np
from kanlab.data import load
from kanlab.discovery import Investigation
from kanlab.discovery.actions import Discover, Fit, Fix, Prune
from kanlab.network import EdgeId
from kanlab.network.compact import active_edges
from tests.tables import digest, wavy

held = Investigation.start(load("exp_sin"), shape=[2, 5, 1], seed=3)
print(digest(held.network))
for action in (Fit(steps=10, sparsity=0.02), Prune(), Fit(steps=5, grids=(5, 8)), Fix(EdgeId(0, 0, 0), "sin")):
    print(digest(held.do(action).network))
other = Investigation.start(wavy(), shape=[2, (1, 1), 1])
print(digest(other.do(Fit(steps=5, optimizer="adam")).network))
print(digest(other.do(Fit(steps=2, optimizer="lbfgs")).network))
print(digest(other.do(Discover(trials=2)).network), other.law())
edge = EdgeId(0, *map(int, np.argwhere(active_edges(other.network.arrays().layers[0]))[0]))
print([one.form for one in other.suggest(edge)])
"""
ROOT = Path(__file__).parents[2]


def printed(threads: int, folder: Path) -> str:
    """What the program prints; it runs in an empty folder and leaves it empty."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            **dict.fromkeys(names, str(threads)),
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": str(threads),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    return done.stdout


def test_the_same_bits_in_fresh_processes_and_with_more_threads(tmp_path: Path) -> None:
    first = printed(1, tmp_path)
    assert len(set(first.split("\n"))) > 8
    assert printed(1, tmp_path) == first
    assert printed(2, tmp_path) == first

"""Networks of every kind go through the whole of an investigation: fitted, refined, undone, saved, replayed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kanlab as kl
from kanlab.kernels import BASE_FUNCTIONS
from tests.networks import miss


def table(rows: int = 200) -> kl.Dataset:
    inputs = np.random.default_rng(0).uniform(-1, 1, (rows, 2))
    targets = np.exp(np.sin(np.pi * inputs[:, 0]) + inputs[:, 1] ** 2)
    return kl.Dataset.from_arrays(inputs, targets)


KINDS: dict[str, dict[str, Any]] = {
    "an order for each layer": {"order": [3, 2]},
    "a base for each layer": {"base": ["silu", "zero"]},
    "everything for each layer": {"order": [2, 4], "intervals": [4, 6], "base": ["tanh", "identity"]},
    "a sparse start": {"start": "sparse", "shape": [2, 4, 3, 1]},
    **{f"base {name}": {"base": name} for name in BASE_FUNCTIONS if name not in ("silu", "identity", "zero")},
}


FITS: dict[str, dict[str, Any]] = {"knots at quantiles": {"grid_blend": 0.7}}


@pytest.mark.parametrize("kind", [*KINDS, *FITS])
def test_the_whole_way(kind: str, tmp_path: Path) -> None:
    session = kl.Session(table(), **{"shape": [2, 3, 1], **KINDS.get(kind, {})})
    before = session.state.metrics.train
    how = FITS.get(kind, {})
    session.fit(steps=40, sparsity=0, **how)
    assert session.state.metrics.train < 0.05 * before  # measured at most 0.0056 over three seeds
    inputs = session.data.inputs
    wanted = session.predict(inputs)
    session.refine(11)
    assert miss(session.predict(inputs), wanted) <= 1e-12
    session.undo()
    assert np.array_equal(session.predict(inputs), wanted)
    session.redo().fit(steps=3, sparsity=0, **how)
    assert kl.open(session.save(tmp_path / "kind.kanlab")).same_as(session)
    script = tmp_path / "script.py"
    script.write_text(session.script(), encoding="utf-8")
    assert runpy.run_path(str(script))["session"].same_as(session)

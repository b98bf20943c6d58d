"""Every line of kanlab in docs/migration.md runs."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import kanlab as kl
from kanlab.network import trace
from kanlab.sparsity import L1Entropy
from kanlab.training import FitOptions

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "migration.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<pykan>.+?) \| (?P<kanlab>`[^`]+`|—) \| ?(?P<note>.*?) ?\|$")
ROWS = [found for line in TEXT.splitlines() if (found := ROW.match(line))]
LINES = [row["kanlab"].strip("`") for row in ROWS if row["kanlab"] != "—"]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What stands before the lines, run as it is written."""
    block = re.search(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    assert block
    names: dict[str, Any] = {
        "copy": copy,
        "torch": torch,
        "trace": trace,
        "L1Entropy": L1Entropy,
        "FitOptions": FitOptions,
    }
    exec(block[1], names)
    names["session"].fit(sparsity=0, steps=10)
    return names


def test_every_row_was_read() -> None:
    assert len(ROWS) == sum(line.startswith("|") for line in TEXT.splitlines()) - 2 * TEXT.count(
        "|---|---|---|"
    )
    assert len(LINES) > 40


@pytest.mark.parametrize("line", LINES)
def test_the_line_runs(
    line: str, names: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = names["session"]
    start = session.state.number
    try:
        assert eval(line, dict(names)) is not None
    finally:
        session.go(start)


def test_the_jacobian_is_that_of_finite_differences(names: dict[str, Any]) -> None:
    (line,) = (line for line in LINES if "jacobian" in line)
    slopes = eval(line, dict(names)).numpy()[0]
    X, network, step = names["X"], names["session"].network, 1e-6
    for column in range(2):
        move = step * np.eye(2)[column]
        wanted = (network.predict(X + move) - network.predict(X - move))[:, 0] / (2 * step)
        assert np.allclose(slopes[:, column], wanted, atol=1e-5)


def test_the_words_around_the_tables_hold() -> None:
    assert kl.load("exp_sin").rows > 0
    assert "exp_sin" in [info.name for info in kl.datasets()]
    fixture = Path(__file__).resolve().parent / "fixtures" / "pykan" / "plain"
    assert isinstance(kl.from_pykan(fixture), kl.KAN)
    assert isinstance(kl.from_pykan(fixture, outside="continue"), kl.KAN)

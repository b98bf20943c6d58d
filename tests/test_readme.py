"""The README's lines of Python run as they stand, and its figures are those of the results."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import kanlab as kl
from benchmarks.headlines import BEGIN, END, ROWS, headlines, write_headlines

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
CHECKPOINT = ROOT / "tests" / "fixtures" / "pykan"


def test_the_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for ending in ("config.yml", "state"):
        shutil.copy(CHECKPOINT / f"plain_{ending}", tmp_path / f"mark_{ending}")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL):
        exec(block, names)
    law, planets, residual = capsys.readouterr().out.splitlines()
    assert law == "y = exp(x2**2 + sin(pi*x1))"
    assert planets == "period = semi_major_axis**(3/2)"
    assert float(residual) < 0.01
    assert len(names["many"]) == 20
    assert isinstance(names["imported"], kl.KAN)


def test_every_public_function_is_shown() -> None:
    named = set(re.findall(r"kl\.(\w+)", TEXT))
    functions = {name for name in kl.__all__ if callable(getattr(kl, name)) and name[0].islower()}
    assert functions - {"datasets", "open"} <= named


def test_pictures_and_links_lead_to_files() -> None:
    places = re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT)
    assert places
    assert not [place for place in places if not (ROOT / place).exists()]


def test_figures_are_those_of_the_results() -> None:
    between = TEXT.split(BEGIN)[1].split(END)[0].strip()
    assert between == headlines(), "write them again: make bench BENCH=--page"
    assert len(between.splitlines()) == len(ROWS)


def test_figures_are_put_between_the_marks(tmp_path: Path) -> None:
    readme, results = tmp_path / "README.md", tmp_path / "results"
    results.mkdir()
    row = '{"cpu_s": {"pykan": 6.0, "kanlab, compiled": 2.0}}'
    (results / "network.json").write_text('{"rows": {"a": ' + row + "}}", encoding="utf-8")
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_headlines(readme, results)
    shown = "- loss and gradient of a network: 3 to 3 times as fast as pykan;"
    assert readme.read_text(encoding="utf-8") == f"before\n{BEGIN}\n{shown}\n{END}\nafter\n"
    readme.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for figures"):
        write_headlines(readme, results)

"""What an installed kanlab has: the built wheel's list of files."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.mark.parametrize(
    "name",
    [
        "kanlab/__init__.py",
        "kanlab/widgets/static/widget.js",
        "kanlab/widgets/static/widget.css",
        "kanlab/report/report.css",
        "kanlab/_notebooks/01_first_law.ipynb",
    ],
)
def test_holds(names: frozenset[str], name: str) -> None:
    assert name in names


def test_holds_every_module(names: frozenset[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "kanlab").rglob("*.py")}
    assert modules <= names


def test_holds_every_dataset_with_its_table(names: frozenset[str]) -> None:
    records = list((ROOT / "datasets").glob("*/dataset.json"))
    assert records
    for record in records:
        table = json.loads(record.read_text(encoding="utf-8"))["file"]
        inside = {
            f"kanlab/_datasets/{record.parent.name}/{file}" for file in (table, "dataset.json", "README.md")
        }
        assert inside <= names


def test_holds_nothing_else(names: frozenset[str]) -> None:
    strangers = {name for name in names if not name.startswith(("kanlab/", "kanlab-"))}
    leftovers = {name for name in names if name.endswith((".pyc", ".nbi", ".nbc")) or "checkpoints" in name}
    assert not strangers | leftovers

"""Every notebook runs from its first cell to its last, and its assertions hold."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
FILES = sorted(NOTEBOOKS.glob("*.ipynb"))

pytestmark = pytest.mark.notebook


def test_the_first_tutorial_is_there() -> None:
    assert NOTEBOOKS / "01_first_law.ipynb" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ends_in_an_assertion_and_holds_no_output(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert "assert " in cells[-1].source
    assert not any(cell.outputs or cell.execution_count for cell in cells)

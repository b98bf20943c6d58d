"""Every notebook runs from its first cell to its last, and can be read without a kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from tools.notebooks import LIVE

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
PICTURES = {"image/png", "image/svg+xml"}

pytestmark = pytest.mark.notebook


def kinds(path: Path) -> set[str]:
    """The kinds of everything that is stored in a notebook's outputs."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    return {kind for output in outputs for kind in output.get("data", {output.output_type: ""})}


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
def test_ends_in_assertions(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert "assert " in cells[-1].source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_can_be_read_without_a_kernel(path: Path) -> None:
    stored = kinds(path)
    assert stored & PICTURES
    assert "text/latex" in stored
    assert LIVE not in stored
    assert "error" not in stored
    page, _ = HTMLExporter().from_filename(str(path))
    assert "<img" in page or "<svg" in page
    assert "x_{1}" in page

"""Every notebook runs from its first cell to its last, and can be read without a kernel."""

from __future__ import annotations

import copy
import re
from functools import cache
from html import escape
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tools.notebooks import LIVE, run, still

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
PICTURES = {"image/png", "image/svg+xml"}
FORMULA = "text/latex"
PLACE = re.compile(r"0x[0-9a-f]{6,}|/(?:root|home|tmp|Users)/")

pytestmark = pytest.mark.notebook
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def stored(path: Path) -> NotebookNode:
    """The notebook as it is committed."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook: NotebookNode, kind: str) -> list[str]:
    """Everything of a kind that the outputs hold, in order."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


def kinds(notebook: NotebookNode) -> set[str]:
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return {kind for output in outputs for kind in output.get("data", {output.output_type: ""})}


def test_the_first_tutorial_is_there() -> None:
    assert NOTEBOOKS / "01_first_law.ipynb" in FILES


@each
def test_runs_and_gives_the_formulas_that_are_stored(path: Path, tmp_path: Path) -> None:
    notebook = copy.deepcopy(stored(path))
    for cell in code_cells(notebook):
        cell.outputs = []
    run(notebook, tmp_path)
    assert shown(notebook, FORMULA) == shown(stored(path), FORMULA)
    assert kinds(still(notebook)) == kinds(stored(path))


@each
def test_ends_in_assertions(path: Path) -> None:
    assert "assert " in code_cells(stored(path))[-1].source


@each
def test_was_run_once_from_its_first_cell_to_its_last(path: Path) -> None:
    cells = code_cells(stored(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@each
def test_stores_pictures_and_formulas_and_nothing_that_needs_a_kernel(path: Path) -> None:
    found = kinds(stored(path))
    assert found & PICTURES
    assert FORMULA in found
    assert LIVE not in found
    assert "error" not in found
    assert "widgets" not in stored(path).metadata


@each
def test_tells_nothing_of_the_machine_that_ran_it(path: Path) -> None:
    texts = [
        text
        for cell in code_cells(stored(path))
        for output in cell.outputs
        for text in (output.get("text", ""), *output.get("data", {}).values())
        if isinstance(text, str) and len(text) < 5000
    ]
    assert not [text for text in texts if PLACE.search(text)]


@each
def test_is_a_page_with_its_pictures_and_formulas(path: Path) -> None:
    page, _ = HTMLExporter().from_filename(str(path))
    pictures = sum(len(shown(stored(path), kind)) for kind in PICTURES)
    assert page.count("<img") + page.count("<svg") >= pictures > 0
    for formula in shown(stored(path), FORMULA):
        assert escape(formula, quote=False) in page
    assert "attachment:" not in page
    assert LIVE not in page

"""Rebuild the committed notebooks: run every cell, keep pictures and formulas, drop what needs a kernel.

python -m tools.notebooks [NAME.ipynb ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
LIVE = "application/vnd.jupyter.widget-view+json"


def main(names: list[str]) -> int:
    for path in [FOLDER / name for name in names] or sorted(FOLDER.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(
                notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}
            ).execute()
        nbformat.write(still(notebook), path)
    return 0


def still(notebook: NotebookNode) -> NotebookNode:
    """The notebook as a page: a widget without a kernel is an error message, so only its picture stays."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [shown for shown in map(_still, cell.outputs) if shown is not None]
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
    )
    return notebook


def _still(output: NotebookNode) -> NotebookNode | None:
    if "data" not in output:
        return None if output.get("name") == "stderr" else output
    live = output.data.pop(LIVE, None) is not None
    output.metadata = {}
    # a progress bar leaves nothing but its name, a workbench leaves its picture
    return None if live and set(output.data) <= {"text/plain"} else output


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

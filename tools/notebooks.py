"""Rebuild the committed notebooks: run every cell, keep what can be read without a kernel, drop the rest.

python -m tools.notebooks [NAME.ipynb ...]
"""

from __future__ import annotations

import base64
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
FOLDER, PICTURES = ROOT / "notebooks", ROOT / "docs"
LIVE = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 600
ATTACHED = re.compile(r"\(attachment:([\w.-]+\.png)\)")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def main(names: list[str]) -> int:
    for path in [FOLDER / name for name in names] or sorted(FOLDER.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            run(notebook, Path(folder))
        nbformat.write(still(notebook), path)
    return 0


def run(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells in a folder; their outputs are left in the notebook.

    Raises:
        CellExecutionError: a cell raised.
    """
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", resources=resources, coalesce_streams=True
    ).execute()


def still(notebook: NotebookNode) -> NotebookNode:
    """The notebook as a page that is the same each time it is rebuilt.

    A live widget without a kernel is an error message, so only its picture stays; what changes from run to run
    (times, addresses of objects) goes; pictures of `docs/` that the text shows are put in.
    """
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [shown for shown in map(_still, cell.outputs) if shown is not None]
        elif cell.cell_type == "markdown":
            _attach(cell)
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def _still(output: NotebookNode) -> NotebookNode | None:
    if "data" not in output:
        return None if output.get("name") == "stderr" else output
    live = output.data.pop(LIVE, None) is not None
    if live and set(output.data) <= {"text/plain"}:  # a progress bar: nothing but its name is left
        return None
    output.metadata = {}
    output.data = {kind: _steady(shown) for kind, shown in output.data.items()}
    return output


def _steady(shown: Any) -> Any:
    """Text without the addresses of objects."""
    return ADDRESS.sub("", shown) if isinstance(shown, str) else shown


def _attach(cell: NotebookNode) -> None:
    cell.pop("attachments", None)
    names = ATTACHED.findall(cell.source)
    if names:
        cell.attachments = {
            name: {"image/png": base64.b64encode((PICTURES / name).read_bytes()).decode()} for name in names
        }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

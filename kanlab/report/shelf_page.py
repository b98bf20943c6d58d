"""The result of a search without hands as an offline page."""

from __future__ import annotations

from html import escape

from ..data import Dataset
from ..discovery import Investigation, Shelf
from .html import table
from .page import page


def shelf_page(shelf: Shelf, dataset: Dataset) -> str:
    """The report of the best law's network, with the line of Python that finds it again, and the shelf as a table."""
    return page(Investigation.of_shelf(dataset, shelf), appendix=shelf_section(shelf))


def shelf_section(shelf: Shelf) -> str:
    """The front, the runners-up and the notes in HTML."""
    shown = shelf.parts()
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in shown.notes)
    return f"<h2>Shelf</h2>\n<p>{escape(shown.heading)}</p>\n{table([shown.columns, *shown.rows])}\n{notes}"

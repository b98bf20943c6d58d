"""The result of a search without hands as an offline page."""

from __future__ import annotations

from ..data import Dataset
from ..discovery import Investigation, Shelf
from .page import page


def shelf_page(shelf: Shelf, dataset: Dataset) -> str:
    """The report of the best law's network, with the line of Python that finds it again."""
    return page(Investigation.of_shelf(dataset, shelf))

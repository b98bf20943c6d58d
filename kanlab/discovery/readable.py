"""Records that are read as a heading, a table and sentences, in a terminal and in a notebook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """What a reader sees.

    Attributes:
        heading: a sentence.
        columns: titles of the columns.
        rows: cells, one for each column.
        notes: sentences below the table.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class Readable:
    """Shown as text and as Markdown."""

    def parts(self) -> Parts:
        """What is shown."""
        raise NotImplementedError

    def __str__(self) -> str:
        shown = self.parts()
        lines: list[str] = []
        if shown.rows:
            table = (shown.columns, *shown.rows)
            widths = [max(map(len, column)) for column in zip(*table, strict=True)]
            cells = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in table]
            lines = ["", *("  ".join(row).rstrip() for row in cells)]
        return "\n".join([shown.heading, *lines, *(["", *shown.notes] if shown.notes else [])])

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        shown = self.parts()
        if not shown.rows:
            return "\n\n".join([shown.heading, *shown.notes])
        lines = ["| " + " | ".join(shown.columns) + " |", "|" + "---|" * len(shown.columns)]
        lines += ["| " + " | ".join(_code(cell) for cell in row) + " |" for row in shown.rows]
        return "\n\n".join([shown.heading, "\n".join(lines), *shown.notes])


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`" if escaped else ""

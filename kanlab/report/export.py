"""The exports that a person can ask for, each as text with a file name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..discovery import Investigation
from ..errors import ActionError, FileError
from .page import page
from .script import script
from .svg import network_svg


@dataclass(frozen=True)
class Export:
    """Text and the name it should be saved under."""

    text: str
    filename: str
    mime: str


@dataclass(frozen=True)
class Kind:
    """A row of the table of exports."""

    make: Callable[[Investigation], str]
    ending: str
    mime: str


KINDS = {
    "script": Kind(script, "py", "text/x-python"),
    "html": Kind(page, "html", "text/html"),
    "svg": Kind(lambda held: network_svg(held.network, held.dataset), "svg", "image/svg+xml"),
    "latex": Kind(lambda held: held.law().latex(), "tex", "text/plain"),
    "python": Kind(lambda held: held.law().python(), "py", "text/x-python"),
    "text": Kind(lambda held: str(held.law()), "txt", "text/plain"),
}


def export(investigation: Investigation, kind: str) -> Export:
    """Make an export.

    Raises:
        ActionError: the kind is unknown, or there is no law yet.
    """
    row = KINDS.get(kind)
    if row is None:
        raise ActionError(f"There is no export {kind!r}; choose one of {', '.join(KINDS)}.")
    return Export(row.make(investigation), f"investigation.{row.ending}", row.mime)


def write_text(path: Path, text: str) -> Path:
    """Write a text file.

    Raises:
        FileError: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise FileError(
            f"The file {str(path)!r} cannot be written ({problem.strerror}); choose another place."
        ) from problem
    return path

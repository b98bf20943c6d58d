"""Errors that a user may see.

Every message is one plain sentence: what came, what was expected, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class KanlabError(ValueError):
    """A refused input. Nothing has been changed when it is raised."""


class DataError(KanlabError):
    """A table that cannot be used as it is."""


class ShapeError(KanlabError):
    """A network shape, an edge or a node that does not exist or does not fit."""


class FormError(KanlabError):
    """A symbolic form that is unknown or cannot be defined where it is asked for."""


class GrammarError(FormError):
    """Text that is not a formula of the project's grammar."""


class FileError(KanlabError):
    """A file that is not what it claims to be."""


class LabError(KanlabError):
    """A JupyterLab that cannot be started."""


class ActionError(KanlabError):
    """An action that makes no sense in the present state."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`" Did you mean 'sin' or 'sinh'?"` when something close is known, else the empty string."""
    near = get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""

"""Column names: which are accepted, and how one is spelled inside a formula."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

from ..errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RESERVED = frozenset(keyword.kwlist) | {"pi", "e", "E", "I"}
"""Spellings that a formula already uses for something else."""

_SUPERSCRIPTS = str.maketrans("²³", "23")


def identifier(name: str, *, reserved: Iterable[str] = RESERVED) -> str:
    """A spelling of `name` that is a Python identifier in plain ASCII letters, digits and underscores.

    Identifiers come back unchanged, Greek letters are written out (`"λ"` becomes `"lambda_"`), everything
    else that is not a letter or a digit becomes one underscore, and a reserved word gets an underscore at its
    end.
    """
    text = "".join(_latin(letter) for letter in name.translate(_SUPERSCRIPTS))
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        text = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    if not text or text[0].isdigit():
        text = f"x_{text}" if text else "x"
    return f"{text}_" if text in frozenset(reserved) else text


def identifiers(names: Sequence[str], *, reserved: Iterable[str] = RESERVED) -> dict[str, str]:
    """Each name with its spelling in a formula; two names never share a spelling."""
    taken: dict[str, str] = {}
    # Names that need no change come first, so that "a b" can never take the spelling of a real column "a_b".
    for name in sorted(names, key=lambda name: identifier(name, reserved=reserved) != name):
        spelling = base = identifier(name, reserved=reserved)
        count = 2
        while spelling in taken.values():
            spelling = f"{base}_{count}"
            count += 1
        taken[name] = spelling
    return {name: taken[name] for name in names}


def checked_names(names: Iterable[object], *, what: str = "table") -> tuple[str, ...]:
    """`names` as text, or DataError when one is empty or appears twice."""
    texts = tuple(str(name).strip() for name in names)
    for position, text in enumerate(texts):
        if not text:
            raise DataError(
                f"Column {position + 1} of the {what} has no name; give it one, or leave it out "
                "(a table saved with its row numbers has such a column)."
            )
    repeated = next((text for position, text in enumerate(texts) if text in texts[:position]), None)
    if repeated is not None:
        raise DataError(
            f"The column name {repeated!r} appears twice in the {what}; every column needs a name of its own."
        )
    return texts


def default_names(stem: str, count: int) -> tuple[str, ...]:
    """`("x1", "x2", ...)`; a single column keeps the bare stem only when the stem is not `"x"`."""
    if count == 1 and stem != "x":
        return (stem,)
    return tuple(f"{stem}{position + 1}" for position in range(count))


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    words = unicodedata.name(letter, "").split()
    if len(words) >= 4 and words[0] == "GREEK" and words[2] == "LETTER":
        word = "LAMBDA" if words[3] == "LAMDA" else words[3]  # Unicode's own spelling
        return word.lower() if words[1] == "SMALL" else word.capitalize()
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain or "_"

"""The configuration file of a pykan checkpoint, read as text.

pykan writes YAML: one flat mapping whose values are scalars or block lists of them, at most three deep. Only that much
is read here, and only of the entries that are asked for. Tags are never followed and nothing is ever made from one, so
a hostile file can at most be refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from ..errors import FileError

Value: TypeAlias = "int | float | bool | str | tuple[Value, ...] | None"
"""What an entry may hold; a list comes as a tuple."""

MOST_CHARACTERS = 4_000_000
DEEPEST = 4
LONGEST = 200
"""Characters of one scalar."""

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*):(?: (.*))?")
_ANCHOR = re.compile(r"&([A-Za-z0-9_]+)(?: (.*))?")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?")
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None, "~": None, "[]": ()}

Lines: TypeAlias = list[tuple[int, str]]
"""Indentation and text of each line."""


def read_config(text: str) -> dict[str, Value]:
    """The entries of the file whose values are plain; an entry that holds a tag is kept as its text.

    Raises:
        FileError: the text is too long, or is not a flat mapping of scalars and lists.
    """
    if len(text) > MOST_CHARACTERS:
        raise FileError(
            f"Its configuration has {len(text)} characters, and at most {MOST_CHARACTERS} are read."
        )
    anchors: dict[str, Value] = {}
    return {key: _entry(first, block, anchors) for key, first, block in _entries(text)}


def _entries(text: str) -> list[tuple[str, str, Lines]]:
    """Each key with the rest of its line and the lines below it."""
    entries: list[tuple[str, str, Lines]] = []
    for line in text.split("\n"):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        found = None if line[0] in " -" else _KEY.fullmatch(line.rstrip())
        if found:
            entries.append((found[1], (found[2] or "").strip(), []))
        elif entries and line[0] in " -":
            entries[-1][2].append((len(line) - len(line.lstrip(" ")), bare))
        else:
            raise FileError(f"Its configuration has the line {bare[:40]!r}, which is no entry.")
    if len({key for key, _, _ in entries}) < len(entries):
        raise FileError("Its configuration names an entry twice.")
    return entries


def _entry(first: str, block: Lines, anchors: dict[str, Value]) -> Value:
    anchor = _ANCHOR.fullmatch(first)
    if anchor:
        anchors[anchor[1]] = _entry(anchor[2] or "", block, anchors)
        return anchors[anchor[1]]
    if first.startswith("!"):
        return first[:LONGEST]
    if first or not block:
        # a long text goes on in the lines below
        return _scalar(" ".join([first, *(text for _, text in block)])[: 8 * LONGEST], anchors)
    reader = _Sequences(block, anchors)
    value = reader.read(block[0][0], 1)
    if reader.place < len(block):
        raise FileError(f"Its configuration has the line {block[reader.place][1][:40]!r} out of place.")
    return value


class _Sequences:
    """A cursor over the lines of one block of nested lists."""

    def __init__(self, lines: Lines, anchors: dict[str, Value]) -> None:
        self.lines = list(lines)
        self.anchors = anchors
        self.place = 0

    def read(self, indent: int, depth: int) -> tuple[Value, ...]:
        """The list whose dashes stand at `indent`."""
        if depth > DEEPEST:
            raise FileError(f"Its configuration has lists nested deeper than {DEEPEST}.")
        items: list[Value] = []
        while self.place < len(self.lines):
            at, text = self.lines[self.place]
            if at != indent or not (text == "-" or text.startswith("- ")):
                break
            items.append(self._item(indent, text[1:].strip(), depth))
        if not items:
            raise FileError(
                f"Its configuration has the line {self.lines[self.place][1][:40]!r} out of place."
            )
        return tuple(items)

    def _item(self, indent: int, rest: str, depth: int) -> Value:
        anchor = _ANCHOR.fullmatch(rest)
        if anchor:
            value = self._item(indent, (anchor[2] or "").strip(), depth)
            self.anchors[anchor[1]] = value
            return value
        if rest == "-" or rest.startswith("- "):
            # "- - 2": the inner list starts on the line of the outer dash, two columns further
            self.lines[self.place] = (indent + 2, rest)
            return self.read(indent + 2, depth + 1)
        self.place += 1
        if rest:
            return _scalar(rest, self.anchors)
        if self.place == len(self.lines) or self.lines[self.place][0] <= indent:
            return None
        return self.read(self.lines[self.place][0], depth + 1)


def _scalar(text: str, anchors: Mapping[str, Value]) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith("*"):
        if text[1:] not in anchors:
            raise FileError(f"Its configuration points to {text[:40]!r}, which it does not hold.")
        return anchors[text[1:]]
    if _INTEGER.fullmatch(text) and len(text) <= 18:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if len(text) >= 2 and text[0] == text[-1] == "'":
        text = text[1:-1].replace("''", "'")
    elif len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text[:LONGEST]

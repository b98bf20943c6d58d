"""Formula text cut into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isinf
from typing import Literal

from ..errors import GrammarError

MAX_LENGTH = 10_000
_MAX_EXACT_DIGITS = 30
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPELLINGS = {"^": "**", "−": "-", "·": "*", "×": "*"}
_OPERATORS = ("**", "+", "-", "*", "/", "(", ")", "=", ",", "^", "−", "·", "×")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True)
class Token:
    """A piece of text and the place (from 0) at which it starts."""

    kind: Literal["number", "name", "operator", "end"]
    text: str
    place: int


def number(text: str) -> int | float:
    """The value of a number's text; whole numbers of up to 30 digits stay exact."""
    if text.isdigit() and len(text) <= _MAX_EXACT_DIGITS:
        return int(text)
    value = float(text)
    if isinf(value):
        raise GrammarError(f"The number {text[:40]} is too large: the largest is about 1e308.")
    return value


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, an end mark last; raises `GrammarError` at the first piece that is none."""
    _refuse_other_than_text(text)
    if len(text) > MAX_LENGTH:
        raise GrammarError(
            f"The formula has {len(text)} characters, but at most {MAX_LENGTH} are read: shorten it."
        )
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token, place = _next(text, place)
        tokens.append(token)
    return [*tokens, Token("end", "", len(text))]


def _next(text: str, place: int) -> tuple[Token, int]:
    if match := _NUMBER.match(text, place):
        return Token("number", match.group(), place), match.end()
    if text[place].isalpha() or text[place] == "_":
        return _name(text, place)
    for operator in _OPERATORS:
        if text.startswith(operator, place):
            return Token("operator", _SPELLINGS.get(operator, operator), place), place + len(operator)
    raise GrammarError(_unexpected(text[place], place))


def _name(text: str, place: int) -> tuple[Token, int]:
    end = place
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        if text[end] in _SUPERSCRIPTS:
            raise GrammarError(_unexpected(text[end], end))
        end += 1
    name = text[place:end]
    if name.startswith("__"):
        raise GrammarError(f"The name {name[:40]!r} starts with two underscores, which no variable may do.")
    return Token("name", name, place), end


def _unexpected(character: str, place: int) -> str:
    if character in _SUPERSCRIPTS:
        return (
            f"A raised {character} was found at character {place + 1}: write a power with **, such as x**2."
        )
    return (
        f"The character {character!r} at character {place + 1} is no part of a formula: "
        "use names, numbers, + - * / ** and parentheses."
    )


def _refuse_other_than_text(value: object) -> None:
    if not isinstance(value, str):
        raise GrammarError(f"A formula is text, but {type(value).__name__} was given: write it in quotes.")

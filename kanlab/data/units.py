"""Units of columns: text to powers of named units, their dimension, and their size in the SI.

unit     = division                       division = product (("*" | "·" | "/") product)*
product  = power (" " power)*             power    = atom [("^" | "**") exponent | ² | a signed number]
atom     = number | name | "quoted name" | "(" unit ")"

So m/s/s is m/s^2, kg m-3 is kg/m^3, and J/kg K is J/(kg*K): a space binds closer than a stroke.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import inf, isclose, isfinite, prod

from .unit_table import BASE, LOGARITHMS, PLAIN, PREFIXED, PREFIXES, PURE, WORDS, Row

Powers = tuple[tuple[str, Fraction], ...]
"""Names with their exponents, none of them 0, in a fixed order."""

MOST_LETTERS = 200
MOST_POWER = 100
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_NAME = r"(?:[^\W\d⁰¹²³⁴⁵⁶⁷⁸⁹]|[%‰°′″$€£☉])+"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | "(?P<quoted>(?:[^"]|"")+)"
    | (?P<name>{_NAME})
    | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)
    | (?P<sign>\*\*|[-+*/^()·⋅×])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Dimension:
    """Exponents of the SI base units, and of units that nobody knows, which are a dimension of their own."""

    powers: Powers = ()

    def __str__(self) -> str:
        return _text(self.powers)


@dataclass(frozen=True)
class Unit:
    """scale * product of name ** exponent, the names as they were written.

    Two units of one dimension may differ in size: `same_as` asks for both, `==` for the same spelling.
    """

    powers: Powers = ()
    scale: float = 1.0

    @property
    def dimension(self) -> Dimension:
        """What kind of quantity it measures."""
        return Dimension(_merged([(_known(name)[0], power) for name, power in self.powers], base_first=True))

    @property
    def factor(self) -> float:
        """How many of the coherent SI unit it is; unknown units count as 1."""
        return self.scale * prod(_power_of(_known(name)[1], power) for name, power in self.powers)

    @property
    def pure(self) -> bool:
        """Whether it is the number 1."""
        return self.same_as(ONE)

    def same_as(self, other: Unit) -> bool:
        """Whether both are equal, however they are written."""
        return self.alike(other) and isclose(self.factor, other.factor, rel_tol=1e-9)

    def alike(self, other: Unit) -> bool:
        """Whether both measure the same kind of quantity."""
        return self.dimension == other.dimension

    def __mul__(self, other: Unit) -> Unit:
        return Unit(
            _merged([(self.powers, Fraction(1)), (other.powers, Fraction(1))]), self.scale * other.scale
        )

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, exponent: Fraction | int) -> Unit:
        return Unit(_merged([(self.powers, Fraction(exponent))]), _power_of(self.scale, exponent))

    def __str__(self) -> str:
        """Text that `parse_unit` reads as the same unit; 1 for a pure number."""
        text = _text(self.powers)
        if self.scale == 1:
            return text
        number = repr(self.scale)
        if text == "1":
            return number
        return number + text[1:] if text.startswith("1/") else f"{number}*{text}"


ONE = Unit()


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """The unit that a text names; never an error.

    A name that is in no table is a unit of its own, and so is a whole text that does not follow the grammar: two
    columns with the same such text can be added, and with nothing else.
    """
    plain = text.strip()
    if len(plain) > 2 and plain[0] == "[" and plain[-1] == "]":
        plain = plain[1:-1].strip()
    if plain.lower() in PURE or _logarithm(plain):
        return ONE
    try:
        unit = _Reader(_tokens(plain)).read()
        good = 0 < unit.factor < inf
    except (ValueError, ArithmeticError):
        good, unit = False, ONE
    return unit if good else Unit(((plain, Fraction(1)),))


def _logarithm(text: str) -> bool:
    return text.endswith(")") and text.partition("(")[0].strip() in LOGARITHMS


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text of each piece; `gap` and `joined` tell apart what stands after a space and what does not."""
    if len(text) > MOST_LETTERS:
        raise ValueError(text)
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise ValueError(text)
        kind, value = match.lastgroup, match[match.lastgroup]
        if match[0][0].isspace() and kind != "sign":
            found.append(("gap", " "))
        found.append((kind, value.replace('""', '"') if kind == "quoted" else value))
        place = match.end()
    return found


class _Reader:
    """A precedence reader; ValueError where the text does not follow the grammar."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = [*tokens, ("end", "")]
        self.next = 0
        self.nesting = 0

    def read(self) -> Unit:
        unit = self._division()
        if self.tokens[self.next][0] != "end":
            raise ValueError(self.tokens[self.next])
        return unit

    def _take(self, kind: str, *texts: str) -> str | None:
        found, text = self.tokens[self.next]
        if found != kind or (texts and text not in texts):
            return None
        self.next += 1
        return text

    def _division(self) -> Unit:
        self._take("gap")
        unit = self._product()
        while sign := self._take("sign", "*", "·", "⋅", "×", "/"):
            self._take("gap")
            other = self._product()
            unit = unit / other if sign == "/" else unit * other
        return unit

    def _product(self) -> Unit:
        unit = self._power()
        while self._take("gap") or self.tokens[self.next] == ("sign", "("):
            unit = unit * self._power()
        return unit

    def _power(self) -> Unit:
        kind = self.tokens[self.next][0]
        unit = self._atom()
        if self._take("sign", "^", "**"):
            self._take("gap")
            return _raised(unit, self._exponent())
        if raised := self._take("raised"):
            return _raised(unit, Fraction(raised.translate(_SUPERSCRIPTS)))
        if kind == "name" and (self.tokens[self.next][0] == "number" or self._signed_number()):
            return _raised(unit, self._signed())
        return unit

    def _signed_number(self) -> bool:
        return self.tokens[self.next] in (("sign", "-"), ("sign", "+"))

    def _atom(self) -> Unit:
        if number := self._take("number"):
            value = float(number)
            if not (isfinite(value) and value > 0):
                raise ValueError(number)
            return Unit((), value)
        if self._take("sign", "("):
            self.nesting += 1
            if self.nesting > 20:
                raise ValueError("nested")
            unit = self._division()
            self._closed()
            return unit
        name = self._take("name") or self._take("quoted")
        if name is None:
            raise ValueError(self.tokens[self.next])
        return Unit(((name, Fraction(1)),))

    def _exponent(self) -> Fraction:
        if not self._take("sign", "("):
            return self._signed()
        value = self._signed()
        if self._take("sign", "/"):
            value /= self._signed()
        self._closed()
        return value

    def _signed(self) -> Fraction:
        self._take("gap")
        sign = -1 if self._take("sign", "-") else 1
        self._take("sign", "+")
        number = self._take("number")
        if number is None or "e" in number.lower():
            raise ValueError(self.tokens[self.next])
        return sign * Fraction(number)

    def _closed(self) -> None:
        self._take("gap")
        if not self._take("sign", ")"):
            raise ValueError(self.tokens[self.next])


def _power_of(size: float, exponent: Fraction | int) -> float:
    try:
        return size ** float(exponent)
    except OverflowError:
        return inf


def _raised(unit: Unit, exponent: Fraction) -> Unit:
    if abs(exponent) > MOST_POWER:
        raise ValueError(exponent)
    return unit**exponent


@lru_cache(maxsize=4096)
def _known(name: str) -> tuple[Powers, float]:
    """The base units of one name, and its size in them."""
    found = _names().get(name)
    if found is None:
        return ((name, Fraction(1)),), 1.0
    size, of = found
    if of in BASE:
        return ((of, Fraction(1)),), size
    unit = parse_unit(of)
    return unit.dimension.powers, size * unit.factor


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[float, str]]:
    """Every spelling with its size and what it is the size of; a row's own name wins over a prefixed one."""
    names: dict[str, tuple[float, str]] = {}
    for rows, prefixes in ((PREFIXED, True), (PLAIN, False)):
        for row in rows:
            for name in (*row[0].split(), *row[1].split()):
                names[name] = (row[2], row[3])
            if prefixes:
                names = {**_with_prefixes(row), **names}
    return names


def _with_prefixes(row: Row) -> dict[str, tuple[float, str]]:
    short, long, size, of = row
    pairs = [(short.split(), PREFIXES), (long.split(), WORDS)]
    return {
        prefix + name: (power * size, of)
        for names, prefixes in pairs
        for name in names
        for prefix, power in prefixes.items()
    }


def _merged(parts: list[tuple[Powers, Fraction]], *, base_first: bool = False) -> Powers:
    """The product of powers of powers."""
    total: dict[str, Fraction] = {}
    for powers, outer in parts:
        for name, inner in powers:
            total[name] = total.get(name, Fraction(0)) + inner * outer

    def place(name: str) -> tuple[int, str, str]:
        return (BASE.index(name) if base_first and name in BASE else len(BASE), name.lower(), name)

    return tuple((name, total[name]) for name in sorted(total, key=place) if total[name])


def _text(powers: Powers) -> str:
    above = [_power_text(name, power) for name, power in powers if power > 0]
    below = [_power_text(name, -power) for name, power in powers if power < 0]
    text = "*".join(above) or "1"
    if not below:
        return text
    return f"{text}/{below[0]}" if len(below) == 1 else f"{text}/({'*'.join(below)})"


def _power_text(name: str, power: Fraction) -> str:
    if re.fullmatch(_NAME, name) is None:
        doubled = name.replace('"', '""')
        name = f'"{doubled}"'
    if power == 1:
        return name
    return f"{name}^{power}" if power.denominator == 1 else f"{name}^({power})"

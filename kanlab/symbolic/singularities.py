"""Where the text of a law is not defined or infinite, in a box wider than the data.

Every function that is not defined everywhere puts a condition g(u) > 0, g(u) >= 0 or g(u) != 0 on its argument u. Where
u depends on one column, the ends of what is not defined are found from a grid by bisection; what is narrower than its
steps may be missed. Where u depends on several, it is only told whether there are such points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np
import sympy
from scipy.optimize import minimize

from .._typing import Array
from ..forms.grammar import Binary, Call, Node, Number, evaluate, names, parse, to_sympy
from ..forms.nodes import Unary, walk
from .printing import Printed, law_text
from .validity import Column

TIMES = 3.0
"""The box is so many times as wide as the data."""
SLACK = 0.01
"""And so much more: an end of what is defined often lies at a round number, and so does an end of the box."""
GRID, POINTS, PAIRS = 4001, 4096, 30
SHOWN, LONGEST = 4, 60
TOUCH = 1e-10
_LONG = "The law"
LARGEST = 709.78
"""exp of more than this is beyond the largest double."""


@dataclass(frozen=True)
class _Rule:
    """What a function asks of its argument.

    Attributes:
        margin: g(u).
        kind: "above" for g > 0, "from" for g >= 0, "not" for g != 0.
        says: of what is not defined.
        where: the condition on u that is not allowed, for text.
    """

    margin: Callable[[Array], Array]
    kind: str
    says: str
    where: str


_ABOVE = _Rule(lambda u: u, "above", "is not defined", "{} <= 0")
_FROM = _Rule(lambda u: u, "from", "is not defined", "{} < 0")
_NOT_ZERO = _Rule(lambda u: u, "not", "has a pole", "{} = 0")
_HUGE = _Rule(lambda u: LARGEST - u, "from", "overflows", f"{{}} > {LARGEST}")
_WIDE = _Rule(lambda u: LARGEST - np.abs(u), "from", "overflows", f"abs({{}}) > {LARGEST}")
_UNIT = _Rule(lambda u: 1 - np.abs(u), "from", "is not defined", "abs({}) > 1")
_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "log": _ABOVE,
        "log2": _ABOVE,
        "log10": _ABOVE,
        "sqrt": _FROM,
        "asin": _UNIT,
        "acos": _UNIT,
        "atanh": _Rule(lambda u: 1 - np.abs(u), "above", "is not defined", "abs({}) >= 1"),
        "acosh": _Rule(lambda u: u - 1, "from", "is not defined", "{} < 1"),
        "tan": _Rule(np.cos, "not", "has a pole", "cos({}) = 0"),
        "exp": _HUGE,
        "sinh": _WIDE,
        "cosh": _WIDE,
    }
)


@dataclass(frozen=True)
class _Condition:
    """A rule for an argument, and the text of what breaks when it is broken."""

    rule: _Rule
    argument: Node
    text: str


def singularities(printed: Printed, columns: Sequence[Column]) -> tuple[str, ...]:
    """Sentences such as "log(a) is not defined for a <= 0", each once, in the order of the text."""
    box = {column.name: column for column in columns}
    found: dict[str, None] = {}
    for condition in _conditions(parse(printed.text, variables=printed.names)):
        used = names(condition.argument)
        if used:
            said = _on_a_line if len(used) == 1 else _in_a_box
            text = said(condition, [box[name] for name in used])
            found |= dict.fromkeys([text] if text else [])
    return tuple(found)


def _conditions(node: Node) -> Iterator[_Condition]:
    for part in walk(node):
        match part:
            case Call(function, argument) if function in _RULES:
                yield _Condition(_RULES[function], argument, _text(part))
            case Binary("/", _, divisor):
                yield from _poles(divisor, divisor)
            case Binary("**", base, exponent) if not names(exponent):
                yield from _power(part, base, float(evaluate(exponent, {})))
            case Binary("**", base, _) if names(base):
                yield _Condition(_ABOVE, base, _text(part))
            case _:
                pass


def _power(part: Node, base: Node, exponent: float) -> Iterator[_Condition]:
    if exponent != int(exponent):
        yield _Condition(_ABOVE if exponent < 0 else _FROM, base, _text(part))
    elif exponent < 0:
        yield from _poles(base, Binary("**", base, Number(abs(int(exponent)))))


def _poles(divisor: Node, whole: Node) -> Iterator[_Condition]:
    """The parts of a divisor that make it 0."""
    match divisor:
        case Binary("*", left, right):
            yield from _poles(left, whole)
            yield from _poles(right, whole)
        case Binary("/", part, _) | Unary(part) | Call("sqrt" | "abs", part):
            yield from _poles(part, whole)
        case Binary("**", base, exponent) if not names(exponent):
            if float(evaluate(exponent, {})) > 0:
                yield from _poles(base, whole)
        case Call("exp" | "cosh" | "gaussian" | "sigmoid", _):
            return
        case _:
            yield _Condition(_NOT_ZERO, divisor, _text(Binary("/", Number(1), whole)))


def _text(node: Node) -> str:
    symbols = {name: sympy.Symbol(name, real=True) for name in names(node)}
    text = law_text(to_sympy(node, symbols=symbols))
    return text if len(text) <= LONGEST else _LONG


def _margin(condition: _Condition, values: Mapping[str, Array]) -> Array:
    with np.errstate(all="ignore"):
        return condition.rule.margin(evaluate(condition.argument, values))


def _ends(column: Column, times: float = TIMES) -> tuple[float, float]:
    center, half = 0.5 * column.low + 0.5 * column.high, 0.5 * column.high - 0.5 * column.low
    half = half or abs(center) or 1.0
    reach = (times + SLACK if times > 1 else times) * half
    return center - reach, center + reach


def _on_a_line(condition: _Condition, columns: Sequence[Column]) -> str | None:
    (column,) = columns
    low, high = _ends(column)

    def margin(x: float) -> float:
        return float(_margin(condition, {column.name: np.array([x])})[0])

    x = np.linspace(low, high, GRID)
    values = _margin(condition, {column.name: x})
    rule, touched = condition.rule, _touched(margin, x, values)
    if rule.kind == "not":
        roots = sorted(_tidy(root, high - low) for root in (*_roots(margin, x, values), *touched))
        return f"{condition.text} {rule.says} at {_places(column.name, roots)}" if roots else None
    pieces = _negative(margin, x, values)
    if rule.kind == "above":
        pieces = sorted([*pieces, *((root, root) for root in touched)])
    if not pieces:
        return None
    pieces = [(_tidy(start, high - low), _tidy(end, high - low)) for start, end in pieces]
    sign = "<=" if rule.kind == "above" else "<"
    return f"{condition.text} {rule.says} for {_ranges(column.name, pieces, (low, high), sign)}"


def _roots(margin: Callable[[float], float], x: Array, values: Array) -> list[float]:
    """Where a function changes its sign at 0, from its values on a grid."""
    roots: list[float] = []
    for k in np.flatnonzero(values[:-1] * values[1:] < 0):
        start, end = _bisected(lambda at: margin(at) < 0, float(x[k]), float(x[k + 1]))
        # through a pole the sign changes as well
        if max(abs(margin(start)), abs(margin(end))) <= min(abs(values[k]), abs(values[k + 1])):
            roots.append(0.5 * start + 0.5 * end)
    return roots


def _touched(margin: Callable[[float], float], x: Array, values: Array) -> list[float]:
    """Where a function is 0 without a change of sign between two points of a grid, or at one of its points."""
    size = np.abs(values)
    largest = float(np.max(size, initial=0.0, where=np.isfinite(size)))
    roots = [float(at) for at in x[values == 0]]
    lowest = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:]) & (values[:-2] * values[2:] > 0)
    for k in np.flatnonzero(lowest & (size[1:-1] > 0)) + 1:
        spot = _lowest(lambda at: abs(margin(at)), float(x[k - 1]), float(x[k + 1]))
        if abs(margin(spot)) <= TOUCH * largest:
            roots.append(spot)
    return roots


def _lowest(function: Callable[[float], float], start: float, end: float) -> float:
    """Where a function with one minimum between two points has it."""
    for _ in range(80):
        left, right = start + (end - start) / 3, end - (end - start) / 3
        start, end = (start, right) if function(left) <= function(right) else (left, end)
    return 0.5 * start + 0.5 * end


def _negative(margin: Callable[[float], float], x: Array, values: Array) -> list[tuple[float, float]]:
    """Intervals on which a function is negative; NaN is not, for another part of the law tells of that."""
    bad = values < 0
    edges = np.flatnonzero(bad[:-1] != bad[1:])
    ends = [0.5 * sum(_bisected(lambda at: margin(at) < 0, float(x[k]), float(x[k + 1]))) for k in edges]
    ends = [*([float(x[0])] if bad[0] else []), *ends, *([float(x[-1])] if bad[-1] else [])]
    return list(zip(ends[::2], ends[1::2], strict=True))


def _bisected(inside: Callable[[float], bool], start: float, end: float) -> tuple[float, float]:
    """The two ends of a change from inside to outside, or the other way round, as near as doubles allow."""
    first = inside(start)
    for _ in range(80):
        middle = 0.5 * start + 0.5 * end
        start, end = (middle, end) if inside(middle) == first else (start, middle)
    return start, end


def _tidy(root: float, width: float) -> float:
    return 0.0 if abs(root) < 1e-9 * width else root


def _places(name: str, roots: Sequence[float]) -> str:
    unique = list(dict.fromkeys(f"{root:.6g}" for root in roots))
    more = f" and {len(unique) - SHOWN} more" if len(unique) > SHOWN else ""
    return f"{name} = {', '.join(unique[:SHOWN])}{more}"


def _ranges(name: str, pieces: Sequence[tuple[float, float]], box: tuple[float, float], sign: str) -> str:
    other = sign.replace("<", ">")

    def one(start: float, end: float) -> str:
        if start == end:
            return f"{name} = {start:.6g}"
        if (start, end) == box:
            return f"all {name} within {TIMES:g} times the range"
        if start == box[0]:
            return f"{name} {sign} {end:.6g}"
        if end == box[1]:
            return f"{name} {other} {start:.6g}"
        return f"{start:.6g} {sign} {name} {sign} {end:.6g}"

    texts = [one(*piece) for piece in pieces]
    more = f" or on {len(texts) - SHOWN} more intervals" if len(texts) > SHOWN else ""
    return " or ".join(texts[:SHOWN]) + more


def _in_a_box(condition: _Condition, columns: Sequence[Column]) -> str | None:
    text = _text(condition.argument)
    where = condition.rule.where.format(text if text != _LONG else "its argument")
    for times, place in ((1.0, "inside the range of the data"), (TIMES, "beyond the range of the data")):
        if _breaks(condition, columns, times):
            return f"{condition.text} {condition.rule.says} where {where}, {place}"
    return None


def _breaks(condition: _Condition, columns: Sequence[Column], times: float) -> bool:
    ends = [_ends(column, times) for column in columns]
    points = _points(ends)
    values = _margin(condition, {column.name: points[:, k] for k, column in enumerate(columns)})
    if condition.rule.kind == "from":
        return bool((values < 0).any())
    if (values == 0).any() or (condition.rule.kind == "above" and (values < 0).any()):
        return True
    above, below = points[values > 0], points[values < 0]
    crossed = any(
        _crosses(condition, columns, p, q) for p, q in zip(above[:PAIRS], below[:PAIRS], strict=False)
    )
    return crossed or _touches(condition, columns, ends, points, values)


def _touches(
    condition: _Condition,
    columns: Sequence[Column],
    ends: Sequence[tuple[float, float]],
    points: Array,
    values: Array,
) -> bool:
    """Whether a margin of one sign comes down to 0, searched from the point where it is smallest."""
    size = np.where(np.isfinite(values), np.abs(values), np.inf)
    low, high = np.array(ends).T

    def at(share: Array) -> float:
        spot = low + share * (high - low)
        value = _margin(condition, {column.name: spot[k : k + 1] for k, column in enumerate(columns)})[0]
        return float(abs(value)) if np.isfinite(value) else 1e300

    start = (points[int(np.argmin(size))] - low) / (high - low)
    found = minimize(
        at, start, method="Nelder-Mead", bounds=[(0, 1)] * len(ends), options={"xatol": 1e-10, "fatol": 0.0}
    )
    return float(found.fun) <= TOUCH * float(np.median(size))


def _points(ends: Sequence[tuple[float, float]]) -> Array:
    """Corners and random points of a box, the same every time."""
    low, high = np.array(ends).T
    corners = np.array(list(product(*ends))) if len(ends) <= 10 else np.empty((0, len(ends)))
    return np.concatenate([corners, np.random.default_rng(0).uniform(low, high, (POINTS, len(ends)))])


def _crosses(condition: _Condition, columns: Sequence[Column], start: Array, end: Array) -> bool:
    """Whether a margin is 0 between two points at which its signs differ; it may be infinite there instead."""

    def margin(share: float) -> float:
        at = start + share * (end - start)
        return float(_margin(condition, {column.name: at[k : k + 1] for k, column in enumerate(columns)})[0])

    left, right = 0.0, 1.0
    smallest = min(abs(margin(left)), abs(margin(right)))
    for _ in range(60):
        middle = 0.5 * (left + right)
        value = margin(middle)
        if not np.isfinite(value):
            return False
        left, right = (middle, right) if value > 0 else (left, middle)
    return abs(margin(left)) <= smallest

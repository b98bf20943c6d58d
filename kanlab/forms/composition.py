"""A typed formula read as sums, products, powers and forms of one argument, into whatever is built of these."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Protocol, TypeAlias, TypeVar

import sympy

from ..errors import GrammarError
from .form import Form
from .library import get
from .nodes import Binary, Call, Node, Number, Symbol, Unary

Scalar: TypeAlias = float | sympy.Expr
"""A number: exact where it is a SymPy number."""

Part = TypeVar("Part")

_CONSTANTS: dict[str, sympy.Expr] = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E}
_LOGARITHMS = {"log2": 2, "log10": 10}


class Algebra(Protocol[Part]):
    """What a formula is read into."""

    def number(self, value: Scalar) -> Part:
        """A constant."""
        ...

    def constant(self, part: Part) -> Scalar | None:
        """The value of a part that is constant, else None."""
        ...

    def variable(self, name: str) -> Part:
        """A column."""
        ...

    def add(self, parts: Sequence[Part]) -> Part:
        """The sum."""
        ...

    def multiply(self, parts: Sequence[Part]) -> Part:
        """The product."""
        ...

    def apply(self, form: Form, argument: Part) -> Part:
        """f(argument)."""
        ...

    def power(self, base: Part, exponent: Scalar) -> Part:
        """base ** exponent."""
        ...


def compose(node: Node, algebra: Algebra[Part]) -> Part:
    """What a formula says, in an algebra. Whole numbers, pi and e come exact, decimals as floats.

    u ** v with an exponent that varies is exp(v log u).

    Raises:
        GrammarError: a power with a varying exponent has a constant base that is not above 0.
    """
    match node:
        case Number(value):
            return algebra.number(sympy.Integer(value) if isinstance(value, int) else value)
        case Symbol(name, constant):
            return algebra.number(_CONSTANTS[name]) if constant else algebra.variable(name)
        case Unary(operand):
            return algebra.multiply([algebra.number(-sympy.S.One), compose(operand, algebra)])
        case Call(function, argument):
            return _call(function, compose(argument, algebra), algebra)
        case Binary("+" | "-"):
            minus = algebra.number(-sympy.S.One)
            parts = [(inverse, compose(part, algebra)) for inverse, part in _chain(node, "+", "-")]
            return algebra.add([algebra.multiply([minus, part]) if inv else part for inv, part in parts])
        case Binary("*" | "/"):
            parts = [(inverse, compose(part, algebra)) for inverse, part in _chain(node, "*", "/")]
            return algebra.multiply([_reciprocal(part, algebra) if inv else part for inv, part in parts])
        case Binary(_, left, right):
            return _power(compose(left, algebra), compose(right, algebra), algebra)


def _chain(node: Node, plain: str, inverse: str) -> list[tuple[bool, Node]]:
    """a - b + c as its parts, with whether each is taken inversely; long chains would go too deep otherwise."""
    parts: list[tuple[bool, Node]] = []
    while isinstance(node, Binary) and node.operator in (plain, inverse):
        parts.append((node.operator == inverse, node.right))
        node = node.left
    return [(False, node), *reversed(parts)]


def _reciprocal(part: Part, algebra: Algebra[Part]) -> Part:
    return algebra.power(part, -sympy.S.One)


def _call(function: str, argument: Part, algebra: Algebra[Part]) -> Part:
    base = _LOGARITHMS.get(function)
    if base is None:
        return algebra.apply(get(function), argument)
    scale = algebra.number(1 / sympy.log(base))
    return algebra.multiply([scale, algebra.apply(get("log"), argument)])


def _power(base: Part, exponent: Part, algebra: Algebra[Part]) -> Part:
    fixed = algebra.constant(exponent)
    if fixed is not None:
        return algebra.power(base, fixed)
    held = algebra.constant(base)
    if held is None:
        rate = algebra.apply(get("log"), base)
    elif float(held) > 0:
        rate = algebra.number(log(held) if isinstance(held, float) else sympy.log(held))
    else:
        raise GrammarError(
            f"The base of a power with a varying exponent is {float(held):.6g}; it must be above 0."
        )
    return algebra.apply(get("exp"), algebra.multiply([rate, exponent]))

"""Between the project's syntax tree and SymPy, node by node: no text is ever handed to SymPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy.core.function import FunctionClass

from ..errors import GrammarError
from .functions import BY_NAME, FUNCTIONS
from .nodes import Binary, BinaryOperator, Call, Node, Number, Symbol, Unary, children

_CONSTANTS: dict[str, Any] = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E}

_MAX_BITS = 1 << 17
"""Exact numbers larger than this are refused: SymPy would otherwise work out 9**9**9 digit by digit."""

_MAX_ORDER = 5
"""The highest order of a Bessel function that is written out: the recurrence doubles the text."""


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, sympy.Rational):
        numbers = base.atoms(sympy.Rational)
        bits = max((int(max(abs(number.p), number.q)).bit_length() for number in numbers), default=0)
        if bits * abs(exponent) > _MAX_BITS:
            raise GrammarError("The formula has a power with too many digits: use a smaller exponent.")
    return base**exponent


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": _power,
}

_FUNCTION_NAMES: dict[Any, str] = {
    entry.sympy: entry.name for entry in FUNCTIONS if isinstance(entry.sympy, FunctionClass)
}


def to_sympy(node: Node, *, symbols: Mapping[str, Any] | None = None) -> Any:
    """The SymPy expression of a formula; whole numbers stay exact, so 1/2 is a Rational.

    `symbols` maps variables to the SymPy symbols (or expressions) to use; others become `sympy.Symbol(name)`.
    """
    known = symbols or {}
    parts = [to_sympy(part, symbols=known) for part in children(node)]
    match node:
        case Number(value):
            return sympy.Integer(value) if isinstance(value, int) else sympy.Float(value)
        case Symbol(name, constant):
            return _CONSTANTS[name] if constant else known.get(name, sympy.Symbol(name))
        case Unary():
            return -parts[0]
        case Call(function):
            return BY_NAME[function].sympy(parts[0])
        case Binary(operator):
            return _OPERATIONS[operator](*parts)


def from_sympy(expression: Any) -> Node:
    """The syntax tree of a SymPy expression made of the grammar's functions, at full precision.

    Raises `GrammarError` for anything else (an integral, a complex number, an unevaluated derivative).
    """
    atom = _atom(expression)
    if atom is not None:
        return atom
    parts = [from_sympy(argument) for argument in expression.args]
    if isinstance(expression, sympy.Add):
        return _chain("+", parts)
    if isinstance(expression, sympy.Mul):
        return _chain("*", parts)
    if isinstance(expression, sympy.Pow):
        return Binary("**", *parts)
    if isinstance(expression, sympy.exp):
        return Call("exp", parts[0])
    name = _FUNCTION_NAMES.get(expression.func)
    if name is None:
        special = _special(expression)
        if special is not None:
            return special
        raise GrammarError(f"The function {type(expression).__name__[:40]} is not part of kanlab's formulas.")
    return Call(name, parts[0])


def _special(expression: Any) -> Node | None:
    """max(0, u), its slope, and Bessel functions, of which those of order 2 and more follow from J0 and J1."""
    if isinstance(expression, sympy.Max) and len(expression.args) == 2 and sympy.S.Zero in expression.args:
        (argument,) = (part for part in expression.args if part != 0)
        return Call("relu", from_sympy(argument))
    if isinstance(expression, sympy.Heaviside):
        return Binary("/", Binary("+", Number(1), Call("sign", from_sympy(expression.args[0]))), Number(2))
    return _bessel(*expression.args) if isinstance(expression, sympy.besselj) else None


def _bessel(order: Any, argument: Any) -> Node | None:
    if order in (0, 1):
        return Call(f"J{order}", from_sympy(argument))
    if not order.is_Integer or not 1 < order <= _MAX_ORDER:
        return None
    last, before = sympy.besselj(order - 1, argument), sympy.besselj(order - 2, argument)
    return from_sympy(2 * (order - 1) / argument * last - before)


def _atom(expression: Any) -> Node | None:
    if isinstance(expression, sympy.Symbol):
        return Symbol(expression.name)
    if expression in (sympy.pi, sympy.E):
        return Symbol("pi" if expression == sympy.pi else "e", constant=True)
    if isinstance(expression, sympy.Rational):
        top = _signed(int(expression.p))
        return top if expression.q == 1 else Binary("/", top, Number(int(expression.q)))
    if isinstance(expression, sympy.Float) and expression.is_finite:
        return _signed(float(expression))
    if not expression.args:
        raise GrammarError(f"The value {expression!s:.40} is no finite real number.")
    return None


def _signed(value: float) -> Node:
    return Unary(Number(-value)) if value < 0 else Number(value)


def _chain(operator: BinaryOperator, parts: list[Node]) -> Node:
    tree = parts[0]
    for part in parts[1:]:
        tree = Binary(operator, tree, part)
    return tree

"""Formula text to syntax tree: a precedence parser with limits, which evaluates nothing.

expression = product (("+" | "-") product)*        signed  = ("+" | "-")* power
product    = signed (("*" | "/") signed)*          power   = atom ["**" signed]      (right associative)
atom       = number | name | function "(" expression ")" | "(" expression ")"
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import cast

from ..errors import GrammarError, did_you_mean
from .evaluate import check_constants
from .functions import BY_NAME
from .nodes import Binary, BinaryOperator, Call, Node, Number, Symbol, Unary
from .tokens import Token, number, tokenize

MAX_NESTING = 50
MAX_DEPTH = 300
CONSTANTS = ("pi", "e", "E")


@dataclass
class _Reader:
    """Where the parser stands: tokens, the next one, and how deep it is nested."""

    tokens: list[Token]
    variables: Collection[str] | None
    next: int = 0
    nesting: int = 0
    depth: dict[int, int] = field(default_factory=dict[int, int])
    kept: list[Node] = field(default_factory=list[Node])

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def take(self, *texts: str) -> str | None:
        """The operator at the reader's place if it is one of `texts`, which is then passed."""
        token = self.token
        if token.kind != "operator" or token.text not in texts:
            return None
        self.next += 1
        return token.text

    def enter(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise GrammarError(f"The formula is nested deeper than {MAX_NESTING} levels: flatten it.")

    def grown(self, node: Node, *parts: Node) -> Node:
        """`node`, refused when its tree is too deep to be walked safely."""
        depth = 1 + max(self.depth.get(id(part), 1) for part in parts)
        if depth > MAX_DEPTH:
            raise GrammarError(f"The formula has more than {MAX_DEPTH} operations in a row: split it.")
        self.depth[id(node)] = depth
        self.kept.append(node)  # an id is only unique while its object lives
        return node


def parse(text: str, *, variables: Collection[str] | None = None) -> Node:
    """The syntax tree of a formula.

    `variables`, when given, are the only names allowed; they win over the constants pi, e and E.
    Powers are `**` or `^` and bind to the right; -x**2 is -(x**2). Raises `GrammarError`, one sentence.
    """
    reader = _Reader(tokenize(text), variables)
    node = _expression(reader)
    if reader.token.kind != "end":
        raise GrammarError(_unfinished(reader))
    check_constants(node)
    return node


def parse_equation(text: str, *, variables: Collection[str] | None = None) -> tuple[str | None, Node]:
    """The name on the left and the formula on the right of `y = formula`; the name is None without a `=`."""
    tokens = tokenize(text)
    if len(tokens) > 2 and tokens[0].kind == "name" and tokens[1].text == "=":
        return tokens[0].text, parse(text[tokens[1].place + 1 :], variables=variables)
    return None, parse(text, variables=variables)


def _expression(reader: _Reader) -> Node:
    left = _product(reader)
    while operator := reader.take("+", "-"):
        left = _binary(reader, operator, left, _product(reader))
    return left


def _product(reader: _Reader) -> Node:
    left = _signed(reader)
    while operator := reader.take("*", "/"):
        left = _binary(reader, operator, left, _signed(reader))
    return left


def _signed(reader: _Reader) -> Node:
    if reader.take("+"):
        return _nested_signed(reader)
    if reader.take("-"):
        operand = _nested_signed(reader)
        return reader.grown(Unary(operand), operand)
    return _power(reader)


def _nested_signed(reader: _Reader) -> Node:
    reader.enter()
    node = _signed(reader)
    reader.nesting -= 1
    return node


def _power(reader: _Reader) -> Node:
    base = _atom(reader)
    if not reader.take("**"):
        return base
    return _binary(reader, "**", base, _nested_signed(reader))


def _atom(reader: _Reader) -> Node:
    token = reader.token
    reader.next += 1
    if token.kind == "number":
        return Number(number(token.text))
    if token.kind == "name":
        following = reader.token
        return _call(reader, token) if following.text == "(" else _symbol(reader, token)
    if token.text == "(":
        return _bracket(reader, token)
    if token.kind == "end":
        raise GrammarError("The formula ends where a number, a name or ( was expected.")
    raise GrammarError(
        f"{token.text!r} at character {token.place + 1} stands where a number or a name was expected."
    )


def _bracket(reader: _Reader, opening: Token) -> Node:
    reader.enter()
    node = _expression(reader)
    reader.nesting -= 1
    if not reader.take(")"):
        if reader.token.kind == "end":
            raise GrammarError(f"The parenthesis opened at character {opening.place + 1} is never closed.")
        raise GrammarError(_unfinished(reader))
    return node


def _call(reader: _Reader, token: Token) -> Node:
    function = BY_NAME.get(token.text)
    if function is None:
        hint = did_you_mean(token.text, BY_NAME)
        advice = "." + hint if hint else "; write * between factors."
        raise GrammarError(f"There is no function called {token.text[:40]!r}{advice}")
    reader.next += 1
    argument = _bracket(reader, reader.tokens[reader.next - 1])
    return reader.grown(Call(function.name, argument), argument)


def _symbol(reader: _Reader, token: Token) -> Node:
    name = token.text
    if reader.variables is not None and name in reader.variables:
        return Symbol(name)
    if name in CONSTANTS:
        return Symbol(name, constant=True)
    if name in BY_NAME:
        raise GrammarError(f"The function {name} is missing its argument: write {name}(x).")
    if reader.variables is not None:
        known = ", ".join(list(reader.variables)[:12])
        hint = did_you_mean(name, reader.variables)
        advice = "." + hint if hint else f"; the names are {known}."
        raise GrammarError(f"There is no variable called {name[:40]!r}{advice}")
    return Symbol(name)


def _binary(reader: _Reader, operator: str, left: Node, right: Node) -> Node:
    return reader.grown(Binary(cast(BinaryOperator, operator), left, right), left, right)


def _unfinished(reader: _Reader) -> str:
    token = reader.token
    where = f"{token.text[:40]!r} at character {token.place + 1}"
    reasons = {
        ")": f"The parenthesis {where} was never opened.",
        "=": f"The sign {where} is out of place: write one equation as y = formula.",
        ",": f"The sign {where} is out of place: functions take one argument and decimals are written 0.5.",
    }
    return reasons.get(token.text, f"An operator was expected before {where}: write * between factors.")

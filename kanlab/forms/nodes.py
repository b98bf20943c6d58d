"""The syntax tree of a typed formula: five kinds of node, all of them values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

BinaryOperator: TypeAlias = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True)
class Number:
    """A literal; an `int` stays exact."""

    value: int | float


@dataclass(frozen=True)
class Symbol:
    """A variable, or a constant (`pi`, `e`, `E`) when `constant` says so."""

    name: str
    constant: bool = False


@dataclass(frozen=True)
class Unary:
    """A minus sign in front of `operand`."""

    operand: Node


@dataclass(frozen=True)
class Binary:
    """`left operator right`."""

    operator: BinaryOperator
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """A library function of one argument; `function` is its first name (`asin`, not `arcsin`)."""

    function: str
    argument: Node


Node: TypeAlias = Number | Symbol | Unary | Binary | Call


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, left to right."""
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Binary):
        return (node.left, node.right)
    return (node.argument,) if isinstance(node, Call) else ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, the root first; no recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def names(node: Node) -> tuple[str, ...]:
    """The variables of a formula in the order in which they are read."""
    found = (part.name for part in walk(node) if isinstance(part, Symbol) and not part.constant)
    return tuple(dict.fromkeys(found))

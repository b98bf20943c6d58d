"""A law without its numbers: what two laws that differ by their measured constants have in common."""

from __future__ import annotations

from .tree import ZERO, Apply, Node, Power, Product, Scalar, Sum, Variable


def outline(node: Node) -> str:
    """The terms, factors, forms and exact exponents of a tree in a fixed order, with c for every other number.

    Two trees with one outline are one law up to its constants, be they measured or snapped.
    """
    match node:
        case Variable(index):
            return f"x{index + 1}"
        case Apply(form, argument):
            return f"{form.name}({outline(argument)})"
        case Power(base, exponent):
            return f"({outline(base)})^{_exponent(exponent)}"
        case Product(factors):
            return "*".join(sorted(f"({outline(factor)})" for factor in factors))
        case Sum(constant, terms):
            parts = sorted(f"c*{outline(term)}" for _, term in terms)
            return " + ".join(parts if constant == ZERO else [*parts, "c"])


def _exponent(exponent: Scalar) -> str:
    return "c" if isinstance(exponent, float) else str(exponent)

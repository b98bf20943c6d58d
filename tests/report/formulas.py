"""Reads MathML back: what a person would understand from the printed formula, as a SymPy expression."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import sympy

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
SIGNS = {"−": "-", "×": "*", "⋅": "*", "\u2062": "*", "\u2061": "", "~": "", "|": "|"}


def read_equation(text: str, symbols: dict[str, sympy.Expr]) -> sympy.Expr:
    """The right-hand side of `<math>`; an error when it is not well formed."""
    (row,) = ET.fromstring(text)
    _, equals, right = row
    assert equals.text == "="
    return sympy.parse_expr(_read(right), local_dict=symbols)


def _read(node: ET.Element) -> str:
    tag = node.tag.removeprefix(NAMESPACE)
    parts = list(node)
    if tag in {"mi", "mn", "mo", "mtext"}:
        return _leaf(tag, node.text or "")
    if tag == "mrow":
        return _row(parts)
    if tag == "msub":
        return f"{_read(parts[0])}_{parts[1].text}"
    if tag == "msubsup":
        return f"({_read(parts[0])}_{parts[1].text})**({_read(parts[2])})"
    first, *rest = [f"({_read(part)})" for part in parts]
    shapes = {"mfrac": "({0}/{1})", "msup": "({0}**{1})", "msqrt": "sqrt({0})", "mroot": "({0}**(1/{1}))"}
    return shapes[tag].format(first, *rest)


def _leaf(tag: str, text: str) -> str:
    if tag == "mo":
        return SIGNS.get(text, text)
    return {"π": "pi", "e": "E", "θ": "theta"}.get(text, text.replace(" ", "_"))


def _row(parts: list[ET.Element]) -> str:
    if len(parts) == 3 and parts[1].text == "\u2061":
        head, _, argument = parts
        if head.tag == f"{NAMESPACE}msup":
            return f"({_read(head[0])}{_read(argument)})**{_read(head[1])}"
        return _read(head) + _read(argument)
    if parts[0].text == "|":
        return f"Abs({_read(parts[1])})"
    return "".join(_read(part) for part in parts)

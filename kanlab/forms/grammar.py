"""The grammar of typed formulas: the one way in which text becomes mathematics in kanlab.

tree = parse("A*exp(-E/T)", variables=["A", "E", "T"])
evaluate(tree, {"A": 2.0, "E": energies, "T": 300.0})
to_sympy(tree)
"""

from __future__ import annotations

from .algebra import from_sympy, to_sympy
from .evaluate import evaluate, evaluate_torch
from .nodes import Binary, Call, Node, Number, Symbol, Unary, names
from .parser import parse, parse_equation
from .univariate import univariate

__all__ = [
    "Binary",
    "Call",
    "Node",
    "Number",
    "Symbol",
    "Unary",
    "evaluate",
    "evaluate_torch",
    "from_sympy",
    "names",
    "parse",
    "parse_equation",
    "to_sympy",
    "univariate",
]

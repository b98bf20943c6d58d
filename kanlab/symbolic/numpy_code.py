"""A law as a Python function on NumPy arrays."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sympy
from sympy.printing.pycode import PythonCodePrinter

from .printing import ramp_argument

_NUMPY_NAMES = {
    "exp": "np.exp", "log": "np.log", "sqrt": "np.sqrt", "sin": "np.sin", "cos": "np.cos", "tan": "np.tan",
    "tanh": "np.tanh", "sinh": "np.sinh", "cosh": "np.cosh", "asin": "np.arcsin", "acos": "np.arccos",
    "atan": "np.arctan", "atanh": "np.arctanh", "asinh": "np.arcsinh", "acosh": "np.arccosh", "abs": "np.abs",
}  # fmt: skip


def numpy_function(name: str, arguments: Sequence[str], expression: sympy.Expr) -> str:
    """The text of a function of that name; it imports NumPy, and SciPy where the expression needs it."""
    body = str(_Printer({"fully_qualified_modules": False}).doprint(expression))
    for plain in sorted(_NUMPY_NAMES, key=len, reverse=True):
        body = re.sub(rf"(?<![\w.]){plain}\(", f"{_NUMPY_NAMES[plain]}(", body)
    body = re.sub(r"(?<![\w.])pi(?!\w)", "np.pi", body)
    imports = "import numpy as np\n" + ("import scipy.special\n" if "scipy.special." in body else "")
    return f"{imports}\n\ndef {name}({', '.join(arguments)}):\n    return {body}\n"


class _Printer(PythonCodePrinter):
    """SymPy's Python, with arrays where SymPy has numbers in mind."""

    def _print_Max(self, expr: sympy.Max) -> str:  # noqa: N802  SymPy looks the method up by this name
        return f"np.maximum(0, {self._print(ramp_argument(expr))})"

    def _print_sign(self, e: sympy.sign) -> str:
        return f"np.sign({self._print(e.args[0])})"

    def _print_erf(self, expr: sympy.erf) -> str:
        return f"scipy.special.erf({self._print(expr.args[0])})"

    def _print_sinc(self, expr: sympy.sinc) -> str:
        return f"np.sinc(({self._print(expr.args[0])})/pi)"

    def _print_besselj(self, expr: sympy.besselj) -> str:
        order, argument = expr.args
        return f"scipy.special.j{order}({self._print(argument)})"

"""A law as a C99 function."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy.printing.c import C99CodePrinter

from .printing import ramp_argument

LONGEST_INTEGER = 2**31
_MATH_NAMES = (
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma "
    "fmax fmin fmod frexp gamma hypot ilogb j0 j1 jn ldexp lgamma log log10 log1p log2 logb main modf nan nearbyint "
    "nextafter pow remainder rint round scalb signbit signgam sin sinh sqrt tan tanh tgamma trunc y0 y1 yn"
)


def c_function(name: str, arguments: Sequence[str], expression: sympy.Expr) -> str:
    """The text of `double name(double x1, ...)`, which needs math.h and nothing else.

    Names that C or math.h uses for something else get an underscore at their end. Bessel functions are those of POSIX.
    """
    printer = _Printer()
    body = " ".join(str(printer.doprint(expression)).split())
    taken = ", ".join(f"double {printer.doprint(sympy.Symbol(argument))}" for argument in arguments)
    posix = "#define _XOPEN_SOURCE 600\n" if expression.has(sympy.besselj) else ""
    head = f"double {printer.doprint(sympy.Symbol(name))}({taken or 'void'})"
    return f"{posix}#include <math.h>\n\n{head}\n{{\n    return {body};\n}}\n"


class _Printer(C99CodePrinter):
    """SymPy's C, with the numbers and branches that the law has."""

    def __init__(self) -> None:
        super().__init__({"math_macros": {}})
        self.reserved_words = {*self.reserved_words, *_MATH_NAMES.split()}

    def _print_Float(self, flt: sympy.Float) -> str:  # noqa: N802  SymPy looks the method up by this name
        return repr(float(flt))

    def _print_Integer(self, expr: sympy.Integer) -> str:  # noqa: N802
        return str(expr) if abs(int(expr)) < LONGEST_INTEGER else repr(float(expr))

    def _print_Rational(self, expr: sympy.Rational) -> str:  # noqa: N802
        return f"{float(expr.p)!r}/{float(expr.q)!r}"

    def _print_NumberSymbol(self, expr: sympy.NumberSymbol) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Exp1(self, expr: sympy.NumberSymbol) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Pow(self, expr: sympy.Pow) -> str:  # noqa: N802
        # cbrt is another function for negative numbers
        if expr.exp == sympy.Rational(1, 3):
            return f"pow({self._print(expr.base)}, 1.0/3.0)"
        return super()._print_Pow(expr)

    def _print_Max(self, expr: sympy.Max) -> str:  # noqa: N802
        argument = self._print(ramp_argument(expr))
        # fmax would make a number of NaN
        return f"0.5*(({argument}) + fabs({argument}))"

    def _print_sign(self, func: sympy.sign) -> str:
        argument = self._print(func.args[0])
        return f"((double) ((({argument}) > 0) - (({argument}) < 0)))"

    def _print_sinc(self, expr: sympy.sinc) -> str:
        argument = self._print(expr.args[0])
        return f"(({argument}) == 0 ? 1.0 : sin({argument})/({argument}))"

    def _print_besselj(self, expr: sympy.besselj) -> str:
        order, argument = expr.args
        return f"j{order}({self._print(argument)})"

"""The text of a law, with as many digits as it needs to keep its error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import cast

import numpy as np
import sympy
from sympy.core.alphabets import greeks
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from .._typing import Array
from ..errors import KanlabError
from ..forms import grammar
from .tree import Sum, evaluate, free_values, to_sympy, value_and_slopes, with_free

MOST_DIGITS = 17
FOLDED_DIGITS = 6
"""Of a number that no constant of the law is, because SymPy made it out of some, such as e^c of exp(c + x)."""
DIGIT_LOSS = 0.1


@dataclass(frozen=True, eq=False)
class Printed:
    """A law as text in the project's grammar, and what that text says."""

    text: str
    expression: sympy.Expr
    names: tuple[str, ...]

    def __call__(self, inputs: Array) -> Array:
        """Values [N] of the parsed text on inputs [N, n]."""
        columns = {name: inputs[:, index] for index, name in enumerate(self.names)}
        with np.errstate(all="ignore"):
            value = grammar.evaluate(grammar.parse(self.text, variables=self.names), columns)
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (len(inputs),)).copy()


def print_law(  # noqa: PLR0913  a law, its evidence, and two options
    tree: Sum,
    names: Sequence[str],
    errors: Array,
    inputs: Array,
    wanted: Array,
    *,
    misfit: float = np.inf,
    parse: bool = True,
) -> Printed:
    """Text with a digit beyond the standard errors, or more where the values on `inputs` need them.

    Args:
        names: identifiers of the columns.
        errors: standard errors of the measured constants.
        wanted: values [N] that the text must reproduce to `DIGIT_LOSS` of what the errors tell of.
        misfit: root mean squared error of the law, of which it must lose no more either: where constants stand in for
            each other, their errors say that digits mean nothing which only together mean nothing.
        parse: False when the text holds functions that the grammar does not know.
    """
    symbols = tuple(sympy.Symbol(name, real=True) for name in names)
    spread = max(float(np.std(wanted)), 1e-300)
    allowed = min(_blur(tree, errors, inputs, wanted), misfit)
    printed: Printed | None = None
    for extra, folded in (
        (1, True),
        (1, False),
        (3, True),
        (3, False),
        (6, True),
        (6, False),
        (MOST_DIGITS, False),
    ):
        values = np.array([_rounded(v, e, extra) for v, e in zip(free_values(tree), errors, strict=True)])
        rounded = with_free(tree, values)
        expression = to_sympy(rounded, symbols)
        expression = tidy(_shortened(expression, values, max(FOLDED_DIGITS, extra)) if folded else expression)
        printed = Printed(law_text(expression), expression, tuple(names))
        shown = printed(inputs) if parse else evaluate(rounded, inputs)
        miss = float(np.sqrt(np.mean((shown - wanted) ** 2)))
        if not parse or miss <= DIGIT_LOSS * allowed + 1e-14 * spread:
            break
    assert printed is not None
    return printed


def _blur(tree: Sum, errors: Array, inputs: Array, wanted: Array) -> float:
    """How far the values move when every constant moves by its standard error (added in squares)."""
    if not len(errors) or not np.isfinite(errors).all():
        return 0.0
    _, slopes = value_and_slopes(tree, inputs)
    moved = float(np.sqrt(np.mean((slopes * errors) ** 2) * len(errors)))
    return moved if np.isfinite(moved) else float(np.std(wanted)) * 1e-9


def _shortened(expression: sympy.Expr, values: Array, digits: int) -> sympy.Expr:
    """The expression with the numbers that are none of `values` rounded to so many digits."""
    known = {abs(float(value)) for value in values}
    made = [number for number in expression.atoms(sympy.Float) if abs(float(number)) not in known]
    return cast(
        sympy.Expr,
        expression.xreplace({x: sympy.Float(f"{float(x):.{digits - 1}e}", MOST_DIGITS) for x in made}),
    )


def _rounded(value: float, error: float, extra: int) -> float:
    if value == 0 or not isfinite(value) or extra >= MOST_DIGITS:
        return value
    size = floor(log10(abs(value)))
    digits = 3 + extra
    if isfinite(error) and error > 0:
        digits = max(2, size - floor(log10(error)) + 1 + extra)
    return float(f"{value:.{min(digits, MOST_DIGITS) - 1}e}")


class _LawPrinter(StrPrinter):
    """SymPy's text, with floats as the shortest decimal that reads back as the same double."""

    def _print_Float(self, expr: sympy.Float) -> str:  # noqa: N802  SymPy looks the method up by this name
        text = repr(float(expr))
        return text.removesuffix(".0")

    def _print_Max(self, expr: sympy.Max) -> str:  # noqa: N802
        return f"relu({self._print(ramp_argument(expr))})"

    def _print_besselj(self, expr: sympy.besselj) -> str:
        order, argument = expr.args
        return f"J{order}({self._print(argument)})"


def ramp_argument(expression: sympy.Max) -> sympy.Expr:
    """u of max(0, u)."""
    return sympy.Max(*(argument for argument in expression.args if argument != 0))


def law_text(expression: sympy.Expr) -> str:
    """A SymPy expression in the project's grammar."""
    return _LawPrinter().doprint(expression)


class _LatexPrinter(LatexPrinter):
    """SymPy's LaTeX, with short floats and whole words upright."""

    def _print_Float(self, expr: sympy.Float) -> str:  # noqa: N802  SymPy looks the method up by this name
        mantissa, _, power = repr(float(expr)).partition("e")
        mantissa = mantissa.removesuffix(".0")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa

    def _print_Symbol(self, expr: sympy.Symbol, style: str = "plain") -> str:  # noqa: N802
        word = re.fullmatch(r"([A-Za-z]+)_?(\d*)", expr.name)
        if word and len(word[1]) == 1:
            return f"{word[1]}_{{{word[2]}}}" if word[2] else word[1]
        if expr.name.lower() in _GREEK:
            return super()._print_Symbol(expr, style)
        return rf"\mathrm{{{expr.name.replace('_', chr(92) + '_')}}}"


_GREEK = frozenset(greeks)


def law_latex(expression: sympy.Expr) -> str:
    """A SymPy expression in LaTeX."""
    return _LatexPrinter({"mul_symbol": r"\,", "fold_short_frac": False}).doprint(expression)


def tidy(expression: sympy.Expr) -> sympy.Expr:
    """The shortest of a few equal ways to write it; exact numbers are needed to factor or expand safely."""
    size = sympy.count_ops(expression)
    if size > 80:
        return expression
    ways = [expression]
    if not expression.atoms(sympy.Float):
        for rewrite in (sympy.expand, sympy.factor, sympy.powsimp):
            try:
                ways.append(cast(sympy.Expr, rewrite(expression)))
            except (KanlabError, sympy.PolynomialError, NotImplementedError):
                continue
    return min(ways, key=lambda way: (sympy.count_ops(way), len(str(way))))

"""Formulas as MathML Core, the small part of MathML that all browsers draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from types import MappingProxyType
from typing import Any, cast

import sympy
from sympy.core.function import AppliedUndef
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.printer import Printer

from .names import split_name

TIMES = '<mo rspace="0.16em">&#x2062;</mo>'  # invisible, but it keeps factors apart
WIDE_TIMES = '<mo rspace="0.3em">&#x2062;</mo>'
DOT = "<mo>⋅</mo>"
APPLY = "<mo>&#x2061;</mo>"
MINUS = "<mo>−</mo>"
FROM_PLAIN, TO_PLAIN = 1e-4, 1e7
SPLINE = re.compile(r"phi_(\d+)_(\d+)_(\d+)")
SPLINE_DIGITS = 5

FUNCTION_NAMES = MappingProxyType(
    {
        "asin": "arcsin", "acos": "arccos", "atan": "arctan",
        "asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh", "sign": "sgn",
    }
)  # fmt: skip


def mathml(expression: sympy.Expr, *, target: str, digits: int | None = None) -> str:
    """`target = expression` as one `<math>` element; every name in it is escaped.

    Args:
        target: name of the left-hand side.
        digits: significant digits of the floats; None shows all that they need to be read back unchanged, but
            only a few around splines, where constants are not measured.
    """
    if digits is None and any(SPLINE.fullmatch(_called(call)) for call in expression.atoms(AppliedUndef)):
        digits = SPLINE_DIGITS
    printer = MathMLPrinter(digits)
    left, right = name_mathml(target), printer.doprint(expression)
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
        f"<mrow>{left}<mo>=</mo>{right}</mrow></math>"
    )


def name_mathml(name: str) -> str:
    """A column name: one letter in italics, words upright, final digits as a subscript."""
    parts = split_name(name)
    base = f"<mi>{escape(parts.base)}</mi>"
    if not parts.subscript:
        return base
    below = "mn" if parts.subscript.isdigit() else "mi"
    variant = ' mathvariant="normal"' if below == "mi" and len(parts.subscript) == 1 else ""
    return f"<msub>{base}<{below}{variant}>{escape(parts.subscript)}</{below}></msub>"


def number_mathml(value: float, *, digits: int | None = None) -> str:
    """A number that is not negative, as a decimal, or as a power of ten when it is very small or large."""
    text = repr(value) if digits is None else repr(float(f"{value:.{digits}g}"))
    shown = float(text)
    if shown == 0 or FROM_PLAIN <= shown < TO_PLAIN:
        return f"<mn>{text.removesuffix('.0')}</mn>"
    mantissa, _, exponent = f"{shown:.16e}".partition("e")
    digits_kept = len(re.sub(r"e.*|\.0$|\.", "", text).strip("0")) or 1
    mantissa = f"{shown:.{digits_kept - 1}e}".partition("e")[0]
    power = int(exponent)
    sign = MINUS if power < 0 else ""
    ten = f"<msup><mn>10</mn><mrow>{sign}<mn>{abs(power)}</mn></mrow></msup>"
    return ten if mantissa == "1" else f"<mrow><mn>{mantissa}</mn><mo>×</mo>{ten}</mrow>"


class MathMLPrinter(Printer):
    """SymPy expressions as MathML. Methods are found by the name of the class that they print."""

    printmethod = "_kanlab_mathml"

    def __init__(self, digits: int | None = None) -> None:
        super().__init__()
        self.digits = digits

    def emptyPrinter(self, expr: object) -> str:  # noqa: N802  SymPy's name
        """What has no rule of its own appears as text."""
        return f"<mtext>{escape(str(expr))}</mtext>"

    # names and numbers

    def _print_Symbol(self, expr: sympy.Symbol) -> str:  # noqa: N802
        return name_mathml(expr.name)

    def _print_Integer(self, expr: sympy.Integer) -> str:  # noqa: N802
        return _signed(int(expr) < 0, f"<mn>{abs(int(expr))}</mn>")

    def _print_Rational(self, expr: sympy.Rational) -> str:  # noqa: N802
        return _signed(expr.p < 0, f"<mfrac><mn>{abs(expr.p)}</mn><mn>{expr.q}</mn></mfrac>")

    def _print_Float(self, expr: sympy.Float) -> str:  # noqa: N802
        return _signed(float(expr) < 0, number_mathml(abs(float(expr)), digits=self.digits))

    def _print_Pi(self, _: object) -> str:  # noqa: N802
        return "<mi>π</mi>"

    def _print_Exp1(self, _: object) -> str:  # noqa: N802
        return '<mi mathvariant="normal">e</mi>'

    # sums, products, powers

    def _print_Add(self, expr: sympy.Add) -> str:  # noqa: N802
        terms: list[Any] = sorted(cast("list[Any]", expr.as_ordered_terms()), key=_reading_order)
        parts = [self._term(term) for term in terms]
        first = next((i for i, (negative, _) in enumerate(parts) if not negative), 0)
        parts.insert(0, parts.pop(first))
        row = MINUS * parts[0][0] + parts[0][1]
        for negative, body in parts[1:]:
            row += (MINUS if negative else "<mo>+</mo>") + body
        return f"<mrow>{row}</mrow>"

    def _print_Mul(self, expr: sympy.Mul) -> str:  # noqa: N802
        return _signed(*self._term(expr))

    def _term(self, expr: sympy.Expr) -> tuple[bool, str]:
        """Whether the expression carries a minus, and what is left without it."""
        above: list[Any] = []
        below: list[Any] = []
        negative = False
        factors: list[Any] = expr.as_ordered_factors() if isinstance(expr, sympy.Mul) else [expr]
        for factor in factors:
            kept = factor
            if (kept.is_Number and kept.is_negative) or _is_all_minus(kept):
                negative, kept = not negative, -kept
            if isinstance(kept, sympy.Rational) and not isinstance(kept, sympy.Integer):
                above.append(sympy.Integer(kept.p))
                below.append(sympy.Integer(kept.q))
            elif _is_inverse(kept):
                below.append(_inverted(kept))
            else:
                above.append(kept)
        above = [factor for factor in above if factor != 1] or [sympy.Integer(1)]
        if not below:
            return negative, self._factors(above)
        return negative, f"<mfrac>{self._factors(above)}{self._factors(below)}</mfrac>"

    def _factors(self, factors: Sequence[sympy.Expr]) -> str:
        if len(factors) == 1:
            return self._print(factors[0])
        row = ""
        for position, factor in enumerate(factors):
            if position:
                row += _times(factors[position - 1], factor)
            row += self._inside(factor, PRECEDENCE["Mul"])
        return f"<mrow>{row}</mrow>"

    def _print_Pow(self, expr: sympy.Pow) -> str:  # noqa: N802
        base, exponent = expr.base, expr.exp
        if _is_inverse(expr):
            return self._term(expr)[1]
        if isinstance(exponent, sympy.Rational) and exponent.p == 1 and exponent.q != 1:
            inside = self._print(base)
            if exponent.q == 2:
                return f"<msqrt>{inside}</msqrt>"
            return f"<mroot>{inside}<mn>{exponent.q}</mn></mroot>"
        if _has_name(base) and isinstance(exponent, sympy.Integer):
            return self._call(base, power=self._print(exponent))
        bottom = self._inside(base, PRECEDENCE["Pow"], strict=True)
        # An exponent after several words would seem to belong to the last.
        return _raised(_bracketed(bottom) if _is_phrase(base) else bottom, self._exponent(exponent))

    def _exponent(self, exponent: sympy.Expr) -> str:
        if isinstance(exponent, sympy.Rational) and exponent.q != 1:
            sign = MINUS if exponent.p < 0 else ""
            return f"<mrow>{sign}<mn>{abs(exponent.p)}</mn><mo>/</mo><mn>{exponent.q}</mn></mrow>"
        return self._print(exponent)

    def _inside(self, expr: sympy.Expr, level: int, *, strict: bool = False) -> str:
        """The expression, in brackets where its operation binds less than `level`."""
        binds = precedence(expr)
        body = self._print(expr)
        loose = binds <= level if strict else binds < level
        # 2.5×10⁻³ is a product to the eye, whatever it is to SymPy.
        return _bracketed(body) if loose or (strict and bool(expr.is_Number) and "<msup>" in body) else body

    # functions

    def _print_Function(self, expr: sympy.Function) -> str:  # noqa: N802
        return self._call(expr)

    def _print_UnevaluatedExpr(self, expr: sympy.UnevaluatedExpr) -> str:  # noqa: N802
        return self._print(expr.args[0])

    def _print_Abs(self, expr: sympy.Abs) -> str:  # noqa: N802
        return _bracketed(self._print(expr.args[0]), "|", "|")

    def _print_Max(self, expr: sympy.Max) -> str:  # noqa: N802
        body = "<mo>,</mo>".join(self._print(argument) for argument in expr.args)
        return f"<mrow><mi>max</mi>{APPLY}{_bracketed(body)}</mrow>"

    def _print_besselj(self, expr: sympy.besselj) -> str:
        return self._bessel(expr)

    def _bessel(self, expr: sympy.Expr, power: str = "") -> str:
        order, argument = expr.args
        head = f"<msub><mi>J</mi><mn>{order}</mn></msub>"
        head = _raised(head, power) if power else head
        return f"<mrow>{head}{APPLY}{_bracketed(self._print(argument))}</mrow>"

    def _call(self, expr: sympy.Expr, *, power: str = "") -> str:
        if isinstance(expr, sympy.besselj):
            return self._bessel(expr, power)
        name = _function_name(_called(expr))
        head = _raised(name, power) if power else name
        body = "<mo>,</mo>".join(self._print(argument) for argument in expr.args)
        return f"<mrow>{head}{APPLY}{_bracketed(body)}</mrow>"


def _called(expr: sympy.Basic) -> str:
    return cast("Any", expr.func).__name__


def _function_name(name: str) -> str:
    spline = SPLINE.fullmatch(name)
    if spline:
        indices = '<mo rspace="0">,</mo>'.join(f"<mn>{index}</mn>" for index in spline.groups())
        return f'<msub><mover accent="true"><mi>φ</mi><mo>~</mo></mover><mrow>{indices}</mrow></msub>'
    return f"<mi>{escape(FUNCTION_NAMES.get(name, name))}</mi>"


def _raised(base: str, exponent: str) -> str:
    """Subscript and exponent of a letter are one element, so that one stands above the other."""
    if base.startswith("<msub>") and base.endswith("</msub>"):
        return f"<msubsup>{base[6:-7]}{exponent}</msubsup>"
    return f"<msup>{base}{exponent}</msup>"


def _signed(negative: bool, body: str) -> str:
    return f"<mrow>{MINUS}{body}</mrow>" if negative else body


def _bracketed(body: str, left: str = "(", right: str = ")") -> str:
    """Brackets grow only where something is stacked inside; around plain text that looks restless."""
    tall = any(tag in body for tag in ("<mfrac", "<msqrt", "<mroot"))
    fixed = "" if tall else ' stretchy="false"'
    sides = [f'<mo form="{form}"{fixed}>{sign}</mo>' for form, sign in (("prefix", left), ("postfix", right))]
    return f"<mrow>{sides[0]}{body}{sides[1]}</mrow>"


def _is_inverse(expr: sympy.Expr) -> bool:
    return isinstance(expr, sympy.Pow) and bool(expr.exp.is_Number) and bool(expr.exp.is_negative)


def _inverted(power: Any) -> sympy.Expr:
    return power.base if power.exp == -1 else sympy.Pow(power.base, -power.exp, evaluate=False)


def _is_all_minus(expr: sympy.Expr) -> bool:
    return isinstance(expr, sympy.Add) and all(term.could_extract_minus_sign() for term in expr.args)


def _has_name(expr: sympy.Expr) -> bool:
    """Whether sin²(x) is a usual way to write its square."""
    return isinstance(expr, sympy.Function) and not isinstance(expr, (sympy.exp, sympy.Abs))


def _times(left: sympy.Expr, right: sympy.Expr) -> str:
    """Two numbers, or two names of several letters, would run into each other without a sign."""
    first = right.base if isinstance(right, sympy.Pow) else right
    if first.is_Number or (_is_words(left) and _is_words(first)):
        return DOT
    return WIDE_TIMES if _is_words(left) or _is_words(first) else TIMES


def _is_words(expr: sympy.Expr) -> bool:
    inner = expr.base if isinstance(expr, sympy.Pow) else expr
    return isinstance(inner, sympy.Symbol) and not split_name(inner.name).is_letter


def _is_phrase(expr: sympy.Expr) -> bool:
    return isinstance(expr, sympy.Symbol) and " " in split_name(expr.name).base


def _reading_order(term: sympy.Expr) -> tuple[bool, list[tuple[int, str]]]:
    """Terms by the first name in them, x2 before x10, and the constant last; ties keep SymPy's order."""
    names = [_natural(symbol.name) for symbol in term.free_symbols if isinstance(symbol, sympy.Symbol)]
    return not names, min(names, default=[])


def _natural(name: str) -> list[tuple[int, str]]:
    parts = filter(None, re.split(r"(\d+)", name))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]

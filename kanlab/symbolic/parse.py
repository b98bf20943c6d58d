"""From the text of a formula to a law tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import cast

import numpy as np
import sympy

from ..errors import FormError
from ..forms import Form
from ..forms.composition import compose
from ..forms.library import POWERS
from ..forms.parser import parse_equation
from .tree import ONE, ZERO, Apply, Factor, Power, Product, Scalar, Sum, Term, Variable


def tree_of_formula(text: str, names: Sequence[str]) -> Sum:
    """The law that a text says, `"a*sin(b) + c"` or `"y = a*sin(b) + c"`.

    Whole numbers, pi and e are exact, and so is what is made of them, such as 1/2 or 2*pi. Decimals are measured and
    may move; but an exponent that has a form of its own, such as 0.5, is that form.

    Args:
        names: of the columns; all others are refused.

    Raises:
        GrammarError: the text is no formula in these names.
        FormError: a constant part of it is no real number.
    """
    return compose(parse_equation(text, variables=tuple(names))[1], _Trees(tuple(names)))


@dataclass(frozen=True)
class _Trees:
    """The algebra (`forms.composition.Algebra`) whose parts are trees; exact numbers stay exact."""

    names: tuple[str, ...]

    def number(self, value: Scalar) -> Sum:
        if not isfinite(_real(value)):
            raise FormError(
                "A constant part of the formula is no finite real number; check its roots and logs."
            )
        return Sum(value, ())

    def constant(self, part: Sum) -> Scalar | None:
        return None if part.terms else part.constant

    def variable(self, name: str) -> Sum:
        return _one(Variable(self.names.index(name)))

    def add(self, parts: Sequence[Sum]) -> Sum:
        constant: Scalar = ZERO
        held: dict[Term, Scalar] = {}
        for part in parts:
            constant = _plus(constant, part.constant)
            for coefficient, term in part.terms:
                held[term] = _plus(held.get(term, ZERO), coefficient)
        return Sum(constant, tuple((value, term) for term, value in held.items() if value != 0))

    def multiply(self, parts: Sequence[Sum]) -> Sum:
        scale: Scalar = ONE
        factors: list[Factor] = []
        for part in parts:
            if not part.terms:
                scale = _times(scale, part.constant)
            elif len(part.terms) == 1 and part.constant == ZERO:
                coefficient, term = part.terms[0]
                scale = _times(scale, coefficient)
                factors += term.factors if isinstance(term, Product) else (term,)
            else:
                factors.append(part)
        if not factors or scale == 0:
            return self.number(scale)
        if len(factors) > 1:
            return Sum(ZERO, ((scale, Product(tuple(factors))),))
        only = factors[0]
        if not isinstance(only, Sum):
            return Sum(ZERO, ((scale, only),))
        terms = tuple((_times(scale, coefficient), term) for coefficient, term in only.terms)
        return Sum(_times(scale, only.constant), terms)

    def apply(self, form: Form, argument: Sum) -> Sum:
        if argument.terms:
            return argument if form.name == "x" else _one(Apply(form, argument))
        value = argument.constant
        if not isinstance(value, float):
            return self.number(form.sympy(value))
        with np.errstate(all="ignore"):
            return self.number(float(form.numpy(np.array([value]))[0]))

    def power(self, base: Sum, exponent: Scalar) -> Sum:
        if not base.terms:
            return self.number(_power(base.constant, exponent))
        if exponent == 0:
            return self.number(ONE)
        if exponent == 1:
            return base
        form = POWERS.get(float(exponent))
        return self.apply(form, base) if form else _one(Power(base, exponent))


def _one(term: Term) -> Sum:
    return Sum(ZERO, ((ONE, term),))


def _plus(first: Scalar, second: Scalar) -> Scalar:
    if isinstance(first, float) or isinstance(second, float):
        # an exact 0 says nothing about the other
        return float(first) + float(second)
    return cast(sympy.Expr, first + second)


def _times(first: Scalar, second: Scalar) -> Scalar:
    if first in (ONE, ZERO):
        return second if first == ONE else ZERO
    if isinstance(first, float) or isinstance(second, float):
        return float(first) * float(second)
    return cast(sympy.Expr, first * second)


def _power(base: Scalar, exponent: Scalar) -> Scalar:
    if isinstance(base, float) or isinstance(exponent, float):
        with np.errstate(all="ignore"):
            return float(np.power(float(base), float(exponent)))
    return cast(sympy.Expr, base**exponent)


def _real(value: Scalar) -> float:
    """The number as a float; NaN where it is not real."""
    return float(value) if isinstance(value, float) or sympy.im(value) == 0 else float("nan")

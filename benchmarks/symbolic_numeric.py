"""What the judge of printed laws does with numbers: evaluate, drop what contributes nothing, fit constants again.

Everything is evaluated in complex arithmetic, so that a law is not refused for a detour over complex values:
tanh(atanh(a) + atanh(b)) is (a + b)/(1 + a b) beyond |a| = 1 as well. A value that is not real in the end is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from scipy.optimize import least_squares

Values = NDArray[np.float64]
JUNK = 1e-6
"""Parts that change no value by more than this share of the spread are no part of a law."""

EXPONENT = 0.03
"""Exponents this near to a half-integer are taken as one before constants are fitted."""

HUGE = 1e6


def compiled(expression: Any, symbols: Sequence[Any]) -> Callable[..., NDArray[np.complex128]]:
    """The expression as a function of columns, in complex arithmetic where its functions have it."""
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        return lambda *columns: np.full(
            np.broadcast_shapes(*(np.shape(column) for column in columns)), np.nan + 0j
        )
    # lambdify spells Euler's number like a column called e
    expression = expression.xreplace({sympy.E: sympy.E.evalf()})
    function = sympy.lambdify(list(symbols), expression, modules=["scipy", "numpy"], dummify=True)

    def evaluate(*columns: Any) -> NDArray[np.complex128]:
        shape = np.broadcast_shapes(*(np.shape(column) for column in columns))
        with np.errstate(all="ignore"):
            try:
                made = function(*(np.asarray(column, dtype=np.complex128) for column in columns))
            except TypeError:
                made = function(*columns)
        return np.broadcast_to(np.asarray(made, dtype=np.complex128), shape)

    return evaluate


def real(values: NDArray[np.complex128]) -> Values:
    """Real values; NaN where a value is not real or not finite."""
    kept = np.isfinite(values) & (np.abs(values.imag) <= 1e-9 * (1 + np.abs(values.real)))
    return np.where(kept, values.real, np.nan)


def values_of(expression: Any, symbols: Sequence[Any], rows: Values) -> Values:
    """Values [rows] of an expression at rows [rows, columns]."""
    return real(compiled(expression, symbols)(*rows.T))


def relative_error(found: Values, truth: Values) -> float:
    """Root mean square error over the spread of the truth; infinite where a value is missing."""
    if not np.isfinite(found).all():
        return float("inf")
    with np.errstate(over="ignore"):
        error = float(np.sqrt(np.mean((found - truth) ** 2)) / np.std(truth))
    return error if np.isfinite(error) else float("inf")


def without_junk(expression: Any, symbols: Sequence[Any], rows: Values, *, share: float = JUNK) -> Any:
    """The expression with each part replaced by a constant where that changes nothing that counts.

    A term is dropped and cos(0.0014 a) becomes 1 when the values at the rows change by less than this share of
    their spread. The largest parts are tried first.
    """
    target = values_of(expression, symbols, rows)
    if not np.isfinite(target).all() or not np.std(target) > 0:
        return expression
    current, done = expression, {expression}
    while part := _next_part(current, done):
        done.add(part)
        inner = values_of(part, symbols, rows)
        if not np.isfinite(inner).all():
            continue
        for constant in _constants(float(np.mean(inner))):
            changed = current.xreplace({part: constant})
            if relative_error(values_of(changed, symbols, rows), target) < share:
                current = changed
                done.add(current)
                break
    return current


def _next_part(expression: Any, done: set[Any]) -> Any | None:
    """The first part with variables that was not tried yet, seen from the root."""
    parts = sympy.preorder_traversal(expression)
    return next((part for part in parts if part.free_symbols and part not in done), None)


def _constants(mean: float) -> list[Any]:
    """What may stand for a part: the whole number next to its mean, or its mean."""
    return [*([sympy.Integer(round(mean))] if abs(mean) < HUGE else []), sympy.Float(mean)]


def leaves(expression: Any) -> int:
    """How often variables occur."""
    if not expression.args:
        return int(bool(expression.free_symbols))
    return sum(leaves(part) for part in expression.args)


def skeleton(expression: Any) -> tuple[Any, tuple[Any, ...], Values]:
    """The expression with a symbol for each of its decimal numbers; the symbols; the numbers.

    Whole numbers, fractions and pi are claims and stay; so do exponents, which are rounded to half-integers.
    """
    symbols: list[Any] = []
    numbers: list[float] = []

    def rebuilt(node: Any) -> Any:
        if isinstance(node, sympy.Float):
            symbols.append(sympy.Dummy(f"p{len(symbols)}", real=True))
            numbers.append(float(node))
            return symbols[-1]
        if not node.args:
            return node
        if isinstance(node, sympy.Pow) and isinstance(node.exp, sympy.Float):
            half = sympy.Rational(round(2 * float(node.exp)), 2)
            if half != 0 and abs(float(node.exp - half)) <= EXPONENT * abs(float(half)):
                return rebuilt(node.base) ** half
        return node.func(*(rebuilt(part) for part in node.args))

    shape = rebuilt(expression)
    return shape, tuple(symbols), np.array(numbers)


def refitted(expression: Any, symbols: Sequence[Any], rows: Values, truth: Values) -> Any | None:
    """The expression with its decimal numbers fitted to the truth from where they are; None when that is impossible."""
    shape, names, start = skeleton(expression)
    if not names:
        return expression
    if len(names) > len(truth):
        return None
    function = compiled(shape, (*symbols, *names))
    spread = float(np.std(truth))

    def residual(numbers: Values) -> Values:
        made = function(*rows.T, *numbers)
        apart = np.concatenate([made.real - truth, made.imag]) / spread
        return np.clip(np.nan_to_num(apart, nan=HUGE, posinf=HUGE, neginf=-HUGE), -HUGE, HUGE)

    fit = least_squares(
        residual,
        start,
        method="lm",
        x_scale="jac",
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
        max_nfev=200 * len(start),
    )
    return shape.xreplace({name: sympy.Float(value) for name, value in zip(names, fit.x, strict=True)})

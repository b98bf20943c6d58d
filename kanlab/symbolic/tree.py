"""A law as a tree of sums, products, powers and forms, without redundant constants.

A scalar is either a float, which was measured and may move, or an exact SymPy number, which may not: the 1
that a choice of gauge leaves behind, or a constant that was snapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
import sympy

from .._typing import Array
from ..forms import Form

Scalar: TypeAlias = float | sympy.Expr
ZERO, ONE = sympy.Integer(0), sympy.Integer(1)


@dataclass(frozen=True)
class Variable:
    """Column `index` of the inputs, in the user's units."""

    index: int


@dataclass(frozen=True)
class Apply:
    """f(argument)."""

    form: Form
    argument: Sum


@dataclass(frozen=True)
class Power:
    """base ** exponent, from exp(exponent * log(base))."""

    base: Sum
    exponent: Scalar


@dataclass(frozen=True)
class Product:
    """The product of its factors."""

    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Sum:
    """constant + sum of coefficient * term."""

    constant: Scalar
    terms: tuple[tuple[Scalar, Term], ...]


Term: TypeAlias = Variable | Apply | Power | Product
Factor: TypeAlias = Variable | Apply | Power | Sum
Node: TypeAlias = Variable | Apply | Power | Product | Sum


def scalars(node: Node) -> Iterator[Scalar]:
    """All scalars, in the order in which `with_free` takes the free ones."""
    match node:
        case Variable():
            return
        case Apply(_, argument):
            yield from scalars(argument)
        case Power(base, exponent):
            yield from scalars(base)
            yield exponent
        case Product(factors):
            for factor in factors:
                yield from scalars(factor)
        case Sum(constant, terms):
            yield constant
            for coefficient, term in terms:
                yield coefficient
                yield from scalars(term)


def free_values(tree: Sum) -> Array:
    """The measured constants, [P]."""
    return np.array([value for value in scalars(tree) if isinstance(value, float)])


def map_scalars(tree: Sum, change: Callable[[Scalar], Scalar]) -> Sum:
    """The tree with every scalar changed, visited in the order of `scalars`."""
    changed = _map(tree, change)
    assert isinstance(changed, Sum)
    return changed


def with_free(tree: Sum, values: Array) -> Sum:
    """The tree with other values for its measured constants."""
    fresh = iter(values)
    return map_scalars(tree, lambda scalar: float(next(fresh)) if isinstance(scalar, float) else scalar)


def _map(node: Node, change: Callable[[Scalar], Scalar]) -> Node:
    match node:
        case Variable():
            return node
        case Apply(form, argument):
            return Apply(form, map_scalars(argument, change))
        case Power(base, exponent):
            inner = map_scalars(base, change)
            return Power(inner, change(exponent))
        case Product(factors):
            return Product(tuple(_map(factor, change) for factor in factors))  # type: ignore[misc]
        case Sum(constant, terms):
            first = change(constant)
            rest: list[tuple[Scalar, Term]] = []
            for coefficient, term in terms:
                outer = change(coefficient)
                rest.append((outer, _map(term, change)))  # type: ignore[arg-type]
            return Sum(first, tuple(rest))


def evaluate(node: Node, inputs: Array) -> Array:
    """Values [N] on inputs [N, n]; NaN where the law is not defined."""
    with np.errstate(all="ignore"):
        return _value(node, inputs)


def _value(node: Node, inputs: Array) -> Array:
    match node:
        case Variable(index):
            return inputs[:, index]
        case Apply(form, argument):
            return form.numpy(_value(argument, inputs))
        case Power(base, exponent):
            return _value(base, inputs) ** float(exponent)
        case Product(factors):
            out = np.ones(len(inputs))
            for factor in factors:
                out = out * _value(factor, inputs)
            return out
        case Sum(constant, terms):
            out = np.full(len(inputs), float(constant))
            for coefficient, term in terms:
                out = out + float(coefficient) * _value(term, inputs)
            return out


def value_and_slopes(tree: Sum, inputs: Array) -> tuple[Array, Array]:
    """Values [N] and derivatives with respect to the measured constants [N, P]."""
    count = len(free_values(tree))
    counter = iter(range(count))
    with np.errstate(all="ignore"):
        return _forward(tree, inputs, counter, count)


def _forward(node: Node, inputs: Array, counter: Iterator[int], count: int) -> tuple[Array, Array]:
    match node:
        case Variable(index):
            return inputs[:, index], np.zeros((len(inputs), count))
        case Apply(form, argument):
            u, slopes = _forward(argument, inputs, counter, count)
            return form.numpy(u), _chain(form.derivative(u), slopes)
        case Power(base, exponent):
            u, slopes = _forward(base, inputs, counter, count)
            p = float(exponent)
            value = u**p
            slopes = _chain(p * u ** (p - 1), slopes)
            if isinstance(exponent, float):
                # u^p log u goes to 0 with u
                slopes[:, next(counter)] += np.where((u == 0) & (p > 0), 0.0, value * np.log(u))
            return value, slopes
        case Product(factors):
            return _forward_product([_forward(factor, inputs, counter, count) for factor in factors])
        case Sum(constant, terms):
            value = np.full(len(inputs), float(constant))
            slopes = np.zeros((len(inputs), count))
            if isinstance(constant, float):
                slopes[:, next(counter)] = 1.0
            for coefficient, term in terms:
                own = next(counter) if isinstance(coefficient, float) else None
                u, slope = _forward(term, inputs, counter, count)
                value = value + float(coefficient) * u
                slopes += float(coefficient) * slope
                if own is not None:
                    slopes[:, own] += u
            return value, slopes


def _forward_product(parts: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    value = np.prod([part[0] for part in parts], axis=0)
    slopes = np.zeros_like(parts[0][1])
    for number, (_, slope) in enumerate(parts):
        others = [part[0] for k, part in enumerate(parts) if k != number]
        slopes += np.prod(others, axis=0)[:, None] * slope if others else slope
    return value, slopes


LARGEST_FOLD = 230.0
"""exp(230) is 1e100: a shift of exp up to this is pulled in front."""


def _chain(outer: Array, slopes: Array) -> Array:
    """outer * slopes; what does not move stays still even where the outer slope is infinite (sqrt at 0)."""
    return np.where(slopes == 0, 0.0, outer[:, None] * slopes)


def to_sympy(node: Node, symbols: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    """The tree as a SymPy expression in the given symbols."""
    match node:
        case Variable(index):
            return symbols[index]
        case Apply(form, argument):
            inner = to_sympy(argument, symbols)
            if form.name == "exp" and abs(float(argument.constant)) > LARGEST_FOLD:
                # SymPy would pull e^constant in front, where as a double it is 0 or infinite
                return sympy.exp(sympy.UnevaluatedExpr(inner))
            return form.sympy(inner)
        case Power(base, exponent):
            return to_sympy(base, symbols) ** _number(exponent)
        case Product(factors):
            return sympy.Mul(*(to_sympy(factor, symbols) for factor in factors))
        case Sum(constant, terms):
            parts = [_number(value) * to_sympy(term, symbols) for value, term in terms]
            return sympy.Add(_number(constant), *parts)


def _number(value: Scalar) -> sympy.Expr:
    return cast(sympy.Expr, sympy.Float(value, 17) if isinstance(value, float) else value)


def complexity(node: Node) -> int:
    """Forms and variables by their price, one for every operation and every constant that is not 0 or 1."""
    match node:
        case Variable():
            return 1
        case Apply(form, argument):
            return form.complexity + complexity(argument)
        case Power(base, exponent):
            return 1 + complexity(base) + _price(exponent)
        case Product(factors):
            return len(factors) - 1 + sum(complexity(factor) for factor in factors)
        case Sum(constant, terms):
            total = sum(_price(value) + complexity(term) for value, term in terms)
            return total + max(0, len(terms) - 1) + (0 if constant == ZERO else 1 + _price(constant))


def _price(value: Scalar) -> int:
    if value in (ZERO, ONE, -ONE):
        return 0
    return 2 if isinstance(value, float) else 1

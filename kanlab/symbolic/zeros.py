"""Clearing a law of terms whose coefficient became exactly 0."""

from __future__ import annotations

from .simplify import apply, constant, multiply, raised
from .tree import ONE, ZERO, Apply, Power, Product, Scalar, Sum, Term, Variable


def drop_zeros(tree: Sum) -> Sum:
    """The tree without zero terms; what becomes constant is folded in, and equal terms become one."""
    terms: list[tuple[Scalar, Term]] = []
    extra = 0.0
    for value, term in tree.terms:
        if value == ZERO:
            continue
        inner = _drop_in(term)
        if isinstance(inner, Sum):
            extra += float(value) * float(inner.constant)
            terms += [(_scaled(value, scale), part) for scale, part in inner.terms]
        else:
            terms.append((value, inner))
    total = tree.constant if extra == 0 else float(tree.constant) + extra
    return Sum(total, _merged(terms))


def _merged(terms: list[tuple[Scalar, Term]]) -> tuple[tuple[Scalar, Term], ...]:
    held: dict[Term, Scalar] = {}
    for value, term in terms:
        held[term] = _plus(held[term], value) if term in held else value
    return tuple((value, term) for term, value in held.items() if float(value) != 0)


def _drop_in(term: Term) -> Term | Sum:
    match term:
        case Apply(form, argument):
            inner = drop_zeros(argument)
            return Apply(form, inner) if inner.terms else apply(form, inner)
        case Power(base, exponent):
            inner = drop_zeros(base)
            if exponent == ZERO or not inner.terms:
                return constant(raised(float(inner.constant), float(exponent)))
            if exponent == ONE:
                return inner
            return Power(inner, exponent)
        case Product(factors):
            held = [
                _drop_in(factor) if not isinstance(factor, Sum) else drop_zeros(factor) for factor in factors
            ]
            if all(not isinstance(factor, Sum) or factor.terms for factor in held) and not any(
                isinstance(factor, Sum) and factor.constant == ZERO and len(factor.terms) == 1
                for factor in held
            ):
                return Product(tuple(held))  # type: ignore[arg-type]
            return multiply([f if isinstance(f, Sum) else Sum(ZERO, ((ONE, f),)) for f in held])
        case Variable():
            return term


def _plus(one: Scalar, other: Scalar) -> Scalar:
    exact = not isinstance(one, float) and not isinstance(other, float)
    return one + other if exact else float(one) + float(other)


def _scaled(outer: Scalar, inner: Scalar) -> Scalar:
    if outer == ONE:
        return inner
    if inner == ONE:
        return outer
    exact = not isinstance(outer, float) and not isinstance(inner, float)
    return outer * inner if exact else float(outer) * float(inner)

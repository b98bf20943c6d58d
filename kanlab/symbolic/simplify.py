"""Building law trees without redundant constants.

The affine parameters of neighboring edges say the same thing more than once: exp(u + b) = e^b exp(u),
log(s u) = log s + log u, (s u)^n = s^n u^n, sin(u + pi) = -sin u. Here one way of saying it is chosen, so
that each constant that is left means something and can carry a standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import comb, pi
from types import MappingProxyType

import numpy as np

from ..forms import Form, get
from .tree import LARGEST_FOLD, ONE, ZERO, Apply, Factor, Power, Product, Scalar, Sum, Term, Variable

_EXPAND = 1e4
"""(x + s)^n is written out while s^n is below this: the powers of x would cancel, and digits with them."""


def constant(value: float) -> Sum:
    """A number."""
    return Sum(value if value != 0 else ZERO, ())


def variable(index: int) -> Sum:
    """An input."""
    return Sum(ZERO, ((ONE, Variable(index)),))


def raised(base: float, exponent: float) -> float:
    """base ** exponent; infinite or NaN where it is not a number."""
    with np.errstate(all="ignore"):
        return float(np.power(base, float(exponent)))


def affine(scale: float, tree: Sum, shift: float) -> Sum:
    """scale * tree + shift."""
    if scale == 0:
        return constant(shift)
    moved = float(tree.constant) * scale + shift
    terms = tuple((_times(coefficient, scale), term) for coefficient, term in tree.terms)
    return Sum(moved if moved != 0 else ZERO, terms)


def add(trees: list[Sum]) -> Sum:
    """The sum; equal terms are collected."""
    total = 0.0
    held: dict[Term, float] = {}
    for tree in trees:
        total += float(tree.constant)
        for coefficient, term in tree.terms:
            held[term] = held.get(term, 0.0) + float(coefficient)
    terms = tuple((ONE if value == 1 else value, term) for term, value in held.items() if value != 0)
    return Sum(total if total != 0 else ZERO, terms)


def multiply(trees: list[Sum]) -> Sum:
    """The product; the scale of every factor is pulled in front."""
    scale = 1.0
    factors: list[Factor] = []
    for tree in trees:
        if not tree.terms:
            scale *= float(tree.constant)
            continue
        lead = _lead(tree)
        scale *= lead
        factors += _factors(_normalized(tree, lead))
    if not factors or scale == 0:
        return constant(scale)
    return _single(scale, factors)


def apply(form: Form, argument: Sum) -> Sum:
    """f(argument), with what is redundant in the argument moved out of it."""
    if not argument.terms:
        with np.errstate(all="ignore"):
            return constant(float(form.numpy(np.array([float(argument.constant)]))[0]))
    if form.name in _BY_NAME:
        return _BY_NAME[form.name](form, argument)
    if form.degree is not None:
        return _homogeneous(form, argument)
    if form.parity is not None and _lead(argument) < 0:
        sign = -1.0 if form.parity == "odd" else 1.0
        return Sum(ZERO, ((_unit(sign), Apply(form, affine(-1.0, argument, 0.0))),))
    return Sum(ZERO, ((ONE, Apply(form, argument)),))


def _exponential(form: Form, argument: Sum) -> Sum:
    shift = float(argument.constant)
    factors: list[Factor] = []
    rest: list[tuple[Scalar, Term]] = []
    for coefficient, term in argument.terms:
        if isinstance(term, Apply) and term.form.name == "log":
            factors.append(Power(term.argument, coefficient))
        else:
            rest.append((coefficient, term))
    # e^shift may be 0 or infinite where exp(argument) is not: an exponential of years or of kelvins
    kept = bool(rest) and abs(shift) > LARGEST_FOLD
    if rest:
        factors.append(Apply(form, Sum(argument.constant if kept else ZERO, tuple(rest))))
    with np.errstate(over="ignore"):
        return _single(1.0 if kept else float(np.exp(shift)), factors)


def _logarithm(form: Form, argument: Sum) -> Sum:
    lead = _lead(argument)
    if len(argument.terms) == 1 and argument.constant == ZERO and lead > 0:
        term = argument.terms[0][1]
        shift = constant(float(np.log(lead)))
        if isinstance(term, Apply) and term.form.name == "exp":
            return add([shift, term.argument])
        if isinstance(term, Product | Power):
            return add([shift, *_logs(form, _as_factors(term))])
    size = abs(lead)
    inner = _normalized(argument, size)
    return Sum(float(np.log(size)) if size != 1 else ZERO, ((ONE, Apply(form, inner)),))


def _logs(form: Form, factors: list[Factor]) -> list[Sum]:
    """The log of a product as a sum; factors stay together where only their product is known to be > 0."""
    logs: list[Sum] = []
    rest: list[Factor] = []
    for factor in factors:
        match factor:
            case Apply(inner, argument) if inner.name == "exp":
                logs.append(argument)
            case Power(base, exponent):
                logs.append(Sum(ZERO, ((exponent, Apply(form, base)),)))
            case _:
                rest.append(factor)
    if rest:
        logs.append(Sum(ZERO, ((ONE, Apply(form, _single(1.0, rest))),)))
    return logs


def _sine(form: Form, argument: Sum) -> Sum:
    phase = float(argument.constant) + (pi / 2 if form.name == "cos" else 0.0)
    scale, inner = 1.0, affine(1.0, argument, -float(argument.constant))
    if _lead(inner) < 0:
        scale, phase, inner = -1.0, -phase, affine(-1.0, inner, 0.0)
    phase = (phase + pi) % (2 * pi) - pi
    if abs(phase) > pi / 2:
        scale, phase = -scale, phase - np.sign(phase) * pi
    name = "sin"
    if abs(phase) > pi / 4:
        name, scale, phase = "cos", scale * np.sign(phase), phase - np.sign(phase) * pi / 2
    return Sum(ZERO, ((_unit(float(scale)), Apply(get(name), affine(1.0, inner, float(phase)))),))


def _homogeneous(form: Form, argument: Sum) -> Sum:
    degree = form.degree or 0.0
    if _expands(degree, argument):
        return _expand(int(degree), argument)
    lead = _lead(argument)
    inner = _normalized(argument, abs(lead) if form.parity is None else lead)
    scale = raised(abs(lead), degree) * (-1.0 if form.parity == "odd" and lead < 0 else 1.0)
    held = inner.terms[0][1]
    if degree and isinstance(held, Power) and len(inner.terms) == 1 and inner.constant == ZERO and lead > 0:
        return _single(scale, [Power(held.base, _times(held.exponent, degree))])
    return Sum(ZERO, ((_unit(scale), Apply(form, inner)),))


_BY_NAME: Mapping[str, Callable[[Form, Sum], Sum]] = MappingProxyType(
    {
        "x": lambda _, argument: argument,
        "0": lambda *_: constant(0.0),
        "exp": _exponential,
        "log": _logarithm,
        "sin": _sine,
        "cos": _sine,
    }
)


def _expands(degree: float, argument: Sum) -> bool:
    if degree != int(degree) or degree < 2 or len(argument.terms) != 1:
        return False
    small = raised(abs(float(argument.constant)), degree) <= _EXPAND
    return small and isinstance(argument.terms[0][1], Variable)


def _expand(degree: int, argument: Sum) -> Sum:
    slope, shift = float(argument.terms[0][0]), float(argument.constant)
    term = argument.terms[0][1]
    if shift == 0:
        return Sum(ZERO, ((_unit(raised(slope, degree)), _monomial(term, degree)),))
    parts = [constant(raised(shift, degree))]
    parts += [
        Sum(ZERO, ((comb(degree, n) * raised(slope, n) * raised(shift, degree - n), _monomial(term, n)),))
        for n in range(1, degree + 1)
    ]
    return add(parts)


def _monomial(term: Term, degree: int) -> Term:
    return term if degree == 1 else Apply(get(f"x^{degree}"), Sum(ZERO, ((ONE, term),)))


def _single(scale: float, factors: list[Factor]) -> Sum:
    flat = [factor for factor in factors if not (isinstance(factor, Power) and factor.exponent == ONE)]
    plain = [factor.base for factor in factors if isinstance(factor, Power) and factor.exponent == ONE]
    for base in plain:
        lead = _lead(base)
        scale *= lead
        flat += _factors(_normalized(base, lead))
    if not flat:
        return constant(scale)
    if len(flat) == 1:
        only = flat[0]
        return affine(scale, only, 0.0) if isinstance(only, Sum) else Sum(ZERO, ((_unit(scale), only),))
    return Sum(ZERO, ((_unit(scale), Product(tuple(flat))),))


def _factors(tree: Sum) -> list[Factor]:
    if tree.constant == ZERO and len(tree.terms) == 1 and tree.terms[0][0] == ONE:
        return _as_factors(tree.terms[0][1])
    return [tree]


def _as_factors(term: Term) -> list[Factor]:
    return list(term.factors) if isinstance(term, Product) else [term]


def _lead_index(tree: Sum) -> int:
    sizes = [abs(float(coefficient)) for coefficient, _ in tree.terms]
    return sizes.index(max(sizes))


def _lead(tree: Sum) -> float:
    """The coefficient that sets the scale: the largest, for what is left of a vanished term says nothing."""
    return float(tree.terms[_lead_index(tree)][0])


def _normalized(tree: Sum, size: float) -> Sum:
    """tree / size, where size is the lead or its absolute value; what becomes 1 becomes exactly 1."""
    if size == 1:
        return tree
    lead = _lead_index(tree)
    sign = ONE if size == _lead(tree) else -ONE
    terms = (
        (sign if index == lead else _unit(float(value) / size), term)
        for index, (value, term) in enumerate(tree.terms)
    )
    return Sum(ZERO if tree.constant == ZERO else float(tree.constant) / size, tuple(terms))


def _times(value: Scalar, scale: float) -> Scalar:
    if scale == 1:
        return value
    product = float(value) * scale
    return ONE if product == 1 else product


def _unit(value: float) -> Scalar:
    return ONE if value == 1 else (-ONE if value == -1 else value)

"""Whether a law can hold between quantities with units, and what unit each of its constants must then have.

Terms of a sum are of one unit; the argument of exp, sin and other functions is a pure number; a power multiplies the
exponents of a unit. A measured constant may carry a unit, and so may an exact one that is no small fraction (9.81, pi):
it takes the unit that is needed. Small fractions are pure numbers, but for the one in front of a law of a single term,
which a choice of units may have made 1, as for years and astronomical units.

The unit of a node is either determined by what is in it, or it can be any, because a constant in it can carry what is
asked for. As every constant occurs once, one walk up the tree finds which, and one walk down hands out the units.

log has lost its scale, log(s u) = log s + log u: it takes any unit where a constant beside it can hold log s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy

from ..data.units import ONE as PURE
from ..data.units import Unit
from .tree import ZERO, Apply, Node, Power, Product, Scalar, Sum, Variable

LARGEST, FINEST = 20, 8
"""Numerators and denominators up to which an exact fraction is a pure number."""
DIGITS = 3
"""Digits of a measured exponent that the units of constants are written with."""


@dataclass(frozen=True)
class ConstantUnit:
    """A constant of a law, by its name or its value, and the unit that it must have."""

    name: str
    unit: Unit

    def __str__(self) -> str:
        return f"{self.name} in {self.unit}"


@dataclass(frozen=True)
class DimensionReport:
    """Whether a law can hold between quantities with units.

    Attributes:
        consistent: whether it can.
        reason: why it cannot, one sentence; else empty.
        constants: the constants that must carry a unit; c1, c2, ... are the measured ones in the order of the law.
    """

    consistent: bool
    reason: str = ""
    constants: tuple[ConstantUnit, ...] = ()

    def __str__(self) -> str:
        if not self.consistent:
            return f"units: inconsistent, {self.reason}"
        return "units: " + ", ".join(["consistent", *(str(held) for held in self.constants)])


def check_dimensions(
    tree: Sum,
    units: Sequence[Unit],
    target: Unit,
    *,
    names: Sequence[str] = (),
    target_name: str = "the target",
) -> DimensionReport:
    """Whether target = tree(inputs) can hold between quantities with these units.

    Args:
        units: of the inputs, in the order of `Variable.index`.
        names: of the inputs, for the sentence that says why not.
    """
    named = tuple(names) or tuple(f"x{number + 1}" for number in range(len(units)))
    check = _Check(tuple(units), named)
    try:
        check.whole(tree, target, target_name)
    except _InconsistentError as problem:
        return DimensionReport(False, str(problem))
    return DimensionReport(True, constants=tuple(held for held in check.held if not held.unit.pure))


def may_carry(scalar: Scalar) -> bool:
    """Whether a number of a law can stand for a quantity with a unit."""
    if isinstance(scalar, float):
        return True
    if not isinstance(scalar, sympy.Rational):
        return True
    return abs(int(scalar.p)) > LARGEST or int(scalar.q) > FINEST


class _InconsistentError(Exception):
    """Why a law cannot hold, as the rest of a sentence."""


@dataclass
class _Check:
    """Units and names of the inputs; `held` fills in the order of `scalars` while units are handed out."""

    units: tuple[Unit, ...]
    names: tuple[str, ...]
    held: list[ConstantUnit] = field(default_factory=list[ConstantUnit])
    free: int = 0

    def whole(self, tree: Sum, target: Unit, target_name: str) -> None:
        """Hand out the units of a law, the number in front of it included."""
        found = self.unit_of(tree)
        self.hand_out(tree, found or target)
        if found is None or found.same_as(target):
            return
        front = _front(tree)
        if front is None:
            other = "another unit" if found.alike(target) else "another dimension"
            raise _InconsistentError(
                f"the right-hand side is {_words(found)}, which is of {other} than {target_name} ({_words(target)})"
            )
        self.held.append(ConstantUnit(f"the {front} in front", target / found))

    # up: what a node is, None when it can be anything

    def unit_of(self, node: Node) -> Unit | None:
        match node:
            case Variable(index):
                return self.units[index]
            case Apply():
                return self._applied(node)
            case Power(base, exponent):
                inner, power = self.unit_of(base), _fraction(exponent)
                return inner if inner is None else inner**power
            case Product(factors):
                self._check_logs(
                    [(sympy.Integer(1), factor) for factor in factors if isinstance(factor, Apply)]
                )
                found = [self.unit_of(factor) for factor in factors]
                return None if None in found else _product([one for one in found if one is not None])
            case Sum():
                return self._sum(node)

    def _applied(self, node: Apply) -> Unit | None:
        inner, degree = self.unit_of(node.argument), node.form.degree
        if degree is not None and degree != 0:
            return None if inner is None else inner ** _fraction(degree)
        if degree is None and inner is not None and not inner.pure:
            raise _InconsistentError(
                f"{node.form.name} is taken of {self._text(node.argument)} ({_words(inner)}), which is no pure number"
            )
        return PURE

    def _sum(self, node: Sum) -> Unit | None:
        """The unit of the terms whose coefficient is pure, which must be one."""
        if node.constant == ZERO or not may_carry(node.constant):
            self._check_logs(node.terms)
        first: tuple[Unit, str] | None = None
        if node.constant != ZERO and not may_carry(node.constant):
            first = PURE, f"the number {node.constant}"
        for coefficient, term in node.terms:
            found = self.unit_of(term)
            if found is None or may_carry(coefficient) or coefficient == ZERO:
                continue
            if first is None:
                first = found, self._text(term)
            elif not found.same_as(first[0]):
                how = (
                    "without a factor between their units"
                    if found.alike(first[0])
                    else "and differ in dimension"
                )
                raise _InconsistentError(
                    f"{first[1]} ({_words(first[0])}) and {self._text(term)} ({_words(found)}) are added {how}"
                )
        return None if first is None else first[0]

    def _check_logs(self, terms: Sequence[tuple[Scalar, Node]]) -> None:
        """Without a constant beside them, the units of what logs are taken of must cancel."""
        left = PURE
        for coefficient, term in terms:
            if isinstance(term, Apply) and term.form.name == "log":
                left *= (self.unit_of(term.argument) or PURE) ** _fraction(coefficient)
        if not left.pure:
            raise _InconsistentError(
                f"log is taken of something in {left}, and no constant beside it can hold its unit"
            )

    # down: what each constant must be, in the order of `scalars`

    def hand_out(self, node: Node, wanted: Unit) -> None:
        match node:
            case Variable():
                return
            case Apply(form, argument):
                inner = self.unit_of(argument)
                if inner is None:
                    inner = wanted ** (1 / _fraction(form.degree)) if form.degree else PURE
                self.hand_out(argument, inner)
            case Power(base, exponent):
                power = _fraction(exponent)
                self.hand_out(base, self.unit_of(base) or (wanted ** (1 / power) if power else PURE))
                self._hold(exponent, PURE)
            case Product(factors):
                self._hand_out_product(factors, wanted)
            case Sum(constant, terms):
                self._hold(constant, wanted)
                for coefficient, term in terms:
                    found = self._natural(term) if may_carry(coefficient) else self.unit_of(term) or wanted
                    self._hold(coefficient, wanted / found if may_carry(coefficient) else PURE)
                    self.hand_out(term, found)

    def _hand_out_product(self, factors: Sequence[Node], wanted: Unit) -> None:
        """What is not determined falls to the first factor that can be anything."""
        found = [self.unit_of(factor) for factor in factors]
        rest = wanted / _product([one for one in found if one is not None])
        for factor, unit in zip(factors, found, strict=True):
            self.hand_out(factor, rest if unit is None else unit)
            rest = PURE if unit is None else rest

    def _natural(self, term: Node) -> Unit:
        """The unit of a term behind a constant that can take up whatever is left."""
        found = self.unit_of(term)
        if found is not None or not isinstance(term, Product):
            return found or PURE
        return _product([self.unit_of(factor) or PURE for factor in term.factors])

    def _hold(self, scalar: Scalar, unit: Unit) -> None:
        if isinstance(scalar, float):
            self.free += 1
            self.held.append(ConstantUnit(f"c{self.free}", unit))
        elif scalar != ZERO and may_carry(scalar):
            self.held.append(ConstantUnit(str(scalar), unit))

    def _text(self, node: Node) -> str:
        """A short name of a node: its columns."""
        if isinstance(node, Variable):
            return self.names[node.index]
        used = [self.names[index] for index in sorted(_columns(node))]
        return f"a term in {', '.join(used[:3])}{', ...' if len(used) > 3 else ''}"


def _columns(node: Node) -> set[int]:
    match node:
        case Variable(index):
            return {index}
        case Apply(_, argument):
            return _columns(argument)
        case Power(base, _):
            return _columns(base)
        case Product(factors):
            return set().union(*(_columns(factor) for factor in factors))
        case Sum(_, terms):
            return set().union(*(_columns(term) for _, term in terms))


def _front(tree: Sum) -> Scalar | None:
    """The pure number in front of a law of a single term."""
    single = len(tree.terms) == 1 and tree.constant == ZERO
    return tree.terms[0][0] if single else None


def _fraction(value: Scalar) -> Fraction:
    """An exponent as a fraction; a measured one to a few digits."""
    if isinstance(value, sympy.Rational):
        return Fraction(int(value.p), int(value.q))
    return Fraction(f"{float(value):.{DIGITS}g}").limit_denominator(10**DIGITS)


def _product(units: Sequence[Unit]) -> Unit:
    out = PURE
    for unit in units:
        out = out * unit
    return out


def _words(unit: Unit) -> str:
    return "a pure number" if unit.pure else f"in {unit}"

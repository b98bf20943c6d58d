"""What terms are made of: powers and forms of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

import numpy as np
import sympy

from .._typing import Array
from ..forms import get
from ..symbolic.simplify import affine, apply
from ..symbolic.tree import ONE, ZERO, Power, Sum, complexity

MOST_VALUE = 1e8


@dataclass(frozen=True, eq=False)
class Column:
    """A tree over the inputs, its values [N], and the inputs it is made of."""

    tree: Sum
    values: Array
    inputs: frozenset[int]


@dataclass(frozen=True, eq=False)
class Factor:
    """One factor of a term: its tree, values [N], inputs and price."""

    tree: Sum
    values: Array
    inputs: frozenset[int]
    price: int


FORMS_OF_DEGREE = {
    2: "x^2",
    3: "x^3",
    4: "x^4",
    -1: "1/x",
    -2: "1/x^2",
    -3: "1/x^3",
    0.5: "sqrt",
    -0.5: "1/sqrt",
}


def power(column: Column, exponent: float) -> Factor | None:
    """column^exponent, or None where it is not finite."""
    if exponent != int(exponent) and not column.values.min() >= 0:
        return None
    with np.errstate(all="ignore"):
        values = column.values**exponent
    name = FORMS_OF_DEGREE.get(exponent)
    if exponent == 1:
        tree = column.tree
    elif name is not None:
        tree = apply(get(name), column.tree)
    else:
        tree = Sum(ZERO, ((ONE, Power(column.tree, sympy.Rational(round(2 * exponent), 2))),))
    return _factor(tree, values, column.inputs)


@dataclass(frozen=True)
class Shape:
    """form(scale * u + shift)^exponent of an argument u."""

    form: str
    scale: float = 1.0
    shift: float = 0.0
    exponent: float = 1.0

    def of(self, column: Column) -> Factor | None:
        """The factor, or None where the form is not defined on the values."""
        form = get(self.form)
        argument = self.scale * column.values + self.shift
        if not form.contains(float(argument.min()), float(argument.max())):
            return None
        with np.errstate(all="ignore"):
            values = form.numpy(argument) ** self.exponent
        tree = apply(form, affine(self.scale, column.tree, self.shift))
        if self.exponent != 1:
            tree = apply(get(FORMS_OF_DEGREE[self.exponent]), tree)
        return _factor(tree, values, column.inputs)


def _shapes(*rows: tuple[str, Sequence[float], Sequence[float]]) -> tuple[Shape, ...]:
    return tuple(
        Shape(form, scale, shift) for form, scales, shifts in rows for scale in scales for shift in shifts
    )


CORE: tuple[Shape, ...] = _shapes(
    ("exp", (1, -1), (0,)),
    ("log", (1,), (0,)),
    ("sin", (1,), (0,)),
    ("cos", (1,), (0,)),
    ("1/x", (1, -1), (1,)),
)
WIDE: tuple[Shape, ...] = (
    *CORE,
    *_shapes(
        ("exp", (2, -2, 0.5, -0.5), (0,)),
        ("sin", (2, pi, 2 * pi, 0.5), (0,)),
        ("cos", (2, pi, 2 * pi, 0.5), (0,)),
        ("log", (1, -1), (1,)),
        ("sqrt", (1, -1), (1,)),
        ("1/sqrt", (1, -1), (1,)),
        ("1/x", (1,), (-1,)),
        ("1/x^2", (1, -1), (1,)),
        ("gaussian", (1, 0.5**0.5), (0,)),
        ("1/(1+x^2)", (1,), (0,)),
        ("sqrt(1+x^2)", (1,), (0,)),
        ("sqrt(1-x^2)", (1,), (0,)),
        ("1/sqrt(1+x^2)", (1,), (0,)),
        ("1/sqrt(1-x^2)", (1,), (0,)),
        ("tanh", (1,), (0,)),
        ("arctanh", (1,), (0,)),
        ("arctan", (1,), (0,)),
        ("arcsin", (1,), (0,)),
        ("abs", (1,), (0,)),
        ("tan", (1,), (0,)),
    ),
    Shape("sinc"),
    Shape("sinc", 0.5),
    Shape("sinc", exponent=2),
    Shape("sinc", 0.5, exponent=2),
    Shape("sin", 0.5, exponent=2),
    Shape("sin", 0.5, exponent=-2),
    Shape("sin", exponent=2),
    Shape("cos", exponent=2),
    Shape("tanh", exponent=-1),
    Shape("cosh", exponent=-1),
    Shape("sin", exponent=-1),
    Shape("cos", exponent=-1),
)


FREQUENCIES, RATES = 24, (0.5, 1.0, 2.0, 4.0, 8.0)
PHASES = (0.0, pi / 4, pi / 2, 3 * pi / 4)
GAPS = (0.02, 0.1, 0.3, 1.0, 3.0)


def scaled_shapes(column: Column) -> tuple[Shape, ...]:
    """Shapes on the scale of a column's values, so close that one of them leads to any other by small steps.

    Waves with up to about eight periods on the values and four phases; exponentials; poles and roots beside the values.
    """
    low, high = float(column.values.min()), float(column.values.max())
    width = high - low
    waves = [
        Shape("cos", 2.0 * number / width, phase - 2.0 * number / width * low)
        for number in range(1, FREQUENCIES + 1)
        for phase in PHASES
    ]
    growths = [Shape("exp", sign * rate / width) for rate in RATES for sign in (1, -1)]
    ends = [
        Shape(form, sign, gap * width - sign * (low if sign > 0 else high))
        for form in ("1/x", "sqrt", "log")
        for gap in GAPS
        for sign in (1.0, -1.0)
    ]
    steps = [
        Shape("tanh", rate / width, -rate / width * (low + share * width))
        for rate in RATES[1:]
        for share in (0.25, 0.5, 0.75)
    ]
    return (*waves, *growths, *ends, *steps)


def _factor(tree: Sum, values: Array, inputs: frozenset[int]) -> Factor | None:
    if not np.isfinite(values).all() or np.ptp(values) == 0 or np.abs(values).max() > MOST_VALUE:
        return None
    return Factor(tree, values, inputs, complexity(tree))

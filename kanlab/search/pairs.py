"""What two columns are joined to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from ..forms import get
from ..symbolic.simplify import add, affine, apply, multiply
from .factors import Column, power

Joined = Callable[[Column, Column], Column | None]


def difference(x: Column, z: Column) -> Column:
    """x - z."""
    return Column(add([x.tree, affine(-1.0, z.tree, 0.0)]), x.values - z.values, x.inputs | z.inputs)


def total(x: Column, z: Column) -> Column:
    """x + z."""
    return Column(add([x.tree, z.tree]), x.values + z.values, x.inputs | z.inputs)


def product(x: Column, z: Column) -> Column:
    """x z."""
    return Column(multiply([x.tree, z.tree]), x.values * z.values, x.inputs | z.inputs)


def ratio(x: Column, z: Column) -> Column | None:
    """x / z, or None where it is not finite."""
    inverse = power(z, -1)
    if inverse is None:
        return None
    return Column(multiply([x.tree, inverse.tree]), x.values * inverse.values, x.inputs | z.inputs)


def squares(sign: float) -> Joined:
    """x^2 + z^2, or x^2 - z^2."""

    def joined(x: Column, z: Column) -> Column:
        square = get("x^2")
        tree = add([apply(square, x.tree), affine(sign, apply(square, z.tree), 0.0)])
        return Column(tree, x.values**2 + sign * z.values**2, x.inputs | z.inputs)

    return joined


def pair_columns(columns: Sequence[Column]) -> Iterator[Column]:
    """The product, both ratios, the difference, the sum and the sum of squares of every two columns."""
    for x, z in combinations(columns, 2):
        joined = (product(x, z), ratio(x, z), ratio(z, x), difference(x, z), total(x, z), squares(1.0)(x, z))
        yield from (column for column in joined if column is not None)

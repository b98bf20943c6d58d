"""Dimensionless groups of the columns of a table.

A product of columns x_j ** a_j is a pure number exactly when  sum_j a_j d_j = 0,  d_j the exponents of the dimension
of column j. With n inputs whose dimensions have rank r there are n - r groups of inputs, and the target is a function
of them alone when it is in a group too (Buckingham 1914).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from .derived import examined
from .names import identifiers
from .units import ONE, Dimension, Unit, parse_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cells import Floats
    from .dataset import Dataset

Vector = tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """A product of powers of columns that has no dimension.

    Attributes:
        powers: columns with their exponents, whole and not 0.
        unit: what the product of their units is; not the number 1 where columns of one kind differ in unit.
        text: the product in the grammar of formulas.
    """

    powers: tuple[tuple[str, int], ...]
    unit: Unit
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Groups:
    """The dimensionless groups of a table; printed, one a line.

    Attributes:
        inputs: groups of inputs alone; every other is a product of powers of them.
        target: the group that holds the target, to the lowest power that is possible, or None.
        rank: of the dimensions of the inputs.
        reason: why there is no group of the target, else empty.
    """

    inputs: tuple[Group, ...]
    target: Group | None
    rank: int
    reason: str = ""

    def __str__(self) -> str:
        names = [f"group{number}" for number in range(1, len(self.inputs) + 1)]
        lines = [f"{name} = {group}" for name, group in zip(names, self.inputs, strict=True)]
        arguments = f"a function of {', '.join(names)}" if names else "a constant"
        return "\n".join([*lines, self.reason if self.target is None else f"{self.target} is {arguments}"])

    def __repr__(self) -> str:
        return str(self)


def dimensionless_groups(dataset: Dataset) -> Groups:
    """The dimensionless groups of a dataset: of its inputs, and the one that holds its target.

    A column without a unit is a pure number, and a group by itself. `data.in_groups()` is the table of the groups, in
    which a search has fewer columns.

    Raises:
        DataError: no column has a unit, or there are classes or several targets.
    """
    if not dataset.units:
        raise DataError(
            "The columns have no units, so there are no dimensions to cancel; "
            'give them, as in kl.Dataset.from_csv("table.csv", target="y", units={"x": "m"}).'
        )
    if dataset.task == "classification" or len(dataset.target_names) > 1:
        raise DataError("Dimensionless groups need one measured target; choose it with target=.")
    names = (*dataset.names, *dataset.target_names)
    units = [parse_unit(dataset.units.get(name, "")) for name in names]
    inputs, target = null_vectors([unit.dimension for unit in units])
    spelled = tuple(identifiers(names).values())
    found = tuple(_group((*vector, 0), names, spelled, units) for vector in inputs)
    rank = len(dataset.names) - len(inputs)
    if target is None:
        reason = (
            f"{names[-1]} (in {units[-1]}) is in no group: the units of the inputs cannot cancel its own, "
            "so a constant with a unit is missing or will be measured"
        )
        return Groups(found, None, rank, reason)
    return Groups(found, _group(target, names, spelled, units), rank)


def offered(dataset: Dataset) -> tuple[str, ...]:
    """A remark for a table whose law has fewer dimensionless groups than inputs, if it is one."""
    if not dataset.units or dataset.task == "classification" or len(dataset.target_names) > 1:
        return ()
    groups = dimensionless_groups(dataset)
    if groups.target is None or not 0 < len(groups.inputs) < len(dataset.names):
        return ()
    said = "The units leave fewer dimensionless groups than there are inputs: "
    return (f"{said}kl.dimensionless_groups(data) names them, and data.in_groups() is the table of them.",)


def in_groups(dataset: Dataset) -> Dataset:
    """What `Dataset.in_groups` gives."""
    groups = dimensionless_groups(dataset)
    target = groups.target
    if target is None:
        raise DataError(
            f"{groups.reason}; such a constant can be a column, as in "
            'data.with_columns({"g": "9.81"}, units={"g": "m/s^2"}).'
        )
    if not groups.inputs:
        raise DataError(
            f"The units leave no group of inputs, so {target} is a constant and nothing is left to search."
        )
    columns = dict(zip((*dataset.names, *dataset.target_names), _all_columns(dataset), strict=True))
    taken = (*identifiers((*dataset.names, *dataset.target_names)).values(), *dataset.derived)
    names = tuple(_free(f"group{number}", taken) for number in range(1, len(groups.inputs) + 1))
    goal = _free(f"{identifiers(dataset.target_names)[dataset.target_names[0]]}_group", taken)
    pairs = dict(zip((*names, goal), (*groups.inputs, target), strict=True))
    values = {name: _product(group, columns) for name, group in pairs.items()}
    changed = replace(
        dataset,
        inputs=np.column_stack([values[name] for name in names]),
        targets=values[goal][:, None],
        names=names,
        target_names=(goal,),
        units={name: str(group.unit) for name, group in pairs.items() if not group.unit.pure},
        derived={**dataset.derived, **{name: group.text for name, group in pairs.items()}},
        uncertainty=_uncertainty(dataset, target, values[goal]),
        source=dataset.source.then("in_groups"),
        notices=(),
    )
    return examined(changed)


def null_vectors(dimensions: Sequence[Dimension]) -> tuple[list[Vector], Vector | None]:
    """Whole exponents of independent groups without the last dimension, and of one with it, or None."""
    bases = sorted({base for dimension in dimensions for base, _ in dimension.powers})
    matrix = [[dict(one.powers).get(base, Fraction(0)) for one in dimensions] for base in bases]
    free = _null_space(matrix, len(dimensions))
    last = len(dimensions) - 1
    inner = _shortened([vector[:last] for column, vector in free if column != last])
    whole = next((vector for column, vector in free if column == last), None)
    if whole is None:
        return inner, None
    if whole[last] < 0:
        whole = tuple(-power for power in whole)
    return inner, _reduced(whole, [(*vector, 0) for vector in inner])


def _null_space(matrix: list[list[Fraction]], columns: int) -> list[tuple[int, Vector]]:
    """For each column that is no pivot the vector in which it stands alone beside pivots, in lowest whole numbers."""
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    for column in range(columns):
        top = len(pivots)
        found = next((row for row in range(top, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        rows[top] = [value / rows[top][column] for value in rows[top]]
        for row in range(len(rows)):
            if row != top and rows[row][column]:
                share = rows[row][column]
                rows[row] = [value - share * lead for value, lead in zip(rows[row], rows[top], strict=True)]
        pivots.append(column)
    vectors: list[tuple[int, Vector]] = []
    for column in (one for one in range(columns) if one not in pivots):
        vector = [Fraction(0)] * columns
        vector[column] = Fraction(1)
        for row, pivot in enumerate(pivots):
            vector[pivot] = -rows[row][column]
        vectors.append((column, _whole(vector)))
    return vectors


def _whole(vector: list[Fraction]) -> Vector:
    scale = lcm(*(value.denominator for value in vector))
    return _lowest(tuple(int(value * scale) for value in vector))


def _lowest(vector: Vector) -> Vector:
    common = gcd(*vector) or 1
    return tuple(value // common for value in vector)


def _shortened(vectors: list[Vector]) -> list[Vector]:
    """Vectors of the same span with smaller numbers, each with its sign such that most stands above the stroke."""
    done = list(vectors)
    for _ in range(20):
        before = list(done)
        for place, vector in enumerate(done):
            done[place] = _reduced(vector, [other for number, other in enumerate(done) if number != place])
        if done == before:
            break
    return [_signed(vector) for vector in done]


def _reduced(vector: Vector, others: Sequence[Vector]) -> Vector:
    """The vector plus whole multiples of others, in lowest numbers, while that makes it shorter."""
    shorter = True
    while shorter:
        shorter = False
        for other in others:
            for sign in (1, -1):
                moved = _lowest(tuple(a + sign * b for a, b in zip(vector, other, strict=True)))
                if _length(moved) < _length(vector):
                    vector, shorter = moved, True
    return vector


def _length(vector: Vector) -> tuple[int, int]:
    return sum(abs(value) for value in vector), max(abs(value) for value in vector)


def _signed(vector: Vector) -> Vector:
    first = next(value for value in vector if value)
    turned = sum(vector) < 0 or (sum(vector) == 0 and first < 0)
    return tuple(-value for value in vector) if turned else vector


def _group(vector: Vector, names: Sequence[str], spelled: Sequence[str], units: Sequence[Unit]) -> Group:
    unit = ONE
    for held, power in zip(units, vector, strict=True):
        unit *= held**power
    powers = tuple((name, power) for name, power in zip(names, vector, strict=True) if power)
    above = [_power(name, power) for name, power in zip(spelled, vector, strict=True) if power > 0]
    below = [_power(name, -power) for name, power in zip(spelled, vector, strict=True) if power < 0]
    text = "*".join(above) or "1"
    if below:
        text += f"/{below[0]}" if len(below) == 1 else f"/({'*'.join(below)})"
    return Group(powers, unit, text)


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}**{power}"


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _all_columns(dataset: Dataset) -> list[Floats]:
    return [*dataset.inputs.T, *dataset.targets.T]


def _product(group: Group, columns: dict[str, Floats]) -> Floats:
    out = np.ones(len(next(iter(columns.values()))))
    with np.errstate(all="ignore"):
        for name, power in group.powers:
            out = out * columns[name] ** power
    bad = np.flatnonzero(~np.isfinite(out))
    if bad.size:
        raise DataError(
            f"The group {group} is no finite number in row {bad[0]}, counted from 0; leave such rows out."
        )
    return out


def _uncertainty(dataset: Dataset, group: Group, values: Floats) -> Floats | None:
    """|k| |group / target| sigma for the k-th power of the target."""
    if dataset.uncertainty is None:
        return None
    target = dataset.targets[:, 0]
    with np.errstate(all="ignore"):
        sigma = np.abs(dict(group.powers)[dataset.target_names[0]] * values / target) * dataset.uncertainty
    bad = np.flatnonzero(~(np.isfinite(sigma) & (sigma > 0)))
    if bad.size:
        raise DataError(
            f"The uncertainty of the group {group} is not determined in row {bad[0]}, counted from 0, where the "
            "target is 0; leave such rows out."
        )
    return sigma

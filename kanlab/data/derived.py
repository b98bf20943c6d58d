"""Input columns computed of others by typed formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, did_you_mean
from ..forms import grammar
from ..forms.evaluate import check_constants
from . import doctor
from .names import identifier, identifiers
from .table import Table
from .units import ONE, Unit, parse_unit

if TYPE_CHECKING:
    from .cells import Floats
    from .dataset import Dataset

_POWERS = {"sqrt": Fraction(1, 2), "abs": Fraction(1), "relu": Fraction(1)}
"""Functions that keep a power of the unit of their argument; `sign` keeps none, all others need a pure number."""


def with_columns(dataset: Dataset, columns: Mapping[str, str], units: Mapping[str, str]) -> Dataset:
    """What `Dataset.with_columns` gives."""
    for name in units:
        if name not in columns:
            raise DataError(
                f"A unit was given for {name!r}, which is no new column.{did_you_mean(name, columns)}"
            )
    taken = identifiers((*dataset.names, *dataset.target_names))
    values = {taken[name]: column for name, column in zip(dataset.names, dataset.inputs.T, strict=True)}
    known = {taken[name]: parse_unit(dataset.units.get(name, "")) for name in dataset.names}
    for name, formula in columns.items():
        _refuse_name(name, (*taken, *taken.values(), *values))
        node = grammar.parse(formula, variables=tuple(values))
        if name in units or not dataset.units:
            known[name] = parse_unit(units.get(name, ""))
        else:
            known[name] = _unit_of_column(name, node, known)
        values[name] = _column(name, node, values)
    new = {name: values[name] for name in columns}
    changed = replace(
        dataset,
        inputs=np.column_stack([dataset.inputs, *new.values()]),
        names=(*dataset.names, *new),
        units={
            **dataset.units,
            **{name: _said(units.get(name), known[name]) for name in new if not known[name].pure},
        },
        derived={**dataset.derived, **columns},
        source=dataset.source.then("with_columns", columns=dict(columns), units=dict(units)),
    )
    return examined(changed)


def examined(dataset: Dataset) -> Dataset:
    """The dataset with the doctor's remarks about it as well; raises DataError where the doctor refuses it."""
    table = Table(
        dataset.names,
        dataset.inputs,
        dataset.target_names,
        dataset.targets,
        dataset.uncertainty,
        dataset.classes,
    )
    notices = dict.fromkeys((*dataset.notices, *doctor.examine(table)))
    return replace(dataset, notices=tuple(notices))


def unit_of(node: grammar.Node, units: Mapping[str, Unit]) -> Unit:
    """The unit of a formula whose numbers are pure.

    Raises:
        DataError: quantities that differ in kind or in unit are added, or a function is asked for one that has a unit.
    """
    match node:
        case grammar.Symbol(name, constant):
            return ONE if constant else units[name]
        case grammar.Unary(operand):
            return unit_of(operand, units)
        case grammar.Call(function, argument):
            return _unit_of_call(function, unit_of(argument, units))
        case grammar.Binary(operator, left, right):
            return _unit_of_operation(operator, left, right, units)
        case _:
            return ONE


def _unit_of_call(function: str, inner: Unit) -> Unit:
    if function == "sign":
        return ONE
    if function in _POWERS:
        return inner ** _POWERS[function]
    if not inner.pure:
        raise DataError(f"takes {function} of something in {inner}")
    return ONE


def _unit_of_operation(
    operator: str, left: grammar.Node, right: grammar.Node, units: Mapping[str, Unit]
) -> Unit:
    first, second = unit_of(left, units), unit_of(right, units)
    if operator in ("*", "/"):
        return first * second if operator == "*" else first / second
    if operator == "**":
        exponent = check_constants(right)
        if exponent is None and not (first.pure and second.pure):
            raise DataError(f"raises something in {first} to a power that varies or has a unit")
        return ONE if exponent is None else first ** Fraction(exponent).limit_denominator(1000)
    if not first.same_as(second):
        raise DataError(f"adds {_in_words(first)} and {_in_words(second)}")
    return first


def _in_words(unit: Unit) -> str:
    return "a pure number" if unit.pure else f"something in {unit}"


def _unit_of_column(name: str, node: grammar.Node, units: Mapping[str, Unit]) -> Unit:
    try:
        return unit_of(node, units)
    except DataError as problem:
        raise DataError(
            f"The formula of {name!r} {problem}; correct it, or say what unit the column has, as in "
            f'units={{"{name}": "m"}}.'
        ) from problem


def _said(text: str | None, unit: Unit) -> str:
    return str(unit) if text is None else text


def _refuse_name(name: str, taken: tuple[str, ...]) -> None:
    if not name or identifier(name) != name:
        raise DataError(
            f"A new column cannot be called {name[:40]!r}; give it a plain word, such as {identifier(name)!r}."
        )
    if name in taken:
        raise DataError(f"The table has a column {name!r} already; give the new one another name.")


def _column(name: str, node: grammar.Node, values: Mapping[str, Floats]) -> Floats:
    column = grammar.evaluate(node, values)
    bad = [row for row, value in enumerate(column) if not isfinite(value)]
    if bad:
        raise DataError(
            f"The formula of {name!r} is no finite number in row {bad[0]}, counted from 0; "
            "change it, or leave such rows out."
        )
    return column

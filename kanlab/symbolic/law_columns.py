"""What a law knows of the columns that it was found in: their units, and the formulas of those that were derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import sympy

from ..data import Dataset, Unit, identifiers, parse_unit
from ..data.units import ONE as PURE
from ..forms import grammar
from .dimensions import DimensionReport, check_dimensions
from .printing import law_text
from .tree import Sum


@dataclass(frozen=True, eq=False)
class LawColumns:
    """The columns of a law, spelled as in its text.

    Attributes:
        units: of the inputs; empty where no column of the table has a unit.
        target_unit: of the target; a column without a unit beside others that have one is a pure number.
        derived: formulas of columns that were computed of others, in the order of computing.
    """

    names: tuple[str, ...]
    target: str
    units: tuple[Unit, ...] = ()
    target_unit: Unit = PURE
    derived: Mapping[str, str] | None = None

    @classmethod
    def of(cls, dataset: Dataset, output: int) -> LawColumns:
        """The columns of a dataset."""
        target = dataset.target_names[output]
        known = dataset.units.get
        units = tuple(parse_unit(known(name, "")) for name in dataset.names) if dataset.units else ()
        return cls(
            tuple(identifiers(dataset.names).values()),
            identifiers(dataset.target_names)[target],
            units,
            parse_unit(known(target, "")),
            dataset.derived,
        )

    def report(self, tree: Sum) -> DimensionReport | None:
        """Whether a law can hold between these columns, or None where they have no units."""
        if not self.units:
            return None
        return check_dimensions(tree, self.units, self.target_unit, names=self.names, target_name=self.target)

    def expanded(self, expression: sympy.Expr) -> str:
        """target = expression with the formulas of derived columns in their place."""
        derived = dict(self.derived or {})
        left = derived.pop(self.target, self.target)
        for name, formula in reversed(derived.items()):
            symbol = sympy.Symbol(name, real=True)
            if expression.has(symbol):
                node = grammar.parse(formula)
                symbols = {held: sympy.Symbol(held, real=True) for held in grammar.names(node)}
                expression = cast(
                    sympy.Expr, expression.subs(symbol, grammar.to_sympy(node, symbols=symbols))
                )
        return f"{left} = {law_text(expression)}"

"""The laws that a symbolic regression has to find: lists of true formulas with the box of their rows.

A law is its text in the columns' names. A new list is a row of `LISTS`; the bench `symbolic` runs any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from kanlab.data.generators import feynman
from kanlab.forms.grammar import parse, to_sympy

from . import textbook_table

Values = NDArray[np.float64]
Box = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class TrueLaw:
    """A formula that is to be found.

    Attributes:
        name: as shown.
        text: the formula in the names of its columns, as kanlab's grammar reads it.
        columns: the names, in the order of the box.
        box: where the rows are drawn from, uniformly.
        domain: where a wider box must stay; by default a column whose box has nothing below zero stays there.
    """

    name: str
    text: str
    columns: tuple[str, ...]
    box: Box
    domain: Box | None = None

    @property
    def limits(self) -> Box:
        """The domain, with its default."""
        return self.domain or tuple((0.0 if low >= 0 else -np.inf, np.inf) for low, _ in self.box)

    @cached_property
    def symbols(self) -> Mapping[str, sympy.Symbol]:
        """The columns for SymPy: positive where the domain is, else real."""
        return {
            name: sympy.Symbol(name, positive=True) if low >= 0 else sympy.Symbol(name, real=True)
            for name, (low, _) in zip(self.columns, self.limits, strict=True)
        }

    @cached_property
    def expression(self) -> Any:
        """The formula for SymPy."""
        return to_sympy(parse(self.text, variables=self.columns), symbols=self.symbols)

    def widened(self, factor: float) -> Box:
        """The box, wider by this factor about its center, within the domain."""
        wide: list[tuple[float, float]] = []
        for (low, high), (least, most) in zip(self.box, self.limits, strict=True):
            center, half = (low + high) / 2, factor * (high - low) / 2
            wide.append((max(center - half, least), min(center + half, most)))
        return tuple(wide)

    def rows(self, count: int, *, seed: int, factor: float = 1.0) -> Values:
        """Uniform rows [count, columns] of the (widened) box."""
        low, high = np.array(self.widened(factor)).T
        return np.random.default_rng(seed).uniform(low, high, (count, len(self.columns)))


FEYNMAN = tuple(TrueLaw(row.name, row.text, row.columns, row.box) for row in feynman.TABLE)
"""The 27 equations of the KAN paper's Table 2, in the boxes of `kl.load("feynman-...")`."""

TEXTBOOK = tuple(
    TrueLaw(row.name, row.formula, tuple(row.box), tuple(row.box.values())) for row in textbook_table.LAWS
)
"""Laws that were written down before the search was, and that it is not to be tuned on."""

LISTS: Mapping[str, tuple[TrueLaw, ...]] = MappingProxyType({"feynman": FEYNMAN, "textbook": TEXTBOOK})

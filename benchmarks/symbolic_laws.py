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

from kanlab.forms.grammar import parse, to_sympy

from . import feynman_table, textbook_table

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


FEYNMAN_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "I.6.2": ("t s", "exp(-t**2/(2*s**2))/sqrt(2*pi*s**2)"),
        "I.6.2b": ("t t1 s", "exp(-(t - t1)**2/(2*s**2))/sqrt(2*pi*s**2)"),
        "I.9.18": ("a b c d e f", "a/((b - 1)**2 + (c - d)**2 + (e - f)**2)"),
        "I.12.11": ("a t", "1 + a*sin(t)"),
        "I.13.12": ("a b", "a*(1/b - 1)"),
        "I.15.3x": ("a b", "(1 - a)/sqrt(1 - b**2)"),
        "I.16.6": ("a b", "(a + b)/(1 + a*b)"),
        "I.18.4": ("a b", "(1 + a*b)/(1 + a)"),
        "I.26.2": ("n t", "asin(n*sin(t))"),
        "I.27.6": ("a b", "1/(1 + a*b)"),
        "I.29.16": ("a t1 t2", "sqrt(1 + a**2 - 2*a*cos(t1 - t2))"),
        "I.30.3": ("n t", "sin(n*t/2)**2/sin(t/2)**2"),
        "I.30.5": ("a n", "asin(a/n)"),
        "I.37.4": ("a d", "1 + a + 2*sqrt(a)*cos(d)"),
        "I.40.1": ("n0 a", "n0*exp(-a)"),
        "I.44.4": ("n a", "n*log(a)"),
        "I.50.26": ("a alpha", "cos(a) + alpha*cos(a)**2"),
        "II.2.42": ("a b", "(a - 1)*b"),
        "II.6.15a": ("a b c", "c*sqrt(a**2 + b**2)/(4*pi)"),
        "II.11.7": ("n0 a t", "n0*(1 + a*cos(t))"),
        "II.11.27": ("n a", "n*a/(1 - n*a/3)"),
        "II.35.18": ("n0 a", "n0/(exp(a) + exp(-a))"),
        "II.36.38": ("a alpha b", "a + alpha*b"),
        "II.38.3": ("a b", "a/b"),
        "III.9.52": ("a b c", "a*sin((b - c)/2)**2/((b - c)/2)**2"),
        "III.10.19": ("a b", "sqrt(1 + a**2 + b**2)"),
        "III.17.37": ("beta alpha t", "beta*(1 + alpha*cos(t))"),
    }
)


def _feynman(row: feynman_table.Equation) -> TrueLaw:
    columns, text = FEYNMAN_TEXTS[row.name]
    return TrueLaw(row.name, text, tuple(columns.split()), row.box)


FEYNMAN = tuple(_feynman(row) for row in feynman_table.TABLE)
"""The 27 equations of the KAN paper's Table 2, in the boxes of `feynman_table`."""

TEXTBOOK = tuple(
    TrueLaw(row.name, row.formula, tuple(row.box), tuple(row.box.values())) for row in textbook_table.LAWS
)
"""Laws that were written down before the search was, and that it is not to be tuned on."""

LISTS: Mapping[str, tuple[TrueLaw, ...]] = MappingProxyType({"feynman": FEYNMAN, "textbook": TEXTBOOK})

"""The texts of laws as two readers see them that know nothing of each other, and what a law says of itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import sympy

from kanlab._typing import Array
from kanlab.data import Dataset
from kanlab.forms import grammar
from kanlab.symbolic.law import Law

Reader = Callable[[str, Sequence[str], Array], Array]
ROUNDING = 1e-12
FUNCTIONS = {
    "J0": lambda u: sympy.besselj(0, u),
    "J1": lambda u: sympy.besselj(1, u),
    "relu": lambda u: sympy.Max(0, u),
}


def by_grammar(text: str, names: Sequence[str], rows: Array) -> Array:
    """Values [N] of a text on rows [N, n], read by the project's grammar."""
    tree = grammar.parse(text, variables=tuple(names))
    with np.errstate(all="ignore"):
        return np.broadcast_to(grammar.evaluate(tree, dict(zip(names, rows.T, strict=True))), len(rows))


def by_sympy(text: str, names: Sequence[str], rows: Array) -> Array:
    """The same, read by SymPy, which knows nothing of kanlab."""
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    expression = sympy.parse_expr(text, local_dict={**FUNCTIONS, **symbols})
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # np.select weighs both branches of a maximum
        values = sympy.lambdify(list(symbols.values()), expression, ["scipy", "numpy"])(*rows.T)
    return np.broadcast_to(values, len(rows))


READERS: tuple[Reader, ...] = (by_grammar, by_sympy)


def check_claim(
    text: str,
    names: Sequence[str],
    rows: Array,
    target: Array,
    claim: float,
    *,
    readers: Sequence[Reader] = READERS,
) -> None:
    """The root mean squared error of a text on rows [N, n] with target [N] is the claim, to the digits shown."""
    rounding = ROUNDING * max(float(np.abs(target).max()), 1e-300)
    for read in readers:
        error = float(np.sqrt(np.mean((read(text, names, rows) - target) ** 2)))
        assert error == pytest.approx(claim, rel=1e-6, abs=rounding), (read.__name__, text)
        if claim > 1e3 * rounding:
            assert f"{error:.3g}" == f"{claim:.3g}"


def check(law: Law, data: Dataset) -> None:
    """The error that both readers of a law's text leave on held-out rows is the one that is shown."""
    test = data.part("test")
    check_claim(law.text, law.printed.names, test.inputs, test.targets[:, 0], law.error)

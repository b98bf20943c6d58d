"""A law g > 0 that parts two classes: constants by likelihood, snapped and printed; the printed text is what is scored.

The scale of g means nothing for the classes, so one of its coefficients is exact. With a steepness s and a share e of
labels that are wrong however far the edge is, P(class 1) = e + (1 - 2 e) / (1 + exp(-s g)). The constants of g and s
make the likelihood of the rows largest, by damped Fisher scoring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy
from scipy.special import expit

from .._typing import Array
from ..data import Dataset
from ..errors import ActionError
from ..forms import grammar
from ..symbolic.parse import tree_of_formula
from ..symbolic.printing import law_latex, print_law
from ..symbolic.tree import Sum, evaluate, free_values, map_scalars, value_and_slopes, with_free
from ..symbolic.zeros import drop_zeros

STEPS, TRIES = 60, 12
FLIPPED = 0.01
"""e. Without it a few states at the ends of a chain, localized among extended ones, draw the edge towards them."""

EXACT = (0, 1, -1, 2, -2)
"""Numbers that may stand in place of a measured one."""

CLOSE = 0.25
"""How far a measured number may be from one; the likelihood decides. Zero is tried for every number."""


@dataclass(frozen=True)
class ClassLaw:
    """The law `text` > 0 for class 1.

    Attributes:
        text: as printed, in the grammar of the project.
        measured: the same before numbers were snapped.
        names: of the columns.
        loss: mean of -log P on the rows that were fitted.
    """

    text: str
    measured: str
    names: tuple[str, ...]
    loss: float

    def accuracy(self, inputs: Array, labels: Array) -> float:
        """Share of rows [N, n] on the side of the printed text that their label [N] says."""
        return accuracy_of_text(self.text, dict(zip(self.names, inputs.T, strict=True)), labels)

    def latex(self) -> str:
        """The law in LaTeX."""
        symbols = {name: sympy.Symbol(name, real=True) for name in self.names}
        return f"{law_latex(grammar.to_sympy(grammar.parse(self.text, variables=self.names), symbols=symbols))} > 0"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def accuracy_of_text(text: str, columns: Mapping[str, Array], labels: Array) -> float:
    """Share of rows where `text` > 0 says class 1, with labels 0 or 1 [N] and columns [N] by name."""
    with np.errstate(all="ignore"):
        value = grammar.evaluate(grammar.parse(text, variables=tuple(columns)), columns)
    return float(np.mean((value > 0) == (labels > 0.5)))


def coefficients(text: str, names: tuple[str, ...]) -> dict[str, float]:
    """The numbers before the terms of a text when it is multiplied out; "1" is the constant."""
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    expression = grammar.to_sympy(grammar.parse(text, variables=names), symbols=symbols)
    parts = sympy.expand(expression).as_coefficients_dict()
    return {str(term): float(value) for term, value in parts.items()}


def edge(text: str, columns: Mapping[str, Array], *, name: str = "lam") -> Array:
    """The value of `name` where a text that is linear in it is 0, [N]; infinite where it does not matter."""
    names = (*columns, *(() if name in columns else (name,)))
    parsed = grammar.parse(text, variables=names)
    zero = np.zeros(len(next(iter(columns.values()))))
    with np.errstate(all="ignore"):
        at_zero, at_one = (grammar.evaluate(parsed, {**columns, name: zero + value}) for value in (0.0, 1.0))
        return -at_zero / (at_one - at_zero)


def class_law(text: str, data: Dataset) -> ClassLaw:
    """The law of this form with the constants that the rows say, all but the test rows.

    Decimals of `text` are constants and start there; whole numbers are exact and stay. One coefficient has to be exact,
    with the right sign.

    Raises:
        ActionError: the law is not finite on the rows.
    """
    rows = data.part("fit")
    start = _Fitted.of(tree_of_formula(text, data.names), rows.inputs, rows.targets[:, 0])
    best = snapped(start)
    return ClassLaw(
        _text(best, data.names), _text(start, data.names), data.names, best.loss / len(rows.inputs)
    )


def simplest(laws: Sequence[ClassLaw], data: Dataset, *, slack: float = 0.003) -> ClassLaw:
    """The shortest of the laws whose accuracy on the validation rows is within `slack` of the best."""
    rows = data.part("validation")
    scored = [(law.accuracy(rows.inputs, rows.targets[:, 0]), law) for law in laws]
    best = max(score for score, _ in scored)
    good = [(len(law.text), law.text, law) for score, law in scored if score >= best - slack]
    return min(good, key=lambda one: one[:2])[2]


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A tree at its best constants: summed loss and standard errors [P] from the Fisher information."""

    tree: Sum
    loss: float
    errors: Array
    inputs: Array
    labels: Array

    @classmethod
    def of(cls, tree: Sum, inputs: Array, labels: Array) -> _Fitted:
        theta = np.append(free_values(tree), _first_steepness(evaluate(tree, inputs), labels))
        loss, damping = _loss(tree, theta, inputs, labels), 1e-6
        for _ in range(STEPS):
            matrix, pull = _normal(tree, theta, inputs, labels)
            if not (np.isfinite(loss) and np.isfinite(matrix).all()):
                raise ActionError("The law overflows on the rows; start it with smaller numbers.")
            scale = np.sqrt(np.maximum(matrix.diagonal(), 1e-300))
            fallen = 0.0
            for _ in range(TRIES):
                damped = matrix / np.outer(scale, scale) + damping * np.eye(len(scale))
                trial = theta + np.linalg.solve(damped, pull / scale) / scale
                after = _loss(tree, trial, inputs, labels)
                if after < loss:
                    fallen, theta, loss, damping = loss - after, trial, after, max(damping * 0.1, 1e-12)
                    break
                damping = max(damping * 10, 1e-10)
            if fallen < 1e-7:
                break
        matrix, _ = _normal(tree, theta, inputs, labels)
        scale = np.sqrt(np.maximum(matrix.diagonal(), 1e-300))
        if not np.isfinite(matrix).all():
            raise ActionError("The law overflows on the rows; start it with smaller numbers.")
        inverse = np.linalg.pinv(matrix / np.outer(scale, scale), hermitian=True)
        errors = np.sqrt(np.abs(inverse.diagonal())) / scale
        return cls(with_free(tree, theta[:-1]), loss, errors[:-1], inputs, labels)


def snapped(best: _Fitted) -> _Fitted:
    """Exact numbers in place of measured ones, as long as the likelihood allows it (2 dL <= log N for each)."""
    allowed = 0.5 * float(np.log(len(best.labels)))
    refused: set[tuple[int, int]] = set()
    while True:
        step = next((kept for kept in _tried(best, refused, allowed)), None)
        if step is None:
            return best
        best = step


def _tried(best: _Fitted, refused: set[tuple[int, int]], allowed: float) -> Iterator[_Fitted]:
    values = free_values(best.tree)
    order = [
        (abs(value - exact) / max(error, 1e-12), place, exact)
        for place, (value, error) in enumerate(zip(values, best.errors, strict=True))
        for exact in EXACT
        if (not exact or abs(value - exact) <= CLOSE) and (place, exact) not in refused
    ]
    for _, place, exact in sorted(order, key=lambda one: (one[2] != 0, one[0])):
        refused.add((place, exact))
        tree = drop_zeros(_with_exact(best.tree, place, exact))
        try:
            trial = _Fitted.of(tree, best.inputs, best.labels)
        except ActionError:
            continue
        if trial.loss - best.loss <= allowed:
            refused.clear()
            yield trial


def _with_exact(tree: Sum, place: int, exact: int) -> Sum:
    count = iter(range(len(free_values(tree))))

    def change(value: float | sympy.Expr) -> float | sympy.Expr:
        if not isinstance(value, float):
            return value
        return sympy.Integer(exact) if next(count) == place else value

    return map_scalars(tree, change)


def _loss(tree: Sum, theta: Array, inputs: Array, labels: Array) -> float:
    with np.errstate(all="ignore"):
        return _loss_of(np.exp(theta[-1]) * evaluate(with_free(tree, theta[:-1]), inputs), labels)


def _loss_of(z: Array, labels: Array) -> float:
    if not np.isfinite(z).all():
        return float("inf")
    share = FLIPPED + (1 - 2 * FLIPPED) * expit(z)
    return float(-np.sum(labels * np.log(share) + (1 - labels) * np.log1p(-share)))


def _normal(tree: Sum, theta: Array, inputs: Array, labels: Array) -> tuple[Array, Array]:
    """Fisher information and score for the free constants and log s."""
    value, slopes = value_and_slopes(with_free(tree, theta[:-1]), inputs)
    z = np.exp(theta[-1]) * value
    table = np.column_stack([np.exp(theta[-1]) * slopes, z])
    share = FLIPPED + (1 - 2 * FLIPPED) * expit(z)
    slope = (1 - 2 * FLIPPED) * expit(z) * expit(-z)
    spread = share * (1 - share)
    return (table * (slope**2 / spread)[:, None]).T @ table, table.T @ (slope * (labels - share) / spread)


def _first_steepness(value: Array, labels: Array) -> float:
    """log s on a coarse grid."""
    grid = np.linspace(-6, 8, 57) - np.log(max(float(np.std(value)), 1e-300))
    return float(min(grid, key=lambda s: _loss_of(np.exp(s) * value, labels)))


def _text(fitted: _Fitted, names: tuple[str, ...]) -> str:
    wanted = evaluate(fitted.tree, fitted.inputs)
    return print_law(fitted.tree, names, fitted.errors, fitted.inputs, wanted).text

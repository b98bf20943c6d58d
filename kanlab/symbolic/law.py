"""A law: a closed form that carries its own evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from sympy.core.function import AppliedUndef

from .._typing import Array, BoolArray
from ..data import Dataset, identifiers
from ..errors import ActionError, GrammarError, ShapeError
from ..network import KAN
from .c_code import c_function
from .columns import ColumnFunction
from .dimensions import DimensionReport
from .law_columns import LawColumns
from .law_record import law_record
from .numpy_code import numpy_function
from .polish import Polished, Table, polish, weighted_error
from .printing import Printed, law_latex, print_law
from .read_off import SPLINE_PREFIX, read_off
from .singularities import singularities
from .snap import Snapped, snap
from .tree import Sum, complexity, evaluate, free_values
from .validity import Column, columns_of, outside


@dataclass(frozen=True)
class LawConstant:
    """A constant of a law.

    Attributes:
        value: as measured.
        standard_error: one standard error of the measurement.
        snapped: the exact number that stands in the law instead, or None.
    """

    name: str
    value: float
    standard_error: float
    snapped: str | None


@dataclass(frozen=True, eq=False)
class Law:
    """target = expression(inputs), in the user's units and column names.

    Attributes:
        printed: the text and its parsed meaning; `error` is the error of this text.
        tree: the same law with its constants at full precision.
        target: name of the target.
        error: root mean squared error on rows that the fit did not see (`held_out`), else on the fitted rows.
        r2: 1 - error^2 / variance on the same rows.
        constants: measured constants, snapped or not.
        complexity: price of the expression; small is simple.
        complete: False when spline edges are left; they print as phi_l_i_j(...), each less the middle of its range.
        columns: all columns of the table, with their units and the range on the rows that were fitted.
        target_unit: or None where none is stated.
        origin: units of the columns, and formulas of the derived ones.
    """

    printed: Printed
    tree: Sum
    target: str
    error: float
    r2: float
    held_out: bool
    constants: tuple[LawConstant, ...]
    complexity: int
    complete: bool
    columns: tuple[Column, ...]
    target_unit: str | None = None
    origin: LawColumns | None = None

    @property
    def expression(self) -> sympy.Expr:
        """The right-hand side as SymPy."""
        return self.printed.expression

    @property
    def text(self) -> str:
        """The right-hand side as text in the project's grammar (Python and SymPy spelling)."""
        return self.printed.text

    @property
    def inputs_used(self) -> tuple[str, ...]:
        """Columns that occur."""
        used = {str(symbol) for symbol in self.expression.free_symbols}
        return tuple(name for name in self.printed.names if name in used)

    @property
    def error_label(self) -> str:
        """What the error was measured on."""
        return "held-out rmse" if self.held_out else "rmse on the fitted rows"

    @property
    def dimensions(self) -> DimensionReport | None:
        """Whether the units fit, and what unit each constant has; None without units and where splines are left."""
        return self.origin.report(self.tree) if self.origin is not None and self.complete else None

    def expanded(self) -> str:
        """The law with the formulas of derived columns, and of dimensionless groups, in their place."""
        return str(self) if self.origin is None else self.origin.expanded(self.expression)

    def __call__(self, inputs: Any) -> Array:
        """Values [N] on inputs [N, n]; those of the printed text."""
        table = self._table(inputs)
        return self.printed(table) if self.complete else evaluate(self.tree, table)

    def _table(self, inputs: Any) -> Array:
        table = np.asarray(inputs, dtype=np.float64)
        if table.ndim != 2 or table.shape[1] != len(self.printed.names):
            raise ShapeError(
                f"The inputs have shape {table.shape}; "
                f"the law expects rows of {len(self.printed.names)} numbers."
            )
        return table

    @property
    def equation(self) -> str:
        """target = text, without a label."""
        return f"{self.target} = {self.text}"

    @property
    def splines(self) -> tuple[str, ...]:
        """The spline edges that are left, as the law spells them; none in a complete law."""
        return spline_names(self.expression)

    @property
    def label(self) -> str:
        """ "symbolic", or "semi-symbolic: phi_0_1_0 is a spline" where spline edges are left."""
        if self.complete:
            return "symbolic"
        names = self.splines
        if len(names) == 1:
            return f"semi-symbolic: {names[0]} is a spline"
        return f"semi-symbolic: {', '.join(names[:-1])} and {names[-1]} are splines"

    def __str__(self) -> str:
        return self.equation if self.complete else f"{self.equation} ({self.label})"

    def __repr__(self) -> str:
        units = "" if self.dimensions is None else f", {self.dimensions}"
        return f"Law({str(self)!r}, {self.error_label} {self.error:.2g}{units})"

    def latex(self) -> str:
        """The law in LaTeX."""
        return f"{law_latex(sympy.Symbol(self.target))} = {law_latex(self.expression)}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def python(self) -> str:
        """The law as a Python function on NumPy arrays."""
        return numpy_function(self.target, self.printed.names, self.expression)

    def c(self) -> str:
        """The law as a C99 function `double target(double x1, ...)`.

        Raises:
            ActionError: spline edges are left.
        """
        if not self.complete:
            raise ActionError("Spline edges are left, which C does not know; make them symbolic first.")
        return c_function(self.target, self.printed.names, self.expression)

    def numpy(self) -> ColumnFunction:
        """The printed law as a function of its columns, by place or by name: `law.numpy()(t=[0, 1, 2])`."""
        return ColumnFunction(self.printed.names, self.inputs_used, self)

    def json(self) -> str:
        """The law, its evidence and its field of validity as JSON text."""
        return json.dumps(law_record(self), indent=2, ensure_ascii=False, allow_nan=False)

    @property
    def validity(self) -> dict[str, tuple[float, float]]:
        """The range of each used column on the rows that the law was fitted to."""
        return {
            column.name: (column.low, column.high)
            for column in self.columns
            if column.name in self.inputs_used
        }

    def outside(self, inputs: Any) -> BoolArray:
        """Rows [N] of inputs [N, n] on which the law is asked outside of its validity.

        Raises:
            ShapeError: the inputs are not rows of all columns.
        """
        return outside(self.columns, self.inputs_used, self._table(inputs))

    def extrapolates(self, inputs: Any) -> bool:
        """Whether any row of inputs [N, n] is outside."""
        return bool(self.outside(inputs).any())

    @property
    def singularities(self) -> tuple[str, ...]:
        """Where the printed law is not defined or infinite, within three times the range of the data.

        Sentences such as "log(a) is not defined for a <= 0" or "1/(1 - n*a/3) has a pole where 1 - n*a/3 = 0, beyond
        the range of the data".
        """
        if not self.complete:
            return ("The spline edges phi_l_i_j are known on the data only",)
        return singularities(self.printed, self.columns)


def table_of(dataset: Dataset, part: str, output: int = 0) -> Table:
    """Rows of a part as inputs, one target and weights from its uncertainty."""
    rows = dataset.part(part)  # type: ignore[arg-type]
    return Table.measured(rows.inputs, rows.targets[:, output], rows.uncertainty)


def read_law(network: KAN, dataset: Dataset, *, output: int = 0) -> Law:
    """The law of a network: read off, constants fitted on all rows but the test rows, snapped and printed.

    Where spline edges are left the law is not complete: they print as phi_l_i_j, and nothing is fitted again.

    Raises:
        ActionError: the network has no symbolic edge yet.
    """
    arrays = network.arrays()
    if not any(layer.forms for layer in arrays.layers) and any(layer.has_splines for layer in arrays.layers):
        raise ActionError(
            "No edge is symbolic yet, so there is no law to read; fix an edge first, for example "
            'session.fix((0, 0, 0), "sin"), or run kanlab.discover.'
        )
    with np.errstate(all="ignore"):
        tree = read_off(network)[output]
    if not np.isfinite(free_values(tree)).all():
        raise ActionError(_OVERFLOW)
    complete = not any(layer.has_splines for layer in arrays.layers)
    try:
        law = law_from_tree(tree, dataset, output=output, complete=complete)
    except GrammarError as problem:  # its text holds "inf", as of exp(800) beside a steep sigmoid
        raise ActionError(_OVERFLOW) from problem
    if not all(np.isfinite(float(number)) for number in law.expression.atoms(sympy.Number)):
        raise ActionError(_OVERFLOW)
    return law


_OVERFLOW = (
    "The law's constants overflow, so it cannot be written down; undo the last step or fix another form."
)


def law_from_tree(tree: Sum, dataset: Dataset, *, output: int = 0, complete: bool = True) -> Law:
    """Fit, snap, print and score a tree."""
    fitted = table_of(dataset, "fit", output)
    snapped: tuple[Snapped, ...] = ()
    if complete:
        best, snapped = snap(polish(tree, fitted), fitted)
    else:
        best = Polished(tree, weighted_error(tree, fitted), np.full(len(free_values(tree)), np.nan))
    names = list(identifiers(dataset.names).values())
    return _scored(best, snapped, dataset, names, output, complete)


def _scored(
    best: Polished,
    snapped: tuple[Snapped, ...],
    dataset: Dataset,
    names: Sequence[str],
    output: int,
    complete: bool,
) -> Law:
    fitted, test = table_of(dataset, "fit", output), table_of(dataset, "test", output)
    wanted = evaluate(best.tree, fitted.inputs)
    misfit = float(np.sqrt(best.error)) if np.isfinite(best.error) else np.inf
    printed = print_law(
        best.tree, names, best.standard_errors, fitted.inputs, wanted, misfit=misfit, parse=complete
    )
    values = printed(test.inputs) if complete else evaluate(best.tree, test.inputs)
    with np.errstate(all="ignore"):
        error = float(np.sqrt(np.mean((values - test.target) ** 2)))
    variance = float(np.var(test.target))
    return Law(
        printed=printed,
        tree=best.tree,
        target=identifiers(dataset.target_names)[dataset.target_names[output]],
        error=error,
        r2=1 - error**2 / variance if variance > 0 else float(error == 0),
        held_out=dataset.split.held_out,
        constants=_constants(best, snapped),
        complexity=complexity(best.tree),
        complete=complete,
        columns=columns_of(dataset, fitted.inputs),
        target_unit=dataset.units.get(dataset.target_names[output]),
        origin=LawColumns.of(dataset, output),
    )


def _constants(best: Polished, snapped: tuple[Snapped, ...]) -> tuple[LawConstant, ...]:
    rows: list[LawConstant] = []
    for value, error in zip(free_values(best.tree), best.standard_errors, strict=True):
        rows.append(LawConstant(f"c{len(rows) + 1}", float(value), float(error), None))
    for held in snapped:
        if held.exact not in (sympy.Integer(0), sympy.Integer(1), sympy.Integer(-1)):
            rows.append(LawConstant(f"c{len(rows) + 1}", held.value, held.standard_error, str(held.exact)))
    return tuple(rows)


def spline_names(expression: sympy.Expr) -> tuple[str, ...]:
    """The functions of an incomplete law that stand for spline edges, in the order of their edges."""
    names = {str(part.func) for part in expression.atoms(AppliedUndef)}
    found = [name for name in names if name.startswith(SPLINE_PREFIX)]
    return tuple(sorted(found, key=lambda name: [int(part) for part in name.split("_")[1:]]))

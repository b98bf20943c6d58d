"""From a law to the network that computes it: the inverse of reading off."""

from __future__ import annotations

from .._typing import Array
from ..errors import FormError, ShapeError
from ..network import KAN
from ..network.assemble import Grid, assemble
from ..network.wiring import Line, Wiring, scaled, straight
from .read_off import SPLINE_PREFIX
from .tree import Apply, Node, Power, Product, Sum, Variable


def compile_tree(tree: Sum, inputs: Array, targets: Array, *, grid: Grid | None = None) -> KAN:
    """The network whose edges are the forms of a law, with a product node for every product.

    It is as shallow as the law allows; what a layer does not change passes through it by an edge with the form "x", and
    all other edges are cut. `read_off` gives the law back, up to how it is written.

    Args:
        tree: in the user's units.
        inputs: rows [N, n] in the user's units: scales and grids are laid on them.
        targets: [N, 1] in the user's units.
        grid: for edges that are released into splines later.

    Raises:
        FormError: the law holds a spline, or is not a finite number on some row.
        ShapeError: it uses a column that the rows lack.
    """
    return assemble([_line(tree, Wiring((), inputs))], inputs, targets, grid)


def _line(node: Node, wiring: Wiring) -> Line:
    match node:
        case Variable(index):
            return _column(index, wiring)
        case Apply(form, argument):
            if form.name.startswith(SPLINE_PREFIX):
                raise FormError(
                    f"The law holds the spline {form.name}, which cannot be compiled; make that edge symbolic first."
                )
            return wiring.apply(form, _line(argument, wiring))
        case Power(base, exponent):
            return wiring.power(_line(base, wiring), exponent)
        case Product(factors):
            return wiring.multiply([_line(factor, wiring) for factor in factors])
        case Sum(constant, terms):
            parts = [scaled(_line(term, wiring), float(value)) for value, term in terms if float(value) != 0]
            return wiring.add([wiring.number(constant), *parts])


def _column(index: int, wiring: Wiring) -> Line:
    columns = wiring.inputs.shape[1]
    if not 0 <= index < columns:
        raise ShapeError(
            f"The law uses column {index + 1}, and the rows have {columns}; give rows with all columns."
        )
    return straight(index)

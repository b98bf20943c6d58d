"""What stands inside the sigmoid of a network that tells two classes apart, read off as a formula."""

from __future__ import annotations

import sympy

from ..errors import ActionError
from ..forms import get
from ..network import KAN, EdgeId, set_form
from ..symbolic.printing import law_text
from ..symbolic.read_off import read_off
from ..symbolic.tree import to_sympy

SMALL = 0.01
"""Where coefficients start of which nothing is known."""


def logit(network: KAN, names: tuple[str, ...]) -> sympy.Expr:
    """g of a network that ends in sigmoid(g), in the user's units; the sign is that of the output.

    Raises:
        ActionError: its last edge is no sigmoid.
    """
    layers = network.arrays().layers
    last = EdgeId(len(layers) - 1, 0, 0)
    if [edge.form.name for edge in layers[-1].forms] != ["sigmoid"]:
        raise ActionError('The last edge is no sigmoid; fix it first: session.fix(edge, "sigmoid").')
    a, b, c, _ = (float(value) for value in layers[-1].affine[0, 0])
    sign = 1.0 if c > 0 else -1.0
    bare = set_form(network, last, get("x"), (sign * a, sign * b, 1.0, 0.0))
    inner = to_sympy(read_off(bare)[0], tuple(sympy.Symbol(name, real=True) for name in names))
    scaling = network.scaling
    # set_form keeps what the output edge added before, which is no part of g
    shift = float(scaling.output_center[0]) + float(scaling.output_scale[0]) * float(layers[-1].bias[0])
    return (inner - shift) / float(scaling.output_scale[0])


def log_odds(network: KAN, names: tuple[str, ...]) -> sympy.Expr:
    """log P(second class) / P(first class) of a network of two classes, in the user's units.

    Raises:
        ActionError: it has not two outputs.
    """
    found = read_off(network)
    if len(found) != 2:
        raise ActionError(f"The network has {len(found)} outputs; the odds of two classes need 2.")
    symbols = tuple(sympy.Symbol(name, real=True) for name in names)
    first, second = (to_sympy(tree, symbols) for tree in found)
    return second - first


def multiplied_out(expression: sympy.Expr, unit: str) -> str:
    """A formula multiplied out and divided so that the term `unit` has the coefficient 1 or -1; the sign stays.

    Raises:
        ActionError: there is no such term.
    """
    terms = sympy.expand(expression).as_coefficients_dict()
    held = {law_text(term): float(value) for term, value in terms.items()}
    if not held.get(unit):
        raise ActionError(f"The formula has no term {unit}; it has {', '.join(held)}.")
    lead = held.pop(unit)
    first = f"{'-' if lead < 0 else ''}{unit}"
    return " + ".join([first, *(f"({value / abs(lead)!r})*{term}" for term, value in held.items())])


def with_plain_arguments(expression: sympy.Expr, unit: str) -> str:
    """The same terms with f(x) for every f(a x + b), and all coefficients but that of `unit` near 0."""

    def bent(part: sympy.Expr) -> bool:
        called = isinstance(part, sympy.exp | sympy.cosh | sympy.tanh | sympy.Abs)
        divided = isinstance(part, sympy.Pow) and bool(part.exp.is_negative)
        return (called or divided) and len(part.free_symbols) == 1

    # multiplied out first: terms that differ in their arguments only become one
    plain = sympy.expand(expression).replace(bent, lambda part: part.func(*part.free_symbols, *part.args[1:]))
    terms = [law_text(term) for term in sympy.expand(plain).as_coefficients_dict()]
    lead = multiplied_out(expression, unit).split(" + ", 1)[0]
    return " + ".join([lead, *(f"({SMALL})*{term}" for term in terms if term != unit)])

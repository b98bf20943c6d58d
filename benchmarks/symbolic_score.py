"""Whether a printed law is the true one.

The printed text is what counts, read by kanlab's grammar. A law of rows without noise is `exact` when it is within
`CLOSE` of the truth on the box, and one of these holds:

- far: it is within `FAR_EXACT` of the truth on the box that is three times as wide;
- refit: with its decimal numbers fitted to the truth it is, and no variable vanishes from it by that;
- symbolic: after rounding numbers to three, then two decimals, but none of them to 0, SymPy finds no difference.

Of rows with noise it is within the noise of the truth, and refit or symbolic must hold: the same structure. Parts that
contribute less than 1e-6 of the spread, or less than a thousandth of the noise, are dropped first. An impostor that is
good to 4e-5 nearby passes none of them. `matched` is weaker: within `MATCHED` of the truth on the box that is half as
wide again. Errors are root mean squares over the spread of the truth. Rows of the wide boxes where the truth is not
real, or is farther from its mean than `REACH` times its range in the box, are left out; a law without a real value on
any other row has an infinite error.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy

from kanlab.data import identifiers
from kanlab.errors import KanlabError
from kanlab.forms.grammar import parse_equation, to_sympy

from .symbolic_laws import TrueLaw, Values
from .symbolic_numeric import JUNK, leaves, refitted, relative_error, values_of, without_junk

NEAR, FAR = 1.5, 3.0
CLOSE, FAR_EXACT, MATCHED = 1e-3, 1e-6, 0.005
REACH = 10.0
JUNK_OF_NOISE = 1e-3
ROWS, FEW, SEED = 2000, 500, 917
SYMBOLIC_CPU_S = 10.0
DECIMALS = (3, 2)


@dataclass(frozen=True)
class Verdict:
    """What is said of a printed law.

    Attributes:
        exact: whether it is the true law (with noise: up to the values of its constants).
        matched: whether it is close to the true law on a wider box.
        route: "far", "refit" or "symbolic", by which it is exact; otherwise empty.
        nrmse, nrmse_near, nrmse_far: of the text as printed, on the box and on those 1.5 and 3 times as wide.
        reason: why it could not be judged, or empty.
    """

    exact: bool
    matched: bool
    route: str
    nrmse: float
    nrmse_near: float
    nrmse_far: float
    reason: str = ""


def judge(
    law: str | sympy.Expr, equation: TrueLaw, *, noise: float = 0.0, symbolic_cpu_s: float = SYMBOLIC_CPU_S
) -> Verdict:
    """The verdict on a law: its text (`y = ...` or the right side), or a SymPy expression in the columns' names."""
    infinite = float("inf")
    try:
        expression = read(law, equation)
    except KanlabError as problem:
        return Verdict(False, False, "", infinite, infinite, infinite, str(problem))
    nrmse, near, far = (error_of(expression, equation, factor) for factor in (1.0, NEAR, FAR))
    route = _route(expression, equation, noise, symbolic_cpu_s) if nrmse <= max(CLOSE, noise) else ""
    return Verdict(bool(route), near <= MATCHED, route, nrmse, near, far)


def read(law: str | sympy.Expr, equation: TrueLaw) -> Any:
    """The law in the equation's own symbols. Raises `KanlabError` for text that the grammar refuses."""
    if isinstance(law, str):
        # a column called e is spelled e_ in a law of kanlab
        spelled = {text: equation.symbols[name] for name, text in identifiers(equation.columns).items()}
        symbols = {**spelled, **equation.symbols}
        _, tree = parse_equation(law, variables=tuple(symbols))
        return to_sympy(tree, symbols=symbols)
    known = equation.symbols
    return law.xreplace({symbol: known[str(symbol)] for symbol in law.free_symbols if str(symbol) in known})


def read_or_none(law: str | sympy.Expr, equation: TrueLaw) -> Any | None:
    """The same; None for text that the grammar refuses."""
    try:
        return read(law, equation)
    except KanlabError:
        return None


def error_of(expression: Any, equation: TrueLaw, factor: float) -> float:
    """The relative error on the box that is wider by this factor."""
    rows, truth = _rows(equation, factor)
    return relative_error(values_of(expression, symbols_of(equation), rows), truth)


def symbols_of(equation: TrueLaw) -> tuple[Any, ...]:
    """The symbols in the order of the columns."""
    return tuple(equation.symbols[name] for name in equation.columns)


def _route(expression: Any, equation: TrueLaw, noise: float, symbolic_cpu_s: float) -> str:
    """By which way the law is the true one; empty when by none. Numbers come first, for SymPy may take forever."""
    rows, _ = _few_rows(equation)
    law = without_junk(expression, symbols_of(equation), rows, share=max(JUNK, JUNK_OF_NOISE * noise))
    ways: Mapping[str, Callable[[], bool]] = {
        "far": lambda: noise == 0 and error_of(law, equation, FAR) <= FAR_EXACT,
        "refit": lambda: same_structure(law, equation),
        "symbolic": lambda: same_expression(law, equation, cpu_s=symbolic_cpu_s),
    }
    return next((name for name, holds in ways.items() if holds()), "")


def same_structure(law: Any, equation: TrueLaw) -> bool:
    """Whether the law is the truth for values of its decimal numbers next to those it has, with no part to spare."""
    rows, truth = _few_rows(equation)
    fitted = refitted(law, symbols_of(equation), rows, truth)
    if fitted is None or error_of(fitted, equation, FAR) > FAR_EXACT:
        return False
    return leaves(without_junk(fitted, symbols_of(equation), rows)) >= leaves(law)


def same_expression(law: Any, equation: TrueLaw, *, cpu_s: float = SYMBOLIC_CPU_S) -> bool:
    """Whether SymPy finds the rounded law and the rounded truth equal, in a bounded time."""

    def equal() -> bool:
        return any(
            sympy.simplify(_rounded(law, digits) - _rounded(equation.expression, digits)) == 0
            for digits in DECIMALS
        )

    return bool(within(cpu_s, equal))


def _rounded(expression: Any, digits: int) -> Any:
    """Decimal numbers as fractions of so many digits; one that would become 0 stays, for it may carry a term."""
    scale = 10**digits
    plain = sympy.expand(expression).evalf(15)
    numbers = {
        number: sympy.Rational(round(float(number) * scale), scale) for number in plain.atoms(sympy.Float)
    }
    return plain.xreplace({number: short for number, short in numbers.items() if short != 0})


class _OutOfTimeError(BaseException):
    """Raised inside SymPy, which catches `Exception` here and there."""


def within(cpu_s: float, work: Callable[[], Any]) -> Any | None:
    """What `work` gives back, or None when it takes more CPU time; only for the main thread."""

    def stop(*_: Any) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_s, 1.0)
    try:
        return work()
    except _OutOfTimeError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


@lru_cache(maxsize=256)
def _rows(equation: TrueLaw, factor: float) -> tuple[Values, Values]:
    """Rows of the wider box and the truth there, without those where it is not real or out of reach."""
    symbols = symbols_of(equation)
    within_box = values_of(equation.expression, symbols, equation.rows(ROWS, seed=SEED))
    middle, reach = float(np.mean(within_box)), REACH * float(np.ptp(within_box))
    rows = equation.rows(ROWS, seed=SEED + 1, factor=factor)
    truth = values_of(equation.expression, symbols, rows)
    kept = np.abs(np.nan_to_num(truth, nan=np.inf) - middle) <= reach
    return rows[kept], truth[kept]


def _few_rows(equation: TrueLaw) -> tuple[Values, Values]:
    """Rows of the box for what is evaluated hundreds of times."""
    rows, truth = _rows(equation, 1.0)
    return rows[:FEW], truth[:FEW]

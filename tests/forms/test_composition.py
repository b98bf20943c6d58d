"""A formula read into an algebra means what the grammar says it means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import sympy

from kanlab.errors import GrammarError
from kanlab.forms import Form, grammar
from kanlab.forms.composition import Scalar, compose

VALUES = {"a": np.array([0.3, 0.8, 1.9]), "b": np.array([1.1, -0.4, 2.0])}
Part = Scalar | np.ndarray


class Arrays:
    """The algebra of arrays; constants stay exact as long as they meet no array."""

    def number(self, value: Scalar) -> Part:
        return value

    def constant(self, part: Part) -> Scalar | None:
        return None if isinstance(part, np.ndarray) else part

    def variable(self, name: str) -> Part:
        return VALUES[name]

    def add(self, parts: Sequence[Part]) -> Part:
        total: Part = sympy.S.Zero
        for part in parts:
            exact = not isinstance(part, np.ndarray) and not isinstance(total, np.ndarray)
            total = total + part if exact else _plain(total) + _plain(part)
        return total

    def multiply(self, parts: Sequence[Part]) -> Part:
        total: Part = sympy.S.One
        for part in parts:
            exact = not isinstance(part, np.ndarray) and not isinstance(total, np.ndarray)
            total = total * part if exact else _plain(total) * _plain(part)
        return total

    def apply(self, form: Form, argument: Part) -> Part:
        return form.numpy(_plain(argument))

    def power(self, base: Part, exponent: Scalar) -> Part:
        if isinstance(base, np.ndarray):
            return base ** float(exponent)
        return base**exponent


def _plain(part: Part) -> np.ndarray:
    return part if isinstance(part, np.ndarray) else np.array(float(part))


@pytest.mark.parametrize(
    "text",
    [
        "a - b - (a - b*2)", "a/b/2*b", "-a**2", "a**b", "2**b", "e**b", "log2(a) + log10(a) + ln(a)",
        "a**-1.5 + 0.5*b", "arcsin(a/2)*Abs(b)", "+a - -b", "2**3**b", "pi*a/(1 - 3*b)", "1 - a + 2 - b", "0.5**a",
    ],
)  # fmt: skip
def test_values(text: str) -> None:
    node = grammar.parse(text, variables=["a", "b"])
    np.testing.assert_allclose(_plain(compose(node, Arrays())), grammar.evaluate(node, VALUES), rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1/2 + 1/3", sympy.Rational(5, 6)),
        ("-2*pi/4", -sympy.pi / 2),
        ("2**(1/2)", sympy.sqrt(2)),
        ("e**2", sympy.exp(2)),
    ],
)
def test_exact_numbers_stay_exact(text: str, exact: sympy.Expr) -> None:
    assert compose(grammar.parse(text), Arrays()) == exact


def test_long_formulas_do_not_go_too_deep() -> None:
    node = grammar.parse(" + ".join(["a*b/b"] * 250), variables=["a", "b"])
    np.testing.assert_allclose(_plain(compose(node, Arrays())), 250 * VALUES["a"], rtol=1e-12)


@pytest.mark.parametrize("text", ["(-2)**a", "0**a"])
def test_a_varying_power_of_what_is_not_positive_is_refused(text: str) -> None:
    with pytest.raises(GrammarError, match="must be above 0"):
        compose(grammar.parse(text, variables=["a"]), Arrays())

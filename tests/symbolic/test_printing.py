"""How many digits the text of a law has."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.forms import get
from kanlab.symbolic.printing import print_law
from kanlab.symbolic.tree import ONE, ZERO, Apply, Sum, Variable, evaluate

ROWS = np.linspace(0.2, 0.6, 200)[:, None]


def switch(shift: float) -> Sum:
    inner = Sum(shift, ((-250.123456789, Variable(0)),))
    return Sum(ONE, ((-0.9714123456789, Apply(get("sigmoid"), inner)),))


def test_a_number_that_sympy_made_has_no_digits_that_say_nothing() -> None:
    tree = switch(100.123456789)
    errors = np.array([0.004, 2.0, 5.0])
    printed = print_law(tree, ["x"], errors, ROWS, evaluate(tree, ROWS))
    # 1 / (1 + exp(250 x - 100)), with e^-100.1 in front
    assert printed.text == "1 - 0.9714/(3.36606e-44*exp(250.1*x) + 1)"


def test_it_has_all_digits_where_the_values_need_them() -> None:
    tree = switch(1.123456789)
    printed = print_law(tree, ["x"], np.full(3, 1e-13), ROWS, evaluate(tree, ROWS))
    np.testing.assert_allclose(printed(ROWS), evaluate(tree, ROWS), rtol=1e-12)


@pytest.mark.parametrize("value", [0.123456789012345, 123456.789012345])
def test_a_constant_of_the_law_keeps_the_digits_of_its_standard_error(value: float) -> None:
    tree = Sum(value, ((ONE, Variable(0)),))
    printed = print_law(tree, ["x"], np.array([1e-9 * value]), ROWS, evaluate(tree, ROWS))
    number = printed.text.split(" + ")[1]
    assert float(number) == pytest.approx(value, rel=1e-9)
    assert len(number.replace(".", "").lstrip("0")) in {10, 11, 12}


def test_constants_that_stand_in_for_each_other_keep_what_they_say_together() -> None:
    # a exp(x + b): a may be anything when b follows
    inner = Sum(12.3456789, ((ONE, Variable(0)),))
    tree = Sum(ZERO, ((4.3478261e-6, Apply(get("exp"), inner)),))
    wanted, errors = evaluate(tree, ROWS), np.array([1e-5, 3.0])
    careless = print_law(tree, ["x"], errors, ROWS, wanted)
    careful = print_law(tree, ["x"], errors, ROWS, wanted, misfit=1e-4)
    miss = [float(np.sqrt(np.mean((one(ROWS) - wanted) ** 2))) for one in (careless, careful)]
    assert miss[0] > 1e-3
    assert miss[1] <= 1e-5

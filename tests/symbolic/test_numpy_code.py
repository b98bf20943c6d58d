"""The pasted function and the printed text against the form itself, for every form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

from kanlab.forms import Form, all_forms, grammar
from kanlab.symbolic.numpy_code import numpy_function
from kanlab.symbolic.printing import law_latex, law_text

EVERY_FORM = pytest.mark.parametrize("form", all_forms(), ids=[form.name for form in all_forms()])
X = sympy.Symbol("x1", real=True)
POINTS = np.linspace(0.11, 1.7, 24)


@EVERY_FORM
def test_text_and_code_say_what_the_form_says(form: Form) -> None:
    inner, points = 0.5 * X + 0.1, POINTS
    if form.name == "arccosh":
        points = points + 2
    expression = 3 * form.sympy(inner) + X
    wanted = 3 * form.numpy(0.5 * points + 0.1) + points
    text = grammar.evaluate(grammar.parse(law_text(expression), variables=["x1"]), {"x1": points})
    np.testing.assert_allclose(text, wanted, rtol=1e-13)
    space: dict[str, Any] = {}
    exec(numpy_function("y", ["x1"], expression), space)  # the text that a user would paste
    np.testing.assert_allclose(space["y"](points), wanted, rtol=1e-13)
    assert law_latex(expression)


@pytest.mark.parametrize(
    ("expression", "text", "code"),
    [
        (sympy.besselj(0, 2 * X), "J0(2*x1)", "scipy.special.j0(2*x1)"),
        (sympy.besselj(1, X) ** 2, "J1(x1)**2", "scipy.special.j1(x1)**2"),
        (sympy.Max(0, X - 1), "relu(x1 - 1)", "np.maximum(0, x1 - 1)"),
        (sympy.sinc(X), "sinc(x1)", "np.sinc((x1)/np.pi)"),
        (sympy.sign(X), "sign(x1)", "np.sign(x1)"),
        (sympy.erf(X), "erf(x1)", "scipy.special.erf(x1)"),
    ],
)
def test_what_is_written(expression: sympy.Expr, text: str, code: str) -> None:
    assert law_text(expression) == text
    written = numpy_function("y", ["x1"], expression)
    assert written.endswith(f"    return {code}\n")
    assert ("import scipy.special" in written) == ("scipy" in code)

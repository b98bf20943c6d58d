"""The C function: as text, against SymPy's meaning of it, and compiled where there is a compiler."""

from __future__ import annotations

import ctypes
import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from scipy import special

from kanlab.forms import Form, all_forms, grammar
from kanlab.symbolic.c_code import c_function
from kanlab.symbolic.printing import law_text

EVERY_FORM = pytest.mark.parametrize("form", all_forms(), ids=[form.name for form in all_forms()])
X, Y = sympy.Symbol("x1", real=True), sympy.Symbol("y", real=True)
PYTHON = "sin cos tan exp log sqrt tanh sinh cosh erf asin acos atan asinh acosh atanh fabs pow"
MATH: dict[str, Any] = {
    **{name: getattr(math, name) for name in PYTHON.split()},
    "j0": special.j0,
    "j1": special.j1,
    "float": float,
}


def run(code: str, names: list[str]) -> Callable[..., float]:
    """The function, compiled if there is a compiler; else its body, which is Python but for casts and branches."""
    compiler = shutil.which("cc")
    return _compiled(code, compiler, len(names)) if compiler else _read(code, names)


def _compiled(code: str, compiler: str, count: int) -> Callable[..., float]:
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "law.c"), Path(folder, "law.so")
        source.write_text(code, encoding="utf-8")
        command = [
            compiler,
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-ffp-contract=off",
            "-shared",
            "-fPIC",
        ]
        subprocess.run([*command, str(source), "-o", str(library), "-lm"], check=True, capture_output=True)
        function = getattr(ctypes.CDLL(str(library)), _name(code))
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * count
    return function


def _name(code: str) -> str:
    found = re.search(r"double (\w+)\(", code)
    assert found
    return found[1]


def _read(code: str, names: list[str]) -> Callable[..., float]:
    body = code.split("return ")[1].split(";", maxsplit=1)[0].replace("(double) ", "float")
    body = re.sub(r"\((\(.*\)) == 0 \? 1\.0 : (.*)\)", r"(1.0 if \1 == 0 else \2)", body)
    return eval(
        f"lambda {', '.join(names)}: {body}", dict(MATH)
    )  # the text that the package has just written


@EVERY_FORM
def test_code_says_what_the_form_says(form: Form) -> None:
    points = np.linspace(0.11, 1.7, 9) + (2 if form.name == "arccosh" else 0)
    expression = 3 * form.sympy(0.5 * X + 0.1) + X / 3
    code = c_function("y", ["x1"], expression)
    wanted = 3 * form.numpy(0.5 * points + 0.1) + points / 3
    for function in (run(code, ["x1"]), _read(code, ["x1"])):
        np.testing.assert_allclose([function(float(point)) for point in points], wanted, rtol=1e-12)
    text = grammar.evaluate(grammar.parse(law_text(expression), variables=["x1"]), {"x1": points})
    np.testing.assert_allclose(text, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("expression", "body"),
    [
        (X**2 / 3 + 10**12, "(1.0/3.0)*pow(x1, 2) + 1000000000000.0"),
        (sympy.pi * X + sympy.E, "3.141592653589793*x1 + 2.718281828459045"),
        (sympy.Float(0.1, 17) * X, "0.1*x1"),
        (sympy.exp(-X) * sympy.sqrt(2), "sqrt(2)*exp(-x1)"),
        (sympy.cbrt(X), "pow(x1, 1.0/3.0)"),
        (sympy.Max(0, X - 1), "0.5*((x1 - 1) + fabs(x1 - 1))"),
        (sympy.log(X + 1) / sympy.log(2), "log(x1 + 1)/log(2)"),
        (sympy.sign(X), "((double) (((x1) > 0) - ((x1) < 0)))"),
    ],
)
def test_what_is_written(expression: sympy.Expr, body: str) -> None:
    code = c_function("law", ["x1"], expression)
    assert code == f"#include <math.h>\n\ndouble law(double x1)\n{{\n    return {body};\n}}\n"


def test_names_that_c_has_taken_get_an_underscore() -> None:
    names = ["double", "y1", "exp"]
    symbols = [sympy.Symbol(name, real=True) for name in names]
    code = c_function("gamma", names, symbols[0] * symbols[1] + sympy.exp(symbols[2]))
    assert "double gamma_(double double_, double y1_, double exp_)" in code
    assert run(code, ["double_", "y1_", "exp_"])(2.0, 3.0, 0.5) == pytest.approx(6 + math.exp(0.5), rel=1e-14)


def test_outside_of_its_domain_it_is_nan() -> None:
    for expression in (sympy.cbrt(X), sympy.sqrt(X), sympy.Max(0, sympy.log(X)), X**1.3):
        if shutil.which("cc"):
            assert math.isnan(run(c_function("y", ["x1"], expression), ["x1"])(-1.0))
        assert "cbrt" not in c_function("y", ["x1"], expression)


def test_bessel_functions_are_asked_for() -> None:
    code: Any = c_function("y", ["x1"], sympy.besselj(0, X))
    assert code.startswith("#define _XOPEN_SOURCE 600\n#include <math.h>")
    assert "return j0(x1);" in code

"""Table 2 of the paper: 27 dimensionless Feynman equations.

The paper gives a sampling box for I.16.6 only; those used here avoid singularities. Errors are the paper's lowest test
errors: the best of its three KAN columns (human, pruned, unpruned), and its MLP column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..._typing import Array as Values
from ..record import Record
from .generator import LICENCE, Generator, uniform

PI = float(np.pi)
ROWS = 2000
UNIT, SIGNED, TURN = (0.0, 1.0), (-1.0, 1.0), (0.0, 2 * PI)
POSITIVE, NEAR = (0.5, 2.0), (-0.8, 0.8)


@dataclass(frozen=True)
class Equation:
    """A row.

    Attributes:
        name: as in the Feynman Lectures.
        columns: the names, in the order of the box.
        text: the formula in these names, as the grammar reads it.
        formula: the same for people.
        function: of the columns.
        box: where the rows are drawn from, uniformly.
        kan, mlp: root mean squared errors that the paper prints.
    """

    name: str
    columns: tuple[str, ...]
    text: str
    formula: str
    function: Callable[..., Values]
    box: tuple[tuple[float, float], ...]
    kan: float
    mlp: float


def _gauss(x: Values, s: Values) -> Values:
    return np.exp(-(x**2) / (2 * s**2)) / np.sqrt(2 * PI * s**2)


def _sinc_square(a: Values, b: Values, c: Values) -> Values:
    """a sin^2(h) / h^2 with h = (b - c) / 2; NumPy's sinc is sin(pi x) / (pi x) and knows h = 0."""
    return a * np.sinc((b - c) / (2 * PI)) ** 2


TABLE = (
    Equation(
        "I.6.2",
        ("t", "s"),
        "exp(-t**2/(2*s**2))/sqrt(2*pi*s**2)",
        "exp(-t^2/2s^2)/sqrt(2 pi s^2)",
        _gauss,
        (SIGNED, POSITIVE),
        2.86e-5,
        1.45e-4,
    ),
    Equation(
        "I.6.2b",
        ("t", "t1", "s"),
        "exp(-(t - t1)**2/(2*s**2))/sqrt(2*pi*s**2)",
        "exp(-(t - t1)^2/2s^2)/sqrt(2 pi s^2)",
        lambda t, t1, s: _gauss(t - t1, s),
        ((-1.5, 1.5), (-1.5, 1.5), POSITIVE),
        4.45e-4,
        7.40e-4,
    ),
    Equation(
        "I.9.18",
        ("a", "b", "c", "d", "e", "f"),
        "a/((b - 1)**2 + (c - d)**2 + (e - f)**2)",
        "a/((b-1)^2+(c-d)^2+(e-f)^2)",
        lambda a, b, c, d, e, f: a / ((b - 1) ** 2 + (c - d) ** 2 + (e - f) ** 2),
        (UNIT, (-1.0, 0.5), (-1.0, -0.5), (0.5, 1.0), (-1.0, -0.5), (0.5, 1.0)),
        1.48e-3,
        1.59e-3,
    ),
    Equation(
        "I.12.11",
        ("a", "t"),
        "1 + a*sin(t)",
        "1 + a sin t",
        lambda a, t: 1 + a * np.sin(t),
        (SIGNED, TURN),
        9.13e-4,
        6.71e-4,
    ),
    Equation(
        "I.13.12",
        ("a", "b"),
        "a*(1/b - 1)",
        "a (1/b - 1)",
        lambda a, b: a * (1 / b - 1),
        (UNIT, POSITIVE),
        2.72e-3,
        1.42e-3,
    ),
    Equation(
        "I.15.3x",
        ("a", "b"),
        "(1 - a)/sqrt(1 - b**2)",
        "(1 - a)/sqrt(1 - b^2)",
        lambda a, b: (1 - a) / np.sqrt(1 - b**2),
        (SIGNED, (-0.9, 0.9)),
        1.14e-3,
        8.54e-4,
    ),
    Equation(
        "I.16.6",
        ("a", "b"),
        "(a + b)/(1 + a*b)",
        "(a + b)/(1 + a b)",
        lambda a, b: (a + b) / (1 + a * b),
        (NEAR, NEAR),
        1.06e-3,
        6.20e-4,
    ),
    Equation(
        "I.18.4",
        ("a", "b"),
        "(1 + a*b)/(1 + a)",
        "(1 + a b)/(1 + a)",
        lambda a, b: (1 + a * b) / (1 + a),
        (POSITIVE, SIGNED),
        1.50e-4,
        3.68e-4,
    ),
    Equation(
        "I.26.2",
        ("n", "t"),
        "asin(n*sin(t))",
        "arcsin(n sin t)",
        lambda n, t: np.arcsin(n * np.sin(t)),
        ((0.0, 0.99), TURN),
        7.90e-4,
        1.24e-3,
    ),
    Equation(
        "I.27.6",
        ("a", "b"),
        "1/(1 + a*b)",
        "1/(1 + a b)",
        lambda a, b: 1 / (1 + a * b),
        (POSITIVE, POSITIVE),
        1.94e-4,
        2.46e-4,
    ),
    Equation(
        "I.29.16",
        ("a", "t1", "t2"),
        "sqrt(1 + a**2 - 2*a*cos(t1 - t2))",
        "sqrt(1 + a^2 - 2 a cos(t1 - t2))",
        lambda a, t1, t2: np.sqrt(1 + a**2 - 2 * a * np.cos(t1 - t2)),
        (SIGNED, TURN, TURN),
        3.20e-3,
        4.64e-3,
    ),
    Equation(
        "I.30.3",
        ("n", "t"),
        "sin(n*t/2)**2/sin(t/2)**2",
        "sin^2(n t/2)/sin^2(t/2)",
        lambda n, t: np.sin(n * t / 2) ** 2 / np.sin(t / 2) ** 2,
        ((0.0, 4.0), (0.4 * PI, 1.6 * PI)),
        1.03e-3,
        1.50e-2,
    ),
    Equation(
        "I.30.5",
        ("a", "n"),
        "asin(a/n)",
        "arcsin(a/n)",
        lambda a, n: np.arcsin(a / n),
        (SIGNED, (1.0, 1.5)),
        3.49e-5,
        9.45e-5,
    ),
    Equation(
        "I.37.4",
        ("a", "d"),
        "1 + a + 2*sqrt(a)*cos(d)",
        "1 + a + 2 sqrt(a) cos d",
        lambda a, d: 1 + a + 2 * np.sqrt(a) * np.cos(d),
        ((0.1, 1.0), TURN),
        4.91e-6,
        5.67e-4,
    ),
    Equation(
        "I.40.1",
        ("n0", "a"),
        "n0*exp(-a)",
        "n0 exp(-a)",
        lambda n0, a: n0 * np.exp(-a),
        (UNIT, SIGNED),
        3.12e-4,
        3.99e-4,
    ),
    Equation(
        "I.44.4",
        ("n", "a"),
        "n*log(a)",
        "n ln a",
        lambda n, a: n * np.log(a),
        (UNIT, POSITIVE),
        2.30e-5,
        3.99e-4,
    ),
    Equation(
        "I.50.26",
        ("a", "alpha"),
        "cos(a) + alpha*cos(a)**2",
        "cos a + alpha cos^2 a",
        lambda a, alpha: np.cos(a) + alpha * np.cos(a) ** 2,
        (TURN, UNIT),
        1.52e-4,
        1.53e-3,
    ),
    Equation(
        "II.2.42",
        ("a", "b"),
        "(a - 1)*b",
        "(a - 1) b",
        lambda a, b: (a - 1) * b,
        (UNIT, UNIT),
        7.22e-4,
        1.81e-4,
    ),
    Equation(
        "II.6.15a",
        ("a", "b", "c"),
        "c*sqrt(a**2 + b**2)/(4*pi)",
        "c sqrt(a^2 + b^2)/(4 pi)",
        lambda a, b, c: c * np.sqrt(a**2 + b**2) / (4 * PI),
        (UNIT, UNIT, UNIT),
        1.35e-3,
        5.92e-4,
    ),
    Equation(
        "II.11.7",
        ("n0", "a", "t"),
        "n0*(1 + a*cos(t))",
        "n0 (1 + a cos t)",
        lambda n0, a, t: n0 * (1 + a * np.cos(t)),
        (UNIT, SIGNED, TURN),
        5.03e-3,
        5.92e-4,
    ),
    Equation(
        "II.11.27",
        ("n", "a"),
        "n*a/(1 - n*a/3)",
        "n a/(1 - n a/3)",
        lambda n, a: n * a / (1 - n * a / 3),
        (UNIT, (0.0, 2.0)),
        1.43e-5,
        7.18e-5,
    ),
    Equation(
        "II.35.18",
        ("n0", "a"),
        "n0/(exp(a) + exp(-a))",
        "n0/(exp a + exp -a)",
        lambda n0, a: n0 / (2 * np.cosh(a)),
        (UNIT, SIGNED),
        7.71e-5,
        7.92e-5,
    ),
    Equation(
        "II.36.38",
        ("a", "alpha", "b"),
        "a + alpha*b",
        "a + alpha b",
        lambda a, alpha, b: a + alpha * b,
        (SIGNED, SIGNED, SIGNED),
        1.15e-3,
        2.15e-3,
    ),
    Equation("II.38.3", ("a", "b"), "a/b", "a/b", lambda a, b: a / b, (UNIT, POSITIVE), 8.78e-5, 5.26e-4),
    Equation(
        "III.9.52",
        ("a", "b", "c"),
        "a*sin((b - c)/2)**2/((b - c)/2)**2",
        "a sin^2((b-c)/2)/((b-c)/2)^2",
        _sinc_square,
        (UNIT, TURN, TURN),
        3.90e-3,
        9.07e-4,
    ),
    Equation(
        "III.10.19",
        ("a", "b"),
        "sqrt(1 + a**2 + b**2)",
        "sqrt(1 + a^2 + b^2)",
        lambda a, b: np.sqrt(1 + a**2 + b**2),
        (SIGNED, SIGNED),
        8.16e-4,
        1.67e-4,
    ),
    Equation(
        "III.17.37",
        ("beta", "alpha", "t"),
        "beta*(1 + alpha*cos(t))",
        "beta (1 + alpha cos t)",
        lambda beta, alpha, t: beta * (1 + alpha * np.cos(t)),
        (SIGNED, SIGNED, TURN),
        4.12e-4,
        6.80e-4,
    ),
)


def _generator(row: Equation) -> Generator:
    def make(*, rows: int, seed: int) -> dict[str, Values]:
        inputs = uniform(row.box, rows=rows, seed=seed)
        return {**dict(zip(row.columns, inputs.T, strict=True)), "y": row.function(*inputs.T)}

    return Generator(
        Record(
            f"feynman-{row.name}",
            row.formula,
            ROWS,
            row.columns,
            ("y",),
            f"computed; equation {row.name} of the Feynman Lectures on Physics, made dimensionless; Table 2 of "
            "Liu et al., KAN: Kolmogorov-Arnold Networks, arXiv:2404.19756",
            LICENCE,
        ),
        make,
    )


GENERATORS = tuple(_generator(row) for row in TABLE)
"""`kl.load("feynman-I.6.2", rows=1000, seed=0)`: rows uniform in the box, without noise; the target is y."""

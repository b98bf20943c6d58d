"""Table 1 of the paper: 15 special functions, with the domains that are used here (the paper states none).

The domain is the unit square, that of the one published remake (yu-rp/KANbeFair, 1000 and 1000 rows), moved where the
function is not smooth there: Bessel functions at argument 0 (J and I go as y^x, Y and K diverge), and the factor
sqrt(1 - y^2) of Legendre functions at y = 1. Each row has a wider domain too, since a factor depends on the domain.
The errors are the paper's: best KAN, and best MLP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from ..._typing import Array as Values
from ..record import Record
from .generator import LICENCE, Generator, choice, uniform

Box = tuple[tuple[float, float], ...]

UNIT: Box = ((0.0, 1.0), (0.0, 1.0))
BESSEL: Box = ((0.0, 1.0), (1.0, 2.0))
LEGENDRE: Box = ((0.0, 1.0), (0.0, 0.9))

PI = float(np.pi)
ROWS = 2000
WIDE_ELLIPTIC: Box = ((0.0, 1.5), (0.0, 0.9))
WIDE_BESSEL: Box = ((0.0, 3.0), (1.0, 10.0))
WIDE_MODIFIED: Box = ((0.0, 3.0), (1.0, 5.0))
WIDE_LEGENDRE: Box = ((0.0, 3.0), (-0.9, 0.9))
SPHERE: Box = ((0.0, 2 * PI), (0.0, PI))


@dataclass(frozen=True)
class SpecialFunction:
    """A row.

    Attributes:
        key: short name, after that of SciPy.
        name: as in the paper.
        call: what is computed of the two columns x and y.
        function: of the two columns.
        box, wide: domain of x and of y, and a wider one.
        kan, mlp: root mean squared errors that the paper prints.
    """

    key: str
    name: str
    call: str
    function: Callable[[Values, Values], Values]
    box: Box
    wide: Box
    kan: float
    mlp: float


def _sn(u: Values, m: Values) -> Values:
    return special.ellipj(u, m)[0]


def _legendre(order: int, degree: Values, x: Values) -> Values:
    return special.lpmv(order, degree, x)


def _harmonic(order: int, degree: int, azimuth: Values, polar: Values) -> Values:
    """Real part; SciPy's sph_harm_y takes degree, order, polar angle, azimuth."""
    return np.real(special.sph_harm_y(degree, order, polar, azimuth))


def _harmonic_row(order: int, degree: int, kan: float, mlp: float) -> SpecialFunction:
    name = f"spherical harmonic m={order} n={degree}"
    call = f"Re sph_harm_y({degree}, {order}, y, x)"
    return SpecialFunction(
        f"sph-harm-{order}-{degree}", name, call, partial(_harmonic, order, degree), UNIT, SPHERE, kan, mlp
    )


def _legendre_row(order: int, kan: float, mlp: float) -> SpecialFunction:
    name = f"associated Legendre m={order}"
    return SpecialFunction(
        f"lpmv-{order}",
        name,
        f"lpmv({order}, x, y)",
        partial(_legendre, order),
        LEGENDRE,
        WIDE_LEGENDRE,
        kan,
        mlp,
    )


TABLE = (
    SpecialFunction(
        "ellipj",
        "Jacobian elliptic",
        "ellipj(x, y): sn",
        _sn,
        UNIT,
        ((0.0, 4.0), (0.0, 0.9)),
        1.33e-4,
        6.48e-4,
    ),
    SpecialFunction(
        "ellipkinc",
        "incomplete elliptic, 1st",
        "ellipkinc(x, y)",
        special.ellipkinc,
        UNIT,
        WIDE_ELLIPTIC,
        1.24e-4,
        5.52e-4,
    ),
    SpecialFunction(
        "ellipeinc",
        "incomplete elliptic, 2nd",
        "ellipeinc(x, y)",
        special.ellipeinc,
        UNIT,
        WIDE_ELLIPTIC,
        8.26e-5,
        3.04e-4,
    ),
    SpecialFunction("jv", "Bessel 1st", "jv(x, y)", special.jv, BESSEL, WIDE_BESSEL, 1.64e-3, 5.52e-3),
    SpecialFunction("yv", "Bessel 2nd", "yv(x, y)", special.yv, BESSEL, WIDE_BESSEL, 1.49e-5, 3.45e-4),
    SpecialFunction(
        "kv", "modified Bessel 2nd", "kv(x, y)", special.kv, BESSEL, WIDE_MODIFIED, 2.52e-5, 1.67e-4
    ),
    SpecialFunction(
        "iv", "modified Bessel 1st", "iv(x, y)", special.iv, BESSEL, WIDE_MODIFIED, 9.28e-3, 1.07e-2
    ),
    _legendre_row(0, 5.25e-5, 1.74e-2),
    _legendre_row(1, 6.90e-4, 1.50e-3),
    _legendre_row(2, 2.26e-4, 9.43e-4),
    _harmonic_row(0, 1, 2.21e-7, 1.25e-6),
    _harmonic_row(1, 1, 1.22e-4, 6.70e-4),
    _harmonic_row(0, 2, 1.95e-7, 2.85e-6),
    _harmonic_row(1, 2, 1.50e-5, 1.84e-3),
    _harmonic_row(2, 2, 9.45e-5, 6.21e-4),
)


def _generator(row: SpecialFunction) -> Generator:
    def make(*, rows: int, seed: int, domain: str) -> dict[str, Values]:
        inputs = uniform(row.wide if domain == "wide" else row.box, rows=rows, seed=seed)
        return {"x": inputs[:, 0], "y": inputs[:, 1], "z": row.function(*inputs.T)}

    return Generator(
        Record(
            f"special-{row.key}",
            f"{row.name}: {row.call}",
            ROWS,
            ("x", "y"),
            ("z",),
            "computed by SciPy; Table 1 of Liu et al., KAN: Kolmogorov-Arnold Networks, arXiv:2404.19756",
            LICENCE,
        ),
        make,
        {"domain": choice("unit", "wide")},
    )


GENERATORS = tuple(_generator(row) for row in TABLE)
"""`kl.load("special-ellipj", rows=1000, seed=0, domain="wide")`: rows uniform in the domain, without noise; the target
is z."""

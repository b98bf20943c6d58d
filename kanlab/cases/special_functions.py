"""Table 1 of the paper: 15 special functions of two arguments, on the domains that `kl.load("special-...")` states."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..data.generators.special import TABLE
from .case import Case, Step
from .claim import Claim, at_least
from .paper_tables import learned_claims, learned_steps, picture, smallest

QUICK = ("Jacobian elliptic", "Bessel 1st", "associated Legendre m=1", "spherical harmonic m=1 n=1")

SMALLEST: Mapping[str, tuple[int, ...]] = {
    "ellipj": (2, 2, 1),
    "ellipkinc": (2, 2, 1, 1),
    "ellipeinc": (2, 2, 1, 1),
    "jv": (2, 2, 1),
    "yv": (2, 3, 1),
    "kv": (2, 1, 1),
    "iv": (2, 4, 3, 2, 1, 1),
    "lpmv-0": (2, 2, 1),
    "lpmv-1": (2, 4, 1),
    "lpmv-2": (2, 2, 1),
    "sph-harm-0-1": (2, 1, 1),
    "sph-harm-1-1": (2, 2, 1),
    "sph-harm-0-2": (2, 1, 1),
    "sph-harm-1-2": (2, 2, 1),
    "sph-harm-2-2": (2, 2, 1),
}
"""The smallest pruned shape of the table with an error below 1e-2."""

CASE = Case(
    name="special-functions",
    title="Do special functions have compact networks?",
    source="arXiv 2404.19756, section 3.2, table 1",
    steps=(
        *learned_steps(TABLE, [f"special-{row.key}" for row in TABLE], quick=QUICK),
        Step(
            "smallest",
            partial(smallest, shapes={f"special-{key}": shape for key, shape in SMALLEST.items()}, quick=()),
            long=True,
        ),
    ),
    claims=(
        *learned_claims(TABLE),
        Claim(
            "the paper's smallest shapes reach 1e-2: share of rows", "smallest.share", at_least(1), "15 of 15"
        ),
    ),
    headline="All fifteen are learned more accurately than in the paper.",
    picture=partial(picture, rows=TABLE),
)

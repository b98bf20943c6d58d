"""Table 1 of the paper: 15 special functions of two arguments, on the domains that `kl.load("special-...")` states."""

from __future__ import annotations

from functools import partial

from ..data.generators.special import TABLE
from .case import Case
from .paper_tables import learned_claims, learned_steps, picture

QUICK = ("Jacobian elliptic", "Bessel 1st", "associated Legendre m=1", "spherical harmonic m=1 n=1")

CASE = Case(
    name="special-functions",
    title="Do special functions have compact networks?",
    source="arXiv 2404.19756, section 3.2, table 1",
    steps=learned_steps(TABLE, [f"special-{row.key}" for row in TABLE], quick=QUICK),
    claims=learned_claims(TABLE),
    headline="All fifteen are learned more accurately than in the paper.",
    picture=partial(picture, rows=TABLE),
)

"""Table 2 of the paper: 27 dimensionless equations of the Feynman Lectures, learned and found as formulas."""

from __future__ import annotations

from functools import partial

from ..data.generators.feynman import TABLE
from .case import Case, Figures, Scale, Step
from .claim import Claim, at_least
from .paper_tables import learned_claims, learned_steps, picture, searched

EXACT = 1e-9
"""Test error of a printed law that is a formula and no fit, relative to nothing: all targets are of order one."""

QUICK = ("I.6.2", "I.12.11", "I.16.6", "II.2.42", "II.35.18", "III.10.19")
GROUPS = {
    "formulas-1": TABLE[:9],
    "formulas-2": TABLE[9:18],
    "formulas-3": TABLE[18:],
}


def formulas(scale: Scale, *, group: str) -> Figures:
    """The laws that `discover` finds for a part of the table, and how many of them have no error left."""
    rows = [row for row in GROUPS[group] if not scale.quick or row.name in QUICK]
    found = {row.name: searched(scale, name=f"feynman-{row.name}") for row in rows}
    exact = [name for name, law in found.items() if law["error"] is not None and law["error"] <= EXACT]
    missed = [name for name in found if name not in exact]
    return {
        "laws": {name: law["law"] for name, law in found.items()},
        "share": len(exact) / len(found),
        "missed": ", ".join(missed),
    }


CASE = Case(
    name="feynman",
    title="Are the equations of physics small networks?",
    source="arXiv 2404.19756, section 3.3, table 2",
    steps=(
        *learned_steps(TABLE, [f"feynman-{row.name}" for row in TABLE], quick=QUICK),
        *(Step(group, partial(formulas, group=group)) for group in GROUPS),
    ),
    claims=(
        *learned_claims(TABLE),
        *(
            Claim(
                f"formulas found without hands, {rows[0].name} to {rows[-1].name}: share with no error left",
                f"{group}.share",
                at_least(0.88),
            )
            for group, rows in GROUPS.items()
        ),
    ),
    headline="Every equation is learned more accurately than in the paper, and found as a formula.",
    picture=partial(picture, rows=TABLE),
)

"""A case of a user: what the tests of the runner carry out."""

from __future__ import annotations

from pathlib import Path

from kanlab.cases import Case, Claim, Equal, Figures, Scale, Step, at_least, at_most
from kanlab.cases.walkthrough import WALK


def double(scale: Scale) -> Figures:
    """Twice 21, or twice 1 in a hurry."""
    return {"value": 2 * scale.of(21, 1), "text": "forty-two"}


def breaks(_scale: Scale) -> Figures:
    """Fails."""
    raise ValueError("The step has no figures.")


def marked(_scale: Scale) -> Figures:
    """Leaves a mark, so that a test can count how often it ran."""
    place = Path("marks.txt")
    before = place.read_text() if place.exists() else ""
    place.write_text(before + "x")
    return {"marks": len(before) + 1}


CASE = Case(
    name="example",
    title="Does the runner work?",
    source="nowhere",
    steps=(Step("double", double), Step("breaks", breaks), Step("marked", marked)),
    claims=(
        Claim("twice 21", "double.value", at_least(42), "42", quick=at_least(2)),
        Claim("in words", "double.text", Equal("forty-two")),
        Claim("less than it is", "double.value", at_most(1), because="Two numbers are more than one."),
        Claim("cannot be measured", "breaks.value", at_least(0)),
        Claim("runs", "marked.marks", at_least(1)),
    ),
    stories=(WALK,),
)

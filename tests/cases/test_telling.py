"""Headlines with figures."""

from __future__ import annotations

from dataclasses import replace

from kanlab.cases.telling import headline_of, law_of
from tests.cases.example import CASE


def test_a_headline_holds_figures() -> None:
    case = replace(
        CASE, headline="Twice 21 is {double.value}, and {absent.figure} is not known.", law="double.text"
    )
    figures = {"double": {"value": 42.0, "text": "forty-two"}}
    assert headline_of(case, figures) == "Twice 21 is 42, and — is not known."
    assert law_of(case, figures) == "forty-two"
    assert law_of(CASE, figures) == ""

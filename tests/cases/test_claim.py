"""Bounds, and how figures are shown."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.cases import Bound, Claim, Equal, around, at_least, at_most
from kanlab.cases.claim import shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_a_bound_holds_between_its_ends(value: float, low: float, width: float) -> None:
    bound = Bound(low, low + width)
    assert bound.holds(value) == (low <= value <= low + width)
    assert at_least(low).holds(value) == (value >= low)
    assert at_most(low).holds(value) == (value <= low)


@pytest.mark.parametrize("value", [None, "1", nan, inf, [1.0]])
def test_what_is_no_known_number_holds_no_bound(value: object) -> None:
    assert not Bound().holds(value)


def test_a_text_is_not_a_truth_value() -> None:
    assert Equal("x").holds("x")
    assert not Equal("x").holds("y")
    assert Equal(value=True).holds(True)
    assert not Equal(value=True).holds(1)


def test_a_quick_run_may_be_asked_for_less() -> None:
    claim = Claim("c", "step.value", at_least(1), quick=at_least(0.5))
    assert (claim.step, claim.key) == ("step", "value")
    assert claim.asked(quick=True) == at_least(0.5)
    assert claim.asked(quick=False) == Claim("c", "step.value", at_least(1)).asked(quick=True) == at_least(1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8163, "0.816"),
        (3, "3"),
        (2.5e-8, "2.50e-08"),
        (33721.0, "33,721"),
        (True, "yes"),
        (None, "—"),
        (0.0, "0"),
    ],
)
def test_figures_are_shown_in_three_digits(value: object, text: str) -> None:
    assert shown(value) == text


def test_bounds_are_written_as_they_are_read() -> None:
    assert [str(bound) for bound in (at_least(0.79), at_most(1e-9), around(0.43, 0.01), Equal("y = x"))] == [
        "≥ 0.79",
        "≤ 1.00e-09",
        "0.42 to 0.44",
        "y = x",
    ]

"""Names as a reader wants to see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanlab.report.names import form_label, label, split_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x1", "x₁"),
        ("x_12", "x₁₂"),
        ("mass2", "mass₂"),
        ("theta", "θ"),
        ("theta_1", "θ₁"),
        ("lambda_", "λ"),
        ("T_ref", "T_ref"),
        ("semi_major_axis", "semi major axis"),
        ("column 3", "column 3"),
        ("pi_", "pi"),
        ("2024", "2024"),
        ("_", "_"),
        ("<b>", "<b>"),
    ],
)
def test_label(name: str, shown: str) -> None:
    assert label(name) == shown


def test_parts() -> None:
    parts = split_name("T_ref")
    assert (parts.base, parts.subscript, parts.is_letter) == ("T", "ref", True)
    assert not split_name("semi_major_axis").is_letter


@given(st.text(min_size=1))
def test_every_name_has_a_label(name: str) -> None:
    assert label(name)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("sin", "sin"), ("x^2", "x²"), ("1/x**3", "1/x³"), ("a*sin(b*x + c) + d*x", "a*sin(b*x +…")],
)
def test_form_label(form: str, shown: str) -> None:
    assert form_label(form) == shown

"""What tables look like."""

from __future__ import annotations

import pytest

from benchmarks import markdown


def test_a_table_has_one_cell_for_each_head() -> None:
    lines = markdown.table(["a", "b"], [["x", "1"], ["y | z", "2"]]).splitlines()
    assert lines == ["| a | b |", "|---|---:|", "| x | 1 |", "| y \\| z | 2 |"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.34, "12.3 s"), (0.00123, "1.23 ms"), (87.4e-6, "87.4 µs"), (2e-7, "0.20 µs"), (155.2, "155 s")],
)
def test_seconds_are_in_the_unit_that_suits(value: float, text: str) -> None:
    assert markdown.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(9.996, "10.0"), (99.96, "100"), (0.5, "0.50"), (1.0, "1.00"), (1439.0, "1439")]
)
def test_three_digits(value: float, text: str) -> None:
    assert markdown.digits(value) == text


def test_factors_and_errors() -> None:
    assert [markdown.times(value) for value in (0.578, 3.42, 12.7, 356.4, None)] == [
        "0.58",
        "3.4",
        "13",
        "356",
        "-",
    ]
    assert markdown.error(1.234e-5) == "1.2e-05"
    assert markdown.error(None) == "-"

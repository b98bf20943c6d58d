"""Where a law was measured, and which rows are elsewhere."""

from __future__ import annotations

import numpy as np

from kanlab.data import Dataset
from kanlab.symbolic.validity import Column, columns_of, outside


def test_columns_know_both_names_units_and_ends() -> None:
    rows = np.array([[1.0, -5.0], [3.0, 2.0], [2.0, 9.0], [1.5, 4.0]])
    data = Dataset.from_arrays(rows, rows[:, 0], names=["mass (kg)", "λ"], units={"mass (kg)": "kg"})
    assert columns_of(data, rows) == (
        Column("mass_kg", "mass (kg)", "kg", 1.0, 3.0),
        Column("lambda_", "λ", None, -5.0, 9.0),
    )


def test_rows_outside() -> None:
    columns = (Column("a", "a", None, 0.0, 1.0), Column("b", "b", None, 5.0, 6.0))
    rows = np.array([[0, 5], [1, 6], [1.01, 5.5], [-0.01, 5.5], [0.5, 7], [np.nan, 5.5], [0.5, np.nan]])
    assert outside(columns, ("a", "b"), rows).tolist() == [False, False, True, True, True, True, True]
    assert outside(columns, ("a",), rows).tolist() == [False, False, True, True, False, True, False]

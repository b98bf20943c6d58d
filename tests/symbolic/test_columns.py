"""A law as a function of its columns."""

from __future__ import annotations

import numpy as np
import pytest

from kanlab.errors import ShapeError
from kanlab.symbolic.columns import ColumnFunction

LAW = ColumnFunction(("a", "b", "c"), ("a", "c"), lambda rows: rows[:, 0] * rows[:, 2])
A, C = np.array([1.0, 2.0, 3.0]), np.array([[5.0], [7.0]])


def test_columns_come_by_place_or_by_name_and_broadcast() -> None:
    assert np.array_equal(LAW(a=A, c=C), A * C)
    assert np.array_equal(LAW(A, 0, C), A * C)
    assert np.array_equal(LAW(A, c=C), A * C)
    assert LAW(a=2, c=3).shape == ()
    assert float(LAW(a=2, c=3)) == 6
    assert LAW(a=[], c=4).shape == (0,)


@pytest.mark.parametrize(
    ("columns", "named", "message"),
    [
        ((A,), {}, "takes the columns a, b, c"),
        ((A,), {"a": A, "c": A}, "each once"),
        ((A, A, A, A), {}, "4 came by place"),
        ((), {"a": A, "c": A, "d": A}, "a, c, d by name"),
        ((), {"a": A, "c": A[:2]}, "a .3,., c .2,."),
    ],
)
def test_refusals(columns: tuple[np.ndarray, ...], named: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        LAW(*columns, **named)

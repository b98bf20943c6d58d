"""A law as a function of its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Array
from ..errors import ShapeError


@dataclass(frozen=True, eq=False)
class ColumnFunction:
    """f(x1, x2, ...) on arrays that broadcast together, by place or by name; columns that do not occur may be left out.

    Attributes:
        names: of all columns, in order.
        used: those that occur.
        rows: the values [N] on inputs [N, n].
    """

    names: tuple[str, ...]
    used: tuple[str, ...]
    rows: Callable[[Array], Array]

    def __call__(self, *columns: ArrayLike, **named: ArrayLike) -> Array:
        """Values, in the shape to which the columns broadcast.

        Raises:
            ShapeError: a column is missing, unknown, given twice, or of a shape that does not fit.
        """
        given = {**dict(zip(self.names, columns, strict=False)), **named}
        unknown = [name for name in given if name not in self.names]
        missing = [name for name in self.used if name not in given]
        if unknown or missing or len(given) != len(columns) + len(named):
            raise ShapeError(
                f"The law takes the columns {', '.join(self.names)} by place or by name, each once; "
                f"{len(columns)} came by place and {', '.join(named) or 'none'} by name."
            )
        arrays = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
        try:
            shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        except ValueError as error:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
            raise ShapeError(
                f"The shapes of the columns do not fit each other: {shapes}; give equal ones."
            ) from error
        zero = np.zeros(shape)
        table = [np.broadcast_to(arrays.get(name, zero), shape).ravel() for name in self.names]
        return self.rows(np.column_stack(table)).reshape(shape)

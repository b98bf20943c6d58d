"""What scikit-learn hands over, as float64 arrays; a sentence with the place for each cell that cannot be one."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array, validate_data

from .._typing import Array
from ..data.cells import to_numbers
from ..data.names import default_names
from ..data.table import frame_columns
from ..errors import DataError


def inputs_of(estimator: Any, X: Any, *, reset: bool) -> Array:
    """X [rows, columns]; with `reset` the estimator learns its columns, otherwise they must be the same.

    Raises:
        DataError: a cell is empty, infinite, text, a date or a category.
        ValueError, TypeError: scikit-learn's own refusals: a wrong shape, a sparse or a complex matrix, other columns.
    """
    if hasattr(X, "columns") and hasattr(X, "dtypes"):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        columns = frame_columns(X, what="table")
        numbers = [to_numbers(column, name=name) for name, column in columns.items()]
        table = np.stack(numbers, axis=1) if numbers else np.empty((len(X), 0))
        checked: Any = check_array(table, estimator=estimator, ensure_all_finite=False)
        return finite(np.asarray(checked, dtype=np.float64), tuple(columns))
    checked = validate_data(estimator, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
    table = np.asarray(checked, dtype=np.float64)
    names = tuple(getattr(estimator, "feature_names_in_", ())) or default_names("x", table.shape[1])
    return finite(table, names)


def targets_of(estimator: Any, y: Any) -> tuple[Array, tuple[str, ...]]:
    """y as [rows] or [rows, outputs], and the names of its columns.

    Raises:
        DataError: a cell is empty, infinite or not a number.
        ValueError: there is no y.
    """
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None; give one value a row."
        )
    if hasattr(y, "columns") and hasattr(y, "dtypes"):
        columns = frame_columns(y, what="table of targets")
        numbers = [to_numbers(column, name=name) for name, column in columns.items()]
        return finite(np.stack(numbers, axis=1), tuple(columns)), tuple(columns)
    if hasattr(y, "dtype") and hasattr(y, "name"):
        name = "y" if y.name is None else str(y.name)
        return finite(to_numbers(y, name=name)[:, None], (name,))[:, 0], (name,)
    values = check_array(y, ensure_2d=False, ensure_all_finite=False, input_name="y", ensure_min_samples=0)
    table = np.asarray(values, dtype=np.float64)
    names = default_names("y", table.shape[1] if table.ndim == 2 else 1)
    finite(table.reshape(len(table), -1), names)
    return table, names


def weights_of(sample_weight: Any, rows: int) -> Array:
    """One weight a row, not negative; a single number stands for all.

    Raises:
        DataError: the weights are not that, or all are zero.
    """
    if sample_weight is None:
        return np.ones(rows)
    if isinstance(sample_weight, (int, float)):
        sample_weight = np.full(rows, float(sample_weight))
    weights = to_numbers(sample_weight, name="sample_weight")
    if weights.shape != (rows,):
        raise DataError(
            f"sample_weight has {len(weights)} values and X has {rows} rows; give one weight a row."
        )
    finite(weights[:, None], ("sample_weight",))
    if weights.min() < 0 or weights.max() <= 0:
        raise DataError(
            "sample_weight holds a negative weight, or only zeros; give weights of which some are positive."
        )
    return weights


def finite(table: Array, names: tuple[str, ...]) -> Array:
    """The table, or DataError with the first place of each kind of cell that is not a finite number."""
    bad = ~np.isfinite(table)
    if bad.any():
        row, column = (int(place) for place in np.argwhere(bad)[0])
        cell = table[row, column]
        what = "an empty cell (NaN)" if np.isnan(cell) else f"an infinite value ({cell})"
        more = int(bad.sum()) - 1
        also = f" and {more} such cells more" if more else ""
        raise DataError(
            f"Column {names[column]!r} has {what} in row {row}, counted from 0{also}; "
            "fill or drop such cells first, for example by a SimpleImputer in a pipeline."
        )
    return table

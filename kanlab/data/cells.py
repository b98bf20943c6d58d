"""One column of anything (lists, NumPy, torch, pandas) as float64, or one sentence why it cannot be."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

Floats = NDArray[np.float64]

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>", "nat", "-nan", "?"})
"""Spellings of an empty cell, in lower case."""


def as_numpy(values: Any, *, what: str) -> NDArray[Any]:
    """A NumPy array of `values`; torch tensors are brought to the CPU, pandas objects unwrapped."""
    if hasattr(values, "detach") and hasattr(values, "cpu"):
        tensor = values.detach().cpu()
        # bfloat16 has no NumPy twin; float64 holds every float that torch has.
        values = tensor.double().numpy() if tensor.is_floating_point() else tensor.numpy()
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(
            f"{what} has rows of different lengths; every row needs the same number of values."
        ) from error
    if isinstance(array, np.ma.MaskedArray):
        array = np.ma.filled(array.astype(np.float64), np.nan)
    return array


def to_numbers(values: Any, *, name: str) -> Floats:
    """Column `name` as a one-dimensional float64 array; empty cells become NaN.

    Raises DataError when a cell holds text, a date or a complex number, and when the column is categorical.
    """
    if hasattr(getattr(values, "dtype", None), "categories"):
        raise DataError(
            f"Column {name!r} is categorical, and a curve needs numbers in order; one-hot encode it first, "
            f"for example by pandas.get_dummies(table, columns=[{name!r}])."
        )
    array = as_numpy(values, what=f"Column {name!r}")
    if array.ndim != 1:
        raise DataError(f"Column {name!r} has shape {array.shape}; a column is one number for each row.")
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    if array.dtype.kind in "USTO":
        return _from_objects(array, name)
    kinds = {"M": "dates", "m": "durations", "c": "complex numbers"}
    held = kinds.get(array.dtype.kind, f"values of type {array.dtype}")
    raise DataError(f"Column {name!r} holds {held}; turn it into plain numbers first.")


def to_classes(values: Any, *, name: str) -> tuple[Floats, tuple[str, ...]]:
    """Class numbers 0 .. C-1 (NaN where the cell is empty) and the sorted class names of column `name`."""
    array = as_numpy(values, what=f"Column {name!r}").reshape(-1)
    try:
        numbers = to_numbers(array, name=name)
    except DataError:
        labels = [_label(cell) for cell in array.tolist()]
        known = sorted({label for label in labels if label is not None})
        place = {label: float(code) for code, label in enumerate(known)}
        return np.array([np.nan if label is None else place[label] for label in labels]), tuple(known)
    there = np.isfinite(numbers)
    values_found, codes = np.unique(numbers[there], return_inverse=True)
    coded = numbers.copy()
    coded[there] = codes
    return coded, tuple(f"{value:.17g}" for value in values_found)


def _label(cell: object) -> str | None:
    text = str(cell).strip()
    return None if cell is None or text.lower() in MISSING else text


def _from_objects(array: NDArray[Any], name: str) -> Floats:
    if array.dtype.kind in "US":
        try:
            return array.astype(np.float64)
        except ValueError:
            pass  # an empty cell or a word: look at each cell to say which
    cells = cast("list[object]", array.tolist())
    return np.array([_number(cell, name, row) for row, cell in enumerate(cells)], dtype=np.float64)


def _number(cell: object, name: str, row: int) -> float:
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    text = str(cell).strip()
    if cell is None or text.lower() in MISSING:
        return np.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise DataError(
            f"Column {name!r} holds {shown!r} in row {row}, which is not a number; {_advice(text)}."
        ) from None


def _advice(text: str) -> str:
    if text.count(",") == 1 and _is_number(text.replace(",", ".")):
        return "write decimal points instead of decimal commas"
    return "encode the text as numbers, or leave the column out (inputs=[...] names the columns to use)"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

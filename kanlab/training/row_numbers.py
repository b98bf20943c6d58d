"""Rows of any kind of array as float64 numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .._typing import Array
from ..errors import DataError, ShapeError


def numbers(values: Any) -> Array:
    """The values as a float64 table [rows, columns]; one number a row makes one column.

    Takes arrays, tensors, frames and lists of whole numbers, booleans or floats of any precision.

    Raises:
        DataError: they are not numbers.
        ShapeError: they are not rows.
    """
    if isinstance(values, torch.Tensor):
        values = of_tensor(values)
    try:
        table = np.asarray(values)
    except ValueError as problem:  # a ragged list
        raise ShapeError(
            "The rows of the source have different lengths; give rows of one width."
        ) from problem
    if table.dtype.kind not in "fiub":
        table = _from_objects(table)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2:
        raise ShapeError(
            f"The source gave an array of shape {table.shape}; give rows of numbers, shape (rows, columns)."
        )
    return np.ascontiguousarray(table, dtype=np.float64)


def of_tensor(tensor: torch.Tensor) -> Any:
    """The tensor as an array, which shares its memory where NumPy knows the type."""
    held = tensor.detach().cpu()
    return held.float().numpy() if held.dtype == torch.bfloat16 else held.numpy()


def _from_objects(table: Any) -> Array:
    if table.dtype.kind == "O":
        try:
            return table.astype(np.float64)
        except (TypeError, ValueError):
            pass
    raise DataError(
        f"The source holds values of type {table.dtype} where numbers were expected; turn them into numbers first."
    )

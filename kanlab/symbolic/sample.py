"""A curve thinned and brought to standard units, so that scale, offset and number of rows do not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import Array
from ..errors import DataError
from .projection import Curve

_EPSILON = float(np.finfo(np.float64).eps)
_LEAST_FLOOR = 1e-24


@dataclass(frozen=True)
class Sample:
    """The thinned curve in the user's units (x sorted) and in standard ones: x = middle + half z.

    y = mean + deviation * curve.y. Both `half` and `deviation` are 0 for what is constant to rounding.
    `floor` is the residual 1 - r2 that the rounding of y alone leaves, at least 1e-24.
    """

    x: Array
    y: Array
    curve: Curve
    middle: float
    half: float
    mean: float
    deviation: float
    floor: float


def sample(x: Any, y: Any, weights: Any, points: int) -> Sample:
    """About `points` rows of a curve; `DataError` for rows that are no curve."""
    columns = _columns(x, y, weights)
    rows, share = _thin(columns[0], columns[2], max(points, 8))
    kept, values = columns[0][rows], columns[1][rows]
    middle, half = kept[0] / 2 + kept[-1] / 2, kept[-1] / 2 - kept[0] / 2
    size = float(np.abs(values).max()) or 1.0
    mean = float(share @ (values / size)) * size
    deviation = float(np.sqrt(share @ np.square((values - mean) / size))) * size
    varies = deviation > 4 * _EPSILON * size
    return Sample(
        x=kept,
        y=values,
        curve=Curve(
            np.clip((kept - middle) / half, -1, 1) if half > 0 else np.zeros_like(kept),
            (values - mean) / deviation if varies else np.zeros_like(values),
            share,
        ),
        middle=float(middle),
        half=float(half),
        mean=mean,
        deviation=deviation if varies else 0.0,
        floor=max(_LEAST_FLOOR, (_EPSILON * size / deviation) ** 2) if varies else _LEAST_FLOOR,
    )


def _columns(x: Any, y: Any, weights: Any) -> tuple[Array, Array, Array]:
    """x, y and weights as float64 [rows], sorted by x, rows of weight zero left out."""
    named = {"x": x, "y": y, "weights": np.ones(np.shape(x)) if weights is None else weights}
    arrays = {name: _numbers(name, values) for name, values in named.items()}
    for name, values in arrays.items():
        if values.ndim != 1 or len(values) != len(arrays["x"]):
            raise DataError(
                f"The {name} of a curve came with shape {values.shape}, "
                f"but one column of {np.shape(x)[0] if np.ndim(x) else 1} rows was expected."
            )
        if not np.isfinite(values).all():
            raise DataError(f"The {name} of a curve must be finite numbers: leave out the rows that are not.")
    used = arrays["weights"] > 0
    if (arrays["weights"] < 0).any() or used.sum() < 2:
        raise DataError("A curve needs at least 2 rows of positive weight and none of negative weight.")
    order = np.argsort(arrays["x"][used], kind="stable")
    return arrays["x"][used][order], arrays["y"][used][order], arrays["weights"][used][order]


def _numbers(name: str, values: Any) -> Array:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise DataError(f"The {name} of a curve must be real numbers: {error}.") from error


def _thin(x: Array, weights: Array, points: int) -> tuple[Any, Array]:
    """Rows that stand for the sorted curve and their shares of the weight.

    A long curve is cut into bins of equal weight; the row in the middle of each stands for it. Rows are kept
    as they are, not averaged, because an average over a bend is off the curve. Both ends of x are kept.
    """
    if len(x) <= points:
        return np.arange(len(x)), weights / weights.sum()
    reached = np.cumsum(weights) / weights.sum()
    middles = (np.arange(points - 2) + 0.5) / (points - 2)
    inner = np.searchsorted(reached, middles).clip(0, len(x) - 1)
    rows, counts = np.unique(np.concatenate([[0], inner, [len(x) - 1]]), return_counts=True)
    return rows, counts / counts.sum()

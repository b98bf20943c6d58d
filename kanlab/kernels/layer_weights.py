"""All that the spline edges of a layer learn, as one matrix.

A layer is linear in it: with a row of features for each row of the data,

    y = [B_1m(x_1) ... B_Im(x_I) | b(x_1) ... b(x_I) | 1] W.

One tensor instead of three: what autograd does with each costs as much as a small layer.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from jaxtyping import Float
from torch import Tensor

from .._typing import Array
from .arrays import LayerArrays

Numbers = TypeVar("Numbers", Tensor, Array)


def joined_weights(layer: LayerArrays) -> Float[np.ndarray, "weights outputs"]:
    """W [inputs (G + k) + inputs + 1, outputs]: coefficients, base scales, biases.

    The memory of the parts where they are parts of one matrix (`split_weights`), else a copy.
    """
    parts = (layer.coefficients.reshape(-1, layer.outputs), layer.base_scale, layer.bias[None])
    whole = layer.bias.base
    rows = sum(len(part) for part in parts)
    if isinstance(whole, np.ndarray) and whole.shape == (rows, layer.outputs) and whole.flags.c_contiguous:
        ends = np.cumsum([len(part) for part in parts])[:-1]
        if all(_same_memory(a, b) for a, b in zip(parts, np.split(whole, ends), strict=True)):
            return whole
    return np.concatenate(parts)


def split_weights(weights: Numbers, inputs: int) -> tuple[Numbers, Numbers, Numbers]:
    """Coefficients [I, G + k, O], base scales [I, O] and biases [O] as views of W [I (G + k) + I + 1, O]."""
    rows, outputs = weights.shape
    last = rows - 1
    first = last - inputs
    coefficients = weights[:first].reshape(inputs, -1, outputs)
    return coefficients, weights[first:last], weights[last:].reshape(outputs)


def _same_memory(one: Array, other: Array) -> bool:
    return one.flags.c_contiguous and (one.ctypes.data, one.dtype, one.shape) == (
        other.ctypes.data,
        other.dtype,
        other.shape,
    )

"""Base (residual) functions b of an edge: phi(x) = w b(x) + spline(x) (paper, section 2.2, eq. 2.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from scipy.special import expit, ndtr
from torch import Tensor

from .._typing import Array


@dataclass(frozen=True)
class BaseFunction:
    """A base function for torch, and for NumPy with its derivative."""

    torch: Callable[[Tensor], Tensor]
    numpy: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


def _silu_slope(x: Array) -> Array:
    s = expit(x)
    return s * (1 + x * (1 - s))


def _normal_density(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


BASE_FUNCTIONS: Mapping[str, BaseFunction] = MappingProxyType(
    {
        "silu": BaseFunction(torch.nn.functional.silu, lambda x: x * expit(x), _silu_slope),
        "identity": BaseFunction(lambda x: x, lambda x: x, np.ones_like),
        "zero": BaseFunction(torch.zeros_like, np.zeros_like, np.zeros_like),
        "tanh": BaseFunction(torch.tanh, np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        "relu": BaseFunction(torch.relu, lambda x: np.maximum(x, 0.0), lambda x: np.where(x > 0, 1.0, 0.0)),
        "gelu": BaseFunction(
            torch.nn.functional.gelu, lambda x: x * ndtr(x), lambda x: ndtr(x) + x * _normal_density(x)
        ),
    }
)
"""The compiled loops know the first three (`layer_plan.BASES`); with the others a layer takes the plain path."""

"""Base (residual) functions b of an edge: phi(x) = w b(x) + spline(x) (paper, section 2.2, eq. 2.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from scipy.special import expit
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


BASE_FUNCTIONS: Mapping[str, BaseFunction] = MappingProxyType(
    {
        "silu": BaseFunction(torch.nn.functional.silu, lambda x: x * expit(x), _silu_slope),
        "identity": BaseFunction(lambda x: x, lambda x: x, np.ones_like),
        "zero": BaseFunction(torch.zeros_like, np.zeros_like, np.zeros_like),
    }
)

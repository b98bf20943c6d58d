"""Base functions with three derivatives: the Jacobian of a second derivative needs the third."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import expit, ndtr

from .._typing import Array


def _silu(x: Array) -> Array:
    s = expit(x)
    first = s * (1 - s)
    second = first * (1 - 2 * s)
    third = second * (1 - 2 * s) - 2 * first**2
    return np.stack([x * s, s + x * first, 2 * first + x * second, 3 * second + x * third])


def _identity(x: Array) -> Array:
    return np.stack([x, np.ones_like(x), np.zeros_like(x), np.zeros_like(x)])


def _zero(x: Array) -> Array:
    return np.zeros((4, *x.shape))


def _tanh(x: Array) -> Array:
    t = np.tanh(x)
    first = 1 - t * t
    return np.stack([t, first, -2 * t * first, first * (6 * t * t - 2)])


def _gelu(x: Array) -> Array:
    share, density = ndtr(x), np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)
    return np.stack([x * share, share + x * density, (2 - x * x) * density, x * (x * x - 4) * density])


BASE_DERIVATIVES: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {"silu": _silu, "identity": _identity, "zero": _zero, "tanh": _tanh, "gelu": _gelu}
)
"""From x [N, I] to value and derivatives 1, 2, 3: [4, N, I]. "relu" is not here: it has a kink."""

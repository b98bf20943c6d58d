"""sin(x)/x and the Bessel functions of the first kind, accurate near 0 and differentiable in torch.

J0' = -J1 and J1' = J0 - J1/x (Abramowitz and Stegun, 9.1.27 and 9.1.28). Torch does not differentiate its J0 and J1
and errs by up to 3e-7 for |x| < 30, where SciPy errs by 3e-16: tensors take SciPy's values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import special
from torch import Tensor

from .._typing import Array

_NEAR = 0.3
_SINC = (1.0, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800)
"""Taylor coefficients of sin(x)/x in x^2: exact to rounding for |x| < 0.3, where the closed slope cancels."""
_SINC_SLOPE = tuple(2 * power * value for power, value in enumerate(_SINC))[1:]


def sinc(values: Array) -> Array:
    """sin(x)/x, and 1 at 0: without the pi of `numpy.sinc`."""
    u = np.asarray(values)
    near = np.abs(u) < _NEAR
    away = np.where(near, 1.0, u)
    return np.where(near, _series(_SINC, u * u * near), np.sin(away) / away)


def sinc_slope(values: Array) -> Array:
    """(cos x - sin(x)/x)/x, and 0 at 0."""
    u = np.asarray(values)
    near = np.abs(u) < _NEAR
    away = np.where(near, 1.0, u)
    close = u * _series(_SINC_SLOPE, u * u * near)
    return np.where(near, close, (np.cos(away) - np.sin(away) / away) / away)


def sinc_torch(u: Tensor) -> Tensor:
    """sin(x)/x on tensors; its gradient is exact at and near 0, where that of `torch.sinc` cancels."""
    near = u.abs() < _NEAR
    away = torch.where(near, torch.ones_like(u), u)
    inside = torch.where(near, u, torch.zeros_like(u))
    return torch.where(near, _series(_SINC, inside.square()), away.sin() / away)


def _series(coefficients: tuple[float, ...], square: Any) -> Any:
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = total * square + coefficient
    return total


def j0(values: Array) -> Array:
    """J0; SciPy has no extended-precision loop, so wider types come back rounded."""
    array = np.asarray(values)
    return special.j0(array.astype(np.float64)).astype(array.dtype)


def j1(values: Array) -> Array:
    """J1; SciPy has no extended-precision loop, so wider types come back rounded."""
    array = np.asarray(values)
    return special.j1(array.astype(np.float64)).astype(array.dtype)


def j1_slope(values: Array) -> Array:
    """J0 - J1/x, and 1/2 at 0."""
    u = np.asarray(values)
    away = np.where(u == 0, 1.0, u)
    return j0(u) - np.where(u == 0, 0.5, j1(away) / away)


def _through_numpy(function: Callable[[Array], Array], u: Tensor) -> Tensor:
    return torch.from_numpy(function(u.detach().cpu().numpy())).to(u)


class _J0(torch.autograd.Function):
    """J0 with its slope."""

    @staticmethod
    def forward(ctx: Any, u: Tensor) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(u)
        return _through_numpy(j0, u)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # type: ignore[override]
        (u,) = ctx.saved_tensors
        return -gradient * j1_torch(u)


class _J1(torch.autograd.Function):
    """J1 with its slope."""

    @staticmethod
    def forward(ctx: Any, u: Tensor) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(u)
        return _through_numpy(j1, u)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # type: ignore[override]
        (u,) = ctx.saved_tensors
        away = torch.where(u == 0, torch.ones_like(u), u)
        share = torch.where(u == 0, torch.full_like(u, 0.5), j1_torch(away) / away)
        return gradient * (j0_torch(u) - share)


def j0_torch(u: Tensor) -> Tensor:
    """J0 on tensors, differentiable any number of times away from 0 and twice there."""
    return _J0.apply(u)  # type: ignore[no-any-return]


def j1_torch(u: Tensor) -> Tensor:
    """J1 on tensors, differentiable any number of times away from 0 and twice there."""
    return _J1.apply(u)  # type: ignore[no-any-return]

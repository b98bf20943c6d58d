"""A layer of spline edges in torch operations: any device, any type, differentiable to any order."""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor

from ..splines import spline_sums
from .base import BASE_FUNCTIONS


def plain_layer(
    x: Float[Tensor, "batch inputs"],
    coefficients: Float[Tensor, "inputs bases outputs"],
    base_scale: Float[Tensor, "inputs outputs"],
    knots: Float[Tensor, "inputs knots"],
    splines: Bool[Tensor, "inputs outputs"],
    kind: tuple[int, str],
) -> Float[Tensor, "batch outputs"]:
    """sum_i (w_ij b(x_i) + sum_m c_imj B_im(x_i)) over the spline edges; `kind` is (k, name of b)."""
    order, base = kind
    mask = splines.to(x.dtype)
    out = spline_sums(x, knots, coefficients * mask[:, None, :], order)
    return out + BASE_FUNCTIONS[base].torch(x) @ (base_scale * mask)

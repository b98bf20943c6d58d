"""A layer of spline edges as one node of autograd's graph.

Forward and backward are compiled loops that touch only the k + 1 bases which are not zero; only the inputs are kept
between them. A derivative of a derivative goes through `plain_layer`.
"""

# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import forward_ad

from .layer_loops import layer_backward, layer_forward
from .layer_plan import LayerPlan
from .plain_layer import plain_layer

Gradients = tuple[Tensor, Tensor, Tensor, Tensor]


def spline_layer(
    x: Float[Tensor, "batch inputs"],
    coefficients: Float[Tensor, "inputs bases outputs"],
    base_scale: Float[Tensor, "inputs outputs"],
    bias: Float[Tensor, outputs],
    plan: LayerPlan,
) -> Float[Tensor, "batch outputs"]:
    """bias_j + sum_i (w_ij b(x_i) + sum_m c_imj B_im(x_i)) over the spline edges.

    All tensors are on the CPU and of the type of the plan, and `is_traced(x)` is false.
    """
    if not torch.is_grad_enabled():
        return _forward(x, coefficients, base_scale, bias, plan)
    return _Edges.apply(x, coefficients, base_scale, bias, plan)  # type: ignore[no-any-return]


def is_traced(x: Float[Tensor, "batch inputs"]) -> bool:
    """Whether x is inside `torch.func`, forward-mode differentiation or `torch.compile`.

    They see through torch operations only.
    """
    return (
        torch._C._are_functorch_transforms_active()  # noqa: SLF001  what autograd.Function itself asks
        or torch.compiler.is_compiling()
        or forward_ad.unpack_dual(x).tangent is not None
    )


def _forward(
    x: Tensor, coefficients: Tensor, base_scale: Tensor, bias: Tensor, plan: LayerPlan
) -> Float[Tensor, "batch outputs"]:
    x = x.contiguous()
    y = x.new_empty((x.shape[0], bias.shape[0]))
    coefficients, base_scale, bias = coefficients.contiguous(), base_scale.contiguous(), bias.contiguous()
    tensors = (x, coefficients, base_scale, bias, y)
    layer_forward(tuple(map(Tensor.data_ptr, tensors)), (*x.shape, bias.shape[0]), *plan.tables)
    return y


def _backward(
    pull: Tensor,
    x: Tensor,
    coefficients: Tensor,
    base_scale: Tensor,
    plan: LayerPlan,
    wanted: tuple[bool, bool],
) -> Gradients:
    x, pull = x.contiguous(), pull.contiguous()
    coefficients, base_scale = coefficients.contiguous(), base_scale.contiguous()
    on_x = x.new_empty(x.shape if wanted[0] else (0, x.shape[1]))
    on_coefficients, on_scale = x.new_empty(coefficients.shape), x.new_empty(base_scale.shape)
    on_bias = x.new_empty(pull.shape[1])
    tensors = (x, coefficients, base_scale, pull, on_x, on_coefficients, on_scale, on_bias)
    layer_backward(tuple(map(Tensor.data_ptr, tensors)), (*x.shape, pull.shape[1]), wanted, *plan.tables)
    return on_x, on_coefficients, on_scale, on_bias


class _Edges(torch.autograd.Function):
    """The layer."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, coefficients: Tensor, base_scale: Tensor, bias: Tensor, plan: LayerPlan
    ) -> Float[Tensor, "batch outputs"]:
        ctx.save_for_backward(x, coefficients, base_scale)
        ctx.plan = plan
        return _forward(x, coefficients, base_scale, bias, plan)

    @staticmethod
    def backward(ctx: Any, pull: Float[Tensor, "batch outputs"]) -> tuple[Tensor | None, ...]:
        x, coefficients, base_scale = ctx.saved_tensors
        needs = ctx.needs_input_grad
        wanted = (needs[0], needs[1] or needs[2])
        if not torch.is_grad_enabled():
            found = _backward(pull, x, coefficients, base_scale, ctx.plan, wanted)
        else:
            parts = _EdgesGradient.apply(pull, x, coefficients, base_scale, ctx.plan, wanted)
            found = (*parts, pull.sum(dim=0))
        return (*(part if need else None for part, need in zip(found, needs, strict=False)), None)


class _EdgesGradient(torch.autograd.Function):
    """The gradients of the layer, differentiable themselves."""

    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917
        ctx: Any,
        pull: Tensor,
        x: Tensor,
        coefficients: Tensor,
        base_scale: Tensor,
        plan: LayerPlan,
        wanted: tuple[bool, bool],
    ) -> tuple[Tensor, Tensor, Tensor]:
        ctx.save_for_backward(pull, x, coefficients, base_scale)
        ctx.plan = plan
        ctx.wanted = wanted
        return _backward(pull, x, coefficients, base_scale, plan, wanted)[:3]

    @staticmethod
    def backward(ctx: Any, *pulls: Tensor) -> tuple[Tensor | None, ...]:
        plan: LayerPlan = ctx.plan
        higher = torch.is_grad_enabled()
        with torch.enable_grad():
            held = [
                tensor if higher and tensor.requires_grad else tensor.detach().requires_grad_()
                for tensor in ctx.saved_tensors
            ]
            pull, x, coefficients, base_scale = held
            y = plain_layer(x, coefficients, base_scale, plan.knots, plan.splines, (plan.order, plan.base))
            first = torch.autograd.grad(y, (x, coefficients, base_scale), pull, create_graph=True)
            # what was not asked for was not computed, and has no pull
            on = (ctx.wanted[0], ctx.wanted[1], ctx.wanted[1])
            pairs = [(a, b) for a, b, want in zip(first, pulls, on, strict=True) if want]
            second = torch.autograd.grad(
                [a for a, _ in pairs],
                held,
                [b for _, b in pairs],
                create_graph=higher,
                allow_unused=True,
            )
        return (*second, None, None)

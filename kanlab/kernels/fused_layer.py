"""A layer of spline edges as one node of autograd's graph.

Forward and backward are compiled loops that touch only the k + 1 bases which are not zero; only the inputs are kept
between them. A derivative of a derivative goes through `plain_layer`.
"""

# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor, empty_like, is_grad_enabled
from torch.autograd import forward_ad
from torch.compiler import is_compiling

from .layer_plan import LayerPlan
from .plain_layer import plain_layer

Gradients = tuple[Tensor, Tensor, Tensor, Tensor]

# In a small layer the loops take a fifth of the time, and each attribute looked up in torch counts.
_address = Tensor.data_ptr
_in_transform = torch._C._are_functorch_transforms_active  # noqa: SLF001  what autograd.Function itself asks


def spline_layer(
    x: Float[Tensor, "batch inputs"],
    coefficients: Float[Tensor, "inputs bases outputs"],
    base_scale: Float[Tensor, "inputs outputs"],
    bias: Float[Tensor, " outputs"],
    plan: LayerPlan,
) -> Float[Tensor, "batch outputs"]:
    """bias_j + sum_i (w_ij b(x_i) + sum_m c_imj B_im(x_i)) over the spline edges.

    All tensors are on the CPU and of the type of the plan, and `is_traced(x)` is false.
    """
    if not is_grad_enabled():
        return _forward(x, coefficients, base_scale, bias, plan)
    # torch's own apply in C: the one in Python around it serves torch.func only, and costs as much as a small layer
    return _apply(x, coefficients, base_scale, bias, plan)


def is_traced(x: Float[Tensor, "batch inputs"]) -> bool:
    """Whether x is inside `torch.func`, forward-mode differentiation or `torch.compile`.

    They see through torch operations only.
    """
    return (
        _in_transform()
        or is_compiling()
        # no number has a tangent outside of a level
        or (forward_ad._current_level >= 0 and forward_ad.unpack_dual(x).tangent is not None)  # noqa: SLF001
    )


def _forward(
    x: Tensor, coefficients: Tensor, base_scale: Tensor, bias: Tensor, plan: LayerPlan
) -> Float[Tensor, "batch outputs"]:
    # by name, as what is not contiguous is copied and has to live as long as its address is used
    x, bias = x.contiguous(), bias.contiguous()
    coefficients, base_scale = coefficients.contiguous(), base_scale.contiguous()
    count, inputs = x.shape
    outputs = plan.outputs
    y = x.new_empty(count, outputs)
    addresses = (_address(x), _address(coefficients), _address(base_scale), _address(bias), _address(y))
    plan.forward(addresses, (count, inputs, outputs), *plan.tables)
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
    count, inputs = x.shape
    on_x = empty_like(x) if wanted[0] else x.new_empty(0)
    on_coefficients, on_scale, on_bias = (
        empty_like(coefficients),
        empty_like(base_scale),
        empty_like(plan.bias),
    )
    addresses = (
        _address(x),
        _address(coefficients),
        _address(base_scale),
        _address(pull),
        _address(on_x),
        _address(on_coefficients),
        _address(on_scale),
        _address(on_bias),
    )
    plan.backward(addresses, (count, inputs, plan.outputs), wanted, *plan.tables)
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
        if is_grad_enabled():
            parts = _EdgesGradient.apply(pull, x, coefficients, base_scale, ctx.plan, wanted)
            on_x, on_coefficients, on_scale, on_bias = (*parts, pull.sum(dim=0))
        else:
            on_x, on_coefficients, on_scale, on_bias = _backward(
                pull, x, coefficients, base_scale, ctx.plan, wanted
            )
        return (
            on_x if needs[0] else None,
            on_coefficients if needs[1] else None,
            on_scale if needs[2] else None,
            on_bias,
            None,
        )


_apply = cast(Any, super(torch.autograd.Function, _Edges)).apply
# what autograd calls on the way back: torch's own method there looks up `backward` again and calls it
cast(Any, _Edges)._backward_cls.apply = _Edges.backward  # noqa: SLF001


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
        higher = is_grad_enabled()
        with torch.enable_grad():
            # views, so that no path leads from one to another: the pull may itself depend on x
            held = [
                tensor.view_as(tensor)
                if higher and tensor.requires_grad
                else tensor.detach().requires_grad_()
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

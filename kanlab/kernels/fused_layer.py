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

from ..errors import ShapeError
from .layer_plan import LayerPlan
from .layer_weights import split_weights
from .plain_layer import plain_layer

# In a small layer the loops take a fifth of the time, and each attribute looked up in torch counts.
_address = Tensor.data_ptr
_in_transform = torch._C._are_functorch_transforms_active  # noqa: SLF001  what autograd.Function itself asks


def spline_layer(
    x: Float[Tensor, "batch inputs"], weights: Float[Tensor, "weights outputs"], plan: LayerPlan
) -> Float[Tensor, "batch outputs"]:
    """bias_j + sum_i (w_ij b(x_i) + sum_m c_imj B_im(x_i)) over the spline edges; W as in `split_weights`.

    Both tensors are on the CPU and of the type of the plan, and `is_traced(x)` is false.

    Raises:
        ShapeError: x is no table with one column for each input.
    """
    if x.dim() != 2 or x.shape[1] != plan.inputs:  # the loops take rows as they lie in memory
        raise ShapeError(
            f"The inputs have shape {tuple(x.shape)}; the layer expects rows of {plan.inputs} numbers, "
            f"shape (rows, {plan.inputs})."
        )
    if not is_grad_enabled():
        return _forward(x, weights, plan)
    # torch's own apply in C: the one in Python around it serves torch.func only, and costs as much as a small layer
    return _apply(x, weights, plan)


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


def _forward(x: Tensor, weights: Tensor, plan: LayerPlan) -> Float[Tensor, "batch outputs"]:
    # by name, as what is not contiguous is copied and has to live as long as its address is used
    x, weights = x.contiguous(), weights.contiguous()
    count, outputs = x.shape[0], plan.outputs
    y = x.new_empty(count, outputs)
    at, (scales, biases) = _address(weights), plan.offsets
    plan.forward(
        (_address(x), at, at + scales, at + biases, _address(y)), (count, plan.inputs, outputs), *plan.tables
    )
    return y


def _backward(
    pull: Tensor, x: Tensor, weights: Tensor, plan: LayerPlan, wanted: tuple[bool, bool]
) -> tuple[Tensor, Tensor]:
    x, pull, weights = x.contiguous(), pull.contiguous(), weights.contiguous()
    on_x = empty_like(x) if wanted[0] else x.new_empty(0)
    on_weights = empty_like(weights)
    at, on, (scales, biases) = _address(weights), _address(on_weights), plan.offsets
    addresses = (
        _address(x), at, at + scales, _address(pull), _address(on_x), on, on + scales, on + biases
    )  # fmt: skip
    plan.backward(addresses, (x.shape[0], plan.inputs, plan.outputs), wanted, *plan.tables)
    return on_x, on_weights


class _Edges(torch.autograd.Function):
    """The layer."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weights: Tensor, plan: LayerPlan) -> Float[Tensor, "batch outputs"]:
        ctx.save_for_backward(x, weights)
        ctx.plan = plan
        return _forward(x, weights, plan)

    @staticmethod
    def backward(ctx: Any, pull: Float[Tensor, "batch outputs"]) -> tuple[Tensor | None, ...]:
        x, weights = ctx.saved_tensors
        wanted = ctx.needs_input_grad[:2]
        if is_grad_enabled():
            on_x, on_weights = _EdgesGradient.apply(pull, x, weights, ctx.plan, wanted)
        else:
            on_x, on_weights = _backward(pull, x, weights, ctx.plan, wanted)
        return on_x if wanted[0] else None, on_weights if wanted[1] else None, None


_apply = cast(Any, super(torch.autograd.Function, _Edges)).apply
# what autograd calls on the way back: torch's own method there looks up `backward` again and calls it
cast(Any, _Edges)._backward_cls.apply = _Edges.backward  # noqa: SLF001


class _EdgesGradient(torch.autograd.Function):
    """The gradients of the layer, differentiable themselves."""

    @staticmethod
    def forward(
        ctx: Any, pull: Tensor, x: Tensor, weights: Tensor, plan: LayerPlan, wanted: tuple[bool, bool]
    ) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(pull, x, weights)
        ctx.plan = plan
        ctx.wanted = wanted
        return _backward(pull, x, weights, plan, wanted)

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
            pull, x, weights = held
            coefficients, base_scale, bias = split_weights(weights, plan.inputs)
            kind = (plan.order, plan.base)
            y = bias + plain_layer(x, coefficients, base_scale, plan.knots, plan.splines, kind)
            first = torch.autograd.grad(y, (x, weights), pull, create_graph=True)
            # what was not asked for was not computed, and has no pull
            pairs = [(a, b) for a, b, want in zip(first, pulls, ctx.wanted, strict=True) if want]
            second = torch.autograd.grad(
                [a for a, _ in pairs],
                held,
                [b for _, b in pairs],
                create_graph=higher,
                allow_unused=True,
            )
        return (*second, None, None)

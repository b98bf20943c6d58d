"""flashkan: truncated powers on all basis functions; its default compiles the basis with torch.compile."""

from __future__ import annotations

from typing import Any

from ..roofline import LayerShape
from .work import NetworkShape, Work, torch_layer, torch_network


def layer(shape: LayerShape, dtype: str) -> Work:
    """`flashkan.KANLayer`, eager."""
    return torch_layer(_eager(_layer(shape, dtype)), shape, dtype)


def compiled_layer(shape: LayerShape, dtype: str) -> Work:
    """As flashkan comes."""
    return torch_layer(_layer(shape, dtype), shape, dtype)


def network(shape: NetworkShape, dtype: str) -> Work:
    """`flashkan.KANNetwork`, eager."""
    import torch
    from flashkan import KANNetwork

    module = KANNetwork(list(shape.widths), grid_size=shape.intervals, spline_order=shape.order)
    return torch_network(_eager(module.to(getattr(torch, dtype))), shape, dtype)


def _layer(shape: LayerShape, dtype: str) -> Any:
    import torch
    from flashkan.layer import KANLayer

    module = KANLayer(shape.inputs, shape.outputs, grid_size=shape.intervals, spline_order=shape.order)
    return module.to(getattr(torch, dtype))


def _eager(module: Any) -> Any:
    """The module with the basis that is not compiled, which flashkan exports but does not let one choose."""
    import torch
    from flashkan import layer as source
    from flashkan.basis import bspline_basis, bspline_basis_eager

    class Eager(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, x: Any) -> Any:
            source.bspline_basis = bspline_basis_eager
            try:
                return self.inner(x)
            finally:
                source.bspline_basis = bspline_basis

    return Eager()

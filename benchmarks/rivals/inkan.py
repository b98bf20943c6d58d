"""inkan: closed cubic pieces; its default compiles the basis with torch.compile."""

from __future__ import annotations

from typing import Any

from ..roofline import LayerShape
from .work import NetworkShape, Work, torch_layer, torch_network


def layer(shape: LayerShape, dtype: str, *, compiled: bool = False) -> Work:
    """`inkan.KANLayer`."""
    from inkan.layer import KANLayer

    module = KANLayer(
        shape.inputs,
        shape.outputs,
        grid_size=shape.intervals,
        spline_order=shape.order,
        compile_basis=compiled,
    )
    return torch_layer(_typed(module, dtype), shape, dtype)


def compiled_layer(shape: LayerShape, dtype: str) -> Work:
    """As inkan comes."""
    return layer(shape, dtype, compiled=True)


def network(shape: NetworkShape, dtype: str) -> Work:
    """`inkan.KANNetwork`."""
    from inkan import KANNetwork

    module = KANNetwork(
        list(shape.widths), grid_size=shape.intervals, spline_order=shape.order, compile_basis=False
    )
    return torch_network(_typed(module, dtype), shape, dtype)


def _typed(module: Any, dtype: str) -> Any:
    import torch

    return module.to(getattr(torch, dtype))

"""pykan, the reference implementation (kindxiaoming/pykan)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from ..roofline import LayerShape
from .work import NetworkShape, Work, torch_layer, torch_network


@contextmanager
def default_dtype(dtype: str) -> Any:
    """pykan makes its tensors in torch's default type; it is put back afterwards."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def layer(shape: LayerShape, dtype: str) -> Work:
    """`kan.KANLayer`."""
    from kan.KANLayer import KANLayer

    with default_dtype(dtype):
        module = KANLayer(in_dim=shape.inputs, out_dim=shape.outputs, num=shape.intervals, k=shape.order)
    return torch_layer(module, shape, dtype, lambda x: module(x)[0])


def network(shape: NetworkShape, dtype: str) -> Work:
    """`KAN(...).speed()`: no symbolic branch, no stored activations, which is what fit(lamb=0) switches to."""
    model = _model(shape, dtype)
    return torch_network(model.speed(), shape, dtype)


def as_constructed(shape: NetworkShape, dtype: str) -> Work:
    """The model as it is made: with its symbolic branch and stored activations."""
    return torch_network(_model(shape, dtype), shape, dtype)


def regularized(shape: NetworkShape, dtype: str) -> Work:
    """As in fit(lamb=0.01): activations are stored and the default regularizer is added."""
    model = _model(shape, dtype)
    model.symbolic_enabled = False
    return torch_network(
        model, shape, dtype, lambda: 0.01 * model.get_reg("edge_forward_spline_n", 1.0, 2.0, 0.0, 0.0)
    )


def _model(shape: NetworkShape, dtype: str) -> Any:
    from kan import KAN

    with default_dtype(dtype):
        return KAN(width=list(shape.widths), grid=shape.intervals, k=shape.order, seed=0, auto_save=False)

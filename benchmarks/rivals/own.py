"""kanlab: its torch layer, and the compiled loss and gradient that its training uses."""

from __future__ import annotations

import torch

from kanlab.kernels import columns_of
from kanlab.network import KAN, NetworkSpec
from kanlab.training.problem import Samples, loss_and_gradient

from ..roofline import LayerShape
from .work import NetworkShape, Work, network_data, torch_layer, torch_network


def layer(shape: LayerShape, dtype: str) -> Work:
    """`KANLayer` through autograd."""
    return torch_layer(
        _network((shape.inputs, shape.outputs), shape.intervals, shape.order, dtype).layers[0], shape, dtype
    )


def network(shape: NetworkShape, dtype: str) -> Work:
    """`KAN` through autograd."""
    return torch_network(_network(shape.widths, shape.intervals, shape.order, dtype), shape, dtype)


def compiled(shape: NetworkShape, dtype: str) -> Work:
    """`loss_and_gradient`, float64."""
    arrays = _network(shape.widths, shape.intervals, shape.order, dtype).arrays()
    samples = Samples(*network_data(shape, "float64"))
    columns = columns_of(arrays)

    def call() -> None:
        loss_and_gradient(arrays, samples, columns)

    return Work(call, columns.count)


def _network(widths: tuple[int, ...], intervals: int, order: int, dtype: str) -> KAN:
    spec = NetworkSpec.of(list(widths), intervals=intervals, order=order)
    return KAN(spec, seed=0, dtype=getattr(torch, dtype))

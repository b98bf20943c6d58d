"""A plain torch network of as many parameters: the yardstick outside of the KANs."""

from __future__ import annotations

import itertools
from typing import Any

from ..mlp import width_for
from ..roofline import LayerShape
from .work import NetworkShape, Work, torch_layer, torch_network


def layer(shape: LayerShape, dtype: str) -> Work:
    """One hidden layer of SiLU."""
    hidden = width_for(shape.parameters, (shape.inputs, shape.outputs), layers=1)
    return torch_layer(_module((shape.inputs, hidden, shape.outputs), dtype), shape, dtype)


def network(shape: NetworkShape, dtype: str) -> Work:
    """As many hidden layers as the KAN has, of equal width."""
    depth = len(shape.widths) - 2
    hidden = width_for(shape.parameters, (shape.widths[0], shape.widths[-1]), layers=depth)
    return torch_network(_module((shape.widths[0], *[hidden] * depth, shape.widths[-1]), dtype), shape, dtype)


def _module(widths: tuple[int, ...], dtype: str) -> Any:
    import torch

    parts: list[Any] = []
    for before, after in itertools.pairwise(widths):
        parts += [torch.nn.Linear(before, after), torch.nn.SiLU()]
    return torch.nn.Sequential(*parts[:-1]).to(getattr(torch, dtype))

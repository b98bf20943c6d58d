"""Fused CPU kernels: the same mathematics as the torch path, with local support and without autograd."""

from __future__ import annotations

from .arrays import EdgeForm, LayerArrays, NetworkArrays
from .base import BASE_FUNCTIONS, BaseFunction
from .columns import Columns, columns_of
from .jacobian import jacobian
from .passes import LayerPass, forward, trace_layers
from .threads import threads_for

__all__ = [
    "BASE_FUNCTIONS",
    "BaseFunction",
    "Columns",
    "EdgeForm",
    "LayerArrays",
    "LayerPass",
    "NetworkArrays",
    "columns_of",
    "forward",
    "jacobian",
    "threads_for",
    "trace_layers",
]

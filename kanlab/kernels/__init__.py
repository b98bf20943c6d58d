"""Fused CPU kernels: the same mathematics as the torch path, with local support."""

from __future__ import annotations

from .arrays import EdgeForm, LayerArrays, NetworkArrays
from .base import BASE_FUNCTIONS, BaseFunction
from .columns import Columns, columns_of
from .fused_layer import is_traced, spline_layer
from .jacobian import jacobian
from .layer_plan import LayerPlan, layer_plan
from .layer_weights import joined_weights, split_weights
from .normal_sums import normal_sums
from .passes import LayerPass, forward, loss_gradient, trace_layers
from .plain_layer import plain_layer
from .threads import threads_for

__all__ = [
    "BASE_FUNCTIONS",
    "BaseFunction",
    "Columns",
    "EdgeForm",
    "LayerArrays",
    "LayerPass",
    "LayerPlan",
    "NetworkArrays",
    "columns_of",
    "forward",
    "is_traced",
    "jacobian",
    "joined_weights",
    "layer_plan",
    "loss_gradient",
    "normal_sums",
    "plain_layer",
    "spline_layer",
    "split_weights",
    "threads_for",
    "trace_layers",
]

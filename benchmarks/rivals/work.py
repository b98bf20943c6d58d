"""One piece of work of a rival: a call that makes a forward and a backward pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..roofline import LayerShape


@dataclass(frozen=True)
class NetworkShape:
    """A network with equal grids in all layers, and the rows of its data."""

    widths: tuple[int, ...]
    intervals: int
    order: int
    batch: int

    def __str__(self) -> str:
        return f"{list(self.widths)} G={self.intervals} N={self.batch}"

    @property
    def parameters(self) -> int:
        """Spline coefficients and base scales of all edges."""
        edges = sum(a * b for a, b in zip(self.widths[:-1], self.widths[1:], strict=True))
        return edges * (self.intervals + self.order + 1)


@dataclass(frozen=True)
class Work:
    """What is timed.

    Attributes:
        call: forward and backward once; gradients of the parameters, and of the inputs for a layer.
        parameters: how many numbers are trained.
        peak: bytes of temporary memory, where the rival's library says it; None lets the bench count.
    """

    call: Callable[[], object]
    parameters: int
    peak: Callable[[], float] | None = None


def layer_inputs(shape: LayerShape, dtype: str) -> np.ndarray:
    """Inputs inside of the grid, the same for all rivals."""
    rows = np.random.default_rng(0).uniform(-1, 1, (shape.batch, shape.inputs))
    return rows.astype(dtype)


def network_data(shape: NetworkShape, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, and targets exp(sin(pi x1) + x2^2)."""
    x = np.random.default_rng(0).uniform(-1, 1, (shape.batch, shape.widths[0]))
    y = np.exp(np.sin(np.pi * x[:, :1]) + x[:, 1:2] ** 2)
    return x.astype(dtype), y.astype(dtype)


def torch_layer(
    module: Any, shape: LayerShape, dtype: str, forward: Callable[[Any], Any] | None = None
) -> Work:
    """A torch module as a layer: the gradient of a fixed linear function of its output."""
    import torch

    x = torch.from_numpy(layer_inputs(shape, dtype)).requires_grad_(True)
    pull = torch.linspace(-1, 1, shape.batch * shape.outputs, dtype=x.dtype).reshape(
        shape.batch, shape.outputs
    )
    run = forward or module
    trained = [p for p in module.parameters() if p.requires_grad]

    def call() -> None:
        x.grad = None
        for parameter in trained:
            parameter.grad = None
        run(x).backward(pull)

    return Work(call, sum(p.numel() for p in trained))


def torch_network(
    module: Any, shape: NetworkShape, dtype: str, extra: Callable[[], Any] | None = None
) -> Work:
    """A torch module as a network: mean squared error and its gradient; `extra` is added to the loss."""
    import torch

    x, y = (torch.from_numpy(part) for part in network_data(shape, dtype))
    trained = [p for p in module.parameters() if p.requires_grad]

    def call() -> None:
        for parameter in trained:
            parameter.grad = None
        loss = torch.mean((module(x) - y) ** 2)
        if extra is not None:
            loss = loss + extra()
        loss.backward()

    return Work(call, sum(p.numel() for p in trained))

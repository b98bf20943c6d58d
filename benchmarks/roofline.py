"""The limit: the time that one core needs for the arithmetic of a KAN layer with local support, and nothing else.

An input x lies in the support of k + 1 of the G + k basis functions. Forward: for every edge k + 1 products for the
spline and one for the base function, two operations each, and 30 operations for each input to find its interval and
the k + 1 values. Forward and backward: three times the first (value, gradient of the input, gradient of the
coefficients), and 75 operations for each input. Bytes: inputs, outputs and coefficients once, and twice with their
gradients. The machine's rates are measured: matrix products, additions of long arrays, sigmoids.
"""

from __future__ import annotations

from dataclasses import dataclass

from .interleave import interleaved


@dataclass(frozen=True)
class LayerShape:
    """One layer: inputs, outputs, grid intervals G, order k, rows of a batch."""

    inputs: int
    outputs: int
    intervals: int
    order: int
    batch: int

    def __str__(self) -> str:
        return f"({self.inputs}, {self.outputs}, {self.intervals}, {self.order}, {self.batch})"

    @property
    def parameters(self) -> int:
        """Spline coefficients and the scale of the base function on every edge."""
        return self.inputs * self.outputs * (self.intervals + self.order + 1)


@dataclass(frozen=True)
class Rates:
    """Of one core: operations a second in matrix products, bytes a second, sigmoids a second."""

    flops: float
    bytes: float
    sigmoids: float


def operations(shape: LayerShape, *, backward: bool) -> float:
    """Floating-point operations with local support."""
    edges = 2.0 * shape.batch * shape.inputs * shape.outputs * (shape.order + 2)
    inputs = float(shape.batch * shape.inputs)
    return 3 * edges + 75 * inputs if backward else edges + 30 * inputs


def traffic(shape: LayerShape, width: int, *, backward: bool) -> float:
    """Bytes that must move, for numbers of `width` bytes."""
    numbers = shape.batch * (shape.inputs + shape.outputs) + shape.parameters
    return float(width * numbers * (2 if backward else 1))


def limit(shape: LayerShape, rates: Rates, width: int, *, backward: bool) -> float:
    """Seconds: the larger of arithmetic (with one sigmoid for each input) and memory."""
    work = operations(shape, backward=backward) / rates.flops + shape.batch * shape.inputs / rates.sigmoids
    return max(work, traffic(shape, width, backward=backward) / rates.bytes)


def measured_rates(dtype: str) -> Rates:
    """This machine's rates on one thread, by torch."""
    import torch

    kind = getattr(torch, dtype)
    a, b = torch.rand(1024, 1024, dtype=kind), torch.rand(1024, 1024, dtype=kind)
    c = torch.empty_like(a)
    count = 64 * 2**20 // a.element_size()
    x, y, z = (torch.rand(count, dtype=kind) for _ in range(3))
    s = torch.rand(16384, dtype=kind)
    t = torch.empty_like(s)
    seconds = interleaved(
        {
            "matmul": lambda: torch.matmul(a, b, out=c),
            "add": lambda: torch.add(x, y, out=z),
            "sigmoid": lambda: torch.sigmoid(s, out=t),
        },
        block=0.1,
    )
    moved = 3 * count * a.element_size()
    return Rates(2 * 1024**3 / seconds["matmul"], moved / seconds["add"], len(s) / seconds["sigmoid"])

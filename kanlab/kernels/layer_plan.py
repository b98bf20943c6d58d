"""What the kernels need to know about a layer besides its parameters, and which shapes they cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, cast

import numba
import numpy as np
import torch
from jaxtyping import Bool, Float
from llvmlite import binding
from torch import Tensor

from .._typing import IntArray
from .blocks import IDENTITY, SILU, ZERO, Tag
from .grid_tables import grid_tables
from .layer_loops import layer_backward, layer_forward
from .narrow_loops import narrow_backward, narrow_forward

DTYPES = MappingProxyType({torch.float32: np.dtype(np.float32), torch.float64: np.dtype(np.float64)})
BASES = MappingProxyType({"silu": SILU, "identity": IDENTITY, "zero": ZERO})
MOST_ORDER = 5
NEAR_BYTES = 18_432
"""Coefficients of a block of inputs: with their bases and outputs they stay in a first-level cache of 32 kB."""

NARROW = 64
"""Bytes of a tile up to which `narrow_loops` serve: what rows of an interval share stays in registers."""
NARROW_INTERVALS = 32
"""G up to which they do: polynomials are found on every interval, and each looks at all rows of a block."""
LOOPS = MappingProxyType({True: (narrow_forward, narrow_backward), False: (layer_forward, layer_backward)})

Tables = tuple[IntArray, Any, Any, tuple[int, int, int, bool, int], Tag, Tag, Tag]


@dataclass(frozen=True, eq=False)
class LayerPlan:
    """One layer of all-spline edges, as both paths read it.

    Attributes:
        order: k.
        base: name of the base function.
        knots: [I, G + 2k + 1].
        splines: [I, O], true where there is a spline edge.
        inputs, outputs: I, O.
        offsets: bytes from the start of W to the base scales and to the biases (`split_weights`).
        narrow: whether `narrow_loops` serve it.
        tables: arguments of the loops: where there is no spline edge [n, 2]; the knots (`GridTables`); (G, cells, base
            function, uniform, inputs of a block); three tags.
    """

    order: int
    base: str
    knots: Tensor
    splines: Tensor
    inputs: int
    outputs: int
    offsets: tuple[int, int]
    narrow: bool
    tables: Tables

    @cached_property
    def forward(self) -> Callable[..., None]:
        """`layer_forward` or `narrow_forward` for `tables`."""
        return _compiled(LOOPS[self.narrow][0], ((0,) * 5, (0,) * 3, *self.tables))

    @cached_property
    def backward(self) -> Callable[..., None]:
        """`layer_backward` or `narrow_backward` for `tables`."""
        return _compiled(LOOPS[self.narrow][1], ((0,) * 8, (0,) * 3, (True, True), *self.tables))

    def __getstate__(self) -> dict[str, Any]:
        """Without the loops: machine code is not copied or sent to another process."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def layer_plan(
    knots: Float[Tensor, "inputs knots"], splines: Bool[Tensor, "inputs outputs"], order: int, base: str
) -> LayerPlan | None:
    """The plan of a layer, or None where the kernels do not cover it."""
    if knots.device.type != "cpu" or knots.dtype not in DTYPES or order > MOST_ORDER or base not in BASES:
        return None
    dtype = DTYPES[knots.dtype]
    grid = grid_tables(knots.detach().to(torch.float64).numpy(), order, dtype)
    inputs, outputs = splines.shape
    lanes = lanes_for(outputs, dtype.itemsize)
    rows = grid.intervals + order + 1
    if inputs * rows << lanes > np.iinfo(np.int32).max:
        return None
    width = max(1, min(8, inputs, NEAR_BYTES // (rows * dtype.itemsize << lanes)))
    tables = (
        np.ascontiguousarray(np.argwhere(~splines.numpy())),
        grid.numbers,
        grid.lookup,
        (grid.intervals, grid.cells, BASES[base], grid.uniform, width),
        (0,) * lanes,
        grid.local,
        grid.local_lanes,
    )
    narrow = outputs <= 1 << lanes <= NARROW // dtype.itemsize and grid.intervals <= NARROW_INTERVALS
    row = outputs * dtype.itemsize
    before = inputs * (grid.intervals + order)
    offsets = (before * row, (before + inputs) * row)
    return LayerPlan(order, base, knots, splines, inputs, outputs, offsets, narrow, tables)


def _compiled(loop: Any, arguments: tuple[Any, ...]) -> Callable[..., None]:
    """The machine code for arguments of these types, found once: numba looks at all of them in every call.

    It does not check what it is given.
    """
    kinds = tuple(cast(Any, numba).typeof(argument) for argument in arguments)
    return loop.compile(kinds)


def lanes_for(outputs: int, itemsize: int) -> int:
    """log2 of the number of outputs in a tile: at least 4, at most what k + 2 = 5 accumulators leave registers for."""
    most = (_tile_bytes() // itemsize).bit_length() - 1
    wanted = max(2, (outputs - 1).bit_length())
    if wanted <= most:
        return wanted
    # padding is wasted work; tiles of half the size cost about an eighth more for each output
    return min(range(3, most + 1), key=lambda n: (-(-outputs >> n) << n) * 1.125 ** (most - n))


@lru_cache(maxsize=1)
def _tile_bytes() -> int:
    """Four registers of 512 bits, or two of 256."""
    features: Any = binding.get_host_cpu_features()
    return 256 if features.get("avx512f", False) else 64

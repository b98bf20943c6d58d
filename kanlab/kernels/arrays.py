"""A network as plain arrays: what the kernels read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .._typing import Array, BoolArray, IntArray
from ..forms import Form
from ..splines import breakpoints, intervals_of, piece_matrices
from .grid_tables import GridTables, grid_tables
from .network_plan import NetworkPlan, network_plan
from .ties import Ties, tied_mask


@dataclass(frozen=True)
class EdgeForm:
    """A symbolic edge of a layer."""

    source: int
    target: int
    form: Form


@dataclass(frozen=True, eq=False)
class LayerArrays:
    """One layer, from `inputs` nodes to `outputs` subnodes.

    Attributes:
        order: k.
        knots: [inputs, G + 2k + 1].
        coefficients: [inputs, G + k, outputs]; zero where the edge is not a spline.
        base_scale: [inputs, outputs]; zero where the edge is not a spline.
        bias: [outputs].
        affine: [inputs, outputs, 4], the a, b, c, d of symbolic edges c f(a x + b) + d.
        splines: [inputs, outputs], true where the edge is a spline.
        locked: [inputs, outputs], true where training leaves the edge alone.
        forms: the symbolic edges.
        base: name of the base function.
        products: arities of the product nodes; the subnodes before them are sum nodes.
        ties: groups of spline edges that share one curve; see `ties`.
    """

    order: int
    knots: Array
    coefficients: Array
    base_scale: Array
    bias: Array
    affine: Array
    splines: BoolArray
    locked: BoolArray
    forms: tuple[EdgeForm, ...]
    base: str
    products: tuple[int, ...] = field(default=())
    ties: Ties = field(default=())

    @property
    def inputs(self) -> int:
        return self.coefficients.shape[0]

    @property
    def outputs(self) -> int:
        """Number of subnodes (edges end there)."""
        return self.bias.shape[0]

    @property
    def sums(self) -> int:
        """Number of sum nodes; they come first."""
        return self.outputs - sum(self.products)

    @property
    def intervals(self) -> int:
        return intervals_of(self.knots, self.order)

    @property
    def bases(self) -> int:
        """G + k."""
        return self.coefficients.shape[1]

    @cached_property
    def tied(self) -> BoolArray:
        """[inputs, outputs], true where an edge shares its curve."""
        return tied_mask(self.ties, self.splines.shape)

    @property
    def curves(self) -> int:
        """Number of splines, those that edges share counted once."""
        return int(self.splines.sum()) - sum(len(group) - 1 for group in self.ties)

    @cached_property
    def has_splines(self) -> bool:
        return bool(self.splines.any())

    @cached_property
    def breaks(self) -> Array:
        return np.ascontiguousarray(breakpoints(self.knots, self.order))

    @cached_property
    def pieces(self) -> Array:
        return piece_matrices(self.knots, self.order)

    @cached_property
    def grid(self) -> GridTables:
        """The knots as the compiled loops read them."""
        return grid_tables(self.knots, self.order, np.dtype(np.float64))


@dataclass(frozen=True, eq=False)
class NetworkArrays:
    """All layers, first to last."""

    layers: tuple[LayerArrays, ...]

    @cached_property
    def plan(self) -> NetworkPlan | None:
        """For the loops over the whole network, or None where there are symbolic edges or product nodes."""
        if any(layer.forms or layer.products for layer in self.layers):
            return None
        return network_plan(
            [(layer.inputs, layer.outputs) for layer in self.layers],
            [layer.grid for layer in self.layers],
            [layer.order for layer in self.layers],
            [layer.base for layer in self.layers],
        )

    def addresses(self) -> tuple[IntArray, list[Array]]:
        """Where coefficients, base scales and biases are, [layers, 3], and what to hold as long as they are used."""
        held = [
            np.ascontiguousarray(part)
            for layer in self.layers
            for part in (layer.coefficients, layer.base_scale, layer.bias)
        ]
        places = [part.__array_interface__["data"][0] for part in held]
        return np.array(places, dtype=np.int64).reshape(-1, 3), held

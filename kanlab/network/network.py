"""The network: a torch module that is used as a value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from .._typing import Array
from ..errors import ShapeError
from ..kernels import LayerArrays, NetworkArrays
from ..kernels import forward as forward_arrays
from ..splines import uniform_knots
from .layer import KANLayer
from .scaling import Scaling
from .spec import NetworkSpec, Width

if TYPE_CHECKING:
    from .from_formula import Inputs


class KAN(nn.Module):
    """A Kolmogorov-Arnold network (arXiv 2404.19756, eq. 2.12).

    Every edit gives a new network that shares the untouched tensors; `forward` stores nothing.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        *,
        seed: int = 0,
        scaling: Scaling | None = None,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        """A fresh network with random splines.

        Base scales are drawn from N(0, 1 / inputs), spline coefficients from N(0, 0.01 / inputs), with a
        generator of its own; the global random state is not touched. Grids cover [-1, 1] until `fit` lays
        them on the data.
        """
        super().__init__()
        self._set(
            _fresh_arrays(spec, seed),
            scaling or Scaling.identity(spec.inputs, spec.outputs),
            dtype,
        )

    @classmethod
    def from_arrays(
        cls,
        arrays: NetworkArrays,
        *,
        scaling: Scaling,
        dtype: torch.dtype = torch.float64,
    ) -> KAN:
        """The network with these arrays; memory is shared where the types agree."""
        network = cls.__new__(cls)
        nn.Module.__init__(network)
        network._set(arrays, scaling, dtype)  # noqa: SLF001  this is its constructor
        return network

    @classmethod
    def from_formula(
        cls,
        formula: str | Sequence[str],
        inputs: Inputs = None,
        *,
        names: Sequence[str] | None = None,
        order: int = 3,
        intervals: int = 5,
        base: str = "silu",
    ) -> KAN:
        """The network that computes a formula: every function in it an edge, every product a product node.

            kl.KAN.from_formula("a*sin(b) + c")
            kl.KAN.from_formula("m*v**2/2", {"m": (0, 3), "v": (0, 30)})
            kl.KAN.from_formula(law.text, dataset)

        All edges are symbolic. Turned back into splines (`kanlab.network.release_edge`) and fitted (`kl.fit`), they
        learn more than the formula. What a layer does not change passes through it by an edge with the form "x", and
        all other edges are cut.

        Args:
            formula: text such as "a*sin(b) + c" or "y = a*sin(b) + c", or one for each output. Names are columns.
            inputs: where the formula holds, on which scales and grids are laid: a dataset, the range (low, high) of
                each column, or rows [N, n]. Without it every column goes from -1 to 1.
            names: names of the columns, in order; else those of the dataset or the ranges, and for rows the names in
                the order in which they are read.
            order, intervals, base: of edges that are turned into splines.

        Raises:
            FormError: the text is no formula, or is not a finite number where the inputs are.
            ShapeError: names and columns do not fit, or a range is none.
        """
        # a formula is made of nodes and edges of this network, so it can only come after it
        from .assemble import Grid
        from .from_formula import network_from_formula

        return network_from_formula(formula, inputs, names=names, grid=Grid(order, intervals, base))

    def _set(self, arrays: NetworkArrays, scaling: Scaling, dtype: torch.dtype) -> None:
        self.input_center: Tensor
        self.input_scale: Tensor
        self.output_center: Tensor
        self.output_scale: Tensor
        self.scaling = scaling
        self.layers = nn.ModuleList([KANLayer(layer, dtype=dtype) for layer in arrays.layers])
        for name in ("input_center", "input_scale", "output_center", "output_scale"):
            self.register_buffer(name, torch.as_tensor(getattr(scaling, name), dtype=dtype))

    @property
    def dtype(self) -> torch.dtype:
        return self.input_center.dtype

    @property
    def spec(self) -> NetworkSpec:
        """What the network is now; edits change it."""
        arrays = self.arrays()
        widths = [Width(arrays.layers[0].inputs)]
        widths += [Width(layer.sums, layer.products) for layer in arrays.layers]
        return NetworkSpec(
            tuple(widths),
            tuple(layer.order for layer in arrays.layers),
            tuple(layer.intervals for layer in arrays.layers),
            tuple(layer.base for layer in arrays.layers),
        )

    def arrays(self) -> NetworkArrays:
        """The layers as float64 arrays, in the network's own units."""
        return NetworkArrays(tuple(cast(KANLayer, layer).arrays() for layer in self.layers))

    def replace(self, arrays: NetworkArrays) -> KAN:
        """A network with other arrays and everything else as it is."""
        return KAN.from_arrays(arrays, scaling=self.scaling, dtype=self.dtype)

    def forward(self, x: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch outputs"]:
        """Outputs in the user's units for inputs in the user's units.

        Raises:
            ShapeError: x does not have one column for each input.
        """
        center = self.input_center
        if x.dim() != 2 or x.shape[1] != len(center):  # one column would be taken for all
            raise ShapeError(
                f"The inputs have shape {tuple(x.shape)}; the network expects rows of {len(center)} numbers, "
                f"shape (rows, {len(center)})."
            )
        if not x.is_floating_point():
            x = x.to(self.dtype)
        x = (x - center) / self.input_scale
        for layer in self.layers:
            x = layer(x)
        return self.output_center + self.output_scale * x

    def predict(self, inputs: Array) -> Array:
        """Outputs [N, outputs] for an array of inputs [N, inputs], without autograd.

        Raises:
            ShapeError: the array does not have one column for each input.
        """
        table = np.asarray(inputs, dtype=np.float64)
        columns = self.arrays().layers[0].inputs
        if table.ndim != 2 or table.shape[1] != columns:
            raise ShapeError(
                f"The inputs have shape {table.shape}; the network expects rows of {columns} numbers, "
                f"shape (rows, {columns})."
            )
        return self.scaling.restore_outputs(forward_arrays(self.scaling.scale_inputs(table), self.arrays()))

    def parameter_count(self) -> int:
        """Numbers that a fit may change, plus those that were fixed by hand: what a reader has to believe."""
        total = 0
        for layer in self.arrays().layers:
            total += layer.curves * (layer.bases + 1) + 3 * len(layer.forms) + layer.outputs
        return total


def _fresh_arrays(spec: NetworkSpec, seed: int) -> NetworkArrays:
    generator = np.random.default_rng(seed)
    layers: list[LayerArrays] = []
    for number, (before, after) in enumerate(pairwise(spec.widths)):
        order, intervals = spec.order[number], spec.intervals[number]
        inputs, outputs = before.nodes, after.subnodes
        spread = 1 / np.sqrt(inputs)
        coefficients = generator.normal(0, 0.1 * spread, (inputs, intervals + order, outputs))
        base_scale = generator.normal(0, spread, (inputs, outputs))
        ones = np.ones(inputs)
        layers.append(
            LayerArrays(
                order=order,
                knots=uniform_knots(-ones, ones, intervals, order),
                coefficients=coefficients,
                base_scale=base_scale,
                bias=np.zeros(outputs),
                affine=np.zeros((inputs, outputs, 4)),
                splines=np.ones((inputs, outputs), dtype=np.bool_),
                locked=np.zeros((inputs, outputs), dtype=np.bool_),
                forms=(),
                base=spec.base[number],
                products=after.products,
            )
        )
    return NetworkArrays(tuple(layers))

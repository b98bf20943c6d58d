"""One KAN layer as a torch module."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..kernels import (
    EdgeForm,
    LayerArrays,
    LayerPlan,
    is_traced,
    joined_weights,
    layer_plan,
    plain_layer,
    spline_layer,
    split_weights,
)
from .bare import is_bare


class KANLayer(nn.Module):
    """All edges from one node layer to the subnodes of the next (paper, section 2.2).

        subnode_j = bias_j + sum over splines i of (w_ij b(x_i) + sum_m c_imj B_im(x_i))
                           + sum over symbolic edges i of (c f(a x_i + b) + d)

    Sum nodes are subnodes; a product node is the product of its subnodes.

    Parameters are `weights`, with the coefficients c, the base scales w and the biases as its rows, and `affine`, the
    (a, b, c, d) of symbolic edges [inputs, outputs, 4]. `coefficients`, `base_scale` and `bias` are views of `weights`,
    made anew each time: gradients are asked of `weights`, and `kanlab.kernels.split_weights` takes them apart.
    """

    def __init__(self, arrays: LayerArrays, *, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        self.knots: Tensor
        self.splines: Tensor
        self.locked: Tensor
        self.order = arrays.order
        self.base = arrays.base
        self.products = arrays.products
        self.forms: tuple[EdgeForm, ...] = arrays.forms
        self.ties = arrays.ties
        self.register_buffer("knots", torch.as_tensor(arrays.knots, dtype=dtype))
        self.register_buffer("splines", torch.as_tensor(arrays.splines))
        self.register_buffer("locked", torch.as_tensor(arrays.locked))
        self.weights = nn.Parameter(torch.as_tensor(joined_weights(arrays), dtype=dtype))
        self.affine = nn.Parameter(torch.as_tensor(arrays.affine, dtype=dtype))
        self._held: tuple[Tensor, Tensor, int, int, tuple[LayerPlan | None, bool]] | None = None

    @property
    def coefficients(self) -> Float[Tensor, "inputs bases outputs"]:
        """c_imj, zero where the edge is not a spline."""
        return self._split(self.weights)[0]

    @property
    def base_scale(self) -> Float[Tensor, "inputs outputs"]:
        """w_ij, zero where the edge is not a spline."""
        return self._split(self.weights)[1]

    @property
    def bias(self) -> Float[Tensor, " outputs"]:
        """bias_j."""
        return self._split(self.weights)[2]

    def _split(self, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return split_weights(weights, len(self.knots))

    def arrays(self) -> LayerArrays:
        """The same layer as float64 arrays; they share memory where the layer is float64 on the CPU."""

        def numbers(tensor: Tensor) -> np.ndarray:
            return tensor.detach().to("cpu", torch.float64).numpy()

        coefficients, base_scale, bias = split_weights(numbers(self.weights), len(self.knots))
        return LayerArrays(
            order=self.order,
            knots=numbers(self.knots),
            coefficients=coefficients,
            base_scale=base_scale,
            bias=bias,
            affine=numbers(self.affine),
            splines=self.splines.cpu().numpy(),
            locked=self.locked.cpu().numpy(),
            forms=self.forms,
            base=self.base,
            products=self.products,
            ties=self.ties,
        )

    def __call__(self, x: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch nodes"]:
        """`forward`, by torch's own way around it only where that has something to do."""
        return self.forward(x) if is_bare(self) else super().__call__(x)

    def forward(self, x: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch nodes"]:
        """Values of the next nodes."""
        own: Any = self._parameters  # torch's own table, as an attribute of a module takes 1 us each
        try:
            weights = own["weights"]
        except KeyError:  # torch.nn.utils put something else in its place
            weights = self.weights
        if x.dtype != weights.dtype:
            x = x.to(weights.dtype)
        plan, empty = (None, not bool(self.splines.any())) if is_traced(x) else self._planned()
        if plan is not None and not empty and x.is_cpu:
            out = spline_layer(x, weights, plan)
        else:
            out = self._plain(x, weights, empty=empty)
        if self.forms:
            out = out + self._symbolic(x)
        return self._combine(out) if self.products else out

    def _plain(
        self, x: Float[Tensor, "batch inputs"], weights: Tensor, *, empty: bool
    ) -> Float[Tensor, "batch subnodes"]:
        coefficients, base_scale, bias = self._split(weights)
        if empty:
            return bias.expand(x.shape[0], -1)
        kind = (self.order, self.base)
        return bias + plain_layer(x, coefficients, base_scale, self.knots, self.splines, kind)

    def _planned(self) -> tuple[LayerPlan | None, bool]:
        """The plan, and whether there is no spline edge; found again when a buffer was changed or replaced."""
        own: Any = self._buffers
        knots, splines, held = own["knots"], own["splines"], self._held
        if (
            held is not None
            and held[0] is knots
            and held[1] is splines
            # how autograd sees a change in place
            and held[2] == knots._version  # noqa: SLF001
            and held[3] == splines._version  # noqa: SLF001
        ):
            return held[4]
        found = layer_plan(knots, splines, self.order, self.base), not bool(splines.any())
        self._held = (knots, splines, knots._version, splines._version, found)  # noqa: SLF001
        return found

    def _symbolic(self, x: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch subnodes"]:
        columns = [torch.zeros_like(x[:, 0])] * self.weights.shape[1]
        for edge in self.forms:
            a, b, c, d = self.affine[edge.source, edge.target]
            columns[edge.target] = columns[edge.target] + c * edge.form.torch(a * x[:, edge.source] + b) + d
        return torch.stack(columns, dim=1)

    def _combine(self, subnodes: Float[Tensor, "batch subnodes"]) -> Float[Tensor, "batch nodes"]:
        sums = subnodes.shape[1] - sum(self.products)
        nodes = [subnodes[:, :sums]]
        factors = torch.split(subnodes[:, sums:], list(self.products), dim=1)
        nodes.extend(part.prod(dim=1, keepdim=True) for part in factors)
        return torch.cat(nodes, dim=1)

"""From a network to the trees of its outputs, in the user's units."""

from __future__ import annotations

import numpy as np
import sympy
import torch

from ..forms import Form
from ..kernels import BASE_FUNCTIONS, LayerArrays
from ..network import KAN
from ..splines import evaluate as evaluate_spline
from .simplify import add, affine, apply, constant, multiply, variable
from .tree import Sum

SPLINE_PREFIX = "phi_"
_POINTS = 33
"""Points of a grid on which the middle of a curve is looked for."""


def read_off(network: KAN) -> tuple[Sum, ...]:
    """One tree for each output.

    A spline edge (l, i, j) that is left stands as the form `phi_l_i_j`: its curve less the middle of its range over the
    grid. How high a curve lies is no property of the function, as a bias or the next edge makes up for it; left in, it
    would turn into factors such as 1e-8 in front of an exponential.
    """
    scaling, arrays = network.scaling, network.arrays()
    nodes = [
        affine(1 / float(scale), variable(index), -float(center) / float(scale))
        for index, (center, scale) in enumerate(zip(scaling.input_center, scaling.input_scale, strict=True))
    ]
    for number, layer in enumerate(arrays.layers):
        nodes = _combine(_subnodes(number, layer, nodes), layer)
    return tuple(
        affine(float(scale), tree, float(center))
        for tree, center, scale in zip(nodes, scaling.output_center, scaling.output_scale, strict=True)
    )


def has_splines(network: KAN) -> bool:
    """Whether a spline edge is left."""
    return any(layer.has_splines for layer in network.arrays().layers)


def _subnodes(number: int, layer: LayerArrays, nodes: list[Sum]) -> list[Sum]:
    parts: list[list[Sum]] = [[constant(float(bias))] for bias in layer.bias]
    for edge in layer.forms:
        a, b, c, d = (float(value) for value in layer.affine[edge.source, edge.target])
        parts[edge.target].append(affine(c, apply(edge.form, affine(a, nodes[edge.source], b)), d))
    for i, j in np.argwhere(layer.splines):
        form, middle = _spline_form(number, int(i), int(j), layer)
        parts[j].append(affine(1.0, apply(form, nodes[i]), middle))
    return [add(part) for part in parts]


def _combine(subnodes: list[Sum], layer: LayerArrays) -> list[Sum]:
    nodes = subnodes[: layer.sums]
    start = layer.sums
    for arity in layer.products:
        nodes.append(multiply(subnodes[start : start + arity]))
        start += arity
    return nodes


def _spline_form(number: int, i: int, j: int, layer: LayerArrays) -> tuple[Form, float]:
    """The curve of an edge less its middle, and the middle."""
    name = f"{SPLINE_PREFIX}{number}_{i}_{j}"
    knots = torch.from_numpy(layer.knots[i : i + 1].copy())
    coefficients = torch.from_numpy(layer.coefficients[i : i + 1, :, j : j + 1].copy())
    weight = float(layer.base_scale[i, j])
    base = BASE_FUNCTIONS[layer.base]

    def spline(u: torch.Tensor) -> torch.Tensor:
        return evaluate_spline(u.reshape(-1, 1), knots, coefficients, layer.order)[:, 0, 0]

    def curve(u: np.ndarray) -> np.ndarray:
        return spline(torch.from_numpy(np.array(u))).numpy().reshape(np.shape(u)) + weight * base.numpy(u)

    seen = curve(np.linspace(layer.knots[i, layer.order], layer.knots[i, -layer.order - 1], _POINTS))
    middle = float(seen.min() + seen.max()) / 2

    def slope(u: np.ndarray) -> np.ndarray:
        at = torch.from_numpy(np.array(u)).requires_grad_(True)
        (gradient,) = torch.autograd.grad(spline(at).sum(), at)
        return gradient.numpy().reshape(np.shape(u)) + weight * base.derivative(u)

    form = Form(
        name=name,
        numpy=lambda u: curve(u) - middle,
        torch=lambda u: spline(u).reshape(u.shape) + weight * base.torch(u) - middle,
        derivative=slope,
        sympy=sympy.Function(name),
        text=name + "({})",
        complexity=layer.bases,
    )
    return form, middle

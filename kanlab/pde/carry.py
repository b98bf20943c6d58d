"""Value, gradient and second derivatives of a network, carried forward through the layers.

A jet of a node is its value y, its gradient g over the network's inputs and its second derivatives h over chosen
pairs (a, b) of inputs. With phi the edges of a layer,

    y_j     = bias_j + sum_i phi_ij(y_i)
    g_j,a   = sum_i phi'_ij g_i,a
    h_j,ab  = sum_i phi''_ij g_i,a g_i,b + phi'_ij h_i,ab .

A linear functional of the output jet, one for each row (the linearized residual of a differential equation), is
pulled back through the same formulas; each layer then gives the columns of its own parameters in closed form,
since a layer is linear in its coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array, IntArray
from ..kernels import Columns, LayerArrays, NetworkArrays
from ..kernels.spline_loops import edge_sums, edge_values
from .base import BASE_DERIVATIVES
from .jet import Jet, Pairs, squares
from .loops import bases_and_derivatives, mixed_columns
from .products import combine_jets, pull_through_products


@dataclass(frozen=True, eq=False)
class LayerJets:
    """What one layer saw.

    Attributes:
        inputs: jets that enter.
        span: interval of each input, [N, I].
        bases: local bases and derivatives, [4, N, I, k + 1].
        base: base function and derivatives, [4, N, I].
        slopes: derivatives 1, 2, 3 of every edge, [3, N, I, O].
        subnodes: jets at the subnodes.
        nodes: jets of the next nodes.
    """

    inputs: Jet
    span: IntArray
    bases: Array
    base: Array
    slopes: Array
    subnodes: Jet
    nodes: Jet


def trace_jets(start: Jet, network: NetworkArrays, pairs: Pairs) -> tuple[LayerJets, ...]:
    """All layers, first to last."""
    out: list[LayerJets] = []
    jet = start
    with np.errstate(all="ignore"):
        for layer in network.layers:
            out.append(_layer(jet, layer, pairs))
            jet = out[-1].nodes
    return tuple(out)


def _layer(jet: Jet, layer: LayerArrays, pairs: Pairs) -> LayerJets:
    x = np.ascontiguousarray(jet.value)
    rows = len(x)
    span = np.empty(x.shape, dtype=np.int64)
    bases = np.empty((4, *x.shape, layer.order + 1))
    bases_and_derivatives(x, layer.breaks, layer.pieces, span, bases)
    base = BASE_DERIVATIVES[layer.base](x)
    value = np.repeat(layer.bias[None, :], rows, axis=0)
    edge_sums(span, bases[0], base[0], layer.coefficients, layer.base_scale, value)
    slopes = np.zeros((3, rows, layer.inputs, layer.outputs))
    for order in range(3):
        edge_values(
            span, bases[order + 1], base[order + 1], layer.coefficients, layer.base_scale, slopes[order]
        )
    first, second = slopes[0].transpose(0, 2, 1), slopes[1].transpose(0, 2, 1)
    subnodes = Jet(
        value,
        first @ jet.gradient,
        second @ squares(jet.gradient, pairs) + first @ jet.second,
    )
    return LayerJets(jet, span, bases, base, slopes, subnodes, combine_jets(subnodes, layer, pairs))


def pull_back(
    seen: Sequence[LayerJets], network: NetworkArrays, columns: Columns, pairs: Pairs, functional: Jet
) -> Array:
    """Derivative of  functional . output jet  with respect to the free parameters, [N, P].

    Args:
        functional: one linear functional for each row: weights of value, gradient and second derivatives of
            every output.
    """
    out = np.zeros((len(functional.value), columns.count))
    pull = functional
    with np.errstate(all="ignore"):
        for own, layer, place in zip(
            reversed(seen), reversed(network.layers), reversed(columns.layers), strict=True
        ):
            pull = pull_through_products(own.subnodes, layer, pairs, pull)
            jet, (first, second, third) = own.inputs, own.slopes
            gradient, curvature = pull.gradient.transpose(0, 2, 1), pull.second.transpose(0, 2, 1)
            on_slope = jet.gradient @ gradient + jet.second @ curvature
            on_curve = squares(jet.gradient, pairs) @ curvature
            on_value = np.broadcast_to(pull.value[:, None, :], on_slope.shape)
            mixed_columns(
                own.span,
                own.bases,
                own.base,
                np.stack([on_value, on_slope, on_curve]),
                place.spline,
                layer.bases,
                out,
            )
            out[:, place.bias : place.bias + layer.outputs] = pull.value
            if own is not seen[0]:
                value = (first * on_value + second * on_slope + third * on_curve).sum(axis=2)
                bend = second @ pull.second
                back = first @ pull.gradient
                for p, (a, b) in enumerate(pairs):
                    back[:, :, a] += bend[:, :, p] * jet.gradient[:, :, b]
                    back[:, :, b] += bend[:, :, p] * jet.gradient[:, :, a]
                pull = Jet(value, back, first @ pull.second)
    return out

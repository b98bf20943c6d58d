"""What first-order optimizers see: value and gradient of loss plus penalties, on the flat vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from .._typing import Array
from ..kernels import Columns, NetworkArrays, trace_layers
from ..kernels.terms import Quadratics
from .equations import gradient_of
from .penalties import AnyPenalty, split_penalties
from .problem import Samples

Slope: TypeAlias = Callable[[Array], tuple[float, Array]]


def slope_of(
    network: NetworkArrays,
    samples: Samples,
    columns: Columns,
    penalties: Sequence[AnyPenalty],
    quadratic: Quadratics,
) -> Slope:
    """theta -> (F, dF / dtheta); penalties that are quadratics stay those given, the others are exact."""
    _, smooth = split_penalties(penalties)

    def slope(theta: Array) -> tuple[float, Array]:
        here = columns.unpack(theta, network)
        value, gradient = gradient_of(here, samples, columns)
        if quadratic.groups:
            value, gradient = value + quadratic.value(theta), gradient + 2 * quadratic.product(theta)
        if smooth:
            passes = trace_layers(samples.inputs, here)
            for penalty in smooth:
                near = penalty.tangent(here, passes, columns, curved=False)
                value, gradient = value + near.value, gradient + near.gradient
        return value, gradient

    return slope


def quadratic_of(
    network: NetworkArrays, samples: Samples, columns: Columns, penalties: Sequence[AnyPenalty]
) -> Quadratics:
    """The quadratics of those penalties that come as such, at this point."""
    bounded, _ = split_penalties(penalties)
    if not bounded:
        return Quadratics(())
    passes = trace_layers(samples.inputs, network)
    return Quadratics.of([block for one in bounded for block in one.blocks(network, passes, columns)])

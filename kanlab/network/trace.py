"""What every edge and node saw on given inputs."""

from __future__ import annotations

from dataclasses import dataclass

from .._typing import Array
from ..kernels import trace_layers
from ..kernels.passes import edge_outputs
from .network import KAN


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer, in the network's units.

    Attributes:
        inputs: values of the source nodes, [N, I].
        edges: value of every edge, [N, I, O].
        subnodes: sums at the subnodes, [N, O].
        nodes: values of the next nodes, [N, nodes].
    """

    inputs: Array
    edges: Array
    subnodes: Array
    nodes: Array


@dataclass(frozen=True, eq=False)
class Trace:
    """All layers, first to last."""

    layers: tuple[LayerTrace, ...]

    @property
    def outputs(self) -> Array:
        """Network outputs in the network's units, [N, outputs]."""
        return self.layers[-1].nodes


def trace(network: KAN, inputs: Array) -> Trace:
    """Run the network on inputs [N, inputs] (user's units) and keep what happened inside."""
    arrays = network.arrays()
    passes = trace_layers(network.scaling.scale_inputs(inputs), arrays)
    return Trace(
        tuple(
            LayerTrace(seen.inputs, edge_outputs(seen, layer), seen.subnodes, seen.nodes)
            for seen, layer in zip(passes, arrays.layers, strict=True)
        )
    )

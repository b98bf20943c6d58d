"""Names of edges and nodes, the same in Python, in messages and in the browser."""

from __future__ import annotations

from typing import NamedTuple


class EdgeId(NamedTuple):
    """The edge of layer `layer` from node `source` to subnode `target` of the next layer.

    The subnodes of a sum node are the node itself; a product node of arity r has r subnodes, one for each
    factor.
    """

    layer: int
    source: int
    target: int


class NodeId(NamedTuple):
    """Node `index` of node layer `layer`; layer 0 holds the inputs."""

    layer: int
    index: int  # pyright: ignore[reportIncompatibleMethodOverride]  tuple.index is not needed

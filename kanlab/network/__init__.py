"""The model as a value: specification, layers, network, trace, edits, storage."""

from __future__ import annotations

from .edit import lock_edge, refine, release_edge, remove_edges, remove_node, set_form
from .ids import EdgeId, NodeId
from .layer import KANLayer
from .network import KAN
from .pykan_checkpoint import from_pykan
from .scaling import Scaling
from .share import share_edges
from .spec import NetworkSpec, Width
from .store import from_record, to_record
from .trace import LayerTrace, Trace, trace

__all__ = [
    "KAN",
    "EdgeId",
    "KANLayer",
    "LayerTrace",
    "NetworkSpec",
    "NodeId",
    "Scaling",
    "Trace",
    "Width",
    "from_pykan",
    "from_record",
    "lock_edge",
    "refine",
    "release_edge",
    "remove_edges",
    "remove_node",
    "set_form",
    "share_edges",
    "to_record",
    "trace",
]

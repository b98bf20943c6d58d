"""What a solution consists of: a network, and the constants of the equation that are sought with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array
from ..kernels import Columns, NetworkArrays


@dataclass(frozen=True, eq=False)
class State:
    """A network and constants [K]; as one vector [P + K] the free parameters come first."""

    network: NetworkArrays
    constants: Array

    def pack(self, columns: Columns) -> Array:
        """All numbers that a step may change."""
        return np.concatenate([columns.pack(self.network), self.constants])

    def unpack(self, vector: Array, columns: Columns) -> State:
        """The state with these numbers."""
        network = columns.unpack(vector[: columns.count], self.network)
        return State(network, vector[columns.count :].copy())

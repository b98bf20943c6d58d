"""A network whose edges are (partly) symbolic, and what it costs to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..kernels import NetworkArrays
from ..network import KAN, EdgeId
from ..training import Rows
from .refit import checked_error, description_length

BEAM, CHOICES, PASSES = 3, 4, 2


@dataclass(frozen=True)
class AssignOptions:
    """How forms are assigned.

    Attributes:
        beam: how many assignments are kept alive.
        choices: how many forms are tried on an edge.
        forms: names or formulas in x to try besides the usual forms.
        passes: how often the edges are opened again in the end, at most; see `backtrack`.
        splines: whether an edge may stay a spline when every form makes the description clearly longer.
    """

    beam: int = BEAM
    choices: int = CHOICES
    forms: Sequence[str] = ()
    passes: int = PASSES
    splines: bool = False


@dataclass(frozen=True, eq=False)
class Assignment:
    """A network whose edges are (partly) symbolic.

    Attributes:
        score: description length; low is good.
        rmse: whole-network error on validation rows.
        kept: spline edges that stay so, because every form that was tried made the description clearly longer.
    """

    network: KAN
    score: float
    rmse: float
    kept: frozenset[EdgeId] = frozenset()

    @classmethod
    def of(cls, network: KAN, rows: Rows, kept: frozenset[EdgeId] = frozenset()) -> Assignment:
        """A network with its score and error on rows."""
        return cls(network, description_length(network, rows), checked_error(network, rows), kept)

    @property
    def complete(self) -> bool:
        """Whether no spline is left; else it is at most semi-symbolic."""
        return not any(layer.has_splines for layer in self.network.arrays().layers)


def spline_edges(arrays: NetworkArrays) -> list[EdgeId]:
    """Edges that are splines, not locked."""
    return [
        EdgeId(number, int(i), int(j))
        for number, layer in enumerate(arrays.layers)
        for i, j in np.argwhere(layer.splines & ~layer.locked)
    ]

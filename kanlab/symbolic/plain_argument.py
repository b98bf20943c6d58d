"""Forms of the user's own column: f(a x) in place of f(a x + b), where the rows do not ask for b."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..forms import Form
from ..kernels import Columns, LayerPass, NetworkArrays
from ..kernels.terms import Block
from ..network import KAN, EdgeId, set_form
from ..training import Rows
from .refit import refit

HOLD = 1e3
"""Weight of what keeps b in place while the rest is fitted, in units of the loss; more of it would damp all else."""


@dataclass(frozen=True)
class PlainArgument:
    """The penalty HOLD * (b - ratio * a)^2 of a form on an edge that leaves an input.

    The argument a u + b with u = (x - center) / scale is a multiple of x where b = a * center / scale.
    """

    edge: EdgeId
    ratio: float

    def blocks(
        self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns
    ) -> Sequence[Block]:
        del network, passes
        start = int(columns.layers[self.edge.layer].form[self.edge.source, self.edge.target])
        direction = np.array([-self.ratio, 1.0, 0.0])
        return [Block(start, HOLD * np.outer(direction, direction))] if start >= 0 else []


def with_plain_argument(network: KAN, edge: EdgeId, form: Form, rows: Rows, *, steps: int) -> KAN:
    """The network with c f(a x) on an edge that leaves an input and has the form f; what is free is fitted again."""
    scaling = network.scaling
    ratio = float(scaling.input_center[edge.source] / scaling.input_scale[edge.source])

    def placed(before: KAN) -> KAN:
        a, _, c, _ = (
            float(value) for value in before.arrays().layers[edge.layer].affine[edge.source, edge.target]
        )
        return set_form(before, edge, form, (a, ratio * a, c, 0.0))

    return placed(refit(placed(network), rows, steps=steps, penalties=(PlainArgument(edge, ratio),)))

"""Residual rows and their exact Jacobian.

The residual R is the user's function of value v, gradient g and second derivatives h of the network. Row by row,

    dR = (dR/dv) dv + (dR/dg) dg + (dR/dh) dh + (dR/dc) dc,

with c the constants that are sought: autograd gives the factors in front, and the pull through the layers what follows
the first three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import DataError
from ..kernels import Columns
from ..network import Scaling
from .carry import pull_back, trace_jets
from .domain import Points
from .fields import Fields, all_pairs
from .jet import Jet, Pairs, first_jet
from .problem import Residual
from .state import State

EQUATION = "equation"


@dataclass(frozen=True, eq=False)
class Term:
    """Weighted rows of one condition: sqrt(weights) * residual.

    Attributes:
        name: for the reader.
        residual: the user's function.
        points: in the user's units, with weights that sum to 1.
        weight: of the whole term.
        start: jets of the network's inputs at the points.
        scaling: of the network.
        pairs: second derivatives that the residual reads.
        constants: names of the constants that are sought.
    """

    name: str
    residual: Residual
    points: Points
    weight: float
    start: Jet
    scaling: Scaling
    pairs: Pairs
    constants: tuple[str, ...]

    @classmethod
    def of(
        cls,
        name: str,
        residual: Residual,
        points: Points,
        *,
        weight: float,
        scaling: Scaling,
        constants: Mapping[str, float] | None = None,
    ) -> Term:
        """Finds out which second derivatives are read, and whether the residual fits its points.

        Raises:
            DataError: the residual gives something else than one row for each point.
        """
        held = constants or {}
        pairs = _pairs_read(name, residual, points, len(scaling.output_scale), held)
        start = first_jet(scaling.scale_inputs(points.x), pairs, 1 / scaling.input_scale)
        return cls(name, residual, points, weight, start, scaling, pairs, tuple(held))

    @property
    def inside(self) -> bool:
        """Whether this is the equation itself."""
        return self.name == EQUATION

    def rows(self, state: State) -> Array:
        """Weighted residuals [E * N]."""
        jet = trace_jets(self.start, state.network, self.pairs)[-1].nodes
        _, found = self._residual(jet, state, track=False)
        return (found.detach().numpy().T * self._roots()).ravel()

    def rows_and_jacobian(self, state: State, columns: Columns) -> tuple[Array, Array]:
        """Weighted residuals [E * N] and their derivatives [E * N, P + K]."""
        seen = trace_jets(self.start, state.network, self.pairs)
        leaves, found = self._residual(seen[-1].nodes, state, track=True)
        parts: list[Array] = []
        for equation in range(found.shape[1]):
            functional, direct = self._functional(leaves, found[:, equation])
            slopes = pull_back(seen, state.network, columns, self.pairs, functional)
            parts.append(np.concatenate([slopes, direct], axis=1) * self._roots()[:, None])
        values = (found.detach().numpy().T * self._roots()).ravel()
        return values, parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _roots(self) -> Array:
        return np.sqrt(self.weight * self.points.weights)

    def _residual(self, jet: Jet, state: State, *, track: bool) -> tuple[_Leaves, Tensor]:
        constants = dict(zip(self.constants, state.constants.tolist(), strict=True))
        leaves = _Leaves.of(self.scaling, jet, self.pairs, constants, track=track)
        with torch.set_grad_enabled(track):
            found = self.residual(leaves.fields(self.points))
        return leaves, found if found.ndim == 2 else found[:, None]

    def _functional(self, leaves: _Leaves, found: Tensor) -> tuple[Jet, Array]:
        """dR/dv, dR/dg and dR/dh in the network's units, and dR/dc [N, K]."""
        tensors = [leaves.value, leaves.gradient, *leaves.second.values(), *leaves.constants.values()]
        grads: Sequence[Tensor | None] = [None] * len(tensors)
        if found.requires_grad:
            grads = torch.autograd.grad(found.sum(), tensors, retain_graph=True, allow_unused=True)
        value, gradient, *rest = [
            (torch.zeros_like(held) if grad is None else grad).numpy()
            for held, grad in zip(tensors, grads, strict=True)
        ]
        second, direct = rest[: len(self.pairs)], rest[len(self.pairs) :]
        scale = self.scaling.output_scale
        stacked = np.stack(second, axis=-1) if second else np.zeros((*value.shape, 0))
        jet = Jet(value * scale, gradient * scale[:, None], stacked * scale[:, None])
        return jet, np.stack(direct, axis=1) if direct else np.zeros((len(value), 0))


@dataclass(frozen=True, eq=False)
class _Leaves:
    """The tensors that a residual is differentiated by, in the user's units."""

    value: Tensor
    gradient: Tensor
    second: dict[tuple[int, int], Tensor]
    constants: dict[str, Tensor]

    @classmethod
    def of(
        cls, scaling: Scaling, jet: Jet, pairs: Pairs, constants: Mapping[str, float], *, track: bool
    ) -> _Leaves:
        def leaf(numbers: Array) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(numbers)).requires_grad_(track)

        scale = scaling.output_scale
        return cls(
            leaf(scaling.restore_outputs(jet.value)),
            leaf(jet.gradient * scale[:, None]),
            {pair: leaf(jet.second[:, :, p] * scale) for p, pair in enumerate(pairs)},
            {name: leaf(np.full(len(jet.value), value)) for name, value in constants.items()},
        )

    def fields(self, points: Points) -> Fields:
        return Fields(
            torch.from_numpy(points.x),
            torch.from_numpy(points.normal),
            self.value,
            self.gradient,
            self.second,
            self.constants,
        )


def _pairs_read(
    name: str, residual: Residual, points: Points, unknowns: int, constants: Mapping[str, float]
) -> Pairs:
    """The second derivatives that stand in the residual, found by differentiating it once."""
    rows, inputs = points.x.shape
    generator = np.random.default_rng(0)
    pairs = all_pairs(inputs)
    jet = Jet(
        generator.normal(size=(rows, unknowns)),
        generator.normal(size=(rows, unknowns, inputs)),
        generator.normal(size=(rows, unknowns, len(pairs))),
    )
    leaves = _Leaves.of(Scaling.identity(inputs, unknowns), jet, pairs, constants, track=True)
    found = residual(leaves.fields(points))
    _check_rows(name, found, rows)
    if not found.requires_grad:
        raise DataError(
            f"The residual of the {name} does not depend on the solution; write it with torch in the fields of u."
        )
    # torch's stub leaves out that an unused leaf gives None
    grads = cast(
        "tuple[Tensor | None, ...]",
        torch.autograd.grad(found.sum(), list(leaves.second.values()), allow_unused=True),
    )
    return tuple(pair for pair, grad in zip(pairs, grads, strict=True) if grad is not None)


def _check_rows(name: str, found: object, rows: int) -> None:
    if not isinstance(found, Tensor):
        raise DataError(
            f"The residual of the {name} gave {type(found).__name__}; it has to give a torch tensor with one row "
            "for each point."
        )
    if found.ndim not in {1, 2} or found.shape[0] != rows:
        raise DataError(
            f"The residual of the {name} gave shape {tuple(found.shape)} for {rows} points; it has to give shape "
            f"({rows},), or ({rows}, E) for E equations."
        )
    if found.dtype != torch.float64:
        raise DataError(
            f"The residual of the {name} gave {found.dtype}; it has to give float64, as the fields are."
        )


def stack_rows(terms: Sequence[Term], state: State, columns: Columns) -> tuple[list[Array], Array]:
    """Weighted residuals of every term, and one Jacobian [rows, P + K]."""
    parts = [term.rows_and_jacobian(state, columns) for term in terms]
    return [values for values, _ in parts], np.concatenate([slopes for _, slopes in parts])

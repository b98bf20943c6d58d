"""Any loss that a user writes in torch, as an objective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from .._typing import Array
from ..errors import ActionError
from .objectives import Local

Loss: TypeAlias = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class TorchLoss:
    """`loss(outputs [N, Q], targets [N, m]) -> [N]`, one number for each row, or one number for all.

    The function sees float64 tensors in the user's units. What it gives for rows is averaged (with the weights of the
    rows); one number is taken as it is. The pull is exact, by autograd. The curvature of a row is the second derivative
    of the loss by that row's outputs, with negative eigenvalues set to zero. Where that leaves out a direction in which
    the loss has a slope, because it is not convex or is straight there (an absolute value), the Gauss-Newton matrix of
    sqrt(l) is added, g g' / (2 l) for a row loss l > 0 with the slope g in these directions: for |r| it is half the
    weight of iteratively reweighted least squares.

    The curvature takes the rows to be independent of each other. When they are not, the pull is still exact and steps
    are still taken only when the loss falls.
    """

    function: Loss
    name: str = "custom"
    scaled: bool = False

    def encode(self, targets: Array, outputs: int) -> Array:
        del outputs
        return targets

    def value(self, outputs: Array, targets: Array, weights: Array | None) -> float:
        with torch.no_grad():
            total, _ = self._total(torch.from_numpy(np.ascontiguousarray(outputs)), targets, weights)
        return float(total)

    def pull(self, outputs: Array, targets: Array, weights: Array | None) -> tuple[float, Array]:
        leaf, total, _ = self._graph(outputs, targets, weights)
        return float(total.detach()), _derivative(total, leaf).numpy()

    def local(self, outputs: Array, targets: Array, weights: Array | None) -> Local:
        leaf, total, losses = self._graph(outputs, targets, weights)
        slope = _derivative(total, leaf, again=True)
        rows = [_derivative(slope[:, q].sum(), leaf, again=True).detach() for q in range(leaf.shape[1])]
        curvature = torch.stack(rows, dim=1).numpy()
        pull = slope.detach().numpy()
        return Local(float(total.detach()), pull, _root(curvature, pull, losses.detach().numpy()))

    def _graph(self, outputs: Array, targets: Array, weights: Array | None) -> tuple[Tensor, Tensor, Tensor]:
        leaf = torch.from_numpy(np.array(outputs, dtype=np.float64)).requires_grad_()
        with torch.enable_grad():
            total, losses = self._total(leaf, targets, weights)
        return leaf, total, losses

    def _total(self, outputs: Tensor, targets: Array, weights: Array | None) -> tuple[Tensor, Tensor]:
        """F, and the share of every row in it, [N]."""
        rows = len(targets)
        losses = self.function(outputs, torch.from_numpy(np.array(targets, dtype=np.float64)))
        if not isinstance(losses, Tensor) or losses.numel() not in {1, rows}:
            shown = tuple(losses.shape) if isinstance(losses, Tensor) else type(losses).__name__
            raise ActionError(
                f"The loss gave {shown} for {rows} rows; "
                "it must give a tensor with one number for each row, or one number."
            )
        if losses.numel() == 1 and rows > 1:
            if weights is not None:
                raise ActionError(
                    "The rows have weights and the loss gives one number for all rows; "
                    "let it give one number for each row."
                )
            total = losses.reshape(())
            return total, (total / rows).expand(rows)
        share = losses.reshape(rows) / rows
        share = share if weights is None else share * torch.from_numpy(weights)
        return share.sum(), share


def _derivative(of: Tensor, by: Tensor, *, again: bool = False) -> Tensor:
    """d of / d by; zero where the one does not depend on the other."""
    if not of.requires_grad:
        return torch.zeros_like(by)
    (slope,) = torch.autograd.grad(of, by, create_graph=again, retain_graph=again, materialize_grads=True)
    return slope if again else slope.detach()


def _root(curvature: Array, pull: Array, losses: Array) -> Array:
    """Roots [N, Q + 1, Q] of the curvatures [N, Q, Q] made positive semi-definite."""
    symmetric = 0.5 * (curvature + curvature.transpose(0, 2, 1))
    usable = np.isfinite(symmetric).all(axis=(1, 2), keepdims=True)
    values, vectors = np.linalg.eigh(np.where(usable, symmetric, 0.0))
    bent = np.sqrt(np.maximum(values, 0.0))[:, :, None] * vectors.transpose(0, 2, 1)
    flat = np.asarray(values <= 1e-12 * np.abs(values).max(axis=1, keepdims=True))
    along = np.einsum("nqk,nq->nk", vectors, pull) * flat
    left = np.einsum("nqk,nk->nq", vectors, along)
    # a row whose loss is not positive has no root
    size = np.where(losses > 0, 1 / np.sqrt(2 * np.where(losses > 0, losses, 1.0)), 0.0)
    return np.concatenate([bent, (size[:, None] * left)[:, None, :]], axis=1)

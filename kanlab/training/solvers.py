"""Linear systems of a second-order step: (C + diag(d)) p = -g, with C = J'HJ / 2 + M and g half the gradient.

| solver   | how                                                          | when                                     |
|----------|--------------------------------------------------------------|------------------------------------------|
| cholesky | C in full, accumulated over rows                             | the usual case                           |
| qr       | least squares |A p + t| with A'A = C, A't = g: the condition | rows and columns few, and Cholesky fails |
|          | of A, not its square (Golub 1965)                            | or has lost most digits                  |
| cg       | conjugate gradients on products with J and J', never C;      | C would be too large or too slow         |
|          | preconditioned by the diagonal (truncated Newton, Nash 2000) |                                          |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, solve_triangular

from .._typing import Array
from ..kernels.terms import Quadratics

LOST = 1e13
"""Squared ratio of pivots, after scaling the diagonal to one, from which Cholesky has lost most digits."""
CG_ITERATIONS, CG_TOLERANCE = 250, 1e-3


class System(Protocol):
    """A damped linear system at one point, solved for several dampings."""

    @property
    def gradient(self) -> Array:
        """g, [P]."""
        ...

    @property
    def diagonal(self) -> Array:
        """Diagonal of C, [P]."""
        ...

    def solve(self, damping: Array) -> Array | None:
        """p for the diagonal damping d [P]; None when it cannot be found."""
        ...


@dataclass(frozen=True, eq=False)
class Dense:
    """C in full.

    Attributes:
        stack: gives A and t with A'A = C and A't = g, when they are small enough for a QR; None otherwise.
        always_qr: leave out Cholesky.
    """

    matrix: Array
    gradient: Array
    stack: Callable[[], tuple[Array, Array]] | None = None
    always_qr: bool = False

    @property
    def diagonal(self) -> Array:
        return self.matrix.diagonal().copy()

    def solve(self, damping: Array) -> Array | None:
        if self.stack is not None and self.always_qr:
            return self._by_qr(damping)
        damped = self.matrix.copy()
        damped.flat[:: len(damped) + 1] += damping
        try:
            factor = cho_factor(damped, lower=True, overwrite_a=True, check_finite=False)
        except LinAlgError:
            return self._by_qr(damping)
        if self.stack is not None:
            pivots = np.diagonal(np.asarray(factor[0])) / np.sqrt(self.matrix.diagonal() + damping)
            if float(pivots.max() / pivots.min()) ** 2 > LOST:
                return self._by_qr(damping)
        return -cho_solve(factor, self.gradient, check_finite=False)

    def _by_qr(self, damping: Array) -> Array | None:
        if self.stack is None:
            return None
        rows, targets = self.stack()
        stacked = np.concatenate([rows, np.diag(np.sqrt(damping))])
        basis, triangle = np.linalg.qr(stacked)
        if not triangle.diagonal().all():
            return None
        along = basis[: len(rows)].T @ targets
        return -np.asarray(solve_triangular(triangle, along, check_finite=False))


@dataclass(frozen=True, eq=False)
class MatrixFree:
    """C by products.

    Attributes:
        product: v -> J'HJ v / 2.
        own: diagonal of J'HJ / 2.
        penalties, extra: M by blocks, and a further diagonal.
    """

    product: Callable[[Array], Array]
    own: Array
    gradient: Array
    penalties: Quadratics
    extra: Array | None = None

    @property
    def diagonal(self) -> Array:
        total = self.own + self.penalties.diagonal(len(self.own))
        return total if self.extra is None else total + self.extra

    def solve(self, damping: Array) -> Array | None:
        weight = damping if self.extra is None else damping + self.extra

        def times(v: Array) -> Array:
            return self.product(v) + self.penalties.product(v) + weight * v

        inverse = 1 / np.maximum(self.diagonal + damping, 1e-300)
        return conjugate_gradients(times, -self.gradient, inverse)


def conjugate_gradients(times: Callable[[Array], Array], right: Array, inverse: Array) -> Array | None:
    """x with A x = right for a positive definite A, given by products and the inverse of its diagonal.

    Ends at CG_TOLERANCE of the residual in the preconditioned norm, after CG_ITERATIONS, or where rounding makes A
    indefinite; what was reached is a direction of descent in any case. None when not even one step was possible.
    """
    x = np.zeros_like(right)
    residual = right.copy()
    scaled = inverse * residual
    direction = scaled
    norm = float(residual @ scaled)
    goal = CG_TOLERANCE**2 * norm
    if not (np.isfinite(norm) and norm > 0):
        return None
    taken = False
    for _ in range(CG_ITERATIONS):
        image = times(direction)
        bend = float(direction @ image)
        if not (np.isfinite(bend) and bend > 0):
            break
        length = norm / bend
        x, residual, taken = x + length * direction, residual - length * image, True
        scaled = inverse * residual
        fresh = float(residual @ scaled)
        if fresh <= goal:
            break
        direction = scaled + (fresh / norm) * direction
        norm = fresh
    return x if taken else None

"""Terms in the flat vector of free parameters, as penalties give them to optimizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Array, IntArray


@dataclass(frozen=True, eq=False)
class Block:
    """The term  v' M v  of the parameters v = theta[start : start + len(M)]."""

    start: int
    matrix: Array


@dataclass(frozen=True, eq=False)
class Tangent:
    """A smooth term at a point.

    Attributes:
        value: what it is there.
        gradient: its derivative [P].
        blocks: half of a positive semi-definite curvature, by blocks; none when only the slope was asked for.
        diagonal: half of a curvature that has only a diagonal, [P], or None.
    """

    value: float
    gradient: Array
    blocks: tuple[Block, ...] = ()
    diagonal: Array | None = None


@dataclass(frozen=True, eq=False)
class Quadratics:
    """A sum of blocks, with those of one size stacked: theta'M theta and M theta without the matrix.

    Attributes:
        groups: for every size m, places [B, m] in theta and matrices [B, m, m].
    """

    groups: tuple[tuple[IntArray, Array], ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Quadratics:
        sizes = sorted({len(block.matrix) for block in blocks})
        groups: list[tuple[IntArray, Array]] = []
        for size in sizes:
            alike = [block for block in blocks if len(block.matrix) == size]
            starts = np.array([block.start for block in alike], dtype=np.int64)
            groups.append((starts[:, None] + np.arange(size), np.stack([block.matrix for block in alike])))
        return cls(tuple(groups))

    def value(self, theta: Array) -> float:
        """theta' M theta."""
        total = 0.0
        for places, matrices in self.groups:
            part = theta[places]
            total += float((np.matmul(matrices, part[:, :, None])[:, :, 0] * part).sum())
        return total

    def product(self, theta: Array) -> Array:
        """M theta, [P]; blocks may overlap."""
        out = np.zeros_like(theta)
        for places, matrices in self.groups:
            np.add.at(out, places, np.matmul(matrices, theta[places][:, :, None])[:, :, 0])
        return out

    def diagonal(self, count: int) -> Array:
        """Diagonal of M, [P]."""
        out = np.zeros(count)
        for places, matrices in self.groups:
            np.add.at(out, places, np.einsum("bii->bi", matrices))
        return out

    def add_to(self, matrix: Array) -> None:
        """Add M to a full matrix, in place."""
        for places, matrices in self.groups:
            for place, block in zip(places, matrices, strict=True):
                own = slice(int(place[0]), int(place[-1]) + 1)
                matrix[own, own] += block

    def rows(self, count: int) -> Array:
        """A [., P] with A'A = M: eigenvectors of every block times the roots of their eigenvalues."""
        out: list[Array] = [np.zeros((0, count))]
        for places, matrices in self.groups:
            values, vectors = np.linalg.eigh(matrices)
            roots = np.sqrt(np.maximum(values, 0.0))[:, :, None] * vectors.transpose(0, 2, 1)
            full = np.zeros((len(places), places.shape[1], count))
            for block, place, root in zip(full, places, roots, strict=True):
                block[:, place] = root
            out.append(full.reshape(-1, count))
        return np.concatenate(out)

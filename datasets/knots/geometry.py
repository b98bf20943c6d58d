"""Hyperbolic three-space as it is tiled by the ideal tetrahedra of a triangulated knot complement.

Points are vectors (t, x, y, z) of Minkowski space with <v, v> = -t^2 + x^2 + y^2 + z^2 = -1, ideal points light-like
vectors; a matrix A of SL(2, C) moves the Hermitian matrix of a vector to A P A*. Every tetrahedron stands in a standard
place, with vertices at infinity, 0, 1 and its shape z.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

METRIC = np.array([-1.0, 1.0, 1.0, 1.0])
PAULI = np.array([[[1, 0], [0, 1]], [[1, 0], [0, -1]], [[0, 1], [1, 0]], [[0, 1j], [-1j, 0]]])


@dataclass(frozen=True)
class Tiling:
    """The tetrahedra of a complement with one cusp.

    Attributes:
        neighbors: number of the tetrahedron beyond each face [n, 4].
        gluings: which vertex of it each vertex goes to, by face [n, 4, 4].
        places: the matrix that brings the neighbor from its standard place to the one beyond the face [n, 4, 2, 2].
        centers: a point inside each tetrahedron that depends on nothing but the cusp [n, 4].
        spine: cosh^2 of the largest distance from the center to the part of the dual spine inside [n].
        normals: outward unit normals of the faces [n, 4, 4].
    """

    neighbors: np.ndarray
    gluings: np.ndarray
    places: np.ndarray
    centers: np.ndarray
    spine: np.ndarray
    normals: np.ndarray

    @property
    def count(self) -> int:
        return len(self.neighbors)


def tiling(manifold: Any) -> Tiling:
    """The tiling of a SnapPy manifold whose tetrahedra are all positively oriented. Raises ValueError."""
    neighbors, gluings = read_gluings(manifold)
    shapes = np.array([complex(shape) for shape in manifold.tetrahedra_shapes("rect")])
    if shapes.imag.min() <= 1e-9:
        raise ValueError("a tetrahedron is flat or turned over")
    corners = np.zeros((len(shapes), 4, 2), complex)
    corners[:, 0], corners[:, 1], corners[:, 2], corners[:, 3, 1] = (1, 0), (0, 1), (1, 1), 1
    corners[:, 3, 0] = shapes
    scales = horoball_scales(corners, neighbors, gluings)
    vertices = vector(corners[..., :, None] * corners[..., None, :].conj()) * scales[..., None]
    centers = normalized(vertices.sum(1))
    return Tiling(
        neighbors,
        gluings,
        _places(corners, neighbors, gluings),
        centers,
        _spine(vertices, centers),
        _normals(vertices),
    )


def read_gluings(manifold: Any) -> tuple[np.ndarray, np.ndarray]:
    """Neighbors [n, 4] and gluings [n, 4, 4] from SnapPea's own text of a triangulation."""
    lines = manifold._to_string().split("\n")  # noqa: SLF001  there is no public way to them
    cusps = [number for number, line in enumerate(lines) if line.strip().startswith(("torus", "Klein"))]
    words = " ".join(lines[cusps[-1] + 1 :]).split()
    # Of each tetrahedron: 4 neighbors, 4 gluings, 4 cusps, 4 x 16 numbers of its peripheral curves, its shape.
    blocks = np.array(words[1 : 1 + 78 * int(words[0])]).reshape(-1, 78)
    gluings = [[[int(digit) for digit in word] for word in block[4:8]] for block in blocks]
    return blocks[:, :4].astype(int), np.array(gluings)


def horoball_scales(corners: np.ndarray, neighbors: np.ndarray, gluings: np.ndarray) -> np.ndarray:
    """Factors of the light-like vectors [n, 4] that belong to one horoball each, all of the same cusp."""
    first, second = corners[:, :, None, :], corners[:, None, :, :]
    between = np.abs(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0])

    def segment(tetrahedron: int, vertex: int, face: int) -> float:
        """Length of the piece of horocycle that the face cuts out."""
        one, other = (number for number in range(4) if number not in (vertex, face))
        here = between[tetrahedron]
        return here[one, other] / (here[vertex, one] * here[vertex, other])

    scales = np.full(neighbors.shape, np.nan)
    scales[0, 0] = 1.0
    stack = [(0, 0)]
    while stack:
        here, vertex = stack.pop()
        for face in range(4):
            if face == vertex:
                continue
            there, gluing = neighbors[here, face], gluings[here, face]
            if np.isnan(scales[there, gluing[vertex]]):
                ratio = segment(there, gluing[vertex], gluing[face]) / segment(here, vertex, face)
                scales[there, gluing[vertex]] = scales[here, vertex] * ratio
                stack.append((there, gluing[vertex]))
    if np.isnan(scales).any():
        raise ValueError("there is more than one cusp")
    return scales


def vector(hermitian: np.ndarray) -> np.ndarray:
    """The vector [..., 4] of a Hermitian matrix [..., 2, 2]."""
    upper, lower, side = hermitian[..., 0, 0].real, hermitian[..., 1, 1].real, hermitian[..., 0, 1]
    return np.stack([(upper + lower) / 2, (upper - lower) / 2, side.real, side.imag], -1)


def hermitian(vectors: np.ndarray) -> np.ndarray:
    """The Hermitian matrix [..., 2, 2] of a vector [..., 4]."""
    return np.einsum("...i,ijk->...jk", vectors, PAULI)


def lorentz(matrices: np.ndarray) -> np.ndarray:
    """What matrices [..., 2, 2] of SL(2, C) do to vectors, as matrices [..., 4, 4]."""
    adjoint = np.conj(np.swapaxes(matrices, -1, -2))
    return np.stack([vector(matrices @ base @ adjoint) for base in PAULI], -1)


def product(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """<first, second> of Minkowski space over the last axis."""
    return (first * second * METRIC).sum(-1)


def normalized(vectors: np.ndarray) -> np.ndarray:
    """The points of hyperbolic space on the rays through time-like vectors."""
    return vectors / np.sqrt(-product(vectors, vectors))[..., None]


def _places(corners: np.ndarray, neighbors: np.ndarray, gluings: np.ndarray) -> np.ndarray:
    places = np.zeros((*neighbors.shape, 2, 2), complex)
    for here, face in np.ndindex(*neighbors.shape):
        shared = [vertex for vertex in range(4) if vertex != face]
        there = corners[neighbors[here, face], gluings[here, face][shared]]
        matrix = _frame(*corners[here, shared]) @ np.linalg.inv(_frame(*there))
        places[here, face] = matrix / np.sqrt(np.linalg.det(matrix))
    return places


def _frame(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    """The matrix that carries infinity, 0 and 1 to three points of the projective line."""
    weights = np.linalg.solve(np.stack([first, second], 1), third)
    return np.stack([weights[0] * first, weights[1] * second], 1)


def _spine(vertices: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """The farthest points are the centers of faces (three vertices) and of edges (two)."""
    parts = [list(part) for size in (2, 3) for part in itertools.combinations(range(4), size)]
    far = [-product(centers, normalized(vertices[:, part].sum(1))) for part in parts]
    return np.max(far, axis=0) ** 2


def _normals(vertices: np.ndarray) -> np.ndarray:
    normals = np.zeros((*vertices.shape[:2], 4))
    for face in range(4):
        others = [vertex for vertex in range(4) if vertex != face]
        rows = vertices[:, others] * METRIC
        minors = [(-1) ** axis * np.linalg.det(np.delete(rows, axis, axis=2)) for axis in range(4)]
        normal = np.stack(minors, -1)
        normal /= np.sqrt(product(normal, normal))[:, None]
        normals[:, face] = normal * -np.sign(product(normal, vertices[:, face]))[:, None]
    return normals

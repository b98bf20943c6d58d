"""Degrees of the twisted torsion polynomials of a knot complement: Dunfield, Friedl and Jackson, arXiv:1108.3045.

The polynomial of the holonomy in SL(2, C), and that of its adjoint in SL(3, C), is a determinant of Fox derivatives
over a denominator. Here the relations are those of the complex dual to the triangulation (tetrahedra, faces, edges),
the matrices are taken in frames of their own at the tetrahedra, where they are small, the determinant is computed at
roots of unity, and the width of its Fourier transform is the degree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from geometry import Tiling, hermitian

POINTS = 64
"""Roots of unity; more than the largest degree."""

CLEAR = 30.0
"""The smallest coefficient stands out of the rounding errors by this factor, or the degree is not known."""

Step = tuple[int, int, int]
"""A face is crossed: tetrahedron, face, and the generator of the group with its sign, or 0 on the tree."""


@dataclass(frozen=True)
class Presentation:
    """Generators are faces [m] as (tetrahedron, face), relations are walks around edges; `tree` leads to the root."""

    generators: list[tuple[int, int]]
    relations: list[list[Step]]
    tree: dict[int, tuple[int, int] | None]


def torsion_degrees(tiles: Tiling) -> tuple[int | None, int | None]:
    """The degrees in SL(2, C) and of the adjoint, None where rounding hides one. Raises ValueError."""
    group = presentation(tiles)
    matrices = lifted(local_frames(tiles), tiles, group)
    powers = abelianization(group)
    loops = [_loop(matrices, tiles, group, number) for number in range(len(group.generators))]
    # One generator is left out: of those that are not 1 in homology one with a small matrix.
    left_out = min(np.flatnonzero(powers), key=lambda one: (abs(powers[one]), abs(np.trace(loops[one]))))
    trace = np.trace(loops[left_out])
    roots = np.exp(2j * np.pi * (np.arange(POINTS) + 0.5) / POINTS)
    power = roots ** powers[left_out]
    plain = power**2 - trace * power + 1
    adjoint = (power - 1) * (power**2 - (trace**2 - 2) * power + 1)
    return (
        _width(_determinant(matrices, group, powers, left_out, roots), plain),
        _width(_determinant(_adjoints(matrices), group, powers, left_out, roots), adjoint),
    )


def local_frames(tiles: Tiling) -> np.ndarray:
    """`places` [n, 4, 2, 2] between frames in which each tetrahedron has its center in the middle of space."""
    frames = np.linalg.cholesky(hermitian(tiles.centers))
    return np.linalg.inv(frames)[:, None] @ tiles.places @ frames[tiles.neighbors]


def presentation(tiles: Tiling) -> Presentation:
    """The fundamental group on the faces that a tree through all tetrahedra does not cross."""
    tree: dict[int, tuple[int, int] | None] = {0: None}
    crossed: set[tuple[int, int]] = set()
    queue = [0]
    for here in queue:
        for face in range(4):
            there = int(tiles.neighbors[here, face])
            if there not in tree:
                tree[there] = (here, face)
                queue.append(there)
                crossed |= {(here, face), (there, int(tiles.gluings[here, face, face]))}
    generators: list[tuple[int, int]] = []
    signs: dict[tuple[int, int], int] = {}
    for here, face in np.ndindex(*tiles.neighbors.shape):
        if (here, face) not in signs and (here, face) not in crossed:
            generators.append((here, face))
            signs[here, face] = len(generators)
            signs[_other_side(tiles, here, face)] = -len(generators)
    return Presentation(generators, list(_relations(tiles, signs)), tree)


def _relations(tiles: Tiling, signs: dict[tuple[int, int], int]) -> Iterator[list[Step]]:
    """A walk through the tetrahedra around each edge."""
    done: set[tuple[int, int, int]] = set()
    for start, one, other in np.ndindex(tiles.count, 4, 4):
        if one <= other or (start, one, other) in done:
            continue
        first, second = (face for face in range(4) if face not in (one, other))
        walk: list[Step] = []
        here, ends, through, behind = start, (one, other), first, second
        while not walk or (here, ends, through) != (start, (one, other), first):
            done |= {(here, *ends), (here, *ends[::-1])}
            walk.append((here, through, signs.get((here, through), 0)))
            gluing = [int(vertex) for vertex in tiles.gluings[here, through]]
            here, ends = int(tiles.neighbors[here, through]), (gluing[ends[0]], gluing[ends[1]])
            through, behind = gluing[behind], gluing[through]
        yield walk


def abelianization(group: Presentation) -> np.ndarray:
    """The whole number [m] that each generator is in the homology of a knot complement, which is that of a circle."""
    counts = _counts(group)
    _, values, right = np.linalg.svd(counts.astype(float))
    if (values < 1e-6).sum() + max(0, counts.shape[1] - len(values)) != 1:
        raise ValueError("the homology is not that of a circle")
    direction = right[-1] / np.abs(right[-1][np.abs(right[-1]) > 1e-6]).min()
    factor = next(
        (q for q in range(1, 60) if np.abs(q * direction - np.rint(q * direction)).max() < 1e-5), 60
    )
    powers = np.rint(direction * factor).astype(int)
    powers //= np.gcd.reduce(powers)
    if (counts @ powers).any():
        raise ValueError("the homology came out wrong")
    return powers


def lifted(matrices: np.ndarray, tiles: Tiling, group: Presentation) -> np.ndarray:
    """The matrices with signs such that all relations are +1 and both sides of a face are inverse to each other."""
    matrices = matrices.copy()
    for here, face in np.ndindex(*tiles.neighbors.shape):
        other = _other_side(tiles, here, face)
        if (here, face) < other:
            matrices[other] = np.linalg.inv(matrices[here, face])
    signs: list[int] = []
    for walk in group.relations:
        around = np.eye(2, dtype=complex)
        for here, face, _ in walk:
            around = around @ matrices[here, face]
        sign = np.sign(around[0, 0].real)
        if np.abs(around - sign * np.eye(2)).max() > 1e-6:
            raise ValueError("a relation does not close")
        signs.append(int(sign < 0))
    turned = solve_mod_2(np.abs(_counts(group)) % 2, np.array(signs))
    for here, face in (one for one, turn in zip(group.generators, turned, strict=True) if turn):
        matrices[here, face] *= -1
        matrices[_other_side(tiles, here, face)] *= -1
    return matrices


def solve_mod_2(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A solution x of matrix x = right modulo 2. Raises ValueError when there is none."""
    rows = np.concatenate([matrix, right[:, None]], 1).astype(np.uint8)
    pivots: list[int] = []
    for column in range(matrix.shape[1]):
        below = np.flatnonzero(rows[len(pivots) :, column])
        if not below.size:
            continue
        row, pivot = len(pivots), len(pivots) + below[0]
        rows[[row, pivot]] = rows[[pivot, row]]
        others = np.flatnonzero(rows[:, column])
        rows[others[others != row]] ^= rows[row]
        pivots.append(column)
    if rows[len(pivots) :, -1].any():
        raise ValueError("the holonomy does not lift")
    solution = np.zeros(matrix.shape[1], int)
    solution[pivots] = rows[: len(pivots), -1]
    return solution


def _counts(group: Presentation) -> np.ndarray:
    """How often each generator occurs in each relation [relations, m], with signs."""
    counts = np.zeros((len(group.relations), len(group.generators)), int)
    for row, walk in zip(counts, group.relations, strict=True):
        for *_, generator in walk:
            if generator:
                row[abs(generator) - 1] += np.sign(generator)
    return counts


def _other_side(tiles: Tiling, here: int, face: int) -> tuple[int, int]:
    return int(tiles.neighbors[here, face]), int(tiles.gluings[here, face, face])


def _loop(matrices: np.ndarray, tiles: Tiling, group: Presentation, generator: int) -> np.ndarray:
    """The matrix of a generator, as a loop from the root of the tree."""

    def path(end: int) -> np.ndarray:
        matrix = np.eye(2, dtype=complex)
        while (step := group.tree[end]) is not None:
            matrix = matrices[step] @ matrix
            end = step[0]
        return matrix

    here, face = group.generators[generator]
    return path(here) @ matrices[here, face] @ np.linalg.inv(path(int(tiles.neighbors[here, face])))


def _adjoints(matrices: np.ndarray) -> np.ndarray:
    """The adjoint [..., 3, 3] of matrices [..., 2, 2]."""
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    rows = [[a * a, -2 * a * b, -b * b], [-a * c, a * d + b * c, b * d], [-c * c, 2 * c * d, d * d]]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def _determinant(
    matrices: np.ndarray, group: Presentation, powers: np.ndarray, left_out: int, roots: np.ndarray
) -> np.ndarray:
    """Determinant of the Fox derivatives at the roots of unity, up to a common factor."""
    size = matrices.shape[-1]
    jacobian = np.zeros((len(roots), len(group.relations), size, len(group.generators), size), complex)
    for row, walk in enumerate(group.relations):
        matrix, exponent = np.eye(size, dtype=complex), 0
        for here, face, generator in walk:
            term = matrix
            matrix = matrix @ matrices[here, face]
            if generator > 0:
                jacobian[:, row, :, generator - 1] += term * (roots**exponent)[:, None, None]
                exponent += powers[generator - 1]
            elif generator < 0:
                exponent -= powers[-generator - 1]
                jacobian[:, row, :, -generator - 1] -= matrix * (roots**exponent)[:, None, None]
    square = np.delete(jacobian, left_out, axis=3).reshape(len(roots), len(group.relations) * size, -1)
    sign, logarithm = np.linalg.slogdet(square)
    return sign * np.exp(logarithm - logarithm.max())


def _width(numerator: np.ndarray, denominator: np.ndarray) -> int | None:
    """Degree of the polynomial with these values at the roots: all coefficients but the longest run of zeros."""
    coefficients = np.abs(np.fft.fft(numerator / denominator))
    coefficients /= coefficients.max()
    there = coefficients > 100 * max(np.quantile(coefficients, 0.25), 1e-16)
    if coefficients[there].min() < CLEAR * max(coefficients[~there].max(), 1e-18):
        return None
    # The exponents are known up to a common shift, so the run may go round the end.
    places = np.flatnonzero(np.concatenate([there, there]))
    return POINTS - int(np.diff(places).max())

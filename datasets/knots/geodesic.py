"""The shortest closed geodesic of a knot complement, by enumeration.

Every closed geodesic meets the dual spine of the triangulation. So one of the motions g that belong to it moves the
center c of some tetrahedron by at most arccosh(cosh^2 r cosh l + sinh^2 r), where l is its length and r the distance of
the spine from c. All g below that bound are met by laying tetrahedra side by side around each center: up to rounding no
shorter geodesic is missed.
"""

from __future__ import annotations

import numpy as np
from geometry import Tiling, lorentz
from numba import njit

LENGTHS = (1.0, 1.6, 2.2, 3.2)
"""Bounds that are tried one after the other; most knots have a geodesic shorter than the first."""

MOST_TILES = 5_000_000
MOST_WAITING = 100_000
MOST_FOUND = 4000
CELL = 1 / 2000
"""Two copies of a center nearer than this are one."""


def shortest(tiles: Tiling) -> tuple[float, float, int]:
    """Length, angle in (-pi, pi] and how many angles there are at that length.

    Of several angles it is the smallest in size, and of these the positive one. Raises ValueError.
    """
    entered = np.take_along_axis(tiles.gluings, np.arange(4)[None, :, None], axis=2)[:, :, 0]
    tables = (tiles.neighbors, entered, tiles.centers, tiles.normals)
    back = np.linalg.inv(tiles.places)
    for bound in LENGTHS:
        traces = np.zeros(MOST_FOUND, complex)
        found = _traces(*tables, lorentz(back), tiles.places, tiles.spine, bound, traces)
        if found < 0:
            raise ValueError("too many tetrahedra are needed")
        if found:
            return _first(traces[:found])
    raise ValueError(f"no geodesic is shorter than {LENGTHS[-1]}")


def _first(traces: np.ndarray) -> tuple[float, float, int]:
    lengths = 2 * np.arccosh(traces / 2)
    lengths = np.where(lengths.real < 0, -lengths, lengths)
    least = lengths.real.min()
    angles = lengths.imag[lengths.real < least + 1e-7]
    angles = np.mod(angles + np.pi, 2 * np.pi) - np.pi
    known = sorted({(round(abs(angle), 6), -np.sign(round(angle, 6)), angle) for angle in angles})
    return float(least), float(known[0][2]), len({round(angle, 6) for *_, angle in known})


@njit
def _key(point: np.ndarray, tile: int) -> int:
    key = np.int64(tile)
    for axis in range(1, 4):
        # An odd offset, so that points on planes of symmetry do not fall on the edge of a cell.
        cell = np.int64(np.rint(point[axis] / CELL + 0.31830988))
        key = (key ^ cell) * np.int64(1099511628211)
        key ^= (key >> 29) & np.int64(0x7FFFFFFFF)
    return key


@njit
def _traces(neighbors, entered, centers, normals, moves, places, spine, bound, traces):  # noqa: PLR0913, PLR0917
    """Traces of motions with a length up to `bound`, which shrinks to the shortest one met; how many, or -1."""
    found = tiles = 0
    cut = np.cosh(bound) * (1 + 1e-9)
    # A tile is where the center lies as seen from it, the motion to it, its number, and the face it was entered by.
    points, motions = np.empty((MOST_WAITING, 4)), np.empty((MOST_WAITING, 2, 2), np.complex128)
    tile = np.empty((MOST_WAITING, 2), np.int64)
    point, motion = np.empty(4), np.empty((2, 2), np.complex128)
    for start in range(len(neighbors)):
        seen = {_key(centers[start], start)}
        points[0], motions[0] = centers[start], np.eye(2)
        tile[0] = start, -1
        waiting = 1
        while waiting:
            waiting -= 1
            tiles += 1
            if tiles > MOST_TILES or waiting + 4 > MOST_WAITING:
                return -1
            point[:], motion[:] = points[waiting], motions[waiting]
            here, door = tile[waiting]
            reach = spine[start] * cut + spine[start] - 1
            reach = np.sqrt(reach * reach - 1) + 1e-9
            for face in range(4):
                # Only away from the center, and only where the plane of the face meets the ball around it.
                side = _product(point, normals[here, face])
                if face == door or side > 1e-6 or -side > reach:
                    continue
                there = neighbors[here, face]
                for row in range(4):
                    points[waiting, row] = np.sum(moves[here, face, row] * point)
                key = _key(points[waiting], there)
                if key in seen:
                    continue
                seen.add(key)
                _multiply(motion, places[here, face], motions[waiting])
                if there == start:
                    trace = motions[waiting, 0, 0] + motions[waiting, 1, 1]
                    size = (abs(trace) ** 2 + abs(trace * trace - 4.0)) / 4
                    if 1 + 1e-7 < size <= cut and found < len(traces):
                        traces[found] = trace
                        found += 1
                        cut = min(cut, size * (1 + 1e-6))
                tile[waiting] = there, entered[here, face]
                waiting += 1
    return found


@njit
def _product(first: np.ndarray, second: np.ndarray) -> float:
    space = first[1] * second[1] + first[2] * second[2] + first[3] * second[3]
    return space - first[0] * second[0]


@njit
def _multiply(first: np.ndarray, second: np.ndarray, result: np.ndarray) -> None:
    for row in range(2):
        for column in range(2):
            result[row, column] = first[row, 0] * second[0, column] + first[row, 1] * second[1, column]

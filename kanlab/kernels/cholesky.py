"""Damped linear systems of many members, factorized tile by tile.

LAPACK spends most of its time on a matrix of a hundred columns outside of its inner loop; here the inner loop is the
same as that of `batch_products`, on eight by eight numbers at a time.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

import numpy as np

from .._typing import Array, IntArray
from .batch_products import EIGHT, OCTET
from .blocks import Tag, compiled
from .layer_loops import entry
from .tiles import LANES, padded
from .vector_rows import add_multiples, load_rows, store_rows
from .vector_sums import total
from .vectors import fma, fma_scalar, load, scale, store, subtract, zeros


def damped_solutions(matrix: Array, gradient: Array, damping: Array, which: IntArray) -> Array:
    """The p of (M + diag(damping)) p = -g for some members, [W, P]; not finite where that is not positive definite.

    Args:
        matrix: symmetric, [A, P, P]; only the lower triangles are read.
        gradient: [A, P].
        damping: [W, P].
        which: members, [W].
    """
    out = np.empty((len(which), gradient.shape[1]))
    _solve(matrix, gradient, damping, which, padded(gradient.shape[1]), out, OCTET, EIGHT)
    return out


@entry
def _solve(  # noqa: PLR0913, PLR0917  compiled loops take arrays, not records
    matrix: Array,
    gradient: Array,
    damping: Array,
    which: IntArray,
    size: int,
    out: Array,
    octet: Tag,
    eight: Tag,
) -> None:
    count = gradient.shape[1]
    upper = np.zeros(size * size)
    inverse, right = np.empty(size), np.empty(size)
    # the second half stays zero, to begin sums with
    scratch = np.zeros(2 * LANES * LANES)
    for w in range(len(which)):
        a = which[w]
        for c in range(count):
            for k in range(c):
                upper[k * size + c] = matrix[a, c, k]
            upper[c * size + c] = matrix[a, c, c] + damping[w, c]
            right[c] = -gradient[a, c]
        for c in range(count, size):
            for k in range(c):
                upper[k * size + c] = 0.0
            upper[c * size + c] = 1.0
            right[c] = 0.0
        if _factorize(upper, size, inverse, scratch, octet, eight):
            _substitute(upper, size, inverse, right, octet)
            out[w] = right[:count]
        else:
            out[w] = np.nan


@compiled
def _factorize(upper: Array, size: int, inverse: Array, scratch: Array, octet: Tag, eight: Tag) -> bool:
    """U with U'U = A in place of the upper triangle of A, and the inverses of its diagonal; False if there is none."""
    for k in range(0, size, LANES):
        for c in range(k, size, LANES):
            sums = load_rows(scratch, LANES * LANES, octet, eight)
            for n in range(k):
                sums = add_multiples(sums, upper, n * size + k, load(upper, n * size + c, octet))
            store_rows(scratch, 0, sums)
            for r in range(LANES):
                place = (k + r) * size + c
                row = subtract(load(upper, place, octet), load(scratch, r * LANES, octet))
                if c > k:
                    for s in range(r):
                        row = fma_scalar(
                            -upper[(k + s) * size + k + r], load(upper, (k + s) * size + c, octet), row
                        )
                    row = scale(inverse[k + r], row)
                store(upper, place, row)
            if c == k and not _factorize_corner(upper, size, k, inverse):
                return False
    return True


@compiled
def _factorize_corner(upper: Array, size: int, first: int, inverse: Array) -> bool:
    """The same for LANES rows and columns, by themselves."""
    for k in range(first, first + LANES):
        pivot = upper[k * size + k]
        # NaN is no pivot either
        if not 0.0 < pivot < np.inf:
            return False
        pivot = np.sqrt(pivot)
        inverse[k] = 1.0 / pivot
        upper[k * size + k] = pivot
        for c in range(k + 1, first + LANES):
            upper[k * size + c] *= inverse[k]
        for r in range(k + 1, first + LANES):
            for c in range(r, first + LANES):
                upper[r * size + c] -= upper[k * size + r] * upper[k * size + c]
    return True


@compiled
def _substitute(upper: Array, size: int, inverse: Array, x: Array, octet: Tag) -> None:
    """The solution of U'U x = b in place of b."""
    for k in range(size):
        x[k] *= inverse[k]
        start = (k // LANES + 1) * LANES
        for c in range(k + 1, start):
            x[c] -= upper[k * size + c] * x[k]
        for c in range(start, size, LANES):
            store(x, c, fma_scalar(-x[k], load(upper, k * size + c, octet), load(x, c, octet)))
    for k in range(size - 1, -1, -1):
        start = (k // LANES + 1) * LANES
        sums = zeros(x, octet)
        for c in range(start, size, LANES):
            sums = fma(load(upper, k * size + c, octet), load(x, c, octet), sums)
        rest = total(sums)
        for c in range(k + 1, start):
            rest += upper[k * size + c] * x[c]
        x[k] = (x[k] - rest) * inverse[k]

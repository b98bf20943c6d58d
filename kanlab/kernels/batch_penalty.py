"""Quadratic penalties v' M v of the coefficients v of every spline of one layer, for several members.

Parameters are those of `Batch.theta`, [A, P]; M is [A, I, G + k, G + k], the same for all splines that leave a source.
"""

# pyright: reportPrivateImportUsage=false, reportCallIssue=false

from __future__ import annotations

from .._typing import Array, IntArray
from .layer_loops import entry


@entry
def roughness_values(
    theta: Array, start: int, outputs: int, matrices: Array, members: IntArray, total: Array
) -> int:
    """Add the penalties of some members, whose parameters are theta [W, P], to total [W].

    The layer begins at column `start`; where the next one begins is returned.
    """
    inputs, bases = matrices.shape[1], matrices.shape[2]
    features = inputs * (bases + 1) + 1
    for w in range(len(members)):
        for j in range(outputs):
            for i in range(inputs):
                own = theta[w, start + j * features + i * (bases + 1) :]
                for m in range(bases):
                    pull = 0.0
                    for n in range(bases):
                        pull += matrices[members[w], i, m, n] * own[n]
                    total[w] += own[m] * pull
    return start + outputs * features


@entry
def add_roughness(
    theta: Array, start: int, outputs: int, matrices: Array, matrix: Array, gradient: Array
) -> int:
    """Add M to matrix [A, P, P] and M v to gradient [A, P]; the rest is as in `roughness_values`."""
    members, inputs, bases = matrices.shape[:3]
    features = inputs * (bases + 1) + 1
    for a in range(members):
        for j in range(outputs):
            for i in range(inputs):
                first = start + j * features + i * (bases + 1)
                for m in range(bases):
                    pull = 0.0
                    for n in range(bases):
                        pull += matrices[a, i, m, n] * theta[a, first + n]
                        matrix[a, first + m, first + n] += matrices[a, i, m, n]
                    gradient[a, first + m] += pull
    return start + outputs * features

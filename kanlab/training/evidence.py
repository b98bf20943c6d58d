"""Smoothness of every edge chosen by the evidence (MacKay 1992, "Bayesian interpolation").

What is minimized,  |f - y|^2 / N + sum_e lambda_e c_e'R_e c_e,  is 2 s^2 / N times the negative log posterior of
splines whose roughness is normal with variance a_e, seen through noise of variance s^2, with lambda_e = s^2 / (N a_e).
With H the curvature of it all (halved), an edge has

    gamma_e = rank(R_e) - lambda_e tr(R_e (H^-1)_ee)

degrees of freedom that the data determine, and the variances that make the data most probable satisfy

    s^2 = RSS / (N - gamma),    a_e = c_e'R_e c_e / gamma_e,    gamma = P - sum_e lambda_e tr(R_e (H^-1)_ee).

They are iterated along with the fit. The weights of one network are taken for draws from one log-normal distribution:
each is pulled half way (in the logarithm) to their mean, weighed by gamma. Without it a curve that bends wildly where
there are few rows talks itself into a weight so low that it may.

No validation rows are needed; a curve that swings is left to swing, and one that the data do not bend stays a cubic (a
polynomial of degree k). Without noise, s^2 is the error of the spline approximation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import LinAlgError, cholesky, get_lapack_funcs

from .._typing import Array
from ..kernels import Columns, LayerPass, NetworkArrays, columns_of, threads_for
from ..kernels.terms import Block
from .equations import equations_of
from .penalties import edge_roughness
from .problem import Samples

MOST_PARAMETERS = 2500
"""Beyond it the inverse of the curvature costs more than it is worth."""
START = 1e-7

FINER = 1e-3
"""Refining lets an edge bend in new ways; its weight starts low, since too high a penalty hides what it forbids."""
LEAST_NOISE = 1e-30
LEAST_FREEDOM = 1e-3
LEAST_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class EdgeRoughness:
    """sum over the curves of spline edges of weight * squared jumps of the k-th derivative, a weight for each.

    Attributes:
        weights: for each layer [I, O], in units of the squared network output.
        by_interval: measure it as `penalties.edge_roughness` does.
    """

    weights: tuple[Array, ...]
    by_interval: bool = False

    @classmethod
    def even(cls, network: NetworkArrays, weight: float, *, by_interval: bool = False) -> EdgeRoughness:
        """The same weight everywhere."""
        weights = tuple(np.full((layer.inputs, layer.outputs), weight) for layer in network.layers)
        return cls(weights, by_interval)

    def scaled(self, factor: float) -> EdgeRoughness:
        return replace(self, weights=tuple(factor * weights for weights in self.weights))

    def distance(self, other: EdgeRoughness) -> float:
        """The largest factor between a weight here and there, at least 1."""
        pairs = zip(self.weights, other.weights, strict=True)
        return max((float(np.exp(np.abs(np.log(a / b)).max())) for a, b in pairs if a.size), default=1.0)

    def blocks(self, network: NetworkArrays, passes: tuple[LayerPass, ...], columns: Columns) -> list[Block]:
        del passes
        out: list[Block] = []
        for layer, own, weights in zip(network.layers, columns.layers, self.weights, strict=True):
            if own.leads.any():
                matrices = edge_roughness(layer, layer.order + 1, self.by_interval)
                out += [
                    Block(int(own.spline[i, j]), weights[i, j] * matrices[i])
                    for i, j in np.argwhere(own.leads)
                ]
        return out


def weighed_by_evidence(network: NetworkArrays, samples: Samples, penalty: EdgeRoughness) -> EdgeRoughness:
    """The penalty with every weight moved to where the evidence has it, given the present weights.

    A fixed point of this map is a maximum of the evidence (near the present network). Weights stay where the
    curvature cannot be inverted.
    """
    columns = columns_of(network)
    rows = samples.rows * samples.targets.shape[1]
    with threads_for(2.0 * rows * columns.count**2):
        normal, passes = equations_of(network, samples, columns)
        inverse = _inverse(normal.matrix, penalty.blocks(network, passes, columns))
    if inverse is None or not np.isfinite(normal.error):
        return penalty
    theta = columns.pack(network)
    free, rough = _freedom(network, columns, penalty, inverse, theta)
    lost = sum(
        float((layer.intervals - 1 - own)[columns_.leads].sum())
        for layer, own, columns_ in zip(network.layers, free, columns.layers, strict=True)
    )
    left = max(rows - (columns.count - lost), LEAST_SHARE * rows)
    noise = max(normal.error * samples.rows / left, LEAST_NOISE)
    weights = tuple(
        np.where(bent > 0, noise / samples.rows * _ratio(own, bent), old)
        for own, bent, old in zip(free, rough, penalty.weights, strict=True)
    )
    return replace(penalty, weights=_together(weights, free, columns))


def _ratio(free: Array, rough: Array) -> Array:
    """1 / variance of the roughness, within bounds that keep what it is multiplied with finite."""
    return np.clip(np.maximum(free, LEAST_FREEDOM) / np.maximum(rough, 1e-200), 1e-100, 1e100)


def _together(weights: tuple[Array, ...], free: list[Array], columns: Columns) -> tuple[Array, ...]:
    """Every weight pulled half way to the geometric mean, as a power of two."""
    edges = [layer.leads for layer in columns.layers]
    logs = np.concatenate([np.log(own[at]) for own, at in zip(weights, edges, strict=True)])
    shares = np.concatenate([np.maximum(own[at], LEAST_FREEDOM) for own, at in zip(free, edges, strict=True)])
    mean = float(np.exp(logs @ shares / shares.sum())) if len(logs) else 1.0
    # only the order of magnitude matters; without the rest of the digits, rounding does not steer the fit
    return tuple(
        np.where(at, np.exp2(np.round(np.log2(np.sqrt(own * mean)))), own)
        for own, at in zip(weights, edges, strict=True)
    )


def _inverse(matrix: Array, blocks: list[Block]) -> Array | None:
    """H^-1, its lower triangle mirrored; None where H is not positive."""
    curvature = matrix.copy()
    for block in blocks:
        own = slice(block.start, block.start + len(block.matrix))
        curvature[own, own] += block.matrix
    diagonal = curvature.diagonal().copy()
    # directions along which nothing changes (a shift between two curves) have no curvature of their own
    curvature.flat[:: len(curvature) + 1] += 1e-11 * diagonal + 1e-15 * float(diagonal.mean())
    try:
        factor = cholesky(curvature, lower=True, overwrite_a=True, check_finite=True)
    except (LinAlgError, ValueError):
        return None
    (potri,) = get_lapack_funcs(("potri",), (factor,))
    inverse, info = potri(factor, lower=1, overwrite_c=1)
    if info:
        return None
    return np.tril(inverse) + np.tril(inverse, -1).T


def _freedom(
    network: NetworkArrays, columns: Columns, penalty: EdgeRoughness, inverse: Array, theta: Array
) -> tuple[list[Array], list[Array]]:
    """gamma_e and c'R c of every edge, for each layer [I, O]; zero where there is no free spline."""
    free: list[Array] = []
    rough: list[Array] = []
    for layer, own, weights in zip(network.layers, columns.layers, penalty.weights, strict=True):
        gamma, bent = np.zeros_like(weights), np.zeros_like(weights)
        if own.leads.any():
            matrices = edge_roughness(layer, layer.order + 1, penalty.by_interval)
            for i, j in np.argwhere(own.leads):
                at = slice(own.spline[i, j], own.spline[i, j] + layer.bases)
                trace = float(np.einsum("mn,mn->", matrices[i], inverse[at, at]))
                gamma[i, j] = layer.intervals - 1 - weights[i, j] * trace
                bent[i, j] = float(theta[at] @ matrices[i] @ theta[at])
        free.append(gamma)
        rough.append(bent)
    return free, rough

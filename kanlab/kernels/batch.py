"""Several networks of one shape as arrays with a member axis, and their derivatives.

All members have the same layers, grid sizes and rows, and the grids of the first layer in common: then its bases are
the same for all members and all steps of a fit, and what needs them is a product of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg.blas import dsyrk  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from .._typing import Array, IntArray
from ..splines import breakpoints, piece_matrices, roughness_matrices
from .arrays import LayerArrays, NetworkArrays
from .base import BASE_FUNCTIONS
from .batch_loops import BASE_KINDS, batch_sums, batch_trace, member_columns
from .columns import Columns, columns_of
from .passes import trace_layer

CHUNK_NUMBERS = 160_000
"""Numbers of a member's Jacobian that are held at a time: they stay in the cache of a core (1.3 MB)."""


@dataclass(frozen=True, eq=False)
class BatchLayer:
    """One layer of all members.

    Attributes:
        order: k.
        knots: [A, I, G + 2k + 1].
        weights: [A, O, F], F = I (G + k + 1) + 1; see `batch_loops`.
        base: name of the base function.
    """

    order: int
    knots: Array
    weights: Array
    base: str

    @cached_property
    def roughness(self) -> Array:
        """The matrices of `roughness_matrices` for derivative k + 1, [A, I, G + k, G + k]."""
        matrices = roughness_matrices(self._flat, self.order, self.order + 1)
        return matrices.reshape(*self.knots.shape[:2], *matrices.shape[1:])

    @property
    def bases(self) -> int:
        """G + k."""
        return self.knots.shape[2] - self.order - 1

    @property
    def kind(self) -> int:
        return BASE_KINDS.index(self.base)

    @cached_property
    def breaks(self) -> Array:
        members, inputs, _ = self.knots.shape
        return np.ascontiguousarray(breakpoints(self._flat, self.order)).reshape(members, inputs, -1)

    @cached_property
    def pieces(self) -> Array:
        pieces = piece_matrices(self._flat, self.order)
        return pieces.reshape(*self.knots.shape[:2], *pieces.shape[1:])

    @property
    def _flat(self) -> Array:
        return self.knots.reshape(-1, self.knots.shape[2])

    def decay(self, x: Array) -> Array:
        """exp(-x) where the base function needs it."""
        with np.errstate(over="ignore"):
            return np.exp(-x) if self.base == "silu" else x

    def of_sources(self) -> Array:
        """The weights without the biases, [A, O, I, G + k + 1]; a view."""
        members, outputs, _ = self.weights.shape
        return self.weights[:, :, :-1].reshape(members, outputs, self.knots.shape[1], self.bases + 1)


@dataclass(frozen=True, eq=False)
class Batch:
    """All members."""

    layers: tuple[BatchLayer, ...]

    @property
    def members(self) -> int:
        return len(self.layers[0].weights)

    @property
    def theta(self) -> Array:
        """All parameters, [A, P]: layer by layer, subnode by subnode."""
        return np.concatenate([layer.weights.reshape(self.members, -1) for layer in self.layers], axis=1)

    def with_theta(self, theta: Array) -> Batch:
        """The members with other parameters."""
        layers: list[BatchLayer] = []
        start = 0
        for layer in self.layers:
            shape = layer.weights.shape[1:]
            size = shape[0] * shape[1]
            weights = np.ascontiguousarray(theta[:, start : start + size]).reshape(-1, *shape)
            layers.append(_same_knots(layer, replace(layer, weights=weights)))
            start += size
        return Batch(tuple(layers))

    def take(self, members: IntArray) -> Batch:
        """Some of the members."""
        if len(members) == self.members and np.array_equal(members, np.arange(self.members)):
            return self
        out: list[BatchLayer] = []
        for layer in self.layers:
            part = replace(layer, knots=layer.knots[members], weights=layer.weights[members])
            for name in _OF_KNOTS:
                if name in layer.__dict__:
                    part.__dict__[name] = layer.__dict__[name][members]
            out.append(part)
        return Batch(tuple(out))

    def put(self, members: IntArray, part: Batch) -> Batch:
        """The batch with some of the members replaced."""
        if len(members) == self.members:
            return part
        layers: list[BatchLayer] = []
        for layer, fresh in zip(self.layers, part.layers, strict=True):
            knots, weights = layer.knots.copy(), layer.weights.copy()
            knots[members], weights[members] = fresh.knots, fresh.weights
            whole = replace(layer, knots=knots, weights=weights)
            for name in _OF_KNOTS:
                if name in layer.__dict__ and name in fresh.__dict__:
                    whole.__dict__[name] = layer.__dict__[name].copy()
                    whole.__dict__[name][members] = fresh.__dict__[name]
            layers.append(whole)
        return Batch(tuple(layers))


_OF_KNOTS = ("breaks", "pieces", "roughness")


def _same_knots(old: BatchLayer, new: BatchLayer) -> BatchLayer:
    for name in _OF_KNOTS:
        if name in old.__dict__:
            new.__dict__[name] = old.__dict__[name]
    return new


def can_batch(networks: Sequence[NetworkArrays]) -> bool:
    """Whether the networks have one shape, only free splines and sum nodes, and the first grids in common."""
    first = networks[0].layers
    for network in networks:
        if len(network.layers) != len(first):
            return False
        for layer, other in zip(network.layers, first, strict=True):
            plain = layer.splines.all() and not layer.locked.any() and not layer.products and not layer.ties
            same = layer.coefficients.shape == other.coefficients.shape and layer.order == other.order
            if not (plain and same and layer.base == other.base and layer.base in BASE_KINDS):
                return False
        if not np.array_equal(network.layers[0].knots, first[0].knots):
            return False
    return True


def batch_of(networks: Sequence[NetworkArrays]) -> Batch:
    """The networks side by side; ask `can_batch` before."""
    layers: list[BatchLayer] = []
    for same in zip(*(network.layers for network in networks), strict=True):
        knots = np.stack([layer.knots for layer in same])
        layers.append(
            BatchLayer(same[0].order, knots, np.stack([_weights(layer) for layer in same]), same[0].base)
        )
    return Batch(tuple(layers))


def member_of(batch: Batch, number: int, template: NetworkArrays) -> NetworkArrays:
    """One member as a network; the template gives what no fit changes."""
    layers: list[LayerArrays] = []
    for layer, old in zip(batch.layers, template.layers, strict=True):
        own = layer.of_sources()[number].transpose(1, 2, 0)
        layers.append(
            replace(
                old,
                knots=layer.knots[number].copy(),
                coefficients=np.ascontiguousarray(own[:, :-1]),
                base_scale=np.ascontiguousarray(own[:, -1]),
                bias=layer.weights[number, :, -1].copy(),
            )
        )
    return replace(template, layers=tuple(layers))


def columns_order(network: NetworkArrays) -> tuple[Columns, IntArray]:
    """The columns of a plain network, and for each column its place in `Batch.theta`."""
    columns = columns_of(network)
    place = np.empty(columns.count, dtype=np.int64)
    start = 0
    for layer, own in zip(network.layers, columns.layers, strict=True):
        features = layer.inputs * (layer.bases + 1) + 1
        for i, j in np.argwhere(own.spline >= 0):
            at = own.spline[i, j]
            place[at : at + layer.bases + 1] = (
                start + j * features + i * (layer.bases + 1) + np.arange(layer.bases + 1)
            )
        place[own.bias : own.bias + layer.outputs] = start + np.arange(1, layer.outputs + 1) * features - 1
        start += layer.outputs * features
    return columns, place


def _weights(layer: LayerArrays) -> Array:
    edges = np.concatenate([layer.coefficients, layer.base_scale[:, None, :]], axis=1)
    flat = edges.transpose(2, 0, 1).reshape(layer.outputs, -1)
    return np.concatenate([flat, layer.bias[:, None]], axis=1)


@dataclass(frozen=True, eq=False)
class BatchRows:
    """Rows that all members see, with what the first layer makes of them.

    Attributes:
        targets: [Q, N].
        root: square roots of the weights of the rows [N], or None.
        features: bases, base functions and the constant 1 of the first layer, [F, N].
    """

    targets: Array
    root: Array | None
    features: Array

    @property
    def rows(self) -> int:
        return self.features.shape[1]

    def part(self, rows: slice) -> BatchRows:
        """Some of the rows."""
        root = None if self.root is None else self.root[rows]
        return BatchRows(self.targets[:, rows], root, self.features[:, rows])


def batch_rows(inputs: Array, targets: Array, weights: Array | None, first: LayerArrays) -> BatchRows:
    """Rows for the members whose first layer has the grids of `first`."""
    seen = trace_layer(inputs, first)
    rows, width = len(inputs), first.order + 1
    features = np.zeros((first.inputs * (first.bases + 1) + 1, rows))
    number = np.arange(rows)
    for i in range(first.inputs):
        start = i * (first.bases + 1)
        for m in range(width):
            features[start + seen.span[:, i] + m, number] = seen.values[:, i, m]
        features[start + first.bases] = BASE_FUNCTIONS[first.base].numpy(inputs[:, i])
    features[-1] = 1.0
    root = None if weights is None else np.sqrt(weights)
    return BatchRows(np.ascontiguousarray(targets.T), root, features)


def batch_activations(batch: Batch, rows: BatchRows) -> list[Array]:
    """Values of the nodes after every layer, each [A, O, N]."""
    out = [_first(batch, rows)]
    for layer in batch.layers[1:]:
        nodes = np.empty((batch.members, layer.weights.shape[1], rows.rows))
        batch_sums(
            out[-1], layer.decay(out[-1]), layer.breaks, layer.pieces, layer.weights, layer.kind, nodes
        )
        out.append(nodes)
    return out


def batch_errors(batch: Batch, rows: BatchRows) -> Array:
    """Mean squared error of every member, [A]."""
    with np.errstate(all="ignore"):
        residual = batch_activations(batch, rows)[-1] - rows.targets
        if rows.root is not None:
            residual *= rows.root
        flat = residual.reshape(batch.members, -1)
        return np.einsum("an,an->a", flat, flat) / rows.rows


def batch_normal(batch: Batch, rows: BatchRows) -> tuple[Array, Array, Array]:
    """The lower triangles of J'WJ / N [A, P, P], J'Wr / N [A, P] and the mean squared error [A] of every member."""
    sizes = [layer.weights.shape[1] * layer.weights.shape[2] for layer in batch.layers]
    count, outputs = sum(sizes), len(rows.targets)
    matrix = np.zeros((batch.members, count, count))
    gradient, error = np.zeros((batch.members, count)), np.zeros(batch.members)
    pieces = -(-rows.rows * count * outputs // CHUNK_NUMBERS)
    size = -(-rows.rows // pieces)
    with np.errstate(all="ignore"):
        for start in range(0, rows.rows, size):
            _add_normal(batch, rows.part(slice(start, start + size)), sizes, (matrix, gradient, error))
    return matrix / rows.rows, gradient / rows.rows, error / rows.rows


def _add_normal(batch: Batch, rows: BatchRows, sizes: Sequence[int], out: tuple[Array, Array, Array]) -> None:
    matrix, gradient, error = out
    traces, pulls, residual = _trace(batch, rows)
    outputs = residual.shape[1]
    slopes = np.empty((sum(sizes), outputs, rows.rows))
    first = slopes[: sizes[0]].reshape(-1, len(rows.features), outputs, rows.rows)
    flat = slopes.reshape(len(slopes), -1)
    for a in range(batch.members):
        for q in range(outputs):
            np.multiply(pulls[0][a, q, :, None, :], rows.features, out=first[:, :, q])
        start = sizes[0]
        for layer, seen, pull, size in zip(batch.layers[1:], traces, pulls[1:], sizes[1:], strict=True):
            own = slopes[start : start + size]
            member_columns(seen.span[a], seen.local[a], seen.base[a], layer.pieces[a], pull[a], own)
            start += size
        off = residual[a].ravel()
        gradient[a] += flat @ off
        error[a] += off @ off
        # BLAS fills the upper triangle of a column-major matrix, which is the lower one here
        matrix[a] += dsyrk(1.0, flat.T, trans=1).T


@dataclass(frozen=True, eq=False)
class _Seen:
    span: IntArray
    local: Array
    base: Array


def _first(batch: Batch, rows: BatchRows) -> Array:
    weights = batch.layers[0].weights
    return (weights.reshape(-1, weights.shape[2]) @ rows.features).reshape(*weights.shape[:2], -1)


def _trace(batch: Batch, rows: BatchRows) -> tuple[list[_Seen], list[Array], Array]:
    """What layers after the first saw, pulls [A, Q, O, N] of all layers, and residuals [A, Q, N]; all weighted."""
    members, count = batch.members, rows.rows
    x = _first(batch, rows)
    seen: list[_Seen] = []
    slopes: list[Array] = []
    for layer in batch.layers[1:]:
        inputs, outputs = layer.knots.shape[1], layer.weights.shape[1]
        shape = (members, inputs, count)
        here = _Seen(np.empty(shape, dtype=np.int64), np.empty(shape), np.empty(shape))
        slope, nodes = np.empty((members, inputs, outputs, count)), np.empty((members, outputs, count))
        batch_trace(
            x,
            layer.decay(x),
            layer.breaks,
            layer.pieces,
            layer.weights,
            layer.kind,
            here.span,
            here.local,
            here.base,
            slope,
            nodes,
        )
        seen.append(here)
        slopes.append(slope)
        x = nodes
    residual = x - rows.targets
    outputs = residual.shape[1]
    top = np.zeros((outputs, outputs, count))
    top[np.arange(outputs), np.arange(outputs)] = 1.0 if rows.root is None else rows.root
    if rows.root is not None:
        residual = residual * rows.root
    pulls = [np.broadcast_to(top, (members, *top.shape))]
    for slope in reversed(slopes):
        pulls.append(_pulled(pulls[-1], slope))
    return seen, pulls[::-1], residual


def _pulled(pull: Array, slope: Array) -> Array:
    """sum_j pull[a, q, j, n] slope[a, i, j, n], [A, Q, I, N]."""
    if pull.shape[2] == 1:
        return pull * slope[:, None, :, 0]
    return np.einsum("aqjn,aijn->aqin", pull, slope, optimize=False)

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
from ..splines import breakpoints, piece_matrices
from .arrays import LayerArrays, NetworkArrays
from .base import BASE_FUNCTIONS
from .batch_loops import BASE_KINDS, batch_sums, batch_trace, member_columns
from .columns import Columns, columns_of
from .passes import trace_layer

PAIR_NUMBERS = 20_000_000
"""Products of two features of the first layer that are kept (160 MB)."""


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
            layers.append(replace(layer, knots=knots, weights=weights))
        return Batch(tuple(layers))


_OF_KNOTS = ("breaks", "pieces")


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
            plain = layer.splines.all() and not layer.locked.any() and not layer.products
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

    @cached_property
    def pairs(self) -> Array | None:
        """All products of two features [N, F (F + 1) / 2], or None when they are too many to keep."""
        one, other = np.triu_indices(len(self.features))
        if self.rows * len(one) > PAIR_NUMBERS:
            return None
        return np.ascontiguousarray((self.features[one] * self.features[other]).T)


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
        batch_sums(out[-1], layer.breaks, layer.pieces, layer.weights, layer.kind, nodes)
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
    """J'WJ / N [A, P, P], J'Wr / N [A, P] and the mean squared error [A] of every member.

    A column of the first layer is a pull times a feature, so its block of J'J is a sum over rows of products of two
    pulls with products of two features: one matrix product for all members.
    """
    with np.errstate(all="ignore"):
        return _normal(batch, rows)


def _normal(batch: Batch, rows: BatchRows) -> tuple[Array, Array, Array]:
    traces, pulls, residual = _trace(batch, rows)
    members, hidden = batch.layers[0].weights.shape[:2]
    features, count = rows.features, len(rows.features)
    own = hidden * count
    rest = sum(layer.weights.shape[1] * layer.weights.shape[2] for layer in batch.layers[1:])
    outputs = residual.shape[1]
    matrix = np.zeros((members, own + rest, own + rest))
    gradient = np.empty((members, own + rest))
    _first_blocks(matrix[:, :own, :own], pulls[0], rows)
    on_nodes = np.einsum("aqjn,aqn->ajn", pulls[0], residual)
    gradient[:, :own] = np.matmul(on_nodes, features.T).reshape(members, -1)
    upper = np.empty((rest, outputs, rows.rows))
    lower = np.empty((hidden, count, rows.rows))
    for a in range(members):
        start = 0
        for layer, seen, pull in zip(batch.layers[1:], traces, pulls[1:], strict=True):
            size = layer.weights.shape[1] * layer.weights.shape[2]
            member_columns(
                seen.span[a],
                seen.local[a],
                seen.base[a],
                layer.pieces[a],
                pull[a],
                upper[start : start + size],
            )
            start += size
        if not rest:
            continue
        flat = upper.reshape(rest, -1)
        gradient[a, own:] = flat @ residual[a].ravel()
        # BLAS fills the upper triangle of a column-major matrix, which is the lower one here
        matrix[a, own:, own:] = dsyrk(1.0, flat.T, trans=1).T
        for q in range(outputs):
            np.multiply(pulls[0][a, q, :, None, :], features, out=lower)
            matrix[a, own:, :own] += upper[:, q] @ lower.reshape(own, -1).T
    flat = residual.reshape(members, -1)
    error = np.einsum("an,an->a", flat, flat) / rows.rows
    matrix /= rows.rows
    return matrix, gradient / rows.rows, error


def _first_blocks(out: Array, pull: Array, rows: BatchRows) -> None:
    """Fill the lower triangle of blocks [A, O F, O F] of the first layer."""
    members, outputs, hidden, _ = pull.shape
    count = len(rows.features)
    low, high = np.tril_indices(hidden)
    both = (
        np.einsum("aqpn,aqpn->apn", pull[:, :, low], pull[:, :, high])
        if outputs > 1
        else (pull[:, 0, low] * pull[:, 0, high])
    )
    blocks = out.reshape(members, hidden, count, hidden, count)
    if rows.pairs is not None:
        sums = np.matmul(both.reshape(-1, rows.rows), rows.pairs).reshape(members, len(low), -1)
        spread = np.empty((count, count), dtype=np.int64)
        one, other = np.triu_indices(count)
        spread[one, other] = spread[other, one] = np.arange(len(one))
        for number, (j, other_j) in enumerate(zip(low, high, strict=True)):
            blocks[:, j, :, other_j, :] = sums[:, number, spread]
        return
    for number, (j, other_j) in enumerate(zip(low, high, strict=True)):
        for a in range(members):
            blocks[a, j, :, other_j, :] = (rows.features * both[a, number]) @ rows.features.T


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

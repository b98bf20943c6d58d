"""Several networks of one shape as arrays with a member axis, and their derivatives.

All members have the same layers, grid sizes and rows, and the grids of the first layer in common: then its bases are
the same for all members and all steps of a fit, and what needs them is a product of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .._typing import Array, IntArray
from ..splines import breakpoints, piece_matrices, roughness_matrices
from .arrays import LayerArrays, NetworkArrays
from .batch_loops import BASE_KINDS, batch_sums, batch_trace
from .batch_products import EIGHT, OCTET, member_products, member_rows
from .batch_rows import BatchRows
from .columns import Columns, columns_of
from .tiles import padded

CHUNK_NUMBERS = 160_000
"""Numbers of a member's Jacobian whose rows are traced at a time."""


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
    count = sum(layer.weights[0].size for layer in batch.layers)
    matrix = np.zeros((batch.members, count, count))
    gradient, error = np.zeros((batch.members, count)), np.zeros(batch.members)
    starts = rows.tiles.starts
    most = max(1, CHUNK_NUMBERS // (count * len(rows.targets)))
    first = 0
    with np.errstate(all="ignore"):
        while first < len(starts) - 1:
            last = max(first + 1, int(np.searchsorted(starts, starts[first] + most, side="right")) - 1)
            _add_normal(batch, rows, slice(first, last), (matrix, gradient, error))
            first = last
    return matrix, gradient, error


def _add_normal(batch: Batch, rows: BatchRows, which: slice, out: tuple[Array, Array, Array]) -> None:
    """Add what the rows of some tiles give."""
    matrix, gradient, error = out
    tiles = rows.tiles
    starts = tiles.starts[which.start : which.stop + 1]
    here = slice(starts[0], starts[-1])
    part = rows.in_order.part(here)
    root = (1.0 if part.root is None else part.root) / np.sqrt(rows.rows)
    traces, pulls, residual = _trace(batch, part, root)
    outputs, count = residual.shape[1:]
    later = sum(layer.weights[0].size for layer in batch.layers[1:])
    pieces = [_in_lanes(layer.pieces) for layer in batch.layers[1:]]
    # room for the residual, and for lanes past the last basis
    beyond = max([1, *(own.shape[-1] - own.shape[-2] for own in pieces)])
    rest = np.zeros((outputs, count, padded(later + beyond)))
    starts, features, values = starts - starts[0], tiles.features[which], tiles.values[here]
    for a in range(batch.members):
        at = 0
        for layer, seen, own, pull in zip(batch.layers[1:], traces, pieces, pulls[1:], strict=True):
            lanes = (0,) * layer.order.bit_length()
            member_rows(seen.span[a], seen.local[a], seen.base[a], own[a], pull[a], at, rest, lanes)
            at += layer.weights[0].size
        error[a] += member_products(
            values,
            starts,
            features,
            len(rows.features),
            pulls[0][a],
            rest,
            residual[a],
            matrix[a],
            gradient[a],
            OCTET,
            EIGHT,
        )


def _in_lanes(pieces: Array) -> Array:
    """The matrices of pieces with as many columns as a vector has lanes: the next power of two."""
    width = pieces.shape[-1]
    room = 1 << (width - 1).bit_length()
    if room == width:
        return pieces
    return np.concatenate([pieces, np.zeros((*pieces.shape[:-1], room - width))], axis=-1)


@dataclass(frozen=True, eq=False)
class _Seen:
    span: IntArray
    local: Array
    base: Array


def _first(batch: Batch, rows: BatchRows) -> Array:
    weights = batch.layers[0].weights
    return (weights.reshape(-1, weights.shape[2]) @ rows.features).reshape(*weights.shape[:2], -1)


def _trace(batch: Batch, rows: BatchRows, root: Array | float) -> tuple[list[_Seen], list[Array], Array]:
    """What layers after the first saw, pulls [A, Q, O, N] of all layers, and residuals [A, Q, N].

    Pulls and residuals are multiplied by `root` [N] or a number.
    """
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
    residual = (x - rows.targets) * root
    outputs = len(rows.targets)
    top = np.zeros((outputs, outputs, count))
    top[np.arange(outputs), np.arange(outputs)] = root
    pulls = [np.ascontiguousarray(np.broadcast_to(top, (members, *top.shape)))]
    for slope in reversed(slopes):
        pulls.append(_pulled(pulls[-1], slope))
    return seen, pulls[::-1], residual


def _pulled(pull: Array, slope: Array) -> Array:
    """sum_j pull[a, q, j, n] slope[a, i, j, n], [A, Q, I, N]."""
    if pull.shape[2] == 1:
        return pull * slope[:, None, :, 0]
    return np.einsum("aqjn,aijn->aqin", pull, slope, optimize=False)

"""Which parameters are free, and where each one stands in the flat vector that optimizers see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .._typing import Array, BoolArray, IntArray
from .arrays import LayerArrays, NetworkArrays


@dataclass(frozen=True, eq=False)
class LayerColumns:
    """Columns of one layer.

    Attributes:
        spline: [I, O], first column of a free spline edge (its G + k coefficients, then its base scale),
            else -1. Edges that share a curve have the same.
        form: [I, O], first column of a free symbolic edge (a, b, c), else -1. The d of a symbolic edge is
            left to the bias of its target, which it cannot be told from.
        bias: first column of the O biases.
    """

    spline: IntArray
    form: IntArray
    bias: int

    @cached_property
    def leads(self) -> BoolArray:
        """[I, O], true at the free spline edges, of those that share a curve at the first one alone."""
        flat = self.spline.ravel()
        _, first = np.unique(flat, return_index=True)
        leads = np.zeros(flat.shape, dtype=np.bool_)
        leads[first] = True
        return (leads & (flat >= 0)).reshape(self.spline.shape)

    @cached_property
    def shared(self) -> bool:
        """Whether there are edges that share a curve."""
        return int(self.leads.sum()) < int((self.spline >= 0).sum())


@dataclass(frozen=True, eq=False)
class Columns:
    """The flat vector: `count` free parameters; `bases` is G + k of each layer."""

    layers: tuple[LayerColumns, ...]
    count: int
    bases: tuple[int, ...]

    def pack(self, network: NetworkArrays) -> Array:
        """Free parameters as one vector [count]."""
        vector = np.empty(self.count)
        for layer, columns in zip(network.layers, self.layers, strict=True):
            for i, j in np.argwhere(columns.leads):
                start = columns.spline[i, j]
                vector[start : start + layer.bases] = layer.coefficients[i, :, j]
                vector[start + layer.bases] = layer.base_scale[i, j]
            for i, j in np.argwhere(columns.form >= 0):
                vector[columns.form[i, j] : columns.form[i, j] + 3] = layer.affine[i, j, :3]
            vector[columns.bias : columns.bias + layer.outputs] = layer.bias
        return vector

    @cached_property
    def uses(self) -> IntArray | None:
        """How many edges stand behind each column, [P]; None where it is one everywhere."""
        if not any(layer.shared for layer in self.layers):
            return None
        uses = np.ones(self.count, dtype=np.int64)
        for layer, bases in zip(self.layers, self.bases, strict=True):
            starts, counts = np.unique(layer.spline[layer.spline >= 0], return_counts=True)
            uses[starts[:, None] + np.arange(bases + 1)] = counts[:, None]
        return uses

    def gather(self, slopes: NetworkArrays) -> Array:
        """Slopes by all parameters as slopes by the columns, [P]: those of edges that share a curve are added."""
        vector = self.pack(slopes)
        for layer, columns in zip(slopes.layers, self.layers, strict=True):
            for i, j in np.argwhere((columns.spline >= 0) & ~columns.leads):
                start = columns.spline[i, j]
                vector[start : start + layer.bases] += layer.coefficients[i, :, j]
                vector[start + layer.bases] += layer.base_scale[i, j]
        return vector

    @cached_property
    def dense(self) -> IntArray:
        """Columns that are non-zero in every row: layer by layer base scales, then symbolic edges, then biases.

        Where no edges share a curve.
        """
        parts: list[IntArray] = []
        for layer, bases in zip(self.layers, self.bases, strict=True):
            parts.append(layer.spline[layer.spline >= 0] + bases)
            parts.append((layer.form[layer.form >= 0][:, None] + np.arange(3)).ravel())
            parts.append(layer.bias + np.arange(layer.spline.shape[1]))
        return np.concatenate(parts)

    def unpack(self, vector: Array, network: NetworkArrays) -> NetworkArrays:
        """The network with these values for its free parameters."""
        layers = [
            _unpack_layer(vector, layer, columns)
            for layer, columns in zip(network.layers, self.layers, strict=True)
        ]
        fresh = replace(network, layers=tuple(layers))
        # neither knots nor edges changed
        fresh.__dict__["plan"] = network.plan
        return fresh

    @cached_property
    def flat(self) -> IntArray:
        """The first columns of all edges [I, O], then that of the biases, layer by layer."""
        parts = [np.append(layer.spline.ravel(), layer.bias) for layer in self.layers]
        return np.concatenate(parts).astype(np.int64)


def _unpack_layer(vector: Array, layer: LayerArrays, columns: LayerColumns) -> LayerArrays:
    coefficients, base_scale = layer.coefficients, layer.base_scale
    free = columns.spline >= 0
    if free.any():
        sources, targets = np.nonzero(free)
        index = columns.spline[sources, targets][:, None] + np.arange(layer.bases + 1)
        block = vector[index]
        coefficients, base_scale = coefficients.copy(), base_scale.copy()
        coefficients[sources, :, targets] = block[:, :-1]
        base_scale[sources, targets] = block[:, -1]
    affine = layer.affine
    if (columns.form >= 0).any():
        affine = affine.copy()
        for i, j in np.argwhere(columns.form >= 0):
            affine[i, j, :3] = vector[columns.form[i, j] : columns.form[i, j] + 3]
    fresh = replace(
        layer,
        coefficients=coefficients,
        base_scale=base_scale,
        affine=affine,
        bias=vector[columns.bias : columns.bias + layer.outputs].copy(),
    )
    # knots did not change, so what was derived from them is still right
    for name in ("breaks", "pieces", "grid", "has_splines", "tied"):
        if name in layer.__dict__:
            fresh.__dict__[name] = layer.__dict__[name]
    return fresh


def columns_of(network: NetworkArrays, *, fixed: Sequence[tuple[int, int, int]] = ()) -> Columns:
    """Columns of all parameters that training may change.

    Args:
        fixed: edges (layer, source, target) that stay as they are, besides the locked ones, with all that share their
            curves.
    """
    held = set(fixed)
    for number, layer in enumerate(network.layers):
        for group in layer.ties:
            members = {(number, i, j) for i, j in group}
            if members & held or any(layer.locked[edge] for edge in group):
                held |= members
    layers: list[LayerColumns] = []
    count = 0
    for number, layer in enumerate(network.layers):
        spline = np.full((layer.inputs, layer.outputs), -1, dtype=np.int64)
        form = np.full((layer.inputs, layer.outputs), -1, dtype=np.int64)
        first = {edge: group[0] for group in layer.ties for edge in group[1:]}
        for i, j in np.argwhere(layer.splines & ~layer.locked):
            if (number, i, j) not in held:
                if (i, j) in first:
                    spline[i, j] = spline[first[i, j]]
                    continue
                spline[i, j] = count
                count += layer.bases + 1
        for edge in layer.forms:
            if not layer.locked[edge.source, edge.target] and (number, edge.source, edge.target) not in held:
                form[edge.source, edge.target] = count
                count += 3
        layers.append(LayerColumns(spline, form, count))
        count += layer.outputs
    return Columns(tuple(layers), count, tuple(layer.bases for layer in network.layers))

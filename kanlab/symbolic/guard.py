"""Networks whose forms are continued beyond their poles and branch points, for the steps of a refit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .._typing import Array
from ..forms import Form, safe
from ..kernels import EdgeForm, LayerArrays, NetworkArrays
from ..kernels.passes import combine, layer_sums

SHARES = (0.05, 5e-3, 5e-4)
"""Margins as shares of the largest argument, one after the other while rows are on the wrong side."""
NEARER = 0.5
"""The margin when none is, as a share of the distance of the nearest row."""


def guarded(network: NetworkArrays, inputs: Array, share: float = SHARES[0]) -> NetworkArrays:
    """The network with the safe variant of every form that has a singularity; the network itself where none has.

    The interval of the domain in which most rows [N, n] are is continued to both sides. When all rows are in it, the
    continuation begins halfway between its end and the nearest row, so that nothing is changed at the rows.
    """
    if not any(safe(edge.form) is not edge.form for layer in network.layers for edge in layer.forms):
        return network
    x, layers = inputs, []
    with np.errstate(all="ignore"):
        for layer in network.layers:
            layers.append(_with_forms(layer, lambda edge, layer=layer, x=x: _guarded(edge, layer, x, share)))
            x = combine(layer_sums(x, layers[-1]), layers[-1])
    return replace(network, layers=tuple(layers))


def unguarded(network: NetworkArrays, like: NetworkArrays) -> NetworkArrays:
    """The network with the forms of another that has the same edges."""
    layers = [
        replace(layer, forms=other.forms) for layer, other in zip(network.layers, like.layers, strict=True)
    ]
    return replace(network, layers=tuple(layers))


def _with_forms(layer: LayerArrays, change: Callable[[EdgeForm], Form]) -> LayerArrays:
    return replace(layer, forms=tuple(replace(edge, form=change(edge)) for edge in layer.forms))


def _guarded(edge: EdgeForm, layer: LayerArrays, x: Array, share: float) -> Form:
    form = edge.form
    if safe(form) is form:
        return form
    a, b, _, _ = layer.affine[edge.source, edge.target]
    u = a * x[:, edge.source] + b
    middle = float(np.median(u))
    # the scale of a power's argument is a matter of taste, and its margin goes with it
    scale = 1.0 if form.degree is None else float(np.abs(u).max()) or 1.0
    if not np.isfinite([middle, scale]).all():
        return form
    room = _room(form, u, middle)
    margin = share * scale if room <= 0 else min(max(NEARER * room, SHARES[-1] * scale), share * scale)
    return safe(form, margin=margin, near=middle)


def _room(form: Form, u: Array, middle: float) -> float:
    """The distance of the nearest argument from the ends of the interval that holds the middle; 0 if one is outside."""
    shift = 0.0 if form.period is None else form.period * np.round(middle / form.period)
    for low, high in form.domain:
        if low + shift <= middle <= high + shift:
            return max(0.0, float(min(u.min() - low - shift, high + shift - u.max())))
    return 0.0

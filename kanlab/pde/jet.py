"""The jet of a node: value, gradient and second derivatives over the inputs of the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array

Pairs = tuple[tuple[int, int], ...]
"""Pairs (a, b) of inputs, a <= b, whose second derivatives are carried."""


@dataclass(frozen=True, eq=False)
class Jet:
    """A batch of jets, or of functionals on jets.

    Attributes:
        value: [N, nodes].
        gradient: [N, nodes, inputs].
        second: [N, nodes, pairs].
    """

    value: Array
    gradient: Array
    second: Array


def first_jet(points: Array, pairs: Pairs, steps: Array) -> Jet:
    """Jets of the inputs at points [N, n]: gradient diag(steps), no second derivatives.

    `steps` [n] is the derivative of the network's inputs with respect to the user's.
    """
    rows, inputs = points.shape
    gradient = np.zeros((rows, inputs, inputs))
    gradient[:, np.arange(inputs), np.arange(inputs)] = steps
    return Jet(points, gradient, np.zeros((rows, inputs, len(pairs))))


def squares(gradient: Array, pairs: Pairs) -> Array:
    """g_a g_b for every pair, [N, nodes, pairs]."""
    return gradient[:, :, [a for a, _ in pairs]] * gradient[:, :, [b for _, b in pairs]]

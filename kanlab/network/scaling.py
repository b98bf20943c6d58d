"""The affine maps between the user's units and the network's.

Splines, base functions and least squares want numbers near 1. A table that already has such numbers is left
alone, so that the network's units are the user's; any other is shifted and scaled. The maps are part of the
network and go into the law, which is always in the user's units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import Array


@dataclass(frozen=True, eq=False)
class Scaling:
    """Network input = (x - input_center) / input_scale, y = output_center + output_scale * network output."""

    input_center: Array
    input_scale: Array
    output_center: Array
    output_scale: Array

    @classmethod
    def identity(cls, inputs: int, outputs: int) -> Scaling:
        return cls(np.zeros(inputs), np.ones(inputs), np.zeros(outputs), np.ones(outputs))

    @classmethod
    def of(cls, inputs: Array, targets: Array, weights: Array | None = None) -> Scaling:
        """The scaling for a table: inputs [N, n] go to about [-1, 1], targets [N, m] to about unit spread.

        Rows may have weights [N] with a mean of 1.
        """
        low, high = inputs.min(axis=0), inputs.max(axis=0)
        if weights is None:
            mean, spread = targets.mean(axis=0), targets.std(axis=0)
        else:
            mean = np.average(targets, axis=0, weights=weights)
            spread = np.sqrt(np.average(np.square(targets - mean), axis=0, weights=weights))
        return cls.from_statistics(low, high, mean, spread)

    @classmethod
    def from_statistics(cls, low: Array, high: Array, mean: Array, spread: Array) -> Scaling:
        """The same from the range of each input and the mean and standard deviation of each target."""
        center, half = 0.5 * low + 0.5 * high, 0.5 * high - 0.5 * low
        return cls(*_unless_near_one(center, half), *_unless_near_one(mean, spread))

    def scale_inputs(self, inputs: Array) -> Array:
        return (inputs - self.input_center) / self.input_scale

    def scale_targets(self, targets: Array) -> Array:
        return (targets - self.output_center) / self.output_scale

    def restore_outputs(self, outputs: Array) -> Array:
        return self.output_center + self.output_scale * outputs


def _unless_near_one(center: Array, spread: Array) -> tuple[Array, Array]:
    size = np.maximum(np.abs(center), 1e-300)
    spread = np.where(spread > 1e-13 * size, spread, np.where(np.abs(center) > 0, size, 1.0))
    fine = (np.abs(center) <= 3 * spread) & (spread >= 0.2) & (spread <= 5)
    return np.where(fine, 0.0, center), np.where(fine, 1.0, spread)

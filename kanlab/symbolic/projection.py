"""Variable projection: y ~ c f(a z + b) + d with c and d solved exactly for every a and b.

All functions work on a stack of candidates of one form at once: [candidates, points].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from .._typing import Array, BoolArray
from ..forms import Form
from .families import Family

_EXACT = 1e-30
_STEPS = 40
_HIGHEST_DAMPING = 1e5
_ENOUGH = 1e-4
"""A candidate stops when a step lowers its residual by less than this fraction."""


@dataclass(frozen=True)
class Curve:
    """A curve in standard units: z [points] in [-1, 1], y of mean 0 and variance 1, weights of sum 1."""

    z: Array
    y: Array
    weights: Array


@dataclass(frozen=True)
class Projection:
    """Candidates with c solved: `residual` is 1 - r2, the weighted mean square of `misfit`."""

    argument: Array
    centered: Array
    spread: Array
    scale: Array
    misfit: Array
    residual: Array


def into_domain(form: Form, argument: Array) -> Array:
    """The argument with what rounding pushed over a closed edge of the domain put back on it."""
    return np.clip(argument, form.domain[0][0], form.domain[-1][1]) if form.closed else argument


def project(curve: Curve, form: Form, a: Array, b: Array) -> Projection:
    """Solve c and d for each (a, b); a candidate that is not finite on the curve explains nothing."""
    argument = into_domain(form, a[:, None] * curve.z + b[:, None])
    values = form.numpy(argument)
    finite = np.isfinite(values)
    if not finite.all():
        values = np.where(finite.all(axis=1, keepdims=True), values, 0.0)
    centered = values - (values @ curve.weights)[:, None]
    spread = np.square(centered) @ curve.weights
    covariance = centered @ (curve.weights * curve.y)
    scale = np.divide(covariance, spread, out=np.zeros_like(spread), where=spread > 0)
    misfit = curve.y - scale[:, None] * centered
    residual = np.square(misfit) @ curve.weights
    return Projection(
        argument, centered, spread, scale, misfit, np.where(np.isfinite(residual), residual, inf)
    )


def scan(curve: Curve, form: Form, table: Array, family: Family, *, keep: int) -> Array:
    """The `keep` best starts [keep, parameters] that are no worse than their neighbors in the list."""
    a, b, _ = family.affine(table)
    residual = project(curve, form, a, b).residual.reshape(-1, family.group)
    best = residual.argmin(axis=1)
    height = np.concatenate([[inf], residual.min(axis=1), [inf]])
    lowest = (height[1:-1] <= height[:-2]) & (height[1:-1] <= height[2:])
    chosen = np.flatnonzero(lowest)
    chosen = chosen[np.argsort(height[1:-1][chosen], kind="stable")[:keep]]
    return table[chosen * family.group + best[chosen]]


def polish(curve: Curve, form: Form, family: Family, parameters: Array) -> tuple[Array, Array]:
    """Damped Gauss-Newton on the projected misfit of all candidates: parameters and residuals [candidates].

    The Jacobian is Kaufman's: the slope of c f along each parameter, less what c and d can follow.
    """
    a, b, slope = family.affine(parameters)
    state = project(curve, form, a, b)
    damping = np.full(len(parameters), 1e-3)
    active = np.ones(len(parameters), dtype=bool)
    for _ in range(_STEPS):
        active &= (state.residual > _EXACT) & (damping < _HIGHEST_DAMPING)
        if not active.any():
            break
        step = _step(curve, form, state, slope, damping)
        trial = parameters + np.where(active[:, None], step, 0.0)
        a, b, trial_slope = family.affine(trial)
        new = project(curve, form, a, b)
        better = active & (new.residual < state.residual)
        active &= ~better | (new.residual < (1 - _ENOUGH) * state.residual)
        damping = np.where(better, np.maximum(damping * 0.05, 1e-12), damping * 10)
        parameters = np.where(better[:, None], trial, parameters)
        slope = np.where(better[:, None, None], trial_slope, slope)
        state = _choose(better, new, state)
    return parameters, state.residual


def _step(curve: Curve, form: Form, state: Projection, slope: Array, damping: Array) -> Array:
    """The damped step [candidates, parameters]; a parameter without influence stays where it is."""
    rate = state.scale[:, None] * form.derivative(state.argument)
    jacobian = (slope[:, :, :1] * curve.z + slope[:, :, 1:]) * rate[:, None]
    finite = np.isfinite(jacobian)
    if not finite.all():
        jacobian = np.where(finite, jacobian, 0.0)
    jacobian -= (jacobian @ curve.weights)[..., None]
    share = jacobian @ (state.centered * curve.weights)[..., None]
    jacobian -= share / np.where(state.spread > 0, state.spread, 1.0)[:, None, None] * state.centered[:, None]
    weighted = jacobian * curve.weights
    normal = weighted @ jacobian.swapaxes(1, 2)
    gradient = weighted @ state.misfit[..., None]
    diagonal = np.einsum("skk->sk", normal)
    diagonal += np.where(diagonal > 0, damping[:, None] * diagonal, 1.0)
    step = (gradient / normal if normal.shape[-1] == 1 else np.linalg.solve(normal, gradient))[..., 0]
    return np.where(np.isfinite(step), step, 0.0)


def _choose(better: BoolArray, new: Projection, old: Projection) -> Projection:
    if better.all():
        return new
    if not better.any():
        return old
    rows = better[:, None]
    return Projection(
        np.where(rows, new.argument, old.argument),
        np.where(rows, new.centered, old.centered),
        np.where(better, new.spread, old.spread),
        np.where(better, new.scale, old.scale),
        np.where(rows, new.misfit, old.misfit),
        np.where(better, new.residual, old.residual),
    )

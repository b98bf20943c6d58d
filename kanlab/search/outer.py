"""Outer forms g of a law y = g(sum of terms), with the inverse that makes the sum linear in its coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Array, BoolArray
from ..forms import get
from ..symbolic.simplify import add, affine, apply, constant
from ..symbolic.tree import Sum

MOST_OUTSIDE = 0.08
"""Share of the targets that noise may carry out of the range of g; they do not count."""


@dataclass(frozen=True)
class Outer:
    """g and its inverse h.

    Attributes:
        name: how the inverse is written.
        inverse, slope: h and h'.
        function: g.
        tree: g of a tree.
        inside: which targets h is finite and one-to-one on.
        price: complexity of g.
    """

    name: str
    inverse: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    function: Callable[[Array], Array]
    tree: Callable[[Sum], Sum]
    inside: Callable[[Array], BoolArray]
    price: int

    def of(self, target: Array, weights: Array) -> tuple[Array, Array] | None:
        """h(y) and weights w / |h'(y)|, both [N], so that their product counts errors as those of y.

        What noise carried out of the range has a weight of 0. None when h does not suit the targets.
        """
        inside = self.inside(target)
        if np.mean(~inside) > MOST_OUTSIDE:
            return None
        safe = np.where(inside, target, target[inside][0])
        with np.errstate(all="ignore"):
            z = self.inverse(safe)
            share = np.where(inside, weights / np.abs(self.slope(safe)), 0.0)
        fine = np.isfinite(z).all() and np.isfinite(share).all() and np.ptp(z) > 0
        return (z, share) if fine else None


def _form(name: str) -> Callable[[Sum], Sum]:
    return lambda tree: apply(get(name), tree)


def _all(y: Array) -> BoolArray:
    return np.ones(len(y), dtype=bool)


def _positive(y: Array) -> BoolArray:
    return y > 0


def _one_sign(y: Array) -> BoolArray:
    return y > 0 if np.median(y) > 0 else y < 0


def _within(low: float, high: float) -> Callable[[Array], BoolArray]:
    return lambda y: (low < y) & (y < high)


def _logistic(tree: Sum) -> Sum:
    return apply(get("1/x"), add([constant(1.0), apply(get("exp"), affine(-1.0, tree, 0.0))]))


def _logit_slope(y: Array) -> Array:
    return 1 / (y * (1 - y))


_HALF = float(np.pi / 2)
# fmt: off
OUTERS: tuple[Outer, ...] = (
    Outer("y", lambda y: y, np.ones_like, lambda z: z, lambda t: t, _all, 0),
    Outer("log y", np.log, lambda y: 1 / y, np.exp, _form("exp"), _positive, 2),
    Outer("1/y", lambda y: 1 / y, lambda y: -1 / y**2, lambda z: 1 / z, _form("1/x"), _one_sign, 2),
    Outer("y^2", np.square, lambda y: 2 * y, np.sqrt, _form("sqrt"), _positive, 2),
    Outer("sqrt y", np.sqrt, lambda y: 0.5 / np.sqrt(y), np.square, _form("x^2"), _positive, 2),
    Outer("1/y^2", lambda y: y**-2.0, lambda y: -2 * y**-3.0, lambda z: 1 / np.sqrt(z), _form("1/sqrt"), _positive, 3),
    Outer("sin y", np.sin, np.cos, np.arcsin, _form("arcsin"), _within(-_HALF, _HALF), 4),
    Outer("artanh y", np.arctanh, lambda y: 1 / (1 - y * y), np.tanh, _form("tanh"), _within(-1, 1), 3),
    Outer("logit y", lambda y: np.log(y / (1 - y)), _logit_slope, lambda z: 1 / (1 + np.exp(-z)), _logistic,
          _within(0, 1), 4),
    Outer("exp y", np.exp, np.exp, np.log, _form("log"), _within(-30, 30), 2),
    Outer("cos y", np.cos, lambda y: -np.sin(y), np.arccos, _form("arccos"), _within(0, 2 * _HALF), 4),
    Outer("tan y", np.tan, lambda y: 1 / np.cos(y) ** 2, np.arctan, _form("arctan"), _within(-_HALF, _HALF), 4),
)
# fmt: on

"""Outer transforms T: where a law is y = g(sum or product), the inverse of g shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._typing import Array

FAR = 0.99
"""Share of a pole's distance that values may come to; beyond, T amplifies nothing but errors."""
WIDEST = 30.0


@dataclass(frozen=True)
class Transform:
    """A monotone T with its derivative.

    Attributes:
        name: how T(f) is written, with {} for f.
        domain: whether all values lie where T is monotone and finite.
    """

    name: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    domain: Callable[[Array], bool]

    def of(self, target: str) -> str:
        """T(target) as text."""
        return self.name.format(target)


def _any(_: Array) -> bool:
    return True


def _one_sign(f: Array) -> bool:
    return bool(f.min() > 0 or f.max() < 0)


def _positive(f: Array) -> bool:
    return bool(f.min() > 0)


def _within(low: float, high: float) -> Callable[[Array], bool]:
    return lambda f: bool(low <= f.min() and f.max() <= high)


TRANSFORMS: tuple[Transform, ...] = (
    Transform("{}", lambda f: f, np.ones_like, _any),
    Transform("log {}", lambda f: np.log(np.abs(f)), lambda f: 1 / f, _one_sign),
    Transform("1/{}", lambda f: 1 / f, lambda f: -1 / f**2, _one_sign),
    Transform("{}^2", np.square, lambda f: 2 * f, _one_sign),
    Transform("sqrt {}", np.sqrt, lambda f: 0.5 / np.sqrt(f), _positive),
    Transform("1/{}^2", lambda f: f**-2.0, lambda f: -2 * f**-3.0, _one_sign),
    Transform("exp {}", np.exp, np.exp, _within(-WIDEST, WIDEST)),
    Transform("sin {}", np.sin, np.cos, _within(-np.pi / 2, np.pi / 2)),
    Transform("cos {}", np.cos, lambda f: -np.sin(f), _within(0.0, np.pi)),
    Transform("tan {}", np.tan, lambda f: 1 / np.cos(f) ** 2, _within(-FAR * np.pi / 2, FAR * np.pi / 2)),
    Transform("arcsin {}", np.arcsin, lambda f: 1 / np.sqrt(1 - f**2), _within(-FAR, FAR)),
    Transform("artanh {}", np.arctanh, lambda f: 1 / (1 - f**2), _within(-FAR, FAR)),
    Transform("arsinh {}", np.arcsinh, lambda f: 1 / np.sqrt(1 + f**2), _any),
)

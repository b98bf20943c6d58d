"""Two variables that act as one, read off the slopes of a surrogate.

f depends on x and z through one combination m(x, z) exactly when  m_z f_x - m_x f_z = 0  everywhere, an equation of
first order for each m:

    x - z      f_x + f_z = 0            x z        x f_x - z f_z = 0         x^2 + z^2      z f_x - x f_z = 0
    x + z      f_x - f_z = 0            x / z      x f_x + z f_z = 0         x^2 - z^2      z f_x + x f_z = 0

What is left of it is divided by the size of its two terms: 0 for the right m, about 1 for any other. With more than two
variables f = F(m(x, z), w) for some m exactly when f_x / f_z is the same for all w; that is asked too, as the share of
the vectors (f_x, f_z) at one x and z that does not lie along one line. With two variables it is true of every f.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .._typing import Array
from .surrogate import Surrogate

POINTS = 1000
PLACES, OTHERS = 100, 12
LIMIT = 5.0
COARSEST = 0.03
"""Nothing larger is taken for zero, however rough the surrogate is."""
USED = 3.0
TIES = 10.0


@dataclass(frozen=True)
class Combination:
    """m(x, z): how it is written, and the factors a, b of its equation a f_x + b f_z = 0."""

    name: str
    factors: Callable[[Array, Array], tuple[Array, Array]]

    def of(self, first: str, second: str) -> str:
        """The combination of two names as text."""
        return self.name.format(first, second)


COMBINATIONS: tuple[Combination, ...] = (
    Combination("{} - {}", lambda x, z: (np.ones_like(x), np.ones_like(z))),
    Combination("{} + {}", lambda x, z: (np.ones_like(x), -np.ones_like(z))),
    Combination("{} * {}", lambda x, z: (x, -z)),
    Combination("{} / {}", lambda x, z: (x, z)),
    Combination("{}^2 + {}^2", lambda x, z: (z, -x)),
    Combination("{}^2 - {}^2", lambda x, z: (z, x)),
)
SOME = "some m({}, {})"
"""The name of a combination that is not one of the table."""


@dataclass(frozen=True)
class Residual:
    """What is left of the equation of a combination, as a share of its terms, and what the surrogate resolves of it."""

    name: str
    size: float
    resolved: float

    @property
    def holds(self) -> bool:
        """Whether it is zero as far as the surrogate can tell, and the surrogate can tell."""
        return self.size <= min(LIMIT * self.resolved, COARSEST)


@dataclass(frozen=True)
class Pair:
    """The verdict on two variables.

    Attributes:
        columns: the two.
        found: the combination that f depends on them through; None when there is none in the table, when one of the
            two is not seen to act, or when the surrogate cannot tell.
        also: further combinations that it cannot tell from the one found.
        residuals: of all combinations that were tried; none when a slope is no larger than its error.
    """

    columns: tuple[int, int]
    found: Residual | None
    also: tuple[Residual, ...]
    residuals: tuple[Residual, ...]


def symmetry(surrogate: Surrogate, *, seed: int = 0) -> tuple[Pair, ...]:
    """The verdict on every two variables.

    Args:
        seed: at which points slopes are taken.
    """
    generator = np.random.default_rng(seed)
    count = surrogate.inputs
    points = surrogate.inside(generator.uniform(size=(POINTS, count)))
    slopes = surrogate.slopes(points)
    # where a fit is off by d over a piece of width h, its slope is off by about d / h
    error = surrogate.error * float(surrogate.function(points).std()) * surrogate.intervals
    errors = error / (surrogate.high - surrogate.low)
    return tuple(
        _judged(surrogate, pair, points, slopes, errors, generator) for pair in combinations(range(count), 2)
    )


def _judged(
    surrogate: Surrogate,
    pair: tuple[int, int],
    points: Array,
    slopes: Array,
    errors: Array,
    generator: np.random.Generator,
) -> Pair:
    if any(_size(slopes[:, i]) <= USED * errors[i] for i in pair):
        return Pair(pair, None, (), ())
    names = tuple(surrogate.names[i] for i in pair)
    residuals = [_residual(one, pair, points, slopes, errors, names) for one in COMBINATIONS]
    found = [one for one in residuals if one.holds]
    if surrogate.inputs > 2:
        general = _general(surrogate, pair, errors, SOME.format(*names), generator)
        residuals.append(general)
        found = found or [one for one in (general,) if one.holds]
    if not found:
        return Pair(pair, None, (), tuple(residuals))
    least = min(max(one.size, one.resolved) for one in found)
    near = [one for one in found if one.size <= TIES * least]
    return Pair(pair, near[0], tuple(near[1:]), tuple(residuals))


def _residual(
    one: Combination,
    pair: tuple[int, int],
    points: Array,
    slopes: Array,
    errors: Array,
    names: tuple[str, ...],
) -> Residual:
    i, j = pair
    a, b = one.factors(points[:, i], points[:, j])
    left, right = a * slopes[:, i], b * slopes[:, j]
    terms = float(np.hypot(_size(left), _size(right)))
    resolved = np.hypot(_size(a) * errors[i], _size(b) * errors[j]) / terms
    return Residual(one.of(*names), _size(left + right) / terms, float(resolved))


def _general(
    surrogate: Surrogate, pair: tuple[int, int], errors: Array, name: str, generator: np.random.Generator
) -> Residual:
    """How far the direction of (f_x, f_z) turns with the other variables, each slope in units of its own size."""
    shares = generator.uniform(size=(PLACES, OTHERS, surrogate.inputs))
    shares[:, :, pair] = shares[:, :1, pair]
    points = surrogate.inside(shares.reshape(-1, surrogate.inputs))
    both = surrogate.slopes(points)[:, pair].reshape(PLACES, OTHERS, 2)
    sizes = np.sqrt(np.mean(both**2, axis=(0, 1)))
    across = np.linalg.svd(both / sizes, compute_uv=False)[:, 1]
    size = np.sqrt(np.sum(across**2) / (2 * PLACES * OTHERS))
    return Residual(name, float(size), float(np.hypot(*(errors[list(pair)] / sizes)) / np.sqrt(2)))


def _size(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))

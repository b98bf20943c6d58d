"""Sums and products behind a law, read off the ranks of its transformed unfoldings; nothing is searched.

For a split of the variables into two groups x and z, the values of T(f) on a grid of both are a matrix. With the means
of its rows and columns subtracted and with singular values s0 >= s1 >= ..., as shares of the spread of T(f),

    s0 = 0   exactly when   T(f) = g(x) + h(z),
    s1 = 0   exactly when   T(f) = g(x) + h(z) + u(x) v(z),

and the latter is a constant and one product, c + (u + p)(v + q), when g is affine in u and h in v. A surrogate with an
error d shows no values below  rms(T'(f) d) / spread of T(f) = what it can resolve. A row of the answer is claimed only
where a value is about that small and the one before it is far larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .._typing import Array
from .surrogate import Surrogate
from .transforms import TRANSFORMS, Transform

GRID = 40
HELD = 5
LIMIT = 2.0
"""A value is taken for zero up to so many times of what the surrogate resolves."""
COARSEST = 0.03
"""Nothing larger is taken for zero, however rough the surrogate is."""
GAP = 30.0
"""So far below the value before it must lie what is taken for zero; of a smooth function values fall fast anyway."""
CONTRAST = 5.0
"""A transform must leave so much less than the identity does."""
TIES, ROUNDING = 10.0, 1e-13
"""Transforms whose values are within this factor are not told apart."""
ADDITIVE, PRODUCT, PRODUCT_AND_SUMS, NONE = "additive", "one product", "one product beside sums", "none"
UNUSED = "one side only"


@dataclass(frozen=True)
class Spectrum:
    """What T(f) shows for a split: s0, s1, s2, the size that the surrogate resolves, and the verdict of these alone."""

    transform: Transform
    values: tuple[float, float, float]
    resolved: float
    verdict: str

    @property
    def size(self) -> float:
        """The value that the verdict takes for zero; for none the smallest of the two that could have been."""
        return self.values[0] if self.verdict in (ADDITIVE, UNUSED) else self.values[1]


@dataclass(frozen=True)
class Split:
    """The verdict on two groups of variables.

    Attributes:
        left, right: the columns of the two groups.
        held: whether all other variables were held, at several values, of which the worst counts.
        verdict: "additive", "one product", "one product beside sums", "one side only" or "none".
        best: what the verdict rests on; for "none" the identity.
        also: transforms of which the same can be said, so that the surrogate cannot tell them apart.
        spectra: all transforms that are defined on the values.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    held: bool
    verdict: str
    best: Spectrum
    also: tuple[Transform, ...]
    spectra: tuple[Spectrum, ...]


def separability(surrogate: Surrogate, *, seed: int = 0) -> tuple[Split, ...]:
    """The verdict for every variable, and every two, beside all others; and for every two with the others held.

    Args:
        seed: which points of groups with several variables are looked at.
    """
    return tuple(_judged(surrogate, *split, seed) for split in _splits(surrogate.inputs))


def _splits(count: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], bool]]:
    seen: set[frozenset[int]] = set()
    for size in (1, 2):
        for left in combinations(range(count), size):
            right = tuple(i for i in range(count) if i not in left)
            if right and frozenset(right) not in seen:
                seen.add(frozenset(left))
                yield left, right, False
    if count > 2:
        for i, j in combinations(range(count), 2):
            yield (i,), (j,), True


def _judged(
    surrogate: Surrogate, left: tuple[int, ...], right: tuple[int, ...], held: bool, seed: int
) -> Split:
    values = unfold(surrogate, left, right, seed=seed)
    error = surrogate.error * float(values.std())
    spectra = tuple(
        spectrum for transform in TRANSFORMS if (spectrum := _spectrum(values, error, transform)) is not None
    )
    identity = spectra[0]
    if identity.verdict == UNUSED:
        return Split(left, right, held, UNUSED, identity, (), spectra)
    for verdict in (ADDITIVE, PRODUCT, PRODUCT_AND_SUMS):
        found = [one for one in spectra if one.verdict == verdict]
        least = max(min((one.size for one in found), default=0.0), ROUNDING)
        near = [one for one in found if one.size <= TIES * least]
        best = next((one for one in near if _stands_out(one, identity)), None)
        if best is not None:
            also = tuple(one.transform for one in near if one is not best)
            return Split(left, right, held, verdict, best, also, spectra)
    return Split(left, right, held, NONE, identity, (), spectra)


def _stands_out(one: Spectrum, identity: Spectrum) -> bool:
    """A transform explains something only when without it clearly more is left."""
    left = identity.values[0 if one.verdict == ADDITIVE else 1]
    return one is identity or left >= CONTRAST * one.size


def unfold(surrogate: Surrogate, left: Sequence[int], right: Sequence[int], *, seed: int = 0) -> Array:
    """f as matrices [K, 40, 40] of two groups; K = 1 when they are all variables, else one for each held point."""
    generator = np.random.default_rng(seed)
    rest = [i for i in range(surrogate.inputs) if i not in (*left, *right)]
    held = _spread(generator, HELD if rest else 1, len(rest))
    shares = np.empty((len(held), GRID, GRID, surrogate.inputs))
    shares[..., list(left)] = _spread(generator, GRID, len(left))[None, :, None, :]
    shares[..., list(right)] = _spread(generator, GRID, len(right))[None, None, :, :]
    shares[..., rest] = held[:, None, None, :]
    points = surrogate.inside(shares.reshape(-1, surrogate.inputs))
    return surrogate.function(points).reshape(shares.shape[:-1])


def _spread(generator: np.random.Generator, count: int, columns: int) -> Array:
    """Points [count, columns] in the unit cube: evenly spaced in each column, shuffled from the second on."""
    even = np.linspace(0, 1, count) if count > 1 else np.full(1, 0.5)
    return np.stack([even] + [generator.permutation(even) for _ in range(columns - 1)], 1)[:, :columns]


def _spectrum(values: Array, error: float, transform: Transform) -> Spectrum | None:
    """None where T is not finite and monotone on the values, or amplifies errors beyond use."""
    if not transform.domain(values):
        return None
    with np.errstate(all="ignore"):
        seen, slope = transform.function(values), transform.slope(values)
    if not (np.isfinite(seen).all() and np.isfinite(slope).all()):
        return None
    # a common mean would count differences between held points as spread
    centered = seen - seen.mean(axis=(1, 2), keepdims=True)
    spread = float(np.sqrt(np.mean(centered**2)))
    if spread <= 0:
        return Spectrum(transform, (0.0, 0.0, 0.0), 1.0, UNUSED)
    resolved = error * float(np.sqrt(np.mean(slope**2))) / spread
    limit = min(LIMIT * resolved, COARSEST)
    if resolved > COARSEST and transform is not TRANSFORMS[0]:
        return None
    of_left, of_right = centered.mean(axis=2), centered.mean(axis=1)
    rest = centered - of_left[:, :, None] - of_right[:, None, :]
    u, s, v = np.linalg.svd(rest)
    sizes = s.max(axis=0) / (spread * np.sqrt(rest[0].size))
    found = (float(sizes[0]), float(sizes[1]), float(sizes[2]))
    sides = min(float(np.sqrt(np.mean(np.var(centered, axis=axis)))) for axis in (1, 2)) / spread
    if sides <= limit:
        return Spectrum(transform, found, resolved, UNUSED)
    if found[0] <= limit:
        return Spectrum(transform, found, resolved, ADDITIVE)
    if found[1] > limit or limit * GAP > found[0]:
        return Spectrum(transform, found, resolved, NONE)
    beside = max(_unexplained(of_left, u[:, :, 0]), _unexplained(of_right, v[:, 0, :])) / spread
    # what is left of the sums carries the errors of the singular vectors too, larger where s0 is small
    verdict = PRODUCT if beside <= limit / found[0] else PRODUCT_AND_SUMS
    return Spectrum(transform, found, resolved, verdict)


def _unexplained(sums: Array, factors: Array) -> float:
    """Root mean square of what is left of sums [K, m] by unit factors [K, m] of mean zero."""
    part = (sums * factors).sum(axis=1, keepdims=True) * factors
    return float(np.sqrt(np.mean((sums - part) ** 2, axis=1)).max())

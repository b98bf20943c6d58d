"""The public `separability` and `symmetry`: what a surrogate shows of the structure of a law, without a search."""

from __future__ import annotations

from typing import Any

from .data import Dataset
from .discovery.setup import check_seed
from .discovery.surrogate import fitted_surrogate, surrogate_of
from .errors import DataError
from .report.structure import Separability, Symmetry
from .session import Session
from .symbolic.separability import separability as separability_of
from .symbolic.surrogate import Surrogate
from .symbolic.symmetry import symmetry as symmetry_of


def separability(
    source: Session | Dataset | Surrogate, *, seed: int = 0, time_limit: float | None = None
) -> Separability:
    """How a law falls into sums and products; printed it is a table, `figure()` a picture, `splits` the numbers.

    The variables are split into two groups x and z in every way that puts one or two beside all others, and each two
    are looked at with the others held. For outer transforms T (the identity, log, 1/f, squares, roots, exp, sin, cos,
    tan, arcsin, artanh, arsinh; only where T is monotone on all values) the values of T(f) on a grid are a matrix. With
    the means of its rows and columns subtracted, its singular values s0 >= s1 >= ... say

        s0 = 0   exactly when   T(f) = g(x) + h(z),             "additive"
        s1 = 0   exactly when   T(f) = g(x) + h(z) + u(x) v(z), "one product beside sums", or "one product" when the
                                                                sums add nothing to c + u(x) v(z).

    Zero is what is not above the error of the surrogate on rows that it has not seen, carried through T. Only what is
    clearly below the rest is claimed; transforms that the surrogate cannot tell apart are listed.

    Args:
        source: a session, whose present network is looked at; or a dataset, to which a small network is fitted; or a
            `kanlab.symbolic.surrogate.Surrogate`, for a function with a box.
        seed: where random numbers start.
        time_limit: seconds for the fits to a dataset; None lets them end by themselves.

    Raises:
        KanlabError: there are several targets or classes, fewer than two inputs that vary, or no such seed.
    """
    surrogate = _surrogate(source, seed, time_limit)
    return Separability(surrogate, separability_of(surrogate, seed=seed))


def symmetry(
    source: Session | Dataset | Surrogate, *, seed: int = 0, time_limit: float | None = None
) -> Symmetry:
    """Which two variables act through one combination; printed a table, `figure()` a picture, `pairs` the numbers.

    f depends on x and z only through m(x, z) exactly when  m_z f_x - m_x f_z = 0. This is asked of x - z, x + z, x z,
    x / z, x^2 + z^2 and x^2 - z^2 with the exact slopes of the surrogate, and what is left is divided by the size of
    the terms: 0 for the right one, about 1 for others. With more than two variables it is also asked whether there is
    some m at all: then f_x / f_z is the same whatever the other variables are. Zero is what is not above the error of
    the slopes, which is about that of the surrogate on rows that it has not seen, over the width of an interval.

    Args:
        source, seed, time_limit: as of `separability`.

    Raises:
        KanlabError: there are several targets or classes, fewer than two inputs that vary, or no such seed.
    """
    surrogate = _surrogate(source, seed, time_limit)
    return Symmetry(surrogate, symmetry_of(surrogate, seed=seed))


def _surrogate(source: Any, seed: int, time_limit: float | None) -> Surrogate:
    check_seed(seed)
    if isinstance(source, Surrogate):
        return source
    if isinstance(source, Session):
        return surrogate_of(source.network, source.data)
    if isinstance(source, Dataset):
        return fitted_surrogate(source, seed=seed, time_limit=time_limit)
    raise DataError(
        f"Structure is looked for in a session or a dataset, and {type(source).__name__} came; "
        "make one with kl.Dataset.from_arrays or kl.Session."
    )

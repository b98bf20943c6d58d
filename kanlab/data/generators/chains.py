"""Electrons on a chain with a quasiperiodic potential: Hamiltonians, their eigenstates, and how far a state extends.

A state of energy E solves `E u_n = sum_m t(|n - m|) u_m + V_n u_n`, n = 1 ... N, with `V_n` a function of the angle
`2 pi b n + phi` and b the golden ratio. The models are those of section 4.4 of Liu et al., arXiv:2404.19756, where the
mobility edge, the energy that parts localized from extended states, is known exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import linalg

from ..._typing import Array
from ...errors import DataError, did_you_mean
from ...forms import grammar

GOLDEN = (1 + 5**0.5) / 2
BOUNDARIES = ("open", "periodic")
Parameters = Mapping[str, float]
Span = tuple[float, float]


@dataclass(frozen=True)
class Model:
    """A chain.

    Attributes:
        name, title: short name, and name.
        ranges: its parameters besides phi, in the order of the paper, and where a table draws them from.
        potential: V of the site numbers [N], their angles [N] and the parameters.
        edge: a formula in energy and parameters that is positive where a state of an endless chain is localized.
        source: who found the edge.
        hops: log of t at distance 0 and its decrease for each site, by parameters; None is t = 1 between neighbors.
    """

    name: str
    title: str
    ranges: Mapping[str, Span]
    potential: Callable[[Array, Array, Parameters], Array]
    edge: str
    source: str
    hops: Callable[[Parameters], tuple[float, float]] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """All that a chain is made of: the names in `ranges`, and phi."""
        return (*self.ranges, "phi")

    def localized(self, columns: Mapping[str, Array]) -> Array:
        """The formula `edge` [rows] on columns [rows]; positive where theory calls a state localized."""
        names = ("energy", *self.ranges)
        return grammar.evaluate(
            grammar.parse(self.edge, variables=names), {name: columns[name] for name in names}
        )


@dataclass(frozen=True, eq=False)
class States:
    """Eigenstates by rising energy: `energy` [states], `wave` [sites, states] with columns of length 1."""

    energy: Array
    wave: Array

    @property
    def ipr(self) -> Array:
        """Inverse participation ratio [states]."""
        return participation(self.wave)

    @property
    def dimension(self) -> Array:
        """Fractal dimension D = -log IPR / log N [states]: 0 for a state on one site, 1 for one spread evenly."""
        return self.dimension_of_boxes(1)

    def dimension_of_boxes(self, box: int) -> Array:
        """D = -log IPR / log(N / box) [states] of the weights of boxes of `box` sites each.

        How a state is spread inside a box does not count. On single sites it does: a state of an endless chain that
        leaves out every second site has IPR = 2/N, and D only tends to 1 like 1 - log 2 / log N.

        Raises:
            DataError: there are not two boxes.
        """
        if 2 * box > len(self.wave):
            raise DataError(
                f"box={box} leaves less than two boxes on {len(self.wave)} sites; give at most {len(self.wave) // 2}."
            )
        return -np.log(participation(self.wave, box=box)) / np.log(len(self.wave) / box)


def participation(wave: Array, *, box: int = 1) -> Array:
    """The inverse participation ratio `sum P^2 / (sum P)^2` of the columns of `wave` [sites, states].

    P are the weights `sum |u|^2` of boxes of `box` neighboring sites; the last box may be smaller (F. Evers, A. D.
    Mirlin, Rev. Mod. Phys. 80 (2008) 1355, section II.C).
    """
    weight = np.add.reduceat(np.abs(wave) ** 2, np.arange(0, len(wave), box), axis=0)
    return (weight**2).sum(axis=0) / weight.sum(axis=0) ** 2


def eigenstates(model: str, parameters: Parameters, *, sites: int = 610, boundary: str = "open") -> States:
    """All states of a chain, such as `eigenstates("gaam", {"alpha": 0.3, "lam": 0.9, "phi": 0.0})`.

    Raises:
        DataError: there is no such model, parameter or boundary.
    """
    chain = _checked(model, parameters, boundary)
    if chain.hops is None and boundary == "open":
        energy, wave = linalg.eigh_tridiagonal(_potential(chain, parameters, sites), np.ones(sites - 1))
    else:
        energy, wave = linalg.eigh(hamiltonian(model, parameters, sites=sites, boundary=boundary))
    return States(energy, wave)


def hamiltonian(model: str, parameters: Parameters, *, sites: int = 610, boundary: str = "open") -> Array:
    """The matrix [sites, sites] of a chain: t between sites, V on its diagonal. Raises what `eigenstates` raises."""
    chain = _checked(model, parameters, boundary)
    number = np.arange(sites)
    distance = np.abs(number[:, None] - number[None, :])
    if boundary == "periodic":
        distance = np.minimum(distance, sites - distance)
    if chain.hops is None:
        matrix = (distance == 1).astype(np.float64)
    else:
        start, decay = chain.hops(parameters)
        matrix = np.exp(start - decay * distance)
    np.fill_diagonal(matrix, _potential(chain, parameters, sites))
    return matrix


def _potential(chain: Model, parameters: Parameters, sites: int) -> Array:
    site = np.arange(1.0, sites + 1)
    return chain.potential(site, 2 * np.pi * GOLDEN * site + parameters["phi"], parameters)


def _checked(model: str, parameters: Parameters, boundary: str) -> Model:
    if model not in MODELS:
        raise DataError(
            f"There is no chain {model!r}; there are {', '.join(MODELS)}.{did_you_mean(str(model), MODELS)}"
        )
    chain = MODELS[model]
    if set(parameters) != set(chain.parameters):
        raise DataError(
            f"The parameters of the chain {model!r} are {', '.join(chain.parameters)}, and "
            f"{', '.join(map(str, parameters)) or 'none'} came; give each of them once."
        )
    if boundary not in BOUNDARIES:
        raise DataError(f"boundary={boundary!r} is not known; it is {' or '.join(BOUNDARIES)}.")
    return chain


def _mosaic(period: int, edge: str) -> Model:
    def potential(site: Array, angle: Array, parameters: Parameters) -> Array:
        return np.where(site % period == 0, parameters["lam"] * np.cos(angle), 0.0)

    return Model(
        f"mm{period}",
        f"Mosaic model, potential on every site number {period}",
        {"lam": (0.1, 4.0)},
        potential,
        edge,
        "Y. Wang et al., Phys. Rev. Lett. 125 (2020) 196604",
    )


def _aubry_andre(_: Array, angle: Array, parameters: Parameters) -> Array:
    wave = np.cos(angle)
    return 2 * parameters["lam"] * wave / (1 - parameters["alpha"] * wave)


def _cosine(_: Array, angle: Array, parameters: Parameters) -> Array:
    return parameters["lam"] * np.cos(angle)


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            _mosaic(2, "lam*abs(energy)/2 - 1"),
            _mosaic(3, "lam*abs(energy**2 - 1)/2 - 1"),
            Model(
                "gaam",
                "Generalized Aubry-André model",
                {"alpha": (-0.8, 0.8), "lam": (0.5, 1.5)},
                _aubry_andre,
                "alpha*energy + 2*lam - 2",
                "S. Ganeshan, J. H. Pixley, S. Das Sarma, Phys. Rev. Lett. 114 (2015) 146601",
            ),
            Model(
                "maam",
                "Modified Aubry-André model with hops of every length",
                {"lam": (0.5, 3.0), "p": (1.0, 3.0)},
                _cosine,
                "lam*cosh(p) - energy - exp(p)",
                "J. Biddle, S. Das Sarma, Phys. Rev. Lett. 104 (2010) 070601",
                hops=lambda parameters: (parameters["p"], parameters["p"]),
            ),
        )
    }
)
"""With kappa, alpha, lambda and p of the paper:

    mm    V_n = lam cos(angle) where kappa divides n, else 0; the edge is lam |U_(kappa-1)(E/2)| = 2, U of Chebyshev
    gaam  V_n = 2 lam cos(angle) / (1 - alpha cos(angle))
    maam  V_n = lam cos(angle), t(d) = exp(p - p d)

In the mosaic model `lam` stands before the cosine without a factor 2, so that the edge for kappa = 2 is lam = 2/|E|."""

"""Problems with known solutions."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from kanlab.pde import Box, Face, Fields, Problem, dirichlet

PI = math.pi


def paper_source(x: Tensor) -> Tensor:
    """f of the paper's section 3.4."""
    a, b = PI * x[:, 0], PI * x[:, 1] ** 2
    return -(PI**2) * (1 + 4 * x[:, 1] ** 2) * torch.sin(a) * torch.sin(b) + 2 * PI * torch.sin(
        a
    ) * torch.cos(b)


def poisson() -> Problem:
    """The paper's Poisson problem."""
    return Problem(
        domain=Box([(-1, 1), (-1, 1)]),
        residual=lambda u: u.laplacian - paper_source(u.x),
        boundary=lambda x: 0 * x[:, 0],
    )


def poisson_solution(x: np.ndarray) -> np.ndarray:
    """sin(pi x) sin(pi y^2)."""
    return np.sin(PI * x[:, 0]) * np.sin(PI * x[:, 1] ** 2)


def wave(x: Tensor, viscosity: float) -> Tensor:
    """A front of Burgers' equation that travels with speed 1/2."""
    return 0.5 - 0.5 * torch.tanh((x[:, 0] - 0.5 * x[:, 1]) / (4 * viscosity))


def burgers(viscosity: float) -> Problem:
    """u_t + u u_x = nu u_xx in (x, t), with the front at the start and at both ends."""

    def residual(u: Fields) -> Tensor:
        return u.gradient[:, 1] + u.value * u.gradient[:, 0] - viscosity * u.second(0, 0)

    given = (Face(0, high=False), Face(0, high=True), Face(1, high=False))
    return Problem(
        domain=Box([(-1, 1), (0, 1)]),
        residual=residual,
        boundary=[dirichlet(lambda x: wave(x, viscosity), given)],
    )


def square_grid(box: Box, count: int) -> np.ndarray:
    """count^n points that include the faces."""
    axes = [np.linspace(low, high, count) for low, high in box.ranges]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)

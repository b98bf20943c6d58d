"""Differential equations: residuals written in torch, solved by Gauss-Newton with exact Jacobians.

problem  = kl.pde.Problem(
    domain=kl.pde.Box([(-1, 1), (-1, 1)]),
    residual=lambda u: u.laplacian - f(u.x),
    boundary=lambda x: 0 * x[:, 0],
)
solution = kl.pde.solve(problem, shape=[2, 4, 1])
solution.network, solution(points), solution.residual_rms
"""

from __future__ import annotations

from .domain import Box, Face
from .fields import Fields, fields
from .problem import Condition, Problem, dirichlet, neumann
from .solve import Solution, SolveOptions, SolveProgress, solve, solve_steps

__all__ = [
    "Box",
    "Condition",
    "Face",
    "Fields",
    "Problem",
    "Solution",
    "SolveOptions",
    "SolveProgress",
    "dirichlet",
    "fields",
    "neumann",
    "solve",
    "solve_steps",
]

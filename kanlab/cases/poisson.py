"""Section 3.4: the Poisson equation u_xx + u_yy = f on [-1, 1]^2 with u = 0 on the edge, u = sin(pi x) sin(pi y^2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure

from .. import pde
from ..network import KAN
from .case import Case, Figures, Scale, Step
from .claim import Claim, at_most
from .drawing import FAINT, OTHER, OWN, drawn

PI = math.pi
PAPER_KAN, PAPER_MLP = 1e-7, 1e-5


def source(x: torch.Tensor) -> torch.Tensor:
    """f = -pi^2 (1 + 4 y^2) sin(pi x) sin(pi y^2) + 2 pi sin(pi x) cos(pi y^2)."""
    a, b = PI * x[:, 0], PI * x[:, 1] ** 2
    bent = -(PI**2) * (1 + 4 * x[:, 1] ** 2) * torch.sin(a) * torch.sin(b)
    return bent + 2 * PI * torch.sin(a) * torch.cos(b)


PROBLEM = pde.Problem(
    domain=pde.Box([(-1, 1), (-1, 1)]),
    residual=lambda u: u.laplacian - source(u.x),
    boundary=lambda x: 0 * x[:, 0],
)


def errors(network: KAN, count: int = 201) -> tuple[float, float]:
    """Mean squared error of u, and of u and its gradient together, on a grid that no solver has seen."""
    axis = np.linspace(-1, 1, count)
    x, y = (side.ravel() for side in np.meshgrid(axis, axis, indexing="ij"))
    found = pde.fields(network, np.stack([x, y], axis=1))
    value = found.value.numpy() - np.sin(PI * x) * np.sin(PI * y**2)
    true_slope = PI * np.stack(
        [np.cos(PI * x) * np.sin(PI * y**2), 2 * y * np.sin(PI * x) * np.cos(PI * y**2)], axis=1
    )
    plain = float(np.mean(value**2))
    return plain, plain + float(np.mean(np.square(found.gradient.numpy() - true_slope).sum(axis=1)))


def solved(scale: Scale) -> Figures:
    """[2, 4, 1] for several seeds."""
    runs: list[tuple[float, float, int, float]] = []
    for seed in scale.seeds(10, 2):
        started = process_time()
        network = pde.solve(PROBLEM, shape=[2, 4, 1], seed=seed).network
        runs.append((*errors(network), network.parameter_count(), process_time() - started))
    plain, slopes, parameters, seconds = (list(column) for column in zip(*runs, strict=True))
    return {
        "mse": median(plain),
        "worst": max(plain),
        "h1_squared": median(slopes),
        "parameters": max(parameters),
        "cpu_s": median(seconds),
    }


def over_steps(_scale: Scale) -> Figures:
    """Errors along one solution."""
    lines: dict[str, list[float]] = {"step": [], "mse": [], "h1_squared": []}
    for progress in pde.solve_steps(PROBLEM, shape=[2, 4, 1], seed=0):
        if progress.step % 5 == 0:
            found = (progress.step, *errors(progress.network, 51))
            for name, value in zip(lines, found, strict=True):
                lines[name].append(value)
    return {**lines, "last": lines["mse"][-1]}


def picture(figures: Mapping[str, Figures]) -> Figure:
    """Squared errors over steps, as on the left of figure 3.3."""
    held: Mapping[str, Any] = figures["steps"]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.semilogy(held["step"], held["mse"], color=OWN, lw=2, label="u")
        axes.semilogy(held["step"], held["h1_squared"], color=OTHER, lw=1.2, label="u and its gradient")
        for value, label in ((PAPER_KAN, "KAN of the paper"), (PAPER_MLP, "perceptron of the paper")):
            axes.axhline(value, color=FAINT, lw=1, ls="--")
            axes.annotate(label, (held["step"][-1], value), fontsize=7, ha="right", va="bottom")
        axes.set_xlabel("Gauss-Newton steps")
        axes.set_ylabel("mean squared error")
        axes.legend()

    return drawn(4.6, 3.2, draw)


CASE = Case(
    name="poisson",
    title="Can a small network solve a partial differential equation?",
    source="arXiv 2404.19756, section 3.4, figure 3.3",
    steps=(Step("solved", solved), Step("steps", over_steps)),
    claims=(
        Claim("mean squared error of u", "solved.mse", at_most(1e-9), "1e-7"),
        Claim("the worst seed", "solved.worst", at_most(PAPER_KAN), "1e-7"),
        Claim("parameters", "solved.parameters", at_most(300), "~100"),
        Claim("squared error of u and its gradient", "solved.h1_squared", at_most(1e-6)),
        Claim("CPU seconds", "solved.cpu_s", at_most(60), quick=at_most(120)),
        Claim("error at the end of one solution", "steps.last", at_most(1e-9), "1e-7"),
    ),
    headline="A network of 257 parameters has a mean squared error of {solved.mse}; the paper's has 1e-7.",
    picture=picture,
)

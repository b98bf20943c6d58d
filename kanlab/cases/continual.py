"""Section 3.5: five peaks, shown one after the other, and no old row kept.

y = sum over five centers c of exp(-300 (x - c)^2) on [-1, 1]; each phase shows 100 points on c +- 0.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median

import numpy as np
import torch
from matplotlib.figure import Figure

from .._typing import Array
from ..network import KAN, NetworkSpec
from ..training import Memory, Rows, continue_fit
from .case import Case, Figures, Scale, Step
from .claim import Bound, Claim, at_least, at_most
from .drawing import FAINT, INK, OTHER, OWN, drawn

CENTERS = (-0.8, -0.4, 0.0, 0.4, 0.8)
RANGE = np.linspace(-1, 1, 2001)[:, None]
SHOWN = 8
WIDTH, ADAM_STEPS, RATE = 64, 3000, 3e-3
Predict = Callable[[Array], Array]
Learner = Callable[[Array, Array], Predict]
"""Takes the rows of a phase, gives what it now predicts."""


def peaks(x: Array) -> Array:
    """The function."""
    return sum((np.exp(-300 * (x - center) ** 2) for center in CENTERS), np.zeros_like(x))


def network(seed: int) -> Learner:
    """A KAN [1, 1] with 200 intervals, which carries on from phase to phase."""
    spec = NetworkSpec.of([1, 1], order=3, intervals=200, base="zero")
    held: tuple[KAN, Memory | None] = KAN(spec, seed=seed), None

    def learn(x: Array, y: Array) -> Predict:
        nonlocal held
        done = continue_fit(held[0], Rows(x, y), held[1])
        held = done.network, done.memory
        return done.network.predict

    return learn


def perceptron(seed: int) -> Learner:
    """Two hidden layers of 64 (tanh); Adam with a cosine decay in each phase."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = torch.nn.Sequential(
            torch.nn.Linear(1, WIDTH),
            torch.nn.Tanh(),
            torch.nn.Linear(WIDTH, WIDTH),
            torch.nn.Tanh(),
            torch.nn.Linear(WIDTH, 1),
        ).double()

    def learn(x: Array, y: Array) -> Predict:
        inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
        optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, ADAM_STEPS)
        for _ in range(ADAM_STEPS):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(inputs), targets).backward()
            optimizer.step()
            schedule.step()

        def predict(points: Array) -> Array:
            with torch.no_grad():
                return model(torch.from_numpy(points)).numpy()

        return predict

    return learn


def taught(make: Callable[[int], Learner], seeds: range) -> Figures:
    """Errors on a phase right after it, and on the whole range after the last; the curves of the first seed."""
    phases: list[float] = []
    final: list[float] = []
    curves: list[list[float]] = []
    for seed in seeds:
        learner, predict = make(seed), peaks
        for center in CENTERS:
            x = np.linspace(center - 0.2, center + 0.2, 100)[:, None]
            predict = learner(x, peaks(x))
            phases.append(_rmse(predict, x))
            if seed == seeds[0]:
                curves.append(predict(RANGE)[::SHOWN, 0].tolist())
        final.append(_rmse(predict, RANGE))
    return {"phase": median(phases), "final": median(final), "worst": max(final), "curves": curves}


def kan(scale: Scale) -> Figures:
    """The network."""
    return taught(network, scale.seeds(5))


def mlp(scale: Scale) -> Figures:
    """The perceptron, and how much worse it ends than the network."""
    found = taught(perceptron, scale.seeds(3))
    return {**found, "factor": found["final"] / taught(network, range(1))["final"]}


def _rmse(predict: Predict, x: Array) -> float:
    return float(np.sqrt(np.mean((predict(x) - peaks(x)) ** 2)))


def picture(figures: Mapping[str, Figures]) -> Figure:
    """What each learner knows after each phase, as in figure 3.4."""

    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, len(CENTERS), sharex=True, sharey=True)
        x = RANGE[:, 0]
        for row, (step, color, label) in enumerate((("kan", OWN, "KAN"), ("mlp", OTHER, "perceptron"))):
            for column, curve in enumerate(figures[step]["curves"]):
                axes = grid[row, column]
                axes.grid(visible=False)
                axes.plot(x, peaks(x), color=FAINT, lw=1)
                seen = np.abs(x - CENTERS[column]) <= 0.2
                axes.plot(x[seen], peaks(x[seen]), color=INK, lw=2)
                axes.plot(x[::SHOWN], curve, color=color, lw=1.3)
                if row == 0:
                    axes.set_title(f"phase {column + 1}")
            grid[row, 0].set_ylabel(label)
        grid[0, 0].set_ylim(-0.6, 1.4)

    return drawn(8.2, 2.8, draw)


CASE = Case(
    name="continual",
    title="Does a network forget what it is not shown again?",
    source="arXiv 2404.19756, section 3.5, figure 3.4; the authors' tutorial for the number",
    steps=(Step("kan", kan), Step("mlp", mlp)),
    claims=(
        Claim("error on a phase, right after it", "kan.phase", at_most(4e-6), "3.99e-6"),
        Claim("error on the whole range after the fifth phase", "kan.final", at_most(1e-4), "no number"),
        Claim("the worst seed", "kan.worst", at_most(1e-4)),
        Claim("perceptron, whole range after the fifth phase", "mlp.final", Bound(low=0.1), "forgets"),
        Claim("times worse than the network", "mlp.factor", at_least(10)),
    ),
    headline="Each peak is learned and none is forgotten: error {kan.final}, a perceptron's is {mlp.final}.",
    picture=picture,
)

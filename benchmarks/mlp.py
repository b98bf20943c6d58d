"""A plain multilayer perceptron fitted by L-BFGS: what a KAN has to beat with as many parameters."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

import kanlab as kl

ACTIVATIONS = ("tanh", "silu")
HIDDEN_LAYERS = 2
IDLE_STEPS = 30
STEP_ITERATIONS = 20


def parameters_of(width: int, ends: tuple[int, int], layers: int) -> int:
    """Weights and biases of `layers` hidden layers of this width."""
    first, last = ends
    return (first + 1) * width + (layers - 1) * (width + 1) * width + (width + 1) * last


def width_for(parameters: int, ends: tuple[int, int], *, layers: int) -> int:
    """The hidden width whose number of parameters is nearest."""
    linear, square = ends[0] + ends[1] + layers, layers - 1
    rest = max(0, parameters - ends[1])
    guess = (
        rest / linear if not square else (math.sqrt(linear**2 + 4 * square * rest) - linear) / (2 * square)
    )
    low = max(1, math.floor(guess))
    return min((low, low + 1), key=lambda width: abs(parameters_of(width, ends, layers) - parameters))


@dataclass(frozen=True)
class Fitted:
    """How well it went.

    Attributes:
        test, validation: root mean squared errors.
        parameters: weights and biases.
        width: of the hidden layers.
        activation: the better one by validation.
        cpu_s: for all activations together.
    """

    test: float
    validation: float
    parameters: int
    width: int
    activation: str
    cpu_s: float


def fit_mlp(data: kl.Dataset, parameters: int, *, budget: float, seed: int = 0) -> Fitted:
    """Two hidden layers with about so many parameters, float64, full batch.

    tanh and SiLU get half of the CPU seconds each; L-BFGS with strong-Wolfe search and a history of 50. Inputs are
    scaled to [-1, 1], targets to unit spread. The state with the least validation error is kept, over steps and
    activations; a run ends early when 30 steps (of 20 iterations) bring no better one.
    """
    ends = (data.inputs.shape[1], data.targets.shape[1])
    width = width_for(parameters, ends, layers=HIDDEN_LAYERS)
    started = process_time()
    best = (math.inf, math.inf, ACTIVATIONS[0])
    for number, activation in enumerate(ACTIVATIONS, 1):
        until = started + budget * number / len(ACTIVATIONS)
        validation, test = _train(data, width, activation, until=until, seed=seed)
        best = min(best, (validation, test, activation))
    validation, test, activation = best
    count = parameters_of(width, ends, HIDDEN_LAYERS)
    return Fitted(test, validation, count, width, activation, process_time() - started)


def _train(data: kl.Dataset, width: int, activation: str, *, until: float, seed: int) -> tuple[float, float]:
    """Validation and test error of the best state."""
    import torch

    parts = {name: data.part(name) for name in ("train", "validation", "test")}
    low, high = parts["train"].inputs.min(axis=0), parts["train"].inputs.max(axis=0)
    mean, spread = parts["train"].targets.mean(axis=0), parts["train"].targets.std(axis=0)

    def inputs(name: str) -> Any:
        return torch.from_numpy(2 * (parts[name].inputs - low) / np.maximum(high - low, 1e-12) - 1)

    def rmse(model: Any, name: str) -> float:
        with torch.no_grad():
            found = mean + np.maximum(spread, 1e-12) * model(inputs(name)).numpy()
        return float(np.sqrt(np.mean((found - parts[name].targets) ** 2)))

    y = torch.from_numpy((parts["train"].targets - mean) / np.maximum(spread, 1e-12))
    model = _model((data.inputs.shape[1], data.targets.shape[1]), width, activation, seed)
    best, kept, idle = math.inf, deepcopy(model.state_dict()), 0
    for _ in _steps(model, inputs("train"), y):
        error = rmse(model, "validation")
        if error < best * 0.999:
            best, kept, idle = error, deepcopy(model.state_dict()), 0
        else:
            idle += 1
        if not math.isfinite(error) or idle >= IDLE_STEPS or process_time() >= until:
            break
    model.load_state_dict(kept)
    return rmse(model, "validation"), rmse(model, "test")


def _steps(model: Any, x: Any, y: Any) -> Iterator[None]:
    import torch

    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=STEP_ITERATIONS,
        history_size=50,
        line_search_fn="strong_wolfe",
        tolerance_grad=1e-32,
        tolerance_change=1e-32,
    )

    def closure() -> Any:
        optimizer.zero_grad()
        loss = torch.mean((model(x) - y) ** 2)
        loss.backward()
        return loss

    while True:
        optimizer.step(closure)
        yield


def _model(ends: tuple[int, int], width: int, activation: str, seed: int) -> Any:
    import torch

    between = {"tanh": torch.nn.Tanh, "silu": torch.nn.SiLU}[activation]
    widths = (ends[0], *[width] * HIDDEN_LAYERS, ends[1])
    parts: list[Any] = []
    # torch draws first weights from its global generator; it is left as it was
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for before, after in itertools.pairwise(widths):
            parts += [torch.nn.Linear(before, after, dtype=torch.float64), between()]
    return torch.nn.Sequential(*parts[:-1])

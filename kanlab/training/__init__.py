"""Training: objectives and penalties made small, grids that follow the data, refinement chosen by validation."""

from __future__ import annotations

from .adam import Adam
from .continual import Continued, Memory, continue_fit
from .equations import mean_loss, shown_error
from .fit import Callback, fit, fit_steps
from .grids import cover_activations, cover_inputs, follow_activations
from .lbfgs import LBFGS
from .levenberg_marquardt import LevenbergMarquardt
from .levenberg_marquardt import step as levenberg_marquardt_step
from .losses import OBJECTIVES, huber, objective_of
from .objectives import Objective
from .optimizer import Optimizer
from .options import OPTIMIZERS, FitOptions
from .penalties import AnyPenalty, Penalty, Roughness, SmoothPenalty
from .problem import Samples, mean_squared_error
from .progress import Progress
from .rows import Rows, samples_of
from .schedules import SCHEDULES
from .torch_loss import Loss, TorchLoss
from .torch_penalty import TorchPenalty

__all__ = [
    "LBFGS",
    "OBJECTIVES",
    "OPTIMIZERS",
    "SCHEDULES",
    "Adam",
    "AnyPenalty",
    "Callback",
    "Continued",
    "FitOptions",
    "LevenbergMarquardt",
    "Loss",
    "Memory",
    "Objective",
    "Optimizer",
    "Penalty",
    "Progress",
    "Roughness",
    "Rows",
    "Samples",
    "SmoothPenalty",
    "TorchLoss",
    "TorchPenalty",
    "continue_fit",
    "cover_activations",
    "cover_inputs",
    "fit",
    "fit_steps",
    "follow_activations",
    "huber",
    "levenberg_marquardt_step",
    "mean_loss",
    "mean_squared_error",
    "objective_of",
    "samples_of",
    "shown_error",
]

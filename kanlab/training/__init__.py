"""Training: objectives and penalties made small, grids that follow the data, refinement chosen by validation."""

from __future__ import annotations

from .equations import mean_loss
from .fit import OPTIMIZERS, FitOptions, fit, fit_steps
from .grids import cover_inputs, follow_activations
from .levenberg_marquardt import step as levenberg_marquardt_step
from .losses import OBJECTIVES, huber, objective_of
from .objectives import Objective
from .penalties import Penalty, Roughness
from .problem import Samples, mean_squared_error
from .progress import Progress
from .rows import Rows, samples_of
from .torch_loss import TorchLoss

__all__ = [
    "OBJECTIVES",
    "OPTIMIZERS",
    "FitOptions",
    "Objective",
    "Penalty",
    "Progress",
    "Roughness",
    "Rows",
    "Samples",
    "TorchLoss",
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
]

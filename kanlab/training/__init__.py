"""Training: least squares with penalties, grids that follow the data, refinement chosen by validation."""

from __future__ import annotations

from .continual import Continued, Memory, continue_fit
from .fit import OPTIMIZERS, FitOptions, Rows, fit, fit_steps, samples_of
from .grids import cover_inputs, follow_activations
from .levenberg_marquardt import step as levenberg_marquardt_step
from .penalties import Penalty, Roughness
from .problem import Samples, mean_squared_error
from .progress import Progress

__all__ = [
    "OPTIMIZERS",
    "Continued",
    "FitOptions",
    "Memory",
    "Penalty",
    "Progress",
    "Roughness",
    "Rows",
    "Samples",
    "continue_fit",
    "cover_inputs",
    "fit",
    "fit_steps",
    "follow_activations",
    "levenberg_marquardt_step",
    "mean_squared_error",
    "samples_of",
]

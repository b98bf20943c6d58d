"""B-splines of any order as pure functions: knots, bases, exact refinement, fits."""

from __future__ import annotations

from .basis import dense_basis, evaluate, find_span, local_basis, spline_sums
from .fit import fit_coefficients
from .insertion import change_knots, refine_breakpoints
from .knots import blended_knots, breakpoints, intervals_of, open_knots, uniform_knots
from .pieces import piece_matrices
from .roughness import roughness_matrices

__all__ = [
    "blended_knots",
    "breakpoints",
    "change_knots",
    "dense_basis",
    "evaluate",
    "find_span",
    "fit_coefficients",
    "intervals_of",
    "local_basis",
    "open_knots",
    "piece_matrices",
    "refine_breakpoints",
    "roughness_matrices",
    "spline_sums",
    "uniform_knots",
]

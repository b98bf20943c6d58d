"""The order of the forms that fit one curve. Lower is better; the unit is one unit of complexity.

    score = worth * log2(n/(n - p) residual + floor) + complexity + 0.5 * (constants neither 0 nor 1)

with n points, p fitted constants, residual = 1 - r2, and floor the residual that rounding of y alone leaves
(at least 1e-24). Nothing depends on the scale of x or y. With noise, all right forms have the noise as their
residual and the simplest wins; without noise they all have the floor, and again the simplest wins.

`worth` is what a halved residual is worth. Points whose misfits are independent (noise) are each a witness:
worth is 4, so that 19 % of residual outweigh one unit of complexity. The misfit of a learned spline is
smooth, many points say the same, and residuals of right and wrong forms differ by accident: worth falls to 1.
"""

from __future__ import annotations

from math import log2

import numpy as np

from ..forms import Form
from .gauge import Constants
from .sample import Sample

_NEAR = 1e-7
_CONSTANT = 0.5
_LEAST, _MOST = 1.0, 4.0
_WITNESSES = 25.0
"""Independent points for each unit of worth."""


def score(curve: Sample, form: Form, constants: Constants, *, fitted: int, worth: float) -> float:
    """The score of one form with `fitted` constants; comparable among forms of one curve and one `worth`."""
    rows = len(curve.x)
    noise = constants.residual * rows / max(rows - fitted, 0.5)
    return worth * log2(noise + curve.floor) + form.complexity + _CONSTANT * _written(curve, form, constants)


def evidence(curve: Sample, form: Form, constants: Constants) -> float:
    """The worth of a halved residual from the misfit's lag-one correlation r: n (1 - r)/(1 + r) / 25."""
    with np.errstate(all="ignore"):
        misfit = curve.y - constants.c * form.numpy(constants.a * curve.x + constants.b) - constants.d
    misfit = misfit / (float(np.abs(misfit).max()) or 1.0)
    power = float(misfit @ misfit)
    correlation = float(misfit[1:] @ misfit[:-1]) / power if power > 0 else 0.0
    witnesses = len(misfit) * (1 - correlation) / (1 + max(correlation, 0.0))
    return float(np.clip(witnesses / _WITNESSES, _LEAST, _MOST))


def _written(curve: Sample, form: Form, constants: Constants) -> int:
    """How many of the four constants have to be written, because they are neither 0 nor 1."""
    if constants.c == 0:
        return 1
    argument = constants.a * curve.x
    with np.errstate(all="ignore"):
        height = abs(constants.c) * float(np.abs(form.numpy(argument + constants.b)).max())
    wanted = (
        abs(abs(constants.a) - 1) > _NEAR,
        abs(constants.b) > _NEAR * float(np.abs(argument).max()),
        abs(abs(constants.c) - 1) > _NEAR,
        abs(constants.d) > _NEAR * height,
    )
    return sum(wanted)

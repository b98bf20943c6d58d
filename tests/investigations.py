"""Investigations that several tests look at."""

from __future__ import annotations

import functools

from kanlab.data import load
from kanlab.discovery import Investigation
from kanlab.discovery.actions import Fit, Fix, Prune
from kanlab.network import EdgeId


@functools.cache
def exp_sin() -> Investigation:
    """From [2, 5, 1] to y = exp(sin(pi x1) + x2^2), standing at the law; do not act on it."""
    held = Investigation.start(load("exp_sin"), shape=[2, 5, 1])
    held.do(Fit(sparsity=0.02))
    held.do(Prune())
    for edge, form in ((EdgeId(0, 0, 0), "sin"), (EdgeId(0, 1, 0), "x^2"), (EdgeId(1, 0, 0), "exp")):
        held.do(Fix(edge, form))
    return held

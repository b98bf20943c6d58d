"""The functions of one argument that a typed formula may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
import torch
from scipy import special
from torch import Tensor

from .._typing import Array
from .special import j0, j0_torch, j1, j1_torch, sinc, sinc_torch


@dataclass(frozen=True)
class Function:
    """One function in NumPy, PyTorch and SymPy, and the names by which text may call it."""

    name: str
    numpy: Callable[[Array], Array]
    torch: Callable[[Tensor], Tensor]
    sympy: Callable[[Any], Any]
    aliases: tuple[str, ...] = ()


def erf(values: Array) -> Array:
    """The error function; SciPy has no extended-precision loop, so wider types come back rounded."""
    array = np.asarray(values)
    return special.erf(array.astype(np.float64)).astype(array.dtype)


def sigmoid(values: Array) -> Array:
    """1 / (1 + exp(-u)) without overflow."""
    return special.expit(values)


def gaussian(values: Array) -> Array:
    """exp(-u^2)."""
    return np.exp(-np.square(values))


def relu(values: Array) -> Array:
    """max(0, u)."""
    return np.maximum(values, 0.0)


def sympy_j1(u: Any) -> Any:
    """J1 with its sign in front: SymPy alone writes J1(1 - x) as (1 - x) J1(x - 1)/(x - 1)."""
    return -sympy.besselj(1, -u) if u.could_extract_minus_sign() else sympy.besselj(1, u)


FUNCTIONS: tuple[Function, ...] = (
    Function("sin", np.sin, torch.sin, sympy.sin),
    Function("cos", np.cos, torch.cos, sympy.cos),
    Function("tan", np.tan, torch.tan, sympy.tan),
    Function("asin", np.arcsin, torch.arcsin, sympy.asin, ("arcsin",)),
    Function("acos", np.arccos, torch.arccos, sympy.acos, ("arccos",)),
    Function("atan", np.arctan, torch.arctan, sympy.atan, ("arctan",)),
    Function("sinh", np.sinh, torch.sinh, sympy.sinh),
    Function("cosh", np.cosh, torch.cosh, sympy.cosh),
    Function("tanh", np.tanh, torch.tanh, sympy.tanh),
    Function("asinh", np.arcsinh, torch.arcsinh, sympy.asinh, ("arcsinh",)),
    Function("acosh", np.arccosh, torch.arccosh, sympy.acosh, ("arccosh",)),
    Function("atanh", np.arctanh, torch.arctanh, sympy.atanh, ("arctanh",)),
    Function("exp", np.exp, torch.exp, sympy.exp),
    Function("log", np.log, torch.log, sympy.log, ("ln",)),
    Function("log2", np.log2, torch.log2, lambda u: sympy.log(u) / sympy.log(2)),
    Function("log10", np.log10, torch.log10, lambda u: sympy.log(u) / sympy.log(10)),
    Function("sqrt", np.sqrt, torch.sqrt, sympy.sqrt),
    Function("abs", np.abs, torch.abs, sympy.Abs, ("Abs",)),
    Function("sign", np.sign, torch.sgn, sympy.sign, ("sgn",)),
    Function("erf", erf, torch.erf, sympy.erf),
    Function("sigmoid", sigmoid, torch.sigmoid, lambda u: 1 / (1 + sympy.exp(-u))),
    Function("gaussian", gaussian, lambda u: torch.exp(-u.square()), lambda u: sympy.exp(-(u**2))),
    Function("relu", relu, torch.relu, lambda u: sympy.Max(0, u)),
    Function("sinc", sinc, sinc_torch, sympy.sinc),
    Function("J0", j0, j0_torch, lambda u: sympy.besselj(0, u), ("j0", "besselj0")),
    Function("J1", j1, j1_torch, sympy_j1, ("j1", "besselj1")),
)

BY_NAME: dict[str, Function] = {name: entry for entry in FUNCTIONS for name in (entry.name, *entry.aliases)}

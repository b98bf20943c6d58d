"""kanlab: a discovery workbench for Kolmogorov-Arnold networks.

import kanlab as kl

data    = kl.load("exp_sin")
session = kl.Session(data, shape=[2, 5, 1], seed=0)
session            # the workbench, as the last line of a notebook cell
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import forms, pde
from .data import Dataset, dimensionless_groups, load
from .data import available as datasets
from .discovery import Shelf
from .discovery.ensemble import Ensemble, ensemble
from .discovery.fit import fit
from .errors import KanlabError
from .network import KAN, EdgeId, NetworkSpec, NodeId, from_pykan
from .progress import discover
from .report.comparison import compare_laws
from .session import Session
from .structure import separability, symmetry
from .symbolic.law import Law
from .training import Memory, Rows, continue_fit
from .training.streaming import fit_large

if TYPE_CHECKING:
    from .estimators import KANClassifier as KANClassifier
    from .estimators import KANRegressor as KANRegressor

__version__ = "0.1.0"
open = Session.open  # noqa: A001  the public name is fixed

__all__ = [
    "KAN",
    "Dataset",
    "EdgeId",
    "Ensemble",
    "KanlabError",
    "Law",
    "Memory",
    "NetworkSpec",
    "NodeId",
    "Rows",
    "Session",
    "Shelf",
    "__version__",
    "compare_laws",
    "continue_fit",
    "datasets",
    "dimensionless_groups",
    "discover",
    "ensemble",
    "fit",
    "fit_large",
    "forms",
    "from_pykan",
    "load",
    "open",
    "pde",
    "separability",
    "symmetry",
]

_ESTIMATORS = ("KANClassifier", "KANRegressor")


def __getattr__(name: str) -> Any:
    """The estimators are imported when they are asked for, because they need scikit-learn."""
    if name not in _ESTIMATORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from . import estimators
    except ModuleNotFoundError as problem:
        if (problem.name or "").split(".")[0] != "sklearn":
            raise
        raise ImportError(
            f"kl.{name} needs scikit-learn, which is not installed; install scikit-learn."
        ) from problem
    return getattr(estimators, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_ESTIMATORS])

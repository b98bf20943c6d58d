"""kanlab: a discovery workbench for Kolmogorov-Arnold networks.

import kanlab as kl

data    = kl.load("exp_sin")
session = kl.Session(data, shape=[2, 5, 1], seed=0)
session            # the workbench, as the last line of a notebook cell
"""

from __future__ import annotations

from . import pde
from .data import Dataset, load
from .data import available as datasets
from .discovery import Shelf
from .errors import KanlabError
from .network import KAN, EdgeId, NetworkSpec, NodeId
from .progress import discover
from .session import Session
from .symbolic.law import Law
from .training import Memory, Rows, continue_fit

__version__ = "0.1.0"
open = Session.open  # noqa: A001  the public name is fixed

__all__ = [
    "KAN",
    "Dataset",
    "EdgeId",
    "KanlabError",
    "Law",
    "Memory",
    "NetworkSpec",
    "NodeId",
    "Rows",
    "Session",
    "Shelf",
    "__version__",
    "continue_fit",
    "datasets",
    "discover",
    "load",
    "open",
    "pde",
]

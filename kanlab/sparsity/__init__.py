"""What matters in a network, and how to leave out the rest."""

from __future__ import annotations

from .attribution import Attribution, attribution
from .paper import L1Entropy
from .penalties import GroupSparsity, Shrinkage
from .prune import PrunePlan, plan_prune, prune

__all__ = [
    "Attribution",
    "GroupSparsity",
    "L1Entropy",
    "PrunePlan",
    "Shrinkage",
    "attribution",
    "plan_prune",
    "prune",
]

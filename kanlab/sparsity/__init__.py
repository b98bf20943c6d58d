"""What matters in a network, and how to leave out the rest."""

from __future__ import annotations

from .attribution import Attribution, attribution, edge_magnitudes
from .effects import interactions, total_effects
from .paper import L1Entropy
from .penalties import GroupSparsity, Shrinkage
from .prune import PrunePlan, plan_prune, prune
from .twins import TOLERANCE, Twins, find_twins, merge_twins

__all__ = [
    "TOLERANCE",
    "Attribution",
    "GroupSparsity",
    "L1Entropy",
    "PrunePlan",
    "Shrinkage",
    "Twins",
    "attribution",
    "edge_magnitudes",
    "find_twins",
    "interactions",
    "merge_twins",
    "plan_prune",
    "prune",
    "total_effects",
]

"""What matters in a network, and how to leave out the rest."""

from __future__ import annotations

from .attribution import Attribution, attribution
from .penalties import GroupSparsity, Shrinkage
from .prune import PrunePlan, plan_prune, prune

__all__ = [
    "Attribution",
    "GroupSparsity",
    "PrunePlan",
    "Shrinkage",
    "attribution",
    "plan_prune",
    "prune",
]

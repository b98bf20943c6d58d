"""Classification with scikit-learn's interface."""

from __future__ import annotations

from .base import KANEstimator


class KANClassifier(KANEstimator):
    """A Kolmogorov-Arnold network as a scikit-learn classifier."""

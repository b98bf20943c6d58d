"""Networks behind scikit-learn's interface. Importing this room needs scikit-learn."""

from __future__ import annotations

from .classifier import KANClassifier
from .regressor import KANRegressor

__all__ = ["KANClassifier", "KANRegressor"]

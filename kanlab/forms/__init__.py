"""Named univariate functions and the safe grammar in which a person may type more of them."""

from __future__ import annotations

from . import grammar, library
from .continued import safe
from .form import Form, Interval
from .grammar import univariate
from .library import DEFAULT_NAMES, SUGGESTED_NAMES, all_forms, get
from .univariate import add, resolve

__all__ = [
    "DEFAULT_NAMES",
    "SUGGESTED_NAMES",
    "Form",
    "Interval",
    "add",
    "all_forms",
    "get",
    "grammar",
    "library",
    "resolve",
    "safe",
    "univariate",
]

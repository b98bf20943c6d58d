"""A case in one line: its answer with the figures that were measured."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .case import Case, Figures
from .claim import shown

FIGURE = re.compile(r"\{([\w-]+)\.([\w-]+)\}")


def headline_of(case: Case, figures: Mapping[str, Figures]) -> str:
    """The headline with its figures; one that was not measured is a dash."""
    return FIGURE.sub(lambda match: shown(figures.get(match[1], {}).get(match[2])), case.headline)


def law_of(case: Case, figures: Mapping[str, Figures]) -> str:
    """The text of the law, or nothing."""
    step, _, name = case.law.partition(".")
    return str(figures.get(step, {}).get(name, ""))

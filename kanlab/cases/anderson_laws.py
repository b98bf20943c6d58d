"""Laws of Anderson's chains from finished networks, one or two for each random start."""

from __future__ import annotations

import numpy as np

from ..data import Dataset
from ..errors import KanlabError
from ..session import Session
from .anderson_paths import COSH, GUIDED, LINEAR, PRODUCT, SKELETON, form, played
from .class_law import ClassLaw, class_law
from .logit import logit, multiplied_out, with_plain_arguments


def gaam_laws(data: Dataset, starts: int) -> list[ClassLaw]:
    """Laws of the generalized Aubry-André model, from the starts that end in one."""
    laws: list[ClassLaw] = []
    for start in range(starts):
        session = played(data, PRODUCT, SKELETON, start)
        try:
            for source, target in np.argwhere(session.network.arrays().layers[0].splines):
                place = (0, int(source), int(target))
                session.replay([form(place, session.suggest(place, forms=("x", "x^2"))[0].form)])
            laws.append(read(session, data, "alpha*energy"))
        except KanlabError:
            continue  # a start that lost the product, or the sigmoid, has no such law
    return laws


def maam_laws(data: Dataset, starts: int) -> list[ClassLaw]:
    """Laws of the modified Aubry-André model with cosh and exp, with plain arguments and with any."""
    laws: list[ClassLaw] = []
    for start in range(starts):
        try:
            session = played(data, PRODUCT, (*GUIDED, *LINEAR, *COSH), start)
            inner = logit(session.network, data.names)
            laws.append(class_law(with_plain_arguments(inner, "energy"), data))
            laws.append(class_law(multiplied_out(inner, "energy"), data))
        except KanlabError:
            continue
    return laws


def read(session: Session, data: Dataset, unit: str) -> ClassLaw:
    """The law of a network without splines; `unit` is the term with the coefficient 1 or -1."""
    return class_law(multiplied_out(logit(session.network, data.names), unit), data)

"""How well small networks tell the signature: fits, parameters, attribution, and the leak of a split by rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from .._typing import Array
from ..data import Dataset, load
from ..network import KAN
from ..session import Session
from .knots_scores import accuracy
from .knots_table import TRANSLATIONS, mirrored

Shape = Sequence[Any]


@dataclass(frozen=True)
class Setting:
    """How a network is fitted: widths, intervals, order, steps, where the knots lie, and how many starts there are.

    Of several starts that with the lowest validation error is taken.
    """

    shape: Shape
    intervals: int = 5
    steps: int = 40
    blend: float = 0.0
    starts: int = 1
    order: int = 3


def fitted(data: Dataset, setting: Setting, *, seed: int = 0) -> Session:
    """A session with the fitted network; no test row is looked at."""
    sessions: list[Session] = []
    for start in range(setting.starts):
        session = Session(
            data,
            shape=list(setting.shape),
            seed=seed + 100 * start,
            intervals=setting.intervals,
            order=setting.order,
        )
        sessions.append(session.fit(sparsity=0.0, steps=setting.steps, grid_blend=setting.blend, wait=True))
    return min(sessions, key=_checked)


def plain_accuracy(network: KAN, data: Dataset) -> float:
    """Accuracy on the test rows."""
    test = data.part("test")
    return accuracy(network.predict(test.inputs)[:, 0], test.targets[:, 0])


def odd_accuracy(network: KAN, data: Dataset) -> float:
    """The same, when half the difference between a knot and its mirror image is rounded."""
    test = data.part("test")
    there, back = (network.predict(rows)[:, 0] for rows in (test.inputs, mirrored(data.names, test.inputs)))
    return accuracy((there - back) / 2, test.targets[:, 0])


def by_effect(session: Session) -> list[str]:
    """The inputs, that with the largest effect on the output first."""
    return [str(name) for name in session.features().index]


def twin_accuracy(split: str) -> float:
    """The leak of a split of DeepMind's table: accuracy of the signature of the training row that is nearest.

    Only the 14 inputs without the three translations are compared, standardized; they say next to nothing of the
    signature, unless the same knot is among the training rows.
    """
    data = load("knots-deepmind", split=split)
    kept = [place for place, name in enumerate(data.names) if name not in TRANSLATIONS]
    known, test = data.part("fit"), data.part("test")
    spread = known.inputs[:, kept].std(axis=0)
    spread[spread == 0] = 1.0
    nearest = KDTree(known.inputs[:, kept] / spread).query(test.inputs[:, kept] / spread)[1]
    return float(np.mean(known.targets[nearest, 0] == test.targets[:, 0]))


def class_accuracy(session: Session) -> float:
    """Of a classification: share of the test rows whose class is the most probable one."""
    test = session.data.part("test")
    logits: Array = session.network.predict(test.inputs)
    return float(np.mean(logits.argmax(axis=1) == test.targets[:, 0]))


def _checked(session: Session) -> float:
    """Error on the validation rows."""
    error = session.state.metrics.validation
    return session.state.metrics.train if error is None else error

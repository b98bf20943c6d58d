"""Relations among the columns of a table, found without being told which column is the target.

Each column is explained by the others. The screen: a small network is fitted sparsely to some rows and pruned; what is
left of the column after it, and which inputs it keeps, is the first answer. Then `discover` is asked for the law of the
column, on the few inputs that were kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from .._typing import Array
from ..data import Dataset
from ..data.source import Source
from ..data.split import default_split
from ..session import Session
from ..symbolic.law import Law

MOST_INPUTS = 3
EFFECT = 0.03
"""Share of the variance that an input must have a part in to be kept."""
TIGHT = 1e-5
CURVED, CLEARLY = 0.01, 5.0
LEAST_SHARE = 0.1
SUMS = 2
"""Trials of a search that make sums of products of forms."""


@dataclass(frozen=True)
class Screened:
    """What a network says of a column: the share of its spread that it leaves, and the inputs that matter."""

    left: float
    inputs: tuple[str, ...]


def explained_by(columns: Mapping[str, Array], target: str, inputs: Sequence[str], *, seed: int) -> Dataset:
    """The table in which a column is the target and some of the others are the inputs."""
    data = Dataset.from_arrays(
        np.stack([columns[name] for name in inputs], 1),
        columns[target],
        names=list(inputs),
        target_name=target,
    )
    return replace(data, split=default_split(data.rows, seed=seed), source=Source("memory"))


def screened(columns: Mapping[str, Array], target: str, *, seed: int) -> Screened:
    """The inputs with the largest effects on a network that explains a column by all others."""
    inputs = [name for name in columns if name != target]
    data = explained_by(columns, target, inputs, seed=seed)
    session = Session(data, shape=[len(inputs), 2, 1], seed=seed)
    session.fit(steps=25, sparsity=0.02, wait=True)
    error = session.state.metrics.validation
    effects = session.features()["effect"].to_dict()
    kept = tuple(str(name) for name, effect in effects.items() if effect > EFFECT)[:MOST_INPUTS]
    spread = float(np.std(columns[target]))
    return Screened((error or session.state.metrics.train) / spread, kept)


def law_of(
    columns: Mapping[str, Array], target: str, inputs: Sequence[str], *, seed: int, forms: Sequence[str] = ()
) -> Law | None:
    """The law of a column in a few others that the first two trials of a search find: sums of products of forms.

    The values are rounded to nine digits, so no law is exact to the last, and the search would go on to the end.
    """
    session = Session(explained_by(columns, target, inputs, seed=seed), seed=seed)
    session.discover(seed=seed, trials=SUMS, forms=forms, wait=True)
    return session.law() if session.actions else None


ROOT = "({0}^2 + {1}^2)^(1/2)"
COMBINED: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {
        "{0}*{1}": lambda x, z: x * z,
        "{0}/{1}": lambda x, z: x / z,
        "{1}/{0}": lambda x, z: z / x,
        "{0} + {1}": lambda x, z: x + z,
        "{0} - {1}": lambda x, z: x - z,
        ROOT: np.hypot,
    }
)
"""Ways in which two columns may act as one."""


def joined_as(pair: Mapping[str, Array], target: Array, *, seed: int) -> str:
    """The one combination of two columns whose curve explains a column; empty where none clearly does.

    A curve is fitted to each. The best must leave little, and much less than the second best.
    """
    left: dict[str, float] = {}
    for text, combine in COMBINED.items():
        with np.errstate(all="ignore"):
            values = combine(*pair.values())
        if np.isfinite(values).all():
            data = explained_by({"y": target, "w": values}, "y", ["w"], seed=seed)
            session = Session(data, shape=[1, 1], seed=seed).fit(sparsity=0.0, wait=True)
            left[text.format(*pair)] = session.state.metrics.shown / float(target.std())
    first, second = sorted(left, key=lambda text: left[text])[:2]
    return first if left[first] < CURVED and left[first] < left[second] / CLEARLY else ""


@dataclass(frozen=True)
class Branches:
    """A column that is the smaller (or larger) of two laws.

    Attributes:
        line: factor and input of the proportion that many rows obey exactly.
        joined: how the inputs of the other rows act together; empty where they do not.
        law: of the other rows, in what they are joined to.
        right: share of all rows that the smaller of the two gives to 1e-5.
    """

    line: str
    joined: str
    law: str
    right: float

    @property
    def text(self) -> str:
        """The relation in one line."""
        return f"{self.law}, or {self.line} where that is smaller; length = {self.joined}"


def smaller_of_two(columns: Mapping[str, Array], target: str, *, seed: int) -> Branches | None:
    """A column as the smaller of a proportion and another law; None where there is no such proportion.

    The proportion shows as a ratio of two columns that many rows share to four digits. The other rows are screened
    anew; where two inputs act through the root of the sum of their squares only, the law is searched in it, with
    arcsinh among the forms.
    """
    line = commonest_ratio(columns, target)
    if line is None:
        return None
    factor, name = line.factor, line.input
    values = columns[target]
    rest = np.abs(values - factor * columns[name]) > TIGHT
    others = {key: column[rest] for key, column in columns.items() if key != name}
    kept = screened(others, target, seed=seed).inputs
    told = f"{factor:g}*{name}"
    if len(kept) != 2:
        return Branches(told, "", "", 0.0)
    joined = joined_as({key: others[key] for key in kept}, others[target], seed=seed)
    if joined != ROOT.format(*kept):
        return Branches(told, joined, "", 0.0)
    length = np.hypot(*(columns[key] for key in kept))
    table = {target: values[rest], "length": length[rest]}
    law = law_of(table, target, ["length"], seed=seed, forms=["arcsinh"])
    if law is None:
        return Branches(told, joined, "", 0.0)
    smaller = np.minimum(factor * columns[name], np.asarray(law(length[:, None])).reshape(-1))
    return Branches(told, joined, str(law), float(np.mean(np.abs(smaller - values) < TIGHT)))


@dataclass(frozen=True, order=True)
class Line:
    """target = factor * input, exactly, on a share of the rows."""

    share: float
    factor: float
    input: str

    def text(self, target: str) -> str:
        """The relation in one line."""
        return f"{target} = {self.factor:g}*{self.input} on {self.share:.1%} of the rows"


def commonest_ratio(columns: Mapping[str, Array], target: str) -> Line | None:
    """The proportion, to four digits, that most rows share; None when they are less than a tenth. 0 is none."""
    best = Line(LEAST_SHARE, 0.0, "")
    for name, column in columns.items():
        if name == target:
            continue
        with np.errstate(all="ignore"):
            ratio = np.round(columns[target] / column, 4)
        found, counts = np.unique(ratio[np.isfinite(ratio) & (ratio != 0)], return_counts=True)
        if found.size:
            place = int(np.argmax(counts))
            best = max(best, Line(float(counts[place]) / len(ratio), float(found[place]), name))
    return best if best.input else None


def same_values(law: Law | None, truth: Array, columns: Mapping[str, Array]) -> float:
    """Root mean square of law - truth, in units of the spread of the truth; infinite where there is no law."""
    if law is None:
        return float("inf")
    table = np.stack([columns[name] for name in law.printed.names], 1)
    apart = np.asarray(law(table)).reshape(-1) - truth
    return float(np.sqrt(np.mean(apart**2)) / truth.std())

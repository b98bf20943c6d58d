"""How often each of several laws would have been the best, had other rows been measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..data import Dataset, identifiers
from ..errors import ActionError
from ..symbolic.description import description_length
from ..symbolic.law import Law, table_of
from ..symbolic.outline import outline
from ..symbolic.polish import Polished, Table, polish
from ..symbolic.tree import free_values
from .checks import whole
from .readable import Parts, Readable
from .setup import check_seed

STEPS = 20
MOST_RESAMPLES = 10_000


@dataclass(frozen=True)
class Spread:
    """A measured constant over the resamples.

    Attributes:
        name, value: as in `law.constants`.
        spread: standard deviation over the resamples in which the law could be fitted.
    """

    name: str
    value: float
    spread: float


@dataclass(frozen=True, eq=False)
class LawStability:
    """One law.

    Attributes:
        wins: in how many resamples it had the shortest description.
        constants: those that are measured, not snapped, with their spread.
        found: in how many searches from other seeds it was the best law, up to the values of its constants.
    """

    law: Law
    wins: int
    constants: tuple[Spread, ...]
    found: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class Stability(Readable):
    """How often each law of a shelf is the best on other rows and from other seeds; printed it is a table.

    Attributes:
        resamples: bootstrap resamples of the fitted rows.
        searches: searches from other seeds, on rows dealt anew.
        others: the best laws of searches that found none of the shelf, with None where one found no law.
    """

    laws: tuple[LawStability, ...]
    resamples: int
    seed: int
    searches: int = 0
    others: tuple[Law | None, ...] = ()

    def parts(self) -> Parts:
        """What a reader sees."""
        again = ("found by",) if self.searches else ()
        columns = ("law", "best in", *again, "constants and their spread")
        rows = tuple(
            (
                str(one.law),
                f"{one.wins} of {self.resamples}",
                *(f"{one.found} of {self.searches} seeds" for _ in again),
                ", ".join(f"{held.name} = {held.value:.5g} ± {held.spread:.2g}" for held in one.constants),
            )
            for one in self.laws
        )
        notes = tuple(_other(law) for law in self.others)
        if not rows:
            return Parts("There is no law to resample.", columns, rows, notes)
        most = max(self.laws, key=lambda one: one.wins)
        heading = f"In {most.wins} of {self.resamples} resamples the shortest description is {most.law}."
        return Parts(heading, columns, rows, notes)


def _other(law: Law | None) -> str:
    return "Another seed found no law." if law is None else f"Another seed found {law}."


def stability(
    laws: Sequence[Law],
    data: Dataset,
    *,
    resamples: int,
    seed: int,
    again: Callable[[], Sequence[Law | None]] = tuple,
) -> Stability:
    """Fit the constants of every law again on each resample, and see whose description is the shortest.

    Rows are drawn with replacement (Efron 1979), as many as there are, with their weights. A tie goes to the law that
    comes first.

    Args:
        again: makes searches from other seeds, and gives the best law of each.

    Raises:
        ActionError: the number of resamples or the seed is no such whole number, or the columns are others.
    """
    whole(resamples, "number of resamples", least=1, most=MOST_RESAMPLES)
    check_seed(seed)
    names = tuple(identifiers(data.names).values())
    for law in laws:
        if law.printed.names != names:
            raise ActionError(
                f"The laws are of the columns {', '.join(law.printed.names)} and the dataset has "
                f"{', '.join(names)}; give the dataset that was searched."
            )
    rows = table_of(data, "fit")
    generator = np.random.default_rng(seed)
    wins = np.zeros(len(laws), dtype=np.int64)
    values: list[list[np.ndarray]] = [[] for _ in laws]
    for _ in range(resamples):
        drawn = _drawn(rows, generator)
        fitted = [polish(law.tree, drawn, steps=STEPS) for law in laws]
        scores = [description_length(one.tree, drawn) for one in fitted]
        if np.isfinite(scores).any():
            wins[int(np.argmin(scores))] += 1
        for held, one in zip(values, fitted, strict=True):
            held.extend(_constants(one))
    searched = again()
    shapes = [None if law is None else outline(law.tree) for law in searched]
    own = [outline(law.tree) for law in laws]
    told = [
        LawStability(law, int(won), _spreads(law, held), shapes.count(shape))
        for law, won, held, shape in zip(laws, wins, values, own, strict=True)
    ]
    others = tuple(law for law, shape in zip(searched, shapes, strict=True) if shape not in own)
    return Stability(tuple(told), int(resamples), int(seed), len(searched), others)


def _drawn(rows: Table, generator: np.random.Generator) -> Table:
    chosen = generator.integers(0, len(rows.target), len(rows.target))
    if rows.weights is None:
        return Table(rows.inputs[chosen], rows.target[chosen])
    weights = rows.weights[chosen]
    mean = float(weights.mean())
    return Table(rows.inputs[chosen], rows.target[chosen], weights / mean, rows.noise / mean)


def _constants(one: Polished) -> list[np.ndarray]:
    values = free_values(one.tree)
    return [values] if np.isfinite(one.error) and np.isfinite(values).all() else []


def _spreads(law: Law, values: Sequence[np.ndarray]) -> tuple[Spread, ...]:
    measured = [held for held in law.constants if held.snapped is None]
    if not measured:
        return ()
    spread = np.std(values, axis=0, ddof=1) if len(values) > 1 else np.full(len(measured), np.nan)
    return tuple(
        Spread(held.name, held.value, float(one)) for held, one in zip(measured, spread, strict=True)
    )
